// The management API over a real server: who may, whose wallet, exact amounts, acts once, uses charged once. The list of routes is the
// one document of the API; each is walked as nobody, as the wrong person and as a key without the permission.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import Ajv from "ajv/dist/2020"
import addFormats from "ajv-formats"
import { credits } from "../../src/app/index.ts"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { managerOf } from "../../src/sites/api/manage/who.ts"
import { csrfOf, signedIn } from "../browser/house.ts"
import { CALLBACK, CTX, giveCredits, makeClient, mintTokens } from "../build.ts"
import { openRouteWorld, pathOf, type RouteWorld } from "../routes.ts"

interface Operation {
  operationId: string
  tags: string[]
  security: object[]
  parameters?: { name: string; in: string; required: boolean }[]
  requestBody?: { content: { "application/json": { schema: object } } }
  responses: Record<string, { content: Record<string, { schema: object }> }>
}
type Json = Record<string, unknown>

let world: RouteWorld
let document: { paths: Record<string, Record<string, Operation>>; components: Json }
let adminKey: string
let manageKey: string
let modelKey: string
let strangerKey: string
let developerKey: string

const keyOf = async (user: User, scopes: string[]) =>
  (await world.server.app.keys.create(CTX, { userId: user.id, name: "Test", scopes })).secret

beforeAll(async () => {
  world = await openRouteWorld()
  document = (await (await fetch(`${world.server.url}/openapi.json`)).json()) as typeof document
  adminKey = await keyOf(world.admin, [
    "admin:credits",
    "admin:users",
    "admin:plans",
    "admin:prices",
    "admin:upstreams",
    "admin:settings",
  ])
  manageKey = await keyOf(world.person, ["manage", "llm"])
  modelKey = await keyOf(world.person, ["llm"])
  strangerKey = await keyOf(world.stranger, ["manage"])
  developerKey = await keyOf(world.developer, ["manage"])
}, 30_000)
afterAll(() => world?.server.close())

const ajv = addFormats(new Ajv({ strict: false }))
const books = () => world.server.app.ledger.verify().checks.filter((check) => check.violations > 0)
const owner = () => ({ kind: "principal" as const, id: world.person.id })
const balance = () => world.server.app.ledger.wallet(owner(), "live").balanceNano

interface Sent {
  status: number
  headers: Headers
  body: Json
}
async function send(
  method: string,
  path: string,
  { key, body, headers = {} }: { key?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Sent> {
  const sent: Record<string, string> = { ...headers }
  if (key) sent.authorization = `Bearer ${key}`
  if (body !== undefined) sent["content-type"] = "application/json"
  const init = { method, headers: sent, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
  const answer = await fetch(`${world.server.url}${path}`, init)
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, body: text ? (JSON.parse(text) as Json) : {} }
}
const post = (path: string, key: string, body: unknown, once?: string) =>
  send("POST", path, { key, body, headers: once ? { "idempotency-key": once } : {} })

/** Operations of the management API that need to know who asks: [method, pattern, operation]. */
const operations = () =>
  Object.entries(document.paths)
    .filter(([path]) => path.startsWith("/api/"))
    .flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { security }]) => security.length > 0)
        .filter(
          ([, operation]) =>
            ["Credits", "Metering", "Apps", "Keys", "Tiers", "Coupons", "Payments"].includes(operation.tags[0]!) ||
            !operation.requestBody,
        )
        .map(([method, operation]) => [method.toUpperCase(), path.replace(/\{(\w+)\}/g, ":$1"), operation] as const),
    )

/** A right body for each that takes one. */
const RIGHT = (): Record<string, Json> => ({
  allocateCredits: { user: world.person.publicId, amount: "1.5", reason: "Sorry" },
  deductCredits: { user: world.person.publicId, amount: { credits: "0.5" }, reason: "Used elsewhere" },
  refundCharge: {
    user: world.person.publicId,
    transaction: world.transactionId,
    amount: { nano: "1" },
    reason: "Sorry",
  },
  setBalance: { user: world.person.publicId, amount: "300", reason: "Start" },
  trackUse: { user: world.person.publicId, service: "search", quantity: 3 },
  createKey: { name: "Another", scopes: ["llm"] },
  setAppLimit: { scope: "llm", credits: "0.5" },
  switchTier: { tier: "starter" },
  redeemCoupon: { code: world.couponCode },
  createCoupon: { code: "SPRING-15", kind: "percent", percent: 15, only_for: ["package:plus"], reason: "Spring" },
  createCheckout: { package: "plus" },
})
const ADMIN_ONLY = new Set([
  "allocateCredits",
  "deductCredits",
  "refundCharge",
  "setBalance",
  "listCoupons",
  "createCoupon",
  "endCoupon",
])
/** About one thing of the person's, named in the address. */
const OF_ONE = new Set([
  "revokeKey",
  "removeWebhook",
  "listWebhookDeliveries",
  "resendWebhook",
  "setAppLimit",
  "revokeApp",
  "listMyAppKeys",
  "listMyAppUsers",
  "getMyAppUsage",
  "getMyAppRevenue",
  "listMyAppRequests",
  "getMyAppHealth",
])
const addressOf = (pattern: string) =>
  pathOf(world, pattern.replace(":key", "key_none").replace(":code", "SPRING-15")) +
  (pattern.endsWith("/validate") ? `?code=${world.couponCode}&package=plus` : "")

test("digits of a query are a number only where the document has one", async () => {
  const found = await send("GET", "/api/v1/admin/users?q=2026&limit=5", { key: adminKey })
  expect([found.status, found.body.code]).toEqual([200, undefined])
  const wrong = await send("GET", "/api/v1/admin/users?limit=many", { key: adminKey })
  expect([wrong.status, wrong.body.code, wrong.body.param]).toEqual([422, "validation_failed", "limit"])
})

describe("who may", () => {
  test("nobody: every route is refused before anything is read", async () => {
    expect(operations().length).toBeGreaterThan(15)
    for (const [method, pattern, { operationId }] of operations()) {
      const body = method === "POST" ? RIGHT()[operationId] : undefined
      if (method === "POST") expect([operationId, body !== undefined]).toEqual([operationId, true])
      const { status, body: told, headers } = await send(method, addressOf(pattern), { body })
      expect([pattern, status, told.code, headers.get("content-type")]).toEqual([
        pattern,
        401,
        "unauthenticated",
        "application/problem+json",
      ])
    }
  })

  test("a stranger with a key of their own, and a key without the permission: other people's things are not there", async () => {
    const before = balance()
    for (const [method, pattern, { operationId, tags }] of operations()) {
      const body = method === "POST" ? { ...RIGHT()[operationId] } : undefined
      const headers = { "idempotency-key": "walk" }
      const isAdmins = ADMIN_ONLY.has(operationId) || tags[0] === "Admin"
      const weak = await send(method, addressOf(pattern), { key: modelKey, body, headers })
      expect([pattern, weak.status, weak.body.code]).toEqual([pattern, 403, "insufficient_scope"])
      const query = ["getBalance", "listTransactions"].includes(operationId) ? `?user=${world.person.publicId}` : ""
      const wrong = await send(method, addressOf(pattern) + query, { key: strangerKey, body, headers })
      if (isAdmins) expect([pattern, wrong.status]).toEqual([pattern, 403])
      else if (query || operationId === "trackUse" || OF_ONE.has(operationId))
        expect([pattern, wrong.status]).toEqual([pattern, 404])
      else expect(JSON.stringify(wrong.body)).not.toContain(world.person.publicId)
    }
    expect(balance()).toBe(before)
  })

  test("an app's own token manages nothing, a first-party token its person's", async () => {
    const { app } = world.server
    const { client, secret } = await makeClient(app, { ownerId: world.developer.id, name: "Third" })
    const theirs = await mintTokens(app, { user: world.person, client, secret, dailyNano: credits(1) })
    const refused = await send("GET", "/api/v1/credits/balance", { key: theirs.accessToken })
    expect([refused.status, refused.body.code]).toEqual([403, "insufficient_scope"])
    const terms = { ownerId: null, type: "first-party" as const, name: "House", redirectUris: [CALLBACK] }
    const house = await app.store.write(CTX, (tx) => {
      const made = app.oauth.registerClientIn(tx, {
        ...terms,
        scopes: ["openid", "profile", "email", "offline_access", "llm"],
      })
      return { client: made.client, secret: made.secret ?? "" }
    })
    const own = await mintTokens(app, { user: world.person, ...house, dailyNano: credits(1) })
    const read = await send("GET", "/api/v1/credits/balance", { key: own.accessToken })
    expect([read.status, read.body.user]).toEqual([200, world.person.publicId])
    // Known at the door, and asked again where it charges: what came between counts.
    const request = new Request(`${world.server.url}/api/v1/metering/track`, {
      headers: { authorization: `Bearer ${own.accessToken}` },
    })
    const manager = await managerOf(app as never, request)
    const stands = () => app.store.write(CTX, (tx) => manager.requireIn(tx))
    await stands()
    const { publicId: clientPublicId } = house.client
    await app.store.write(CTX, (tx) => void app.oauth.suspendClientIn(tx, { clientPublicId, reason: "Test" }))
    await expect(stands()).rejects.toMatchObject({ code: "client_suspended" })
  })

  test("the console's session, with the form token for what changes something", async () => {
    const agent = await signedIn(world.server, world.person.email)
    const token = await csrfOf(world.server, agent)
    const cookie = cookieOf(agent)
    const read = await send("GET", "/api/v1/credits/balance", { headers: { cookie } })
    expect([read.status, read.body.user]).toEqual([200, world.person.publicId])
    const body = { name: "By page", scopes: ["llm"] }
    const bare = await send("POST", "/api/v1/keys", { body, headers: { cookie } })
    expect([bare.status, bare.body.code]).toEqual([403, "csrf_failed"])
    const foreign = { cookie, "x-csrf-token": token, "sec-fetch-site": "cross-site", origin: "https://evil.example" }
    expect((await send("POST", "/api/v1/keys", { body, headers: foreign })).status).toBe(403)
    const made = await send("POST", "/api/ai-api/keys", { body, headers: { cookie, "x-csrf-token": token } })
    expect(made.status).toBe(200)
    const path = `/api/ai-api/keys/${made.body.id}`
    expect((await send("DELETE", path, { headers: { cookie } })).status).toBe(403)
    const gone = await send("DELETE", path, { headers: { cookie, "x-csrf-token": token } })
    expect([gone.status, gone.body.state]).toEqual([200, "revoked"])
    expect((await send("GET", "/v1/models", { key: made.body.key as string })).status).toBe(401)
  })

  test("a key makes no key that may do more than itself", async () => {
    for (const scopes of [["embeddings"], ["manage", "admin:credits"]]) {
      const { status, body } = await post("/api/v1/keys", manageKey, { name: "More", scopes })
      expect([status, body.code]).toEqual([403, "insufficient_scope"])
    }
    expect((await post("/api/v1/keys", manageKey, { name: "Same", scopes: ["llm"] })).status).toBe(200)
  })

  test("an admin key with another permission, and an admin's key for managing, do not reach credits", async () => {
    const users = await keyOf(world.admin, ["admin:users"])
    const own = await keyOf(world.admin, ["manage"])
    for (const key of [users, own]) {
      const { status } = await post("/api/v1/credits/allocate", key, RIGHT().allocateCredits)
      expect(status).toBe(403)
    }
    expect((await send("GET", `/api/v1/credits/balance?user=${world.person.publicId}`, { key: own })).status).toBe(404)
  })
})

const cookieOf = (agent: WebAgent) =>
  ["browser", "auth", "console"]
    .map((name) => `purser_${name}=${agent.cookie(world.server.url, `_${name}`)}`)
    .join("; ")

async function shortPermission(): Promise<string> {
  const { app } = world.server
  const { client } = await makeClient(app, { ownerId: world.developer.id, name: "Short" })
  const input = { userId: world.person.id, clientId: client.id, scopes: ["llm"] }
  return (await app.store.write(CTX, (tx) => app.oauth.grantConsentIn(tx, input))).publicId
}

describe("answers", () => {
  test("are what the document says, for every route", async () => {
    for (const [method, pattern, operation] of operations()) {
      const { operationId, tags } = operation
      const isAdmins = ADMIN_ONLY.has(operationId) || tags[0] === "Admin" || operationId === "trackUse"
      const key = isAdmins ? adminKey : tags[0] === "Developer" ? developerKey : manageKey
      let path = addressOf(pattern)
      if (operationId === "revokeKey") {
        const made = await post("/api/v1/keys", manageKey, { name: "Short", scopes: ["llm"] })
        path = `/api/v1/keys/${made.body.id}`
      }
      if (operationId === "revokeApp") path = `/api/v1/apps/${await shortPermission()}`
      if (operationId === "removeWebhook") {
        const made = await post("/api/v1/webhooks", manageKey, { url: "https://example.com/short" })
        path = `/api/v1/webhooks/${made.body.id}`
      }
      const body = method === "POST" ? RIGHT()[operationId] : undefined
      const { status, body: told } = await send(method, path, {
        key,
        body,
        headers: { "idempotency-key": operationId },
      })
      expect([pattern, status, status === 200 ? "" : told]).toEqual([pattern, 200, ""])
      const { schema } = operation.responses["200"]!.content["application/json"]!
      const validate = ajv.compile(schema)
      expect([pattern, validate(told) ? null : validate.errors]).toEqual([pattern, null])
    }
    expect(books()).toEqual([])
  })

  test("say exact amounts, and cents rounded down", async () => {
    await giveCredits(world.server.app, world.person, credits(7))
    const { body } = await send("GET", "/api/v1/credits/balance", { key: manageKey })
    const { nano, credits: told } = body.balance as { nano: string; credits: string }
    expect([nano, Number(nano) / 1e6]).toEqual([String(balance()), Number(told)])
    expect(body.balanceCents).toBe(Math.floor(balance() / 10_000_000))
    const wallet = await send("GET", "/api/ai-api/wallet", { key: manageKey })
    expect((wallet.body.balance as Json).balance).toEqual(body.balance)
  })

  test("page through what moved, each row once, and by type and time", async () => {
    const all = (await send("GET", "/api/v1/credits/transactions?limit=100", { key: manageKey })).body.data as Json[]
    const rows: Json[] = []
    let next: unknown = ""
    for (let page = 0; next !== null && page < 100; page++) {
      const before: string = next ? `&before=${next}` : ""
      const { body } = await send("GET", `/api/v1/credits/transactions?limit=2${before}`, { key: manageKey })
      rows.push(...(body.data as Json[]))
      next = body.next
    }
    expect(rows).toEqual(all)
    const uses = (await send("GET", "/api/v1/credits/transactions?type=usage&limit=100", { key: manageKey })).body
    expect((uses.data as Json[]).map(({ id }) => id)).toEqual(
      all.filter(({ type }) => type === "usage").map(({ id }) => id),
    )
    const none = await send("GET", "/api/v1/credits/transactions?to=2020-01-01T00:00:00Z", { key: manageKey })
    expect(none.body.data).toEqual([])
  })

  test("name what is wrong with a request, every field", async () => {
    const track = (body: unknown, once = "w") => post("/api/v1/metering/track", adminKey, body, once)
    const wrong: [Promise<Sent>, number, string][] = [
      [post("/api/v1/credits/deduct", adminKey, { ...RIGHT().deductCredits, amount: 1.5 }, "w"), 422, "amount"],
      [post("/api/v1/credits/deduct", adminKey, { ...RIGHT().deductCredits, amount: "-5" }, "w"), 422, "amount"],
      [post("/api/v1/credits/deduct", adminKey, { ...RIGHT().deductCredits, amount: "0" }, "w"), 422, "amount"],
      [post("/api/v1/credits/deduct", adminKey, { ...RIGHT().deductCredits, more: 1 }, "w"), 422, "more"],
      [post("/api/v1/credits/deduct", adminKey, RIGHT().deductCredits), 400, "Idempotency-Key"],
      [post("/api/v1/credits/allocate", adminKey, { amount: "5" }), 422, "user"],
      [track({ ...RIGHT().trackUse, quantity: 51 }), 422, "quantity"],
      [track({ ...RIGHT().trackUse, quantity: 1.5 }), 422, "quantity"],
      [post("/api/v1/metering/track", adminKey, RIGHT().trackUse), 400, "Idempotency-Key"],
      [send("GET", "/api/v1/credits/transactions?from=yesterday", { key: manageKey }), 422, "from"],
      [send("GET", "/api/v1/credits/transactions?limit=1000", { key: manageKey }), 422, "limit"],
    ]
    for (const [sent, status, param] of wrong) {
      const { body, ...answer } = await sent
      expect([param, answer.status, JSON.stringify(body).includes(param)]).toEqual([param, status, true])
      expect(answer.headers.get("content-type")).toBe("application/problem+json")
    }
    expect((await track({ ...RIGHT().trackUse, service: "none" })).status).toBe(404)
    expect((await track({ ...RIGHT().trackUse, user: "usr_none" })).status).toBe(404)
  })
})

describe("acts", () => {
  test("deduct takes once for a key, says so on a repeat, and refuses the key for another act", async () => {
    const before = balance()
    const body = RIGHT().deductCredits!
    const first = await post("/api/v1/credits/deduct", adminKey, body, "deduct-1")
    const again = await post("/api/v1/credits/deduct", adminKey, body, "deduct-1")
    expect([first.status, again.status, again.body.already]).toEqual([200, 200, true])
    expect(again.body.transaction_id).toBe(first.body.transaction_id)
    expect(again.headers.get("idempotent-replayed")).toBe("true")
    expect(before - balance()).toBe(500_000)
    const other = await post("/api/v1/credits/deduct", adminKey, { ...body, amount: "3" }, "deduct-1")
    expect([other.status, other.body.code]).toEqual([422, "idempotency_mismatch"])
    const row = world.server.app.store.read.get<{ actor: string; reason: string }>(
      "SELECT actor, reason FROM audit_log WHERE action = 'wallet.adjustment' ORDER BY id DESC LIMIT 1",
    )
    expect(row!.actor).toBe(`admin:${world.admin.publicId}`)
    expect(row!.reason).toMatch(/^Used elsewhere \(API key key_\w+\)$/)
  })

  test("allocate and refund go through the verbs of the pages", async () => {
    const before = balance()
    const gave = await post("/api/ai-api/admin/credits/bonus", adminKey, {
      ...RIGHT().allocateCredits,
      days: null,
      only: "llm",
    })
    expect([gave.status, balance() - before]).toEqual([200, 1_500_000])
    const { data } = (await send("GET", "/api/v1/credits/transactions?limit=1", { key: manageKey })).body as {
      data: Json[]
    }
    expect(data[0]).toMatchObject({ type: "bonus", amount: { nano: "1500000", credits: "1.5" } })
    expect(books()).toEqual([])
  })

  test("a refund of all that is left is done once for its key; another finds nothing left, and only charges have any", async () => {
    const used = await post("/api/v1/metering/track", adminKey, { ...RIGHT().trackUse, quantity: 2 }, "use-refund")
    const rows = async () => {
      const answer = await send("GET", "/api/v1/credits/transactions?limit=20", { key: manageKey })
      return answer.body.data as Json[]
    }
    const charge = (await rows()).find(({ request }) => request === used.body.id)!.id as string
    const bonus = (await rows()).find(({ type }) => type === "bonus")!.id as string
    const ask = (transaction: string, key?: string) =>
      post(
        "/api/v1/credits/refund",
        adminKey,
        { user: RIGHT().refundCharge!.user, transaction, reason: "Rubbish" },
        key,
      )
    const before = balance()
    const first = await ask(charge, "refund-all")
    const again = await ask(charge, "refund-all")
    expect([first.status, again.status, again.body.already, balance() - before]).toEqual([200, 200, true, 3_001])
    expect(again.body.transaction_id).toBe(first.body.transaction_id)
    for (const [transaction, words] of [
      [charge, "refunded in full already"],
      [first.body.transaction_id as string, "Only charges"],
      [bonus, "Only charges"],
    ] as const) {
      const refused = await ask(transaction)
      expect([refused.status, refused.body.code, refused.body.detail]).toEqual([
        409,
        "conflict",
        expect.stringContaining(words),
      ])
    }
    expect(books()).toEqual([])
  })
})

describe("a metered use", () => {
  test("is charged exactly, once for each key, and explains itself", async () => {
    const before = balance()
    // 1,500.25 n$ a unit: 7 units are 10,501.75, rounded up once.
    const body = { ...RIGHT().trackUse, quantity: 7 }
    const all = await Promise.all(
      Array.from({ length: 20 }, () => post("/api/v1/metering/track", adminKey, body, "use-7")),
    )
    const told = all.filter(({ status }) => status === 200)
    expect(told.length).toBeGreaterThan(0)
    expect(before - balance()).toBe(10_502)
    const again = await post("/api/v1/metering/track", adminKey, body, "use-7")
    expect(again.body).toEqual(told[0]!.body)
    expect(again.body).toMatchObject({
      service: "search",
      quantity: 7,
      unit_price: { nano: "1500.25" },
      charged: { nano: "10502", credits: "0.010502" },
    })
    const mismatch = await post("/api/v1/metering/track", adminKey, { ...body, quantity: 8 }, "use-7")
    expect([mismatch.status, mismatch.body.code]).toEqual([422, "idempotency_mismatch"])
    const call = world.server.app.usage.byRequestIds([again.body.id as string]).get(again.body.id as string)!
    expect(call).toMatchObject({
      endpoint: "metering",
      model: "search",
      scope: "mcp",
      chargeNano: 10_502,
      upstreamNano: 0,
    })
    expect(JSON.parse(call.prices!)).toMatchObject({ service: "search", pico: "1500250" })
    const { data } = (await send("GET", "/api/v1/metering/by-model", { key: manageKey })).body as { data: Json[] }
    expect(data.find(({ kind }) => kind === "metering")).toMatchObject({ model: "search" })
    expect(books()).toEqual([])
  })

  test("of a person's own key is charged to their own wallet alone, and a poor wallet is refused with its need", async () => {
    const before = balance()
    const own = await post("/api/v1/metering/track", manageKey, { service: "search", quantity: 1 }, "own-1")
    expect([own.status, before - balance()]).toEqual([200, 1_501])
    const terms = { name: "Dear", unit: "hour", scope: "mcp", quantityMin: 1, quantityMax: 1 } as const
    await world.server.app.metering.create(CTX, { ...terms, slug: "dear", pricePico: 5e12 })
    const poor = await post("/api/v1/metering/track", strangerKey, { service: "dear", quantity: 1 }, "poor-1")
    expect([poor.status, poor.body.code]).toEqual([402, "insufficient_credits"])
    expect(poor.body).toMatchObject({ need: { nano: "5000000000" }, topup_url: `${world.server.url}/credits` })
  })

  test("of a service that is off is refused, and nothing is charged", async () => {
    const off = await post("/api/v1/admin/services/search/deactivation", adminKey, { reason: "Closed" })
    expect(off.status).toBe(200)
    const before = balance()
    const { status } = await post("/api/v1/metering/track", adminKey, RIGHT().trackUse, "off-1")
    expect([status, balance() - before]).toEqual([404, 0])
    expect((await post("/api/v1/admin/services/search/activation", adminKey, {})).status).toBe(200)
    const price = { price: { nano: "2000" }, reason: "Dearer" }
    expect((await post("/api/v1/admin/services/search", adminKey, price)).status).toBe(200)
    expect((await post("/api/v1/metering/track", adminKey, RIGHT().trackUse, "off-1")).body).toMatchObject({
      charged: { nano: "6000" },
    })
  })
})

describe("tiers", () => {
  const compare = async (key: string) => (await send("GET", "/api/v1/tiers/compare", { key })).body
  const move = (key: string, body: Json, once?: string) => post("/api/v1/tiers/switch", key, body, once)

  test("are compared, with one's own among them", async () => {
    const { data, current, source } = await compare(manageKey)
    expect([current, source]).toEqual(["starter", "subscription"])
    const tiers = data as Json[]
    expect(tiers.map(({ tier }) => tier)).toContain("enterprise")
    expect(tiers.find(({ tier }) => tier === "starter")).toMatchObject({
      priceCents: 3_000,
      price: { nano: "30000000000" },
      is_current: true,
      is_sold: true,
    })
    expect(await compare(strangerKey)).toMatchObject({ current: "free", source: "free", next: null, period_end: null })
  })

  test("who pays for nothing is led to a page to pay on; the same key is the same page", async () => {
    const one = await move(strangerKey, { tier: "basic" }, "tier-1")
    expect(one.body).toMatchObject({ outcome: "checkout", tier: "basic" })
    expect(one.body.checkout_url).toContain("/pay/")
    const again = await move(strangerKey, { tier: "basic" }, "tier-1")
    expect(again.body.checkout_url).toBe(one.body.checkout_url as string)
    expect((await compare(strangerKey)).current).toBe("free")
  })

  test("a dearer one costs what was told, or nothing happens; a cheaper one and none wait; the present one stays", async () => {
    const told = await move(manageKey, { tier: "professional" })
    expect(told.body.outcome).toBe("confirm")
    expect((await compare(manageKey)).current).toBe("starter")
    const due = { nano: (told.body.due as { nano: string }).nano }
    const wrong = await move(manageKey, {
      tier: "professional",
      confirm: { due: { nano: "1" }, due_at: told.body.due_at },
    })
    expect([wrong.status, wrong.body.code]).toEqual([409, "conflict"])
    const done = await move(manageKey, { tier: "professional", confirm: { due, due_at: told.body.due_at } }, "tier-2")
    expect(done.body).toMatchObject({ outcome: "switched", tier: "professional" })
    expect((await compare(manageKey)).current).toBe("professional")
    expect((await move(manageKey, { tier: "starter" })).body).toMatchObject({ outcome: "scheduled" })
    expect(await compare(manageKey)).toMatchObject({ current: "professional", next: "starter" })
    expect((await move(manageKey, { tier: "professional" })).body).toMatchObject({ outcome: "kept" })
    expect((await move(manageKey, { tier: "free" })).body).toMatchObject({ outcome: "scheduled", tier: "free" })
    expect(await compare(manageKey)).toMatchObject({ current: "professional", next: "free" })
    expect((await move(manageKey, { tier: "professional" })).body).toMatchObject({ outcome: "kept" })
    expect((await move(manageKey, { tier: "professional" })).body).toMatchObject({ outcome: "unchanged" })
    for (const [tier, status] of [
      ["nope", 404],
      ["basic-", 404],
    ] as const)
      expect([tier, (await move(manageKey, { tier })).status]).toEqual([tier, status])
    const free = await post("/api/v1/tiers/switch", strangerKey, { tier: "free" })
    expect(free.body.code).toBe("conflict")
    expect(books()).toEqual([])
  })
})

test("/api/v1/chat/completions is /v1/chat/completions", async () => {
  const { app } = world.server
  const { client, secret } = await makeClient(app, { ownerId: world.developer.id, name: "Seed" })
  const { accessToken } = await mintTokens(app, { user: world.person, client, secret, dailyNano: credits(40) })
  const body = { model: "sandbox", messages: [{ role: "user", content: "hi" }] }
  const answer = await post("/api/v1/chat/completions", accessToken, body, "alias")
  expect([answer.status, answer.body.object]).toEqual([200, "chat.completion"])
  const same = await post("/v1/chat/completions", accessToken, body, "alias")
  expect(same.headers.get("idempotent-replayed")).toBe("true")
})
