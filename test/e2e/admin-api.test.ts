// Every form of the admin as programs send it: who may not, what is wrong by name, and the right one acting once. The list of forms is
// the one document of the API, /openapi.json; a form without a right body here fails.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { Validator } from "@seriousme/openapi-schema-validator"
import { makeRestore } from "../../src/backup/testing.ts"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import { csrfOf, signedIn } from "../browser/house.ts"
import { turnTwoStepOn } from "../build.ts"
import { eventually } from "../eventually.ts"
import { addDocument, payoutFor } from "../payout-world.ts"
import { issuersAsked, openRouteWorld, pathOf, type RouteWorld } from "../routes.ts"

interface Schema {
  properties?: Record<string, unknown>
  required?: string[]
}
interface Operation {
  operationId: string
  security: object[]
  tags: string[]
  requestBody: { content: { "application/json": { schema: Schema } } }
}
interface Answer {
  status: number
  type: string | null
  body: { code?: string; errors?: Record<string, string>; message?: string } & Record<string, unknown>
}

let world: RouteWorld
let admin: WebAgent
let stranger: WebAgent
let token: string
let document: {
  paths: Record<string, { post: Operation }>
  tags: { name: string }[]
  components: { securitySchemes: object }
}

beforeAll(async () => {
  world = await openRouteWorld()
  await makeRestore(world.server.app)
  await turnTwoStepOn(world.server.app, world.person)
  admin = await signedIn(world.server, world.admin.email)
  stranger = await signedIn(world.server, world.stranger.email)
  token = await csrfOf(world.server, admin)
  document = await (await fetch(`${world.server.url}/openapi.json`)).json()
}, 30_000)
afterAll(() => world?.server.close())

/** The forms of the admin pages; what the management API has beside them is walked in `manage-api.test.ts`. */
const patterns = () =>
  Object.keys(document.paths)
    .filter((path) => path.startsWith("/api/v1/admin/") && document.paths[path]!.post)
    .map((path) => path.replace(/\{(\w+)\}/g, ":$1"))
const operationOf = (pattern: string): Operation => document.paths[pattern.replace(/:(\w+)/g, "{$1}")]!.post
const schemaOf = (pattern: string): Schema => operationOf(pattern).requestBody.content["application/json"].schema

const cookieOf = (agent: WebAgent) =>
  ["browser", "auth", "console"]
    .map((name) => `purser_${name}=${agent.cookie(world.server.url, `_${name}`)}`)
    .join("; ")

async function send(
  path: string,
  body: unknown,
  { as, csrf = token, type = "application/json" }: { as?: WebAgent; csrf?: string; type?: string } = {},
): Promise<Answer> {
  const headers: Record<string, string> = { "content-type": type }
  if (as) headers.cookie = cookieOf(as)
  if (csrf) headers["x-csrf-token"] = csrf
  const response = await fetch(`${world.server.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) })
  const text = await response.text()
  return { status: response.status, type: response.headers.get("content-type"), body: text ? JSON.parse(text) : {} }
}

test("one valid document says both what apps and what admins' programs may send", async () => {
  const result = await new Validator().validate(structuredClone(document) as never)
  expect([result.valid, result.valid ? [] : result.errors]).toEqual([true, []])
  expect(Object.keys(document.paths)).toContain("/v1/chat/completions")
  expect(Object.keys(document.paths).filter((path) => !/^\/(v1|api\/v1|api\/ai-api)\//.test(path))).toEqual([])
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
  const ids = operations.map(({ operationId }) => operationId)
  expect(new Set(ids).size).toBe(ids.length)
  const named = operations.flatMap(({ security, tags }) => [...security.flatMap(Object.keys), ...tags])
  const declared = [...Object.keys(document.components.securitySchemes), ...document.tags.map(({ name }) => name)]
  expect([...new Set(named)].toSorted()).toEqual(declared.toSorted())
})

const TODAY = new Date().toISOString().slice(0, 10)
const REASON = { reason: "Asked by mail" }
const AMOUNT = { ...REASON, amount: { credits: "1.5" } }
const MODEL = { list: "sandbox", model: "sandbox" }
const PUBLISHED = { list: "openrouter", model: "openai/gpt-4o-mini" }
const prices = "/api/v1/admin/prices"
const wallet = "/api/v1/admin/users/:user/wallet"

/** In an order in which each may be done; `books` counts what the act leaves behind. */
const lists = () => app().identity.savedLists(world.admin.id, "/admin/users")

const secrets = () => app().oauth.secretsOf(app().oauth.clientByPublicId(world.clientId)!.id)

const apps = () =>
  app().store.read.all(
    "SELECT client_id, suspended_ms IS NULL AS live, removed_ms IS NULL AS kept FROM v_oauth_clients",
  )

const listing = () => app().directory.adminOne(world.clientId)

/** Taken down when the world opens: it is shown again, then taken down anew. */
const reviewState = () => app().marketplace.showcase.review(world.market.review)!.hiddenBecause

/** An API product goes through all that an admin may decide, in an order in which each step is allowed. */
const PRODUCTS = (product: () => unknown) =>
  Object.fromEntries(
    (
      [
        ["commission", { ...REASON, commission: "7.5" }],
        ["featuring", {}],
        ["featuring/removal", {}],
        ["suspension", REASON],
        ["reinstatement", {}],
        ["return", REASON],
        ["publication", REASON],
      ] as const
    ).map(([path, body]) => [`/api/v1/admin/products/:product/${path}`, { body, trace: product }]),
  )

const consumers = "/api/v1/admin/products/:product/consumers/:consumer"
const subscription = () => app().marketplace.subscriptions.byPublicId(world.market.subscription)!

const moved = () =>
  app()
    .payouts.ordersOf(world.developer.id)
    .map(({ state, fileId }) => [state, fileId])
const held = () => app().payouts.holdOf(world.person.id)
const REFERENCE = { ...REASON, reference: "2026-11-28/4" }
const BECAUSE = { ...REASON, because: "Your bank sent it back" }
/** Each act finds a payout from which it leads on. */
const PAYOUTS = {
  "/api/v1/admin/payouts/approvals": {
    get body() {
      return { ...REASON, payouts: world.payouts.payout }
    },
    trace: moved,
  },
  "/api/v1/admin/payouts/:payout/approval": { body: REASON, trace: moved },
  "/api/v1/admin/payouts/:payout/rejection": { body: BECAUSE, trace: moved },
  "/api/v1/admin/payouts/:payout/payment": { body: REFERENCE, trace: moved },
  "/api/v1/admin/payouts/:payout/failure": { body: BECAUSE, trace: moved },
  "/api/v1/admin/payouts/files": { body: { ...REASON, format: "csv" }, trace: moved },
  "/api/v1/admin/payouts/files/:payoutfile/payment": { body: REFERENCE, trace: moved },
  "/api/v1/admin/payouts/files/:payoutfile/withdrawal": { body: REASON, trace: moved },
  "/api/v1/admin/users/:user/payouts/documents": {
    body: { ...REASON, decision: "approved" },
    trace: () => app().payouts.checkOf(world.person.id)?.state ?? null,
  },
  "/api/v1/admin/users/:user/payouts/hold": { body: REASON, trace: held },
  "/api/v1/admin/users/:user/payouts/release": { body: REASON, trace: held },
}

const RIGHT: Record<
  string,
  { body: Record<string, unknown>; trace: () => unknown; transaction?: () => string; invoice?: () => string }
> = {
  "/api/v1/admin/users/:user/suspension": { body: REASON, trace: () => status() },
  "/api/v1/admin/users/:user/reinstatement": { body: REASON, trace: () => status() },
  "/api/v1/admin/users/:user/plan": { body: { ...REASON, plan: "professional", paid: "1" }, trace: () => planOf() },
  [`${wallet}/bonus`]: { body: { ...AMOUNT, days: 30 }, trace: () => audits() },
  [`${wallet}/adjustment`]: { body: { ...REASON, amount: { nano: "-2000000" } }, trace: () => audits() },
  [`${wallet}/balance`]: { body: { ...REASON, amount: "1,000" }, trace: () => audits() },
  [`${wallet}/transactions/:transaction/refund`]: { body: { ...REASON, amount: "0.001" }, trace: () => audits() },
  [`${wallet}/transactions/:transaction/reversal`]: {
    body: REASON,
    trace: () => audits(),
    transaction: () => charge(2),
  },
  "/api/v1/admin/users/:user/lots/:lot/void": { body: REASON, trace: () => audits() },
  "/api/v1/admin/books/verification": { body: {}, trace: () => app().ledger.verifications(50).length },
  "/api/v1/admin/plans/free-budget": {
    body: { ...REASON, credits: "2,500" },
    trace: () => app().plans.freeBudgetNano(),
  },
  "/api/v1/admin/plans/:plan": {
    body: { ...REASON, price: "49.50", markup_paid: "2.5", support: true },
    trace: () => app().plans.planByCode("professional"),
  },
  "/api/v1/admin/upstreams": { body: { kind: "sandbox", name: "second" }, trace: () => upstreams() },
  "/api/v1/admin/upstreams/:upstream": { body: { provider: "mistral" }, trace: () => upstreams() },
  "/api/v1/admin/upstreams/:upstream/routing": { body: { weight: 7, priority: 2 }, trace: () => upstreams() },
  "/api/v1/admin/upstreams/:upstream/drain": { body: {}, trace: () => upstreams() },
  "/api/v1/admin/upstreams/:upstream/undrain": { body: {}, trace: () => upstreams() },
  "/api/v1/admin/upstreams/:upstream/test": { body: {}, trace: () => upstreams() },
  "/api/v1/admin/upstreams/:upstream/deactivation": { body: {}, trace: () => upstreams() },
  "/api/v1/admin/upstreams/:upstream/activation": { body: {}, trace: () => upstreams() },
  "/api/v1/admin/models/new": {
    body: {
      ...REASON,
      name: "house-2",
      model: "sandbox",
      input_1k: "0.025",
      output_1k: "0.025",
      fee: "0",
      active: true,
    },
    trace: () => app().gateway.houseModels(),
  },
  "/api/v1/admin/models/:house": { body: { ...REASON, fee: "0.5" }, trace: () => app().gateway.houseModels() },
  "/api/v1/admin/limits": {
    body: { ...REASON, level: "everybody", kind: "requests_day", amount: "5000" },
    trace: () => app().limits.rules(),
  },
  "/api/v1/admin/limits/:limit": { body: { ...REASON, amount: "70" }, trace: () => app().limits.rules() },
  "/api/v1/admin/limits/:limit/removal": { body: REASON, trace: () => app().limits.rules() },
  "/api/v1/admin/packages": {
    body: { ...REASON, slug: "mini", name: "Mini", price: "2.50", bonus: "0" },
    trace: () => app().billing.packages(),
  },
  "/api/v1/admin/packages/:package": {
    body: { ...REASON, price: "6", bonus: { credits: "25" } },
    trace: () => app().billing.packages(),
  },
  "/api/v1/admin/packages/:package/deactivation": { body: REASON, trace: () => app().billing.packages() },
  "/api/v1/admin/packages/:package/activation": { body: {}, trace: () => app().billing.packages() },
  "/api/v1/admin/orders/:payment/refund": {
    body: { ...REASON, amount: "1" },
    trace: () => app().billing.refunds.refundsOf(world.person.id).length,
  },
  "/api/v1/admin/mcp": {
    body: { ...REASON, title: "Maps", slug: "maps", url: "https://maps.example/mcp", words: "", auth: "none" },
    trace: () => app().mcp.catalogue.all(),
  },
  "/api/v1/admin/mcp/:recommended": { body: { ...REASON, words: "Now" }, trace: () => app().mcp.catalogue.all() },
  "/api/v1/admin/mcp/:recommended/deactivation": { body: {}, trace: () => app().mcp.catalogue.all() },
  "/api/v1/admin/mcp/:recommended/activation": { body: {}, trace: () => app().mcp.catalogue.all() },
  "/api/v1/admin/mcp/:recommended/up": { body: {}, trace: () => app().mcp.catalogue.all() },
  "/api/v1/admin/mcp/:recommended/removal": { body: REASON, trace: () => app().mcp.catalogue.all() },
  "/api/v1/admin/issuers": {
    body: { ...REASON, preset: "google", client_id: "1234.apps.googleusercontent.com", client_secret: "hush" },
    trace: () => app().identity.issuers(),
  },
  "/api/v1/admin/issuers/:issuer": {
    body: { ...REASON, domains: ["example.com"], sign_up: false },
    trace: () => app().identity.issuers(),
  },
  "/api/v1/admin/issuers/:issuer/deactivation": { body: {}, trace: () => app().identity.issuers() },
  "/api/v1/admin/issuers/:issuer/activation": { body: {}, trace: () => app().identity.issuers() },
  "/api/v1/admin/issuers/:issuer/test": { body: {}, trace: () => issuersAsked.times },
  "/api/v1/admin/issuers/:issuer/up": { body: {}, trace: () => app().identity.issuers() },
  "/api/v1/admin/issuers/:issuer/removal": { body: REASON, trace: () => app().identity.issuers() },
  "/api/v1/admin/announcements": {
    body: { ...REASON, title: "Maintenance", body: "On Sunday.", audience: "all", banner: true, told: false },
    trace: () => app().announcements.page(null).rows,
  },
  "/api/v1/admin/announcements/:announcement/ending": {
    body: REASON,
    trace: () => app().announcements.page(null).rows,
  },
  "/api/v1/admin/coupons": {
    body: { ...REASON, code: "SPRING10", kind: "percent", percent: 10, max_uses: 5 },
    trace: () => app().billing.coupons.page(null, 99).rows,
  },
  "/api/v1/admin/coupons/:coupon": {
    body: { ...REASON, max_uses: 500 },
    trace: () => app().billing.coupons.page(null, 99).rows,
  },
  "/api/v1/admin/coupons/:coupon/ending": { body: REASON, trace: () => app().billing.coupons.page(null, 99).rows },
  "/api/v1/admin/users/:user/payment": {
    body: { ...REASON, price: "250", tax: "47.50", way: "bank", paid_on: TODAY },
    trace: () => invoices(),
  },
  "/api/v1/admin/invoices/:invoice/payment": {
    body: { ...REASON, paid_on: TODAY },
    trace: () => invoices(),
    invoice: () => world.waiting[0]!,
  },
  "/api/v1/admin/invoices/:invoice/failure": {
    body: REASON,
    trace: () => invoices(),
    invoice: () => world.waiting[1]!,
  },
  "/api/v1/admin/orders/:payment/disputes/:dispute/release": {
    body: {},
    trace: () => app().billing.refunds.disputesOf(world.person.id)[0]!.releasedMs,
  },
  "/api/v1/admin/billing/key": {
    body: { ...REASON, secret_key: "sk_test_fake" },
    trace: () => acts("payments.key_saved"),
  },
  "/api/v1/admin/billing/webhook": { body: {}, trace: () => acts("payments.webhook_made") },
  "/api/v1/admin/billing/test": { body: {}, trace: () => acts("payments.tested") },
  "/api/v1/admin/billing/comparison/reading": {
    body: {},
    trace: () => app().billing.statement.compare(0, 1).readThroughMs,
  },
  "/api/v1/admin/billing/events/:event/replay": { body: {}, trace: () => acts("payments.event_replayed") },
  "/api/v1/admin/billing/events/:event/setting-aside": { body: REASON, trace: () => acts("payments.event_set_aside") },
  "/api/v1/admin/billing/key/removal": { body: REASON, trace: () => acts("payments.key_removed") },
  "/api/v1/admin/apps/:app/secrets": { body: { ...REASON, name: "By an admin" }, trace: () => secrets() },
  "/api/v1/admin/apps/:app/secrets/:secret/revocation": { body: REASON, trace: () => secrets() },
  "/api/v1/admin/apps": {
    body: { ...REASON, name: "Help desk", redirect_uris: ["https://help.example.com/callback"], scope: ["email"] },
    trace: () => apps(),
  },
  "/api/v1/admin/apps/house/:houseapp": {
    body: { ...REASON, name: "Help desk 2" },
    trace: () => acts("client.updated"),
  },
  "/api/v1/admin/apps/:app/verification": {
    body: { ...REASON, verified: true },
    trace: () => acts("app.host_proven"),
  },
  "/api/v1/admin/apps/:app/review": {
    body: { decision: "none", text: "Who are you?" },
    trace: () => acts("app.review_note"),
  },
  "/api/v1/admin/support/:ticket": {
    body: { act: "answer", text: "It is under Credits." },
    trace: () => acts("support.answered"),
  },
  "/api/v1/admin/apps/:app/suspension": { body: REASON, trace: () => apps() },
  "/api/v1/admin/apps/:app/reinstatement": { body: REASON, trace: () => apps() },
  "/api/v1/admin/apps/removal/:guest": { body: REASON, trace: () => apps() },
  "/api/v1/admin/services": {
    body: { ...REASON, slug: "voice", name: "Voice", unit: "character", price: "0.000015", scope: "speech" },
    trace: () => app().metering.services(),
  },
  "/api/v1/admin/services/:service": {
    body: { ...REASON, price: { nano: "250.5" } },
    trace: () => app().metering.services(),
  },
  "/api/v1/admin/services/:service/deactivation": { body: REASON, trace: () => app().metering.services() },
  "/api/v1/admin/services/:service/activation": { body: {}, trace: () => app().metering.services() },
  ...PRODUCTS(() => app().marketplace.catalog.product(world.market.productId)),
  "/api/v1/admin/products/:product/publisher-commission": {
    body: { ...REASON, commission: "5" },
    trace: () => app().marketplace.catalog.publisherOf(world.developer.id),
  },
  "/api/v1/admin/products/:product/signs/:sign/closing": {
    body: REASON,
    trace: () => app().marketplace.calls.signalById(Number(world.market.sign))!.note,
  },
  [`${consumers}/quota`]: { body: REASON, trace: () => acts("api.quota_reset") },
  [`${consumers}/plan`]: {
    get body() {
      const { catalog, plans } = app().marketplace
      const { id } = catalog.product(world.market.productId)!
      return { ...REASON, plan: plans.plansOf(id).find(({ name }) => name === "Paid")!.publicId }
    },
    trace: () => subscription().planId,
  },
  [`${consumers}/block`]: { body: REASON, trace: () => subscription().state },
  [`${consumers}/unblock`]: { body: {}, trace: () => subscription().state },
  [`${consumers}/end`]: { body: REASON, trace: () => subscription().state },
  "/api/v1/admin/sales/:sale/refund": {
    body: { ...REASON, amount: "0.5" },
    trace: () => app().store.read.all("SELECT amount_nano FROM market_refunds"),
  },
  "/api/v1/admin/directory/:app/approval": { body: REASON, trace: () => listing() },
  "/api/v1/admin/directory/:app/feature": { body: { on: true }, trace: () => listing() },
  "/api/v1/admin/directory/:app/remark": { body: { remark: "Say what it costs." }, trace: () => listing() },
  "/api/v1/admin/directory/:app/reports": { body: REASON, trace: () => listing() },
  "/api/v1/admin/directory/:app/suspension": { body: { remark: "A copy." }, trace: () => listing() },
  "/api/v1/admin/directory/:app/reinstatement": { body: REASON, trace: () => listing() },
  "/api/v1/admin/reviews/:review/keeping": { body: REASON, trace: () => reviewState() },
  "/api/v1/admin/reviews/:review/hiding": { body: REASON, trace: () => reviewState() },
  "/api/v1/admin/products/:product/host": { body: REASON, trace: () => acts("publisher.host_proven") },
  [`${prices}/refresh`]: { body: {}, trace: () => app().pricing.catalogue.reads().length },
  [`${prices}/model/held`]: { body: { ...REASON, ...PUBLISHED }, trace: () => app().pricing.catalogue.held().length },
  [`${prices}/model/price`]: { body: { ...REASON, ...MODEL, input: "11", output: "33" }, trace: () => priceRows() },
  [`${prices}/model/list-price`]: { body: { ...REASON, ...MODEL }, trace: () => priceRows() },
  [`${prices}/model/earlier`]: {
    get body() {
      return { ...REASON, ...MODEL, id: app().pricing.priceHistory("sandbox", "sandbox").at(-1)?.id ?? 0 }
    },
    trace: () => priceRows(),
  },
  [`${prices}/left-out`]: {
    body: { list: "openai", model: "gpt-99", left_out: "yes" },
    trace: () => app().pricing.isLeftOut("openai", "gpt-99"),
  },
  [`${prices}/rules/new`]: {
    body: { ...REASON, pattern: "a*", traffic: "key", priority: 3, platform: 1, developer: "2.5", active: true },
    trace: () => app().pricing.rules(),
  },
  [`${prices}/rules/:rule`]: { body: { ...REASON, platform: "40" }, trace: () => app().pricing.rules() },
  "/api/v1/admin/users/bulk": {
    get body() {
      return { ...REASON, act: "plan", plan: "pro", users: world.developer.publicId }
    },
    trace: () => app().plans.planOf(world.developer.id),
  },
  "/api/v1/admin/filters": {
    body: { page: "/admin/users", query: "role=admin sort=name", name: "Admins" },
    trace: () => lists(),
  },
  "/api/v1/admin/filters/:filter/removal": { body: {}, trace: () => lists() },
  "/api/v1/admin/earnings": {
    body: { ...REASON, promo_days: 14, payout_min: { nano: "25000000000" } },
    trace: () => app().developers.earningTerms(),
  },
  "/api/v1/admin/brand": {
    body: { ...REASON, name: "Acme AI" },
    trace: () => app().brand.look(),
  },
  "/api/v1/admin/legal/:legal": {
    body: { ...REASON, source: "# Terms\n\nBe kind.", changes: "Shorter." },
    trace: () => app().legal.history("terms").length,
  },
  "/api/v1/admin/users/:user/role": {
    body: REASON,
    trace: () => app().identity.admins().length,
  },
  "/api/v1/admin/users/:user/two-step": {
    body: REASON,
    trace: () => acts("second_step.turned_off"),
  },
  "/api/v1/admin/users/:user/passkeys": { body: REASON, trace: () => acts("passkey.all_removed") },
  ...PAYOUTS,
  "/api/v1/admin/users/:user/erasure": { body: { ...REASON, when: "grace" }, trace: () => acts("user.leaving") },
  "/api/v1/admin/users/:user/erasure/keep": { body: REASON, trace: () => acts("user.kept") },
  "/api/v1/admin/jobs/:job/run": { body: {}, trace: () => acts("job.run") },
  "/api/v1/admin/outbox/:message/retry": { body: {}, trace: () => acts("outbox.again") },
  "/api/v1/admin/outbox/:message/removal": { body: {}, trace: () => acts("outbox.given-up") },
  "/api/v1/admin/system/backup-proof": { body: {}, trace: () => acts("backup.proved") },
  "/api/v1/admin/system/signing-keys": { body: {}, trace: () => acts("signing_keys.rotated") },
  "/api/v1/admin/system/signing-keys/withdrawal": { body: REASON, trace: () => acts("signing_keys.withdrawn") },
  "/api/v1/admin/apply": {
    body: { text: "purser: 1\nplans: { pro: { price: 31.5 } }" },
    trace: () => acts("setup.looked_at"),
  },
  "/api/v1/admin/apply/application": {
    get body() {
      return { ...REASON, look: lookedAt }
    },
    trace: () => app().plans.planByCode("pro")!.priceNano,
  },
  "/api/v1/admin/apply/export": { body: {}, trace: () => acts("setup.exported") },
  "/api/v1/admin/restore": { body: {}, trace: () => acts("restore.looked") },
  "/api/v1/admin/system/mail-test": { body: {}, trace: () => acts("mail.tested") },
  "/api/v1/admin/settings/:setting": {
    body: { ...REASON, value: 21 },
    trace: () => app().developers.earningTerms(),
  },
}

/** Named by what looked at a file last. */
let lookedAt = ""
const app = () => world.server.app
const status = () => app().identity.userByPublicId(world.person.publicId)?.status
const invoices = () => app().billing.invoices.list(null, {}).rows
const planOf = () => app().plans.standingOf(world.person.id).plan.code
const upstreams = () => app().gateway.upstreams()
const priceRows = () =>
  app()
    .pricing.priceHistory("sandbox", "sandbox")
    .map((row) => row.id)
const audits = () =>
  app().store.read.all("SELECT id FROM audit_log WHERE subject = ? AND action LIKE 'wallet.%'", world.person.publicId)
    .length
const acts = (action: string) => app().store.read.all("SELECT id FROM audit_log WHERE action = ?", action).length
const charge = (at: number) =>
  app().ledger.history({ kind: "principal", id: world.person.id }, "live", { limit: 9, types: ["usage"] })[at]!
    .transactionId

/** A file comes from a browser, and goes there. */
const BY_BROWSERS = ["/admin/brand/logo", "/admin/brand/logo/removal"]

test("the document names every form of the admin once, with what it takes", () => {
  const posts = world.server.routes.filter((route) => route.startsWith("POST /admin/")).map((route) => route.slice(5))
  const forms = posts.filter((path) => !BY_BROWSERS.includes(path))
  expect(posts.length - forms.length).toBe(BY_BROWSERS.length)
  expect(patterns().toSorted()).toEqual(forms.map((path) => `/api/v1${path}`).toSorted())
  expect(Object.keys(RIGHT).toSorted()).toEqual(patterns().toSorted())
  const ids = patterns().map((pattern) => operationOf(pattern).operationId)
  expect(new Set(ids).size).toBe(ids.length)
  expect(schemaOf("/api/v1/admin/earnings").required).toContain("reason")
})

test("nobody signed in, somebody else, no token: refused before anything is read", async () => {
  for (const pattern of patterns()) {
    const path = pathOf(world, pattern)
    const before = JSON.stringify(RIGHT[pattern]!.trace())
    const { body } = RIGHT[pattern]!
    const nobody = await send(path, body)
    const other = await send(path, body, { as: stranger, csrf: await csrfOf(world.server, stranger) })
    const tokenless = await send(path, body, { as: admin, csrf: "" })
    const statuses = { pattern, nobody: nobody.status, other: other.status, tokenless: tokenless.status }
    expect(statuses).toEqual({ pattern, nobody: 401, other: 404, tokenless: 403 })
    expect(nobody.type).toBe("application/problem+json")
    expect(JSON.stringify(RIGHT[pattern]!.trace())).toBe(before)
  }
})

test("wrong fields are named, all of them, and nothing is done", async () => {
  for (const pattern of patterns()) {
    const path = pathOf(world, pattern)
    const before = JSON.stringify(RIGHT[pattern]!.trace())
    const wrong = { nonsense: 1, ...(schemaOf(pattern).properties?.reason ? { reason: "" } : {}) }
    const answer = await send(path, wrong, { as: admin })
    expect({ pattern, status: answer.status, code: answer.body.code }).toEqual({
      pattern,
      status: 422,
      code: "validation_failed",
    })
    expect(Object.keys(answer.body.errors ?? {})).toEqual(expect.arrayContaining(Object.keys(wrong)))
    expect(JSON.stringify(RIGHT[pattern]!.trace())).toBe(before)
  }
})

test("what the document requires is missed when it is not sent", async () => {
  const taken: string[] = []
  for (const pattern of patterns()) {
    for (const name of schemaOf(pattern).required ?? []) {
      const { [name]: _, ...rest } = RIGHT[pattern]!.body
      const { status, body } = await send(pathOf(world, pattern), rest, { as: admin })
      if (status !== 422 || !(name in (body.errors ?? {}))) taken.push(`${pattern} without ${name}: ${status}`)
    }
  }
  expect(taken).toEqual([])
})

test("values of a wrong kind are refused: no float is an amount, no text a tick", async () => {
  const plan = "/api/v1/admin/plans/professional"
  const answer = await send(plan, { ...REASON, price: 9.99, daily: 1.5, support: "yes", name: 7.5 }, { as: admin })
  expect(Object.keys(answer.body.errors ?? {}).toSorted()).toEqual(["daily", "name", "price", "support"])
  const other = await send(plan, "x", { as: admin, type: "text/plain" })
  expect([other.status, other.body.code]).toEqual([415, "unsupported_media_type"])
})

test("a rule of the domain names its field, too", async () => {
  const answer = await send("/api/v1/admin/plans/free", { ...REASON, price: "5" }, { as: admin })
  expect([answer.status, answer.body.errors]).toEqual([422, { price: "The free plan costs nothing." }])
  const stale = await send("/api/v1/admin/plans/professional", { ...REASON, seen_ms: 1, price: "5" }, { as: admin })
  expect([stale.status, stale.body.code]).toEqual([409, "conflict"])
})

test("the right one acts, and says what it did", async () => {
  for (const [pattern, right] of Object.entries(RIGHT)) {
    if (pattern.endsWith("/payouts/documents")) await addDocument(app(), world.person.id)
    if (pattern.includes("/admin/payouts"))
      Object.assign(world.payouts, await payoutFor(app(), world.developer, pattern))
    const { body, trace, transaction, invoice } = right
    const about = transaction ? pattern.replace(":transaction", transaction()) : pattern
    // Whose payments are on their way cannot go.
    const whose = pattern.includes("/erasure") ? { ...world, person: world.stranger } : world
    const path = pathOf(whose, invoice ? about.replace(":invoice", invoice()) : about)
    const before = JSON.stringify(trace())
    const answer = await send(path, body, { as: admin })
    expect({ pattern, status: answer.status, message: typeof answer.body.message }).toEqual({
      pattern,
      status: 200,
      message: "string",
    })
    if (pattern.endsWith("/admin/apply")) lookedAt = String(answer.body.look)
    // A proof of the books that takes its time is answered before it is through.
    await eventually(`a trace of ${pattern}`, () => JSON.stringify(trace()) !== before)
  }
  expect(app().plans.planByCode("professional")).toMatchObject({ markupPaidBp: 250, prioritySupport: true })
  expect(app().developers.earningTerms()).toMatchObject({ promoDays: 14, payoutMinNano: 25_000_000_000 })
})

test("sent again with its key, it is done once", async () => {
  const path = pathOf(world, `${wallet}/bonus`)
  const balance = () => app().ledger.wallet({ kind: "principal", id: world.person.id }, "live").balanceNano
  const before = balance()
  const body = { ...AMOUNT, key: "a-key-of-the-sender-0001" }
  const [one, two] = [await send(path, body, { as: admin }), await send(path, body, { as: admin })]
  expect([one.status, one.body.already, two.status, two.body.already]).toEqual([200, false, 200, true])
  expect(two.body.transaction_id).toBe(one.body.transaction_id as string)
  expect(balance() - before).toBe(1_500_000)
})
