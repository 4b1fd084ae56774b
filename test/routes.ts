// A world with one of everything that an address can name, for the walks of all routes. The routes are the sites' own lists of pages.
import { credits, nano } from "../src/app/index.ts"
import { wellProof } from "../src/backup/testing.ts"
import { addProviderKeyIn } from "../src/gateway/testing.ts"
import type { SafeResponse } from "../src/http/index.ts"
import type { User } from "../src/identity/index.ts"
import { pngOf } from "../src/media/testing.ts"
import { type Client, REGISTRATION } from "../src/oauth/index.ts"
import type { PageEntry } from "../src/sites/base/index.ts"
import type { WebhookOwner } from "../src/webhooks/index.ts"
import {
  addPasskey,
  addSandbox,
  CTX,
  chat,
  giveCredits,
  makeClient,
  makeDeveloper,
  makeUser,
  mintTokens,
  startTestServer,
  type TestServer,
} from "./build.ts"
import { type DirectoryWorld, openDirectory } from "./directory-world.ts"
import { toolServer } from "./fakes/mcp/in-process.ts"
import { FakeOpenrouter } from "./fakes/openrouter/index.ts"
import { createFakeStripe, type FakeStripe } from "./fakes/stripe/index.ts"
import { type MarketWorld, openMarket } from "./market-world.ts"
import { earned, openPayouts, type PayoutWorld } from "./payout-world.ts"
import { openTeams, type TeamWorld } from "./team-world.ts"

/** OpenRouter's list in this world: one price is beyond belief, and is held back. */
const LIST = JSON.stringify({ data: [{ id: "openai/gpt-4o-mini", pricing: { prompt: "0.1", completion: "0.1" } }] })
const PUBLISHED = { status: 200, headers: new Headers(), bytes: Buffer.from(LIST), text: () => LIST }

async function playVideo({ app, url }: TestServer, { id, publicId }: User): Promise<string> {
  const asking = { person: { userId: id, publicId }, page: new Request(`${url}/playground/videos`) }
  const made = await app.gateway.own.videos.create({ model: "sandbox", prompt: "x", seconds: "1" }, asking)
  const { id: video } = (await made.json()) as { id: string }
  // Done, and paid, before anybody looks at figures.
  const { status } = (await (await app.gateway.own.videos.one(video, asking)).json()) as { status: string }
  if (status !== "completed") throw new Error(`the video is ${status}`)
  return video
}

/** A server with one of everything that a path can name, all of it with names that want to break pages. */
export interface RouteWorld {
  server: TestServer
  admin: User
  person: User
  developer: User
  /** Signed up, owns nothing of this. */
  stranger: User
  clientId: string
  /** An app that registered itself, and that somebody used. */
  guestId: string
  houseAppId: string
  consentId: string
  secretId: string
  /** An app of another developer, offered to the developer. */
  transferId: string
  /** A secret key of that app. */
  appKeyId: string
  /** An endpoint of the person's, and of the developer's app, each with a delivery. */
  hooks: { own: string; ownDelivery: string; app: string; appDelivery: string }
  /** A test user of the developer's. */
  testUserId: string
  /** Of a link that signs one in. */
  testLink: string
  /** A call that the person made through it. */
  appCallId: string
  /** An API key of the person's. */
  keyId: string
  /** A key of the person's at a provider. */
  ownKeyId: string
  /** A video that the person made on the playground. */
  playVideoId: string
  noticeId: string
  /** What the person asked support. */
  questionId: string
  passkeyId: string
  upstreamId: string
  lotId: string
  transactionId: string
  imageId: string
  houseId: string
  limitId: string
  setupToken: string
  messageId: string
  orderId: string
  /** A card that the person saved. */
  cardId: string
  eventId: string
  /** Paid and given back in part, with its credit note. */
  invoice: string
  note: string
  /** Invoices that wait for a payment by hand. */
  waiting: string[]
  signupId: string
  couponCode: string
  announcementId: string
  /** Paid, and asked about by a bank. */
  paymentId: string
  disputeId: string
  /** An account elsewhere that opens the person's. */
  connectionId: string
  /** A team that the person owns. */
  teams: TeamWorld
  /** A tool server in the person's group "travel". */
  toolsId: string
  /** An API that the developer publishes. */
  market: MarketWorld
  /** A listing of that app. */
  directory: DirectoryWorld
  /** Payouts of the developer. */
  payouts: PayoutWorld
}

/** Markup, length, direction and emoji in everything that people may name. */
const NAMES = {
  person: `<script>alert("person")</script> ${"W".repeat(40)}`,
  developer: `مرحبا بالعالم שלום מפתח 👩‍👩‍👧‍👦`,
  company: `&lt;b&gt;"'><img src=x onerror=alert(1)> ${"ß".repeat(30)}`,
  app: `"><svg/onload=alert(1)> ${"Donaudampfschiff".repeat(2)}`,
  upstream: "u".repeat(40),
  payee: `مرحبا &amp; "O’Brien" ${"Ł".repeat(30)}`,
  key: `</code><script>alert("key")</script> ${"K".repeat(30)}`,
}

export async function openRouteWorld(): Promise<RouteWorld> {
  const stripe = createFakeStripe({ now: Date.now, origin: "http://localhost:9", secretKey: "sk_test_fake" })
  const openrouter = new FakeOpenrouter("sk-or-management")
  const server = await startTestServer({
    env: { PURSER_OPENROUTER_MANAGEMENT_KEY: openrouter.managementKey },
    upstreamFetch: async (url, init) => openrouter.answer(url, init as never) ?? providerSays(url, init as RequestInit),
    proveCopy: wellProof,
    toolStream: toolServer,
    safeFetch: async (url) => (ISSUERS.includes(new URL(url).origin) ? issuerSays(url) : PUBLISHED),
    stripe: { secretKey: null, webhookSecret: null, apiBase: "http://localhost:9", fetch: stripe.fetch },
  })
  const { app } = server
  await addSandbox(app)
  await app.billing.connection.saveKey(CTX, "sk_test_fake")
  const upstream = await app.gateway.addUpstream(CTX, {
    kind: "openai-compatible",
    name: NAMES.upstream,
    baseUrl: "http://127.0.0.1:9/v1",
    models: ["m".repeat(120)],
  })
  await app.metering.create(CTX, {
    slug: "search",
    name: NAMES.person.slice(0, 60),
    unit: NAMES.upstream,
    scope: "mcp",
    pricePico: 1_500_250,
    quantityMin: 1,
    quantityMax: 50,
  })
  const admin = await makeUser(app, { name: NAMES.person, isAdmin: true })
  const developer = await makeDeveloper(app, { name: NAMES.developer, company: NAMES.company })
  const person = await makeUser(app, { name: NAMES.person })
  const stranger = await makeUser(app, { name: "Stranger" })
  const buyer = await makeUser(app, { name: "Buyer" })
  await earned(app, developer, buyer, 500)
  await giveCredits(app, person, credits(500))
  const { client, secret } = await makeClient(app, { ownerId: developer.id, name: NAMES.app })
  await app.store.write(CTX, (tx) => app.oauth.setReviewIn(tx, { clientPublicId: client.publicId, review: "waiting" }))
  const { accessToken } = await mintTokens(app, { user: person, client, secret, dailyNano: credits(40) })
  let appCallId = ""
  for (let call = 0; call < 3; call++) {
    const answer = await chat(server.url, accessToken)
    if (answer.status !== 200) throw new Error(`the chat answered ${answer.status}`)
    appCallId = answer.headers.get("x-request-id")!
  }
  const { id: imageId } = await app.media.storeImage(CTX, {
    ownerId: developer.id,
    purpose: "icon",
    bytes: pngOf(64, 64),
  })
  await app.media.show(CTX, { purpose: "icon", subject: client.publicId }, { id: imageId, ownerId: developer.id })
  const { key } = await app.keys.create(CTX, { userId: person.id, name: NAMES.key, scopes: ["llm"] })
  const free = { input1kNano: nano(0), output1kNano: nano(0), feeNano: nano(1_000_000), active: true }
  const house = await app.gateway.setHouseModel(CTX, null, { name: "h".repeat(60), model: "sandbox", ...free })
  const most = { kind: "requests_minute", amount: 1_000_000 } as const
  const limit = await app.limits.set(CTX, { level: "user", subject: String(person.id), ...most })
  const owner = { kind: "principal", id: person.id } as const
  const gift = { kind: "credits", amountNano: credits(50), creditDays: 90, percent: null, planCode: null } as const
  const terms = {
    note: NAMES.person,
    maxUses: null,
    perPerson: null,
    minimumNano: nano(0),
    onlyFor: [],
    expiresMs: null,
  }
  const coupon = await app.store.write(CTX, (tx) =>
    app.billing.coupons.createIn(tx, { code: "W".repeat(32), ...gift, ...terms }),
  )
  await addIssuers(app)
  await addRecommended(app)
  const toolsId = await connectTools(app, person)
  const market = await openMarket(server, { developer, person, buyer, word: NAMES.person })
  const { url } = await app.identity.createSetupLink(CTX)
  return {
    server,
    admin,
    person,
    developer,
    stranger,
    clientId: client.publicId,
    guestId: await guest(server, person),
    houseAppId: await houseApp(app),
    consentId: app.oauth.consentsOf(person.id).find(({ clientId }) => clientId === client.id)!.publicId,
    secretId: app.oauth.secretsOf(client.id)[0]!.publicId,
    appCallId,
    transferId: await transferOf(app, developer),
    ...(await testUserOf(app, developer)),
    appKeyId: await appKeyOf(app, developer, client.publicId),
    hooks: await hooksOf(app, person, developer, client),
    keyId: key.publicId,
    questionId: await app.support.ask(CTX, { userId: person.id, topic: "other", subject: NAMES.app, text: NAMES.app }),
    playVideoId: await playVideo(server, person),
    ownKeyId: await app.store.write(CTX, (tx) => addProviderKeyIn(tx, app.keyring, person.id)),
    noticeId: app.notices.page(person.id, null).rows[0]!.publicId,
    passkeyId: await addPasskey(app, person),
    upstreamId: upstream.publicId,
    lotId: app.ledger.wallet(owner, "live").lots[0]!.publicId,
    transactionId: app.ledger.history(owner, "live", { limit: 1, types: ["usage"] })[0]!.transactionId,
    imageId,
    houseId: house.publicId,
    limitId: limit.publicId,
    messageId: await waitingMessage(app),
    couponCode: coupon.code,
    announcementId: await announced(app),
    orderId: (await app.billing.buy(CTX, { buyer: person, slug: "plus", key: "routes" })).publicId,
    cardId: await savedCard(app, stripe, person),
    eventId: await parkedEvent(app, stripe),
    ...(await paidInvoice(app, stripe, person)),
    ...(await disputedOrder(app, stripe, person)),
    connectionId: await connected(app, person),
    signupId: await subscribed(server, person, stripe),
    toolsId,
    teams: await openTeams(server, person, NAMES.company.slice(0, 80)),
    market,
    directory: await openDirectory(server, developer, client, NAMES.app),
    payouts: await openPayouts(app, developer, NAMES.payee),
    setupToken: new URL(url).pathname.split("/").at(-1)!,
  }
}

/** An app that registers itself. @returns its id */
export async function addGuest(app: TestServer["app"], network: string): Promise<string> {
  await app.settings.set(CTX, REGISTRATION, { value: "yes" })
  const metadata = {
    client_name: "Guest",
    redirect_uris: ["https://guest.example/"],
    token_endpoint_auth_method: "none",
  }
  const made = await app.oauth.registerDynamic({ metadata, network, requestId: "req_routes" })
  return made.client_id
}

/** An app of the house, made by an admin. @returns its id */
async function houseApp(app: TestServer["app"]): Promise<string> {
  const input = { type: "first-party" as const, ownerId: null, name: "Help desk", scopes: ["email"] }
  const made = await app.store.write(CTX, (tx) =>
    app.oauth.registerClientIn(tx, { ...input, redirectUris: ["https://help.example/callback"] }),
  )
  return made.client.publicId
}

async function guest({ app }: TestServer, person: User): Promise<string> {
  const client = app.oauth.clientByPublicId(await addGuest(app, "routes"))!
  const scopes = ["llm"]
  await app.store.write(CTX, (tx) => app.oauth.grantConsentIn(tx, { userId: person.id, clientId: client.id, scopes }))
  return client.publicId
}

const ISSUERS: [string, string] = ["https://first.example.com", "https://login.example.com"]
/** Nobody asks a provider of the world; what runs here is asked. */
const providerSays = (url: string, init: RequestInit): Response | Promise<Response> =>
  new URL(url).hostname.endsWith("localhost") || url.includes("127.0.0.1")
    ? fetch(url, init)
    : Response.json({ data: [{ id: "gpt-5-mini" }] })

/** Something that everybody may read. */
export async function announced(app: TestServer["app"]): Promise<string> {
  const words = { title: "Maintenance", body: NAMES.person, audience: "all", clientPublicId: "" } as const
  return (await app.announcements.publish(CTX, { ...words, banner: false, told: true, endsMs: null })).publicId
}

/** How often issuers were asked for something. */
export const issuersAsked = { times: 0 }

/** Issuers as far as their documents. */
function issuerSays(url: string): SafeResponse {
  const { origin } = new URL(url)
  issuersAsked.times += 1
  const document = {
    issuer: origin,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    jwks_uri: `${origin}/jwks`,
    response_types_supported: ["code"],
  }
  const isToken = url.endsWith("/token")
  const said = url.endsWith("/jwks") ? { keys: [{}] } : isToken ? { error: "invalid_grant" } : document
  const text = JSON.stringify(said)
  const headers = new Headers({ "content-type": "application/json" })
  return { status: isToken ? 400 : 200, headers, bytes: new TextEncoder().encode(text), text: () => text }
}

/** Two to sign in with, where they are not there already, and no other. */
export async function addIssuers({ identity }: TestServer["app"]): Promise<void> {
  const more = { clientId: "purser", clientSecret: "", signUp: true, trustsMfa: false, domains: [] }
  for (const [slug, issuer] of [
    ["first", ISSUERS[0]],
    ["company", ISSUERS[1]],
  ] as const) {
    if (identity.issuerBySlug(slug)) continue
    await identity.addIssuer(CTX, { preset: "oidc", slug, name: NAMES.person.slice(0, 40), issuer, ...more })
  }
  if (identity.issuerBySlug("google")) await identity.removeIssuer(CTX, "google")
}

/** Tool servers of the catalogue, "github" as the second one. @param without without it, so that it can be put in */
export async function addRecommended({ mcp }: TestServer["app"], without = false): Promise<void> {
  for (const slug of ["calendar", "github"]) {
    if (mcp.catalogue.bySlug(slug)) continue
    const words = '"><svg/onload=alert("tools")> &lt;'
    await mcp.catalogue.recommend(CTX, { slug, title: words, words, url: `https://${slug}.example/mcp`, auth: "none" })
  }
  if (without) await mcp.catalogue.remove(CTX, "github")
}

/** Somebody who came with an issuer once. @returns the connection */
async function connected(app: TestServer["app"], person: User): Promise<string> {
  await app.store.write(CTX, (tx) =>
    tx.run(
      `INSERT INTO external_identities (public_id, user_id, issuer, subject, email, linked_ms, used_ms)
       VALUES ('ext_routes', ?, ?, 'routes', ?, ?4, ?4)`,
      person.id,
      ISSUERS[1],
      `${"w".repeat(60)}@example.com`,
      tx.now,
    ),
  )
  return app.identity.connectionsOf(person.id)[0]!.publicId
}

async function disputedOrder(app: TestServer["app"], stripe: FakeStripe, person: User) {
  const order = await app.billing.buy(CTX, { buyer: person, slug: "standard", key: "routes-disputed" })
  stripe.pay(order.sessionId!, { with: "4242424242424242" })
  const { chargeId } = await app.billing.refresh(order)
  stripe.question(chargeId!)
  await app.billing.reconcile()
  return { paymentId: order.publicId, disputeId: app.billing.refunds.disputesOf(person.id)[0]!.publicId }
}

async function savedCard(app: TestServer["app"], stripe: FakeStripe, person: User): Promise<string> {
  const page = await app.billing.recharges.beginCard(CTX, person, "routes")
  const sessionId = page.split("/").at(-1)!
  stripe.pay(sessionId, { with: "4242424242424242" })
  return (await app.billing.recharges.saveCard(CTX, person.id, sessionId))!.publicId
}

/** An event that nobody can make sense of, now or when it is asked for again. */
async function parkedEvent(app: TestServer["app"], stripe: FakeStripe): Promise<string> {
  stripe.world.emit("account.updated", { id: `<b>"${"x".repeat(40)}`, object: "account", created: 0 })
  const event = stripe.world.events.at(-1)!
  Object.assign(event, { account: "acct_elsewhere" })
  await app.store.write(CTX, (tx) =>
    tx.run(
      `INSERT INTO billing_events (event_id, type, object_id, state, note, created_ms, received_ms)
       VALUES (?, 'account.updated', ?, 'parked', '<b>"it is of another account', ?3, ?3)`,
      event.id,
      (event.data.object as { id: string }).id,
      tx.now,
    ),
  )
  return event.id
}

async function paidInvoice(app: TestServer["app"], stripe: FakeStripe, person: User) {
  const order = await app.billing.buy(CTX, { buyer: person, slug: "starter", key: "routes-paid" })
  stripe.pay(order.sessionId!, { with: "4242424242424242" })
  await app.billing.refresh(order)
  const back = { key: "routes", amountNano: nano(1_000_000_000), reason: NAMES.person }
  const note = await app.store.write(CTX, (tx) =>
    app.billing.creditNoteIn(tx, { invoiceKey: `order:${order.publicId}`, ...back }),
  )
  const waiting = [await waitingInvoice(app, person, "one"), await waitingInvoice(app, person, "two")]
  return { invoice: app.billing.invoices.ofOrder(order)!.number, note: note!.number, waiting }
}

/** An invoice that waits for its money. @returns its number */
export async function waitingInvoice(app: TestServer["app"], person: User, key: string): Promise<string> {
  const [priceNano, taxNano] = [nano(250_000_000_000), nano(0)]
  const billed = { buyerName: NAMES.company, buyerAddress: NAMES.developer, buyerTaxId: NAMES.app }
  const asked = { reference: NAMES.upstream, way: "bank" as const, reverseCharge: true, paidMs: null, ...billed }
  const order = await app.store.write(CTX, (tx) =>
    app.billing.recordIn(tx, { userId: person.id, key, priceNano, taxNano, ...asked }),
  )
  return app.billing.invoices.ofOrder(order)!.number
}

/** Somebody pays for a plan. */
async function subscribed({ app }: TestServer, buyer: User, stripe: FakeStripe): Promise<string> {
  const { plans } = app.billing
  const input = { buyer, planCode: "starter", months: 1, choice: null, key: "routes" } as const
  const signup = await plans.subscribe(CTX, input)
  stripe.pay(signup.sessionId!, { with: "4242424242424242" })
  await plans.refreshSignup(signup)
  return signup.publicId
}

async function appKeyOf(
  { appKeys }: TestServer["app"],
  { id: ownerId }: User,
  clientPublicId: string,
): Promise<string> {
  const input = { ownerId, clientPublicId, name: NAMES.key, scopes: ["users", "usage", "revenue"] }
  return (await appKeys.create(CTX, input)).key.publicId
}

async function hooksOf({ webhooks, store, outbox }: TestServer["app"], person: User, developer: User, client: Client) {
  const one = async (owner: WebhookOwner) => {
    const url = `https://hooks.example.com/${"x".repeat(200)}?a=<b>"`
    const input = { url, description: NAMES.person.slice(0, 200), types: null }
    const { endpoint } = await webhooks.create(CTX, owner, input)
    await store.write(CTX, (tx) => void webhooks.testIn(tx, owner, endpoint.publicId))
    await outbox.flush()
    return [endpoint.publicId, webhooks.deliveries(endpoint.id, { rows: 1 })[0]!.publicId] as const
  }
  const [own, ownDelivery] = await one({ userId: person.id, client: null })
  await webhooks.tellLows({ balanceOf: () => nano(0), belowOf: () => credits(500) }, 0, 100)
  const [ofApp, appDelivery] = await one({ userId: developer.id, client })
  return { own, ownDelivery, app: ofApp, appDelivery }
}

/** A message that nobody delivers, so that it waits. */
export const waitingMessage = (app: TestServer["app"]): Promise<string> =>
  app.store.write(CTX, (tx) =>
    app.outbox.enqueueIn(tx, { topic: "nobody", subject: `<b>"${"x".repeat(40)}`, payload: {} }),
  )

/** @returns the server's id */
async function transferOf(app: TestServer["app"], to: User): Promise<string> {
  const from = await makeDeveloper(app, { company: NAMES.company })
  const { client } = await makeClient(app, { ownerId: from.id, name: NAMES.app })
  const input = { ownerId: from.id, clientPublicId: client.publicId, email: to.email }
  return (await app.store.write(CTX, (tx) => app.appTransfers.offerIn(tx, input))).publicId
}

async function connectTools({ mcp }: TestServer["app"], { id: userId }: User): Promise<string> {
  await mcp.createGroup(CTX, { userId, name: "travel", title: NAMES.person.slice(0, 60) })
  const url = `https://tools.example.com/${"x".repeat(200)}`
  const made = await mcp.addServer(CTX, {
    userId,
    group: "travel",
    name: "weather",
    url,
    auth: "bearer",
    credential: "t",
  })
  return made.publicId
}

async function testUserOf({ identity }: TestServer["app"], { id: developerId }: User) {
  const { publicId } = (await identity.makeTestUser(CTX, developerId)).user
  const { url } = await identity.makeTestUserLink(CTX, { developerId, publicId })
  return { testUserId: publicId, testLink: new URL(url).pathname.split("/").at(-1)! }
}

/** What a parameter of an address stands for in this world. */
export function parameterOf(world: RouteWorld, name: string): string {
  const { person, developer } = world
  const values: Record<string, string> = {
    user: person.publicId,
    upstream: world.upstreamId,
    consent: world.consentId,
    session: world.server.app.identity.sessionsOf(developer.id)[0]?.publicId ?? "ses_none",
    app: world.clientId,
    client: world.clientId,
    guest: world.guestId,
    houseapp: world.houseAppId,
    secret: world.secretId,
    appkey: world.appKeyId,
    transfer: world.transferId,
    referral: "nobodys-code",
    testuser: world.testUserId,
    testlink: world.testLink,
    hook: world.hooks.own,
    webhook: world.hooks.own,
    webhook_delivery: world.hooks.ownDelivery,
    delivery: world.hooks.ownDelivery,
    apphook: world.hooks.app,
    appdelivery: world.hooks.appDelivery,
    appuser: world.person.publicId,
    appcall: world.appCallId,
    ownrequest: world.appCallId,
    key: world.keyId,
    ownkey: world.ownKeyId,
    // Nobody without a key is told whether there is one.
    video: "video_01K9ZT4M2Q8V6X3B7N5RJDHWCE",
    playvideo: world.playVideoId,
    notice: world.noticeId,
    ticket: world.questionId,
    passkey: world.passkeyId,
    lot: world.lotId,
    transaction: world.transactionId,
    plan: "professional",
    service: "search",
    setting: "developers.paid_days",
    token: world.setupToken,
    image: world.imageId,
    width: "64",
    house: world.houseId,
    legal: "terms",
    limit: world.limitId,
    filter: "1",
    request: "req_none",
    response: "resp_none",
    model: "sandbox",
    operation: "createChatCompletion",
    release: "1.0.0",
    sdkfile: "sdk.js",
    dockind: "how-to",
    doc: "install",
    rule: "1",
    package: "starter",
    coupon: world.couponCode,
    announcement: world.announcementId,
    copy: "exp_none",
    order: world.orderId,
    payment: world.paymentId,
    dispute: world.disputeId,
    card: world.cardId,
    event: world.eventId,
    invoice: world.invoice,
    note: world.note,
    signup: world.signupId,
    job: "note-size",
    message: world.messageId,
    issuer: "company",
    recommended: "github",
    group: "travel",
    tools: world.toolsId,
    tool: "get_weather",
    connection: world.connectionId,
    ...world.teams,
    ...world.market,
    ...world.directory,
    ...world.payouts,
    period: new Date().toISOString().slice(0, 7),
    api: world.market.product,
    productplan: world.market.tier,
    consumer: world.market.subscription,
  }
  const value = values[name]
  if (value === undefined) throw new Error(`the world of routes has no ${name}: add one to openRouteWorld`)
  return value
}

/** A pattern as an address in this world. */
export const pathOf = (world: RouteWorld, pattern: string): string =>
  pattern.replace(/:(\w+)/g, (_, name: string) => parameterOf(world, name)).replace("*", "sandbox")

/** A page's address in this world. */
export const addressOf = (world: RouteWorld, { path, query }: Pick<PageEntry, "path" | "query">): string =>
  `${world.server.url}${pathOf(world, path)}${query ? `?${pathOf(world, query)}` : ""}`
