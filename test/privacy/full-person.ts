// A person with something in every table that has rows of people, with words that can be looked for afterwards.
import { appendFileSync } from "node:fs"
import { join } from "node:path"
import { foldAllIn } from "../../src/analytics/testing.ts"
import { credits, nano } from "../../src/app/index.ts"
import { DECLARED } from "../../src/compose/parts.ts"
import type { User } from "../../src/identity/index.ts"
import { insertMarket } from "../../src/marketplace/testing.ts"
import { pngOf } from "../../src/media/testing.ts"
import { NOTICE_LIMITS } from "../../src/notices/index.ts"
import { REFERRAL_AMOUNT } from "../../src/referrals/index.ts"
import type { Tx } from "../../src/store/index.ts"
import { CTX, chat, giveCredits, makeClient, mintTokens, PASSWORD, recoveryCode, turnTwoStepOn } from "../build.ts"
import { draftFor } from "../directory-world.ts"
import { DOCUMENT } from "../payout-world.ts"
import { openRouteWorld, type RouteWorld } from "../routes.ts"
import { inviteTo, makeTeam, swapRoles } from "../team-world.ts"

/** None of these may be found anywhere once the person is erased. */
export const WORDS = {
  name: "Zebedee Quillfeather \u0436\u0449\u044e",
  /** Three letters that share no beginning with others: the search index has them in one piece. */
  trigram: "\u0436\u0449\u044e",
  company: "Quillfeather & Daughters",
  agent: "Quillbrowser/7.7",
  ip: "203.0.113.177",
  prompt: "the marmalade of Zanzibar",
  key: "Quillfeathers own script",
  list: "Quillfeathers list",
  app: "Quillfeathers app",
  api: "quillfeatherian",
  reason: "Zebedee wrote a kind letter",
  site: "quillfeather.example",
} as const

export async function openFullWorld(): Promise<RouteWorld> {
  const world = await openRouteWorld()
  const { app } = world.server
  const { person } = world
  const userId = person.id
  await app.identity.setName(CTX, { userId, name: WORDS.name })
  await app.identity.setProfile(CTX, { userId, company: WORDS.company, locale: "de-at", zoneinfo: "Europe/Vienna" })
  await signIns(world, person)
  await ofTheGateway(world, person)
  const admin = { ...CTX, actor: `admin:${world.admin.publicId}`, reason: WORDS.reason }
  await app.store.write(admin, (tx) =>
    app.ledger.adjustIn(tx, {
      owner: { kind: "principal", id: userId },
      mode: "live",
      amountNano: nano(credits(3)),
      key: "kind",
    }),
  )
  await app.legal.acceptTerms(CTX, person)
  await app.plans.assign(admin, { user: person, planCode: "professional" })
  await app.identity.suspend(admin, { userId, reason: WORDS.reason })
  await app.identity.unsuspend(admin, { userId, reason: WORDS.reason })
  await app.support.ask(CTX, { userId, topic: "other", subject: WORDS.list, text: WORDS.reason })
  // More at once than get a mail each.
  const letter = DECLARED.letters.find(({ kind }) => kind === "order_paid")!
  const told = { to: person.email, data: letter.sample as unknown, uselessAfterMs: null }
  for (let at = 0; at <= NOTICE_LIMITS.mailsPerHourMax; at++)
    await app.store.write(CTX, (tx) => app.mails.queueIn(tx, letter, told))
  await app.notices.choose(CTX, {
    userId,
    userPublicId: person.publicId,
    wanted: { mail: new Set(), console: new Set(), webhook: new Set() },
  })
  await app.identity.saveList(CTX, { userId, page: "/admin/users", query: "q=1", name: WORDS.list })
  await app.gateway.setPreference(
    CTX,
    { userId, userPublicId: person.publicId, clientId: 0 },
    { costTier: "middle", providers: ["sandbox"], choices: {} },
  )
  const details = { name: WORDS.company, address: `${WORDS.name}\nVienna`, country: "AT", taxId: "ATU12345678" }
  await app.store.write(CTX, (tx) => app.billing.setDetailsIn(tx, userId, details))
  await app.billing.recharges.turnOn(CTX, userId, {
    belowNano: credits(100),
    amountNano: credits(10_000),
    monthNano: credits(50_000),
  })
  await app.billing.coupons.redeem(CTX, { ...person, ip: WORDS.ip }, { code: world.couponCode, key: "full" })
  await ownApp(world, person)
  await app.store.write(CTX, (tx) => insertMarket(tx, { ownerId: userId, userId, words: WORDS.api }))
  await atOthers(world, person)
  await inTeams(world, person)
  await turnTwoStepOn(app, person)
  await app.settings.set(CTX, REFERRAL_AMOUNT, { value: credits(1) })
  await app.store.write(CTX, (tx) => {
    const browser = { browserId: "a browser of theirs", ip: WORDS.ip }
    app.referrals.followIn(tx, app.referrals.linkIn(tx, world.developer.id), browser)
    app.referrals.joinedIn(tx, userId, browser)
    app.referrals.linkIn(tx, userId)
  })
  await app.store.write(CTX, (tx) => foldAllIn(tx, 1))
  return world
}

/** Nobody is erased who owns a team; a name that is theirs alone stays with whoever goes on. */
async function inTeams({ server, teams: { team, teammate } }: RouteWorld, person: User): Promise<void> {
  const { app } = server
  const host = app.identity.userByPublicId(teammate)!
  await swapRoles(server, team, person, host)
  await app.store.write(CTX, (tx) => tx.run("UPDATE teams SET maker_id = ? WHERE public_id = ?", person.id, team))
  const decline = await inviteTo(server, await makeTeam(server, host), host, person, "viewer")
  await app.store.write(CTX, (tx) => void app.teams.declineIn(tx, { userId: person.id, token: decline }))
}

/** A review of another person that they reported, what a publisher gave back to them, and a program of theirs at a group of tools. */
async function atOthers({ server: { app }, developer }: RouteWorld, person: User): Promise<void> {
  await app.store.write(CTX, (tx) => {
    const review = tx.get<{ id: number }>(
      `INSERT INTO market_reviews (public_id, product_id, user_id, stars, title, text, created_ms, updated_ms)
       SELECT 'mrv_others', min(id), ?1, 1, 'Wet', 'It rains.', ?2, ?2 FROM market_products RETURNING id`,
      developer.id,
      tx.now,
    )!
    tx.run(
      "INSERT INTO market_review_reports (review_id, user_id, reason, created_ms) VALUES (?, ?, ?, ?)",
      review.id,
      person.id,
      WORDS.api,
      tx.now,
    )
    tx.run(
      `INSERT INTO market_refunds (public_id, bill_id, key, amount_nano, commission_nano, earned_nano, by_whom, reason, note, created_ms)
       SELECT 'mrf_full', b.id, 'full', 1, 0, 1, 'publisher', ?2, 'CN-2026-999', ?3
       FROM market_bills b JOIN market_subscriptions s ON s.id = b.subscription_id WHERE s.user_id = ?1 LIMIT 1`,
      person.id,
      WORDS.api,
      tx.now,
    )
    tx.run(
      `INSERT INTO mcp_sessions (id_hash, user_id, group_id, caller, opening, created_ms, used_ms)
       SELECT 'hash', ?1, id, 'key', ?2, ?3, ?3 FROM mcp_groups WHERE owner_id = ?1 LIMIT 1`,
      person.id,
      WORDS.agent,
      tx.now,
    )
  })
}

async function signIns({ server: { app } }: RouteWorld, person: User): Promise<void> {
  const visitor = { requestId: "req_test", browserId: "b".repeat(43), ip: WORDS.ip, userAgent: WORDS.agent }
  const begun = await app.identity.login(visitor, { email: person.email, password: PASSWORD })
  const code = recoveryCode(person.email) ?? ""
  const entered = "step" in begun ? await app.identity.completeLogin(visitor, { ...begun, code }) : begun
  await app.identity.openConsoleSession(visitor, { userId: person.id, parentSessionId: entered.session.sessionId })
  await app.identity.requestPasswordReset(visitor, { email: person.email })
  await app.identity.requestEmailChange(
    { ...visitor, previousToken: entered.token },
    { userId: person.id, email: `new.${person.email}` },
  )
  const { id } = await app.media.storeImage(CTX, { ownerId: person.id, purpose: "avatar", bytes: pngOf(64, 64) })
  await app.media.show(CTX, { purpose: "avatar", subject: person.publicId }, { id, ownerId: person.id })
}

async function ofTheGateway({ server: { app, url } }: RouteWorld, person: User): Promise<void> {
  await giveCredits(app, person, credits(50))
  await app.spending.setMark(CTX, person.id, credits(20))
  const words = { title: "Maintenance", body: "On Sunday.", audience: "all", clientPublicId: "", banner: true } as const
  const { publicId } = await app.announcements.publish(CTX, { ...words, told: false, endsMs: null })
  await app.announcements.dismiss(CTX, publicId, { userId: person.id, isDeveloper: false })
  const { key, secret } = await app.keys.create(CTX, {
    userId: person.id,
    name: WORDS.key,
    scopes: ["llm", "video-generation"],
  })
  const cached = { keyId: key.id, subject: key.publicId, userId: person.id }
  await app.store.write(CTX, (tx) => app.gateway.setCacheIn(tx, cached, 60))
  await app.kept.turn(CTX, { userId: person.id, userPublicId: person.publicId, on: true })
  const send = (path: string, body: object, more: Record<string, string> = {}) =>
    fetch(`${url}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json", ...more },
      body: JSON.stringify(body),
    })
  const kept = await send("/v1/responses", { model: "sandbox", input: WORDS.prompt, store: true })
  if (kept.status !== 200) throw new Error(await kept.text())
  const messages = [{ role: "user", content: WORDS.prompt }]
  const once = await send(
    "/v1/chat/completions",
    { model: "sandbox", messages },
    { "idempotency-key": "once-1", "x-credits-cache": "on" },
  )
  if (once.status !== 200) throw new Error(await once.text())
  const video = await send("/v1/videos", { model: "sandbox", prompt: WORDS.prompt })
  if (video.status !== 200) throw new Error(await video.text())
  const { id } = (await video.json()) as { id: string }
  // Whoever has something in the making is erased when it is made.
  for (let tries = 0; tries < 50; tries++) {
    const asked = await fetch(`${url}/v1/videos/${id}`, { headers: { authorization: `Bearer ${secret}` } })
    if (((await asked.json()) as { status: string }).status === "completed") break
    await app.jobs.runNow(CTX, "look-after-videos")
  }
  await send("/v1/embeddings", { model: "sandbox", input: WORDS.prompt })
  await app.usage.flush()
  await app.keys.flushUses()
  await app.keys.sumSpend()
}

/** One of their calls, as if an app had paid for it. */
const callOf = (tx: Tx, userId: number): string =>
  tx.get<{ id: string }>("SELECT call_id AS id FROM v_charges WHERE caller_id = ? LIMIT 1", userId)!.id

async function ownApp({ server: { app } }: RouteWorld, person: User): Promise<void> {
  const { id: userId } = person
  await app.developers.acceptAgreement(CTX, {
    userId,
    version: app.developers.agreementVersion,
    company: WORDS.company,
  })
  const bank = {
    kind: "iban",
    holder: WORDS.company,
    iban: "DE89370400440532013000",
    bic: "",
    currency: "USD",
  } as const
  await app.store.write(CTX, (tx) => {
    app.payouts.setMethodIn(tx, { userId: person.id, typed: bank })
    app.payouts.addDocumentIn(tx, { userId: person.id, kind: "identity", file: DOCUMENT })
    app.payouts.turnMonthlyIn(tx, { userId: person.id, on: true })
    app.payouts.setTaxNumberIn(tx, { userId: person.id, country: "DE", kind: "vat", number: "DE123456789" })
    app.payouts.holdIn(tx, { userId: person.id, reason: WORDS.company })
  })
  const { client, secret } = await makeClient(app, {
    name: WORDS.app,
    ownerId: userId,
    homepageUrl: `https://${WORDS.site}`,
    redirectUris: [`https://${WORDS.site}/callback`],
  })
  await app.store.write(CTX, (tx) => app.appHosts.claimIn(tx, { ownerId: userId, clientPublicId: client.publicId }))
  await app.store.write(CTX, (tx) => {
    const pool = { developerId: userId, clientPublicId: client.publicId, capNano: credits(10), isOn: true }
    app.sponsors.setIn(tx, pool)
    app.usage.noteSponsoredIn(tx, { userId, clientId: client.id, callId: callOf(tx, userId) })
  })
  await app.appKeys.create(CTX, {
    ownerId: userId,
    clientPublicId: client.publicId,
    name: WORDS.key,
    scopes: ["users"],
  })
  await app.directory.save(CTX, {
    ownerId: userId,
    client,
    draft: { ...draftFor("quillapp", WORDS.app), url: `https://${WORDS.site}/` },
  })
  await app.store.write(CTX, (tx) => {
    const own = { ownerId: userId, clientPublicId: client.publicId }
    app.oauth.updateClientIn(tx, { ...own, description: WORDS.reason })
    app.oauth.setReviewIn(tx, { clientPublicId: client.publicId, review: "draft" })
    app.appReviews.askIn(tx, { ...own, text: WORDS.reason })
  })
  await app.store.write(CTX, (tx) => {
    const offered = { ownerId: userId, clientPublicId: client.publicId, email: `heir@${WORDS.site}` }
    app.appTransfers.offerIn(tx, offered)
    tx.run(
      `INSERT INTO directory_reports (client_id, user_id, kind, words, created_ms)
       SELECT min(client_id), ?, 'broken', ?, ? FROM directory_listings`,
      userId,
      WORDS.reason,
      tx.now,
    )
  })
  const { accessToken } = await mintTokens(app, { user: person, client, secret, dailyNano: credits(9) })
  await chat(app.config.baseUrl, accessToken)
}

/** Erases this person as a backup that is brought back would: whatever speaks against it. */
export async function eraseNow({ server: { app, dataDir } }: RouteWorld, publicId: string): Promise<void> {
  appendFileSync(join(dataDir, "erased"), `${publicId}\n`)
  await app.privacy.eraseAgain()
  for (let left = 500; await app.privacy.eraseNext(); left--) if (left === 0) throw new Error("it does not end")
}
