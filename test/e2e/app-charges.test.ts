// An app's own server charges people who let it in (SPEC KE-3, KE-4): whom, how much and in which mode, once for each Idempotency-Key, and nobody
// else's key or person.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { credits, nano } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import { CTX, giveCredits, makeClient, makeDeveloper, makeUser, startTestServer, type TestServer } from "../build.ts"

let server: TestServer
let developer: User
let other: User
beforeAll(async () => {
  server = await startTestServer()
  developer = await makeDeveloper(server.app)
  other = await makeDeveloper(server.app)
  // So that nobody's daily credits come in between.
  await server.app.plans.updatePlan(CTX, { code: "free", dailyClaimNano: 0 })
  await server.app.metering.create(CTX, {
    slug: "search",
    name: "Search",
    unit: "query",
    scope: "llm",
    pricePico: 1_500_250,
    quantityMin: 1,
    quantityMax: 1_000_000,
  })
}, 30_000)
afterAll(() => server?.close())

const TRACK = "/api/v1/metering/track"
const DEDUCT = "/api/v1/credits/deduct"
/** 3 of 1,500,250 p$ each, up. */
const PRICE = 4_501
const SCOPES = ["openid", "offline_access", "llm"]

let names = 0
const send = (path: string, bearer: string, body: object, once: string | null = `one-${names++}`, more = {}) =>
  fetch(server.at(path), {
    method: "POST",
    headers: {
      authorization: `Bearer ${bearer}`,
      "content-type": "application/json",
      ...(once === null ? {} : { "idempotency-key": once }),
      ...more,
    },
    body: JSON.stringify(body),
  })
const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as { code?: string }).code]
const write = <T>(act: (tx: never) => T) => server.app.store.write(CTX, act as never) as Promise<T>
const allow = (user: User, app: Client, scopes = SCOPES, limits: object = { llm: credits(10) }) =>
  write((tx) => server.app.oauth.grantConsentIn(tx, { userId: user.id, clientId: app.id, scopes, limits }))
const keyOf = async ({ publicId }: Client, owner: User, scopes = ["metering", "credits"]) =>
  (await server.app.appKeys.create(CTX, { ownerId: owner.id, clientPublicId: publicId, name: "S", scopes })).secret
const wallet = (user: User, mode: "live" | "test" = "live") =>
  server.app.ledger.wallet({ kind: "principal", id: user.id as never }, mode)
const books = () => server.app.ledger.verify().checks.filter((check) => check.violations > 0)

async function world(mode: "live" | "test" = "live") {
  const { client } = await makeClient(server.app, { ownerId: developer.id, mode })
  const user = await makeUser(server.app)
  await giveCredits(server.app, user, credits(1_000))
  await allow(user, client)
  const key = await keyOf(client, developer)
  const use = { user: user.publicId, service: "search", quantity: 3 }
  const take = { user: user.publicId, amount: { nano: "2500000" }, scope: "llm", reason: "Job 81" }
  return { client, user, key, use, take }
}

describe("a use that an app reports", () => {
  test("is charged to whoever let it in, at the house's price, and to the app's name, once", async () => {
    const { client, user, key, use } = await world()
    const before = wallet(user).balanceNano
    const answers = await Promise.all(Array.from({ length: 12 }, () => send(TRACK, key, use, "job-1")))
    const done = answers.filter(({ status }) => status === 200)
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true)
    expect(await done[0]!.json()).toMatchObject({
      object: "metered_use",
      user: user.publicId,
      charged: { nano: String(PRICE) },
    })
    expect((await send(TRACK, key, use, "job-1")).headers.get("idempotent-replayed")).toBe("true")
    expect(before - wallet(user).balanceNano).toBe(PRICE)
    const [call] = server.app.usage.recent(user.id, 5)
    expect(call).toMatchObject({ endpoint: "metering", model: "search", clientId: client.id, chargeNano: PRICE })
    // It is a service of the house: nobody earns a share of it.
    expect([call!.developerNano, call!.platformNano]).toEqual([0, PRICE])
    expect(await codeOf(await send(TRACK, key, { ...use, quantity: 4 }, "job-1"))).toEqual([
      422,
      "idempotency_mismatch",
    ])
    expect(await codeOf(await send(TRACK, key, use, null))).toEqual([400, "invalid_request"])
    expect(books()).toEqual([])
  })

  test("stays within what the person lets the app spend in a day, however many come at once", async () => {
    const { client, user, key, use } = await world()
    await allow(user, client, SCOPES, { llm: nano(PRICE * 4 + PRICE - 1) })
    const before = wallet(user).balanceNano
    const all = await Promise.all(Array.from({ length: 40 }, () => send(TRACK, key, use)))
    const told = await Promise.all(all.map(codeOf))
    expect(told.filter(([status]) => status === 200)).toHaveLength(4)
    expect(told.filter(([, code]) => code === "app_daily_limit_exceeded")).toHaveLength(36)
    expect(before - wallet(user).balanceNano).toBe(PRICE * 4)
    // The day is one, whichever road the app takes.
    const take = { user: user.publicId, amount: { nano: String(PRICE) }, scope: "llm", reason: "More" }
    expect(await codeOf(await send(DEDUCT, key, take))).toEqual([429, "app_daily_limit_exceeded"])
    expect(books()).toEqual([])
  })

  test("of a test app takes test credits, never money", async () => {
    const { user, key, use, take } = await world("test")
    expect(key).toStartWith("app_test_")
    const before = wallet(user).balanceNano
    expect(await codeOf(await send(TRACK, key, use))).toEqual([402, "insufficient_credits"])
    const grant = { type: "bonus", bucket: "bonus", amountNano: credits(5), paid: false, key: "test-credits" } as const
    await write((tx) =>
      server.app.ledger.grantIn(tx, { owner: { kind: "principal", id: user.id as never }, mode: "test", ...grant }),
    )
    expect((await send(TRACK, key, use)).status).toBe(200)
    expect((await send(DEDUCT, key, take)).status).toBe(200)
    expect(wallet(user).balanceNano).toBe(before)
    expect(credits(5) - wallet(user, "test").balanceNano).toBe(PRICE + 2_500_000)
  })

  test("that is more than may be spent is charged nothing, and a row of its person's", async () => {
    const { user, key, use } = await world()
    const dear = { ...use, quantity: 999_999 }
    await server.app.metering.create(CTX, {
      slug: "dear",
      name: "Dear",
      unit: "book",
      scope: "llm",
      pricePico: 5_000_000_000_000,
      quantityMin: 1,
      quantityMax: 10,
    })
    expect(await codeOf(await send(TRACK, key, { ...dear, service: "dear", quantity: 1 }))).toEqual([
      429,
      "app_daily_limit_exceeded",
    ])
    await server.app.usage.flush()
    expect(server.app.usage.recent(user.id, 5)[0]).toMatchObject({ end: "refused", model: "dear", chargeNano: 0 })
  })
})

describe("credits that an app takes", () => {
  test("go from the person's wallet to the house, by the app's name and with its reason, once", async () => {
    const { client, user, key, take } = await world()
    const before = wallet(user).balanceNano
    const first = await send(DEDUCT, key, take, "take-1")
    expect(first.status).toBe(200)
    const told = (await first.json()) as { message: string; transaction_id: string; already: boolean }
    expect(told).toMatchObject({ already: false, message: expect.stringContaining("2.5 credits") })
    const again = await send(DEDUCT, key, take, "take-1")
    expect([again.status, again.headers.get("idempotent-replayed")]).toEqual([200, "true"])
    expect(await again.json()).toEqual(told)
    expect(before - wallet(user).balanceNano).toBe(2_500_000)
    const [call] = server.app.usage.recent(user.id, 5)
    expect(call).toMatchObject({
      clientId: client.id,
      chargeNano: 2_500_000,
      developerNano: 0,
      platformNano: 2_500_000,
    })
    const [row, ...more] = server.app.store.read.all<{ actor: string; after: string }>(
      "SELECT actor, after FROM audit_log WHERE action = 'credits.taken' AND subject = ?",
      user.publicId,
    )
    expect([more, row!.actor]).toEqual([[], `app:${client.publicId}`])
    expect(JSON.parse(row!.after)).toMatchObject({ app: client.publicId, credits: "2.5", reason: "Job 81" })
    expect(told.transaction_id).toBe(`txn_${call!.publicId.slice(4)}`)
    // A use and an act of one name are two things.
    expect((await send(TRACK, key, { user: user.publicId, service: "search", quantity: 3 }, "take-1")).status).toBe(200)
    expect(await codeOf(await send(DEDUCT, key, take, null))).toEqual([400, "invalid_request"])
    expect(books()).toEqual([])
  })

  test("name the kind of use, a whole amount within bounds, and a reason", async () => {
    const { key, take } = await world()
    const { scope: _, ...unnamed } = take
    for (const wrong of [
      unnamed,
      { ...take, scope: "openid" },
      { ...take, amount: "-1" },
      { ...take, amount: "0" },
      { ...take, amount: 2 },
      { ...take, amount: { nano: "10000000000001" } },
      { ...take, reason: "" },
      { ...take, more: 1 },
    ])
      expect(await codeOf(await send(DEDUCT, key, wrong))).toEqual([422, "validation_failed"])
    // Of an admin's act it says nothing, so it is not taken.
    const admin = await makeUser(server.app, { isAdmin: true })
    const theirs = await server.app.keys.create(CTX, { userId: admin.id, name: "A", scopes: ["admin:credits"] })
    expect(await codeOf(await send(DEDUCT, theirs.secret, take))).toEqual([422, "validation_failed"])
  })
})

describe("nobody else", () => {
  test("is charged: another app's person, nobody, whoever took the permission back, the developer", async () => {
    const { client, user, key, use, take } = await world()
    const stranger = (await world()).user
    for (const id of [stranger.publicId, developer.publicId, "usr_00000000000000000000000000"]) {
      expect(await codeOf(await send(TRACK, key, { ...use, user: id }))).toEqual([404, "not_found"])
      expect(await codeOf(await send(DEDUCT, key, { ...take, user: id }))).toEqual([404, "not_found"])
    }
    const [consent] = server.app.oauth.consentsOf(user.id).filter((one) => one.clientId === client.id)
    await write((tx) => server.app.oauth.revokeConsentIn(tx, { userId: user.id, consentPublicId: consent!.publicId }))
    expect(await codeOf(await send(TRACK, key, use))).toEqual([404, "not_found"])
    expect(await codeOf(await send(DEDUCT, key, take))).toEqual([404, "not_found"])
  })

  test("is charged for what they did not allow, or while they are away without having allowed that", async () => {
    const { client, key, use, take } = await world()
    const narrow = await makeUser(server.app)
    await giveCredits(server.app, narrow, credits(100))
    await allow(narrow, client, ["openid", "offline_access"])
    const present = await makeUser(server.app)
    await giveCredits(server.app, present, credits(100))
    await allow(present, client, ["openid", "llm"])
    for (const one of [narrow, present]) {
      expect(await codeOf(await send(TRACK, key, { ...use, user: one.publicId }))).toEqual([403, "insufficient_scope"])
      expect(await codeOf(await send(DEDUCT, key, { ...take, user: one.publicId }))).toEqual([
        403,
        "insufficient_scope",
      ])
    }
    expect(await codeOf(await send(DEDUCT, key, { ...take, scope: "speech" }))).toEqual([403, "insufficient_scope"])
  })

  test("is charged while suspended, or by an app that another developer got and nobody allowed since", async () => {
    const { client, user, key, use } = await world()
    await server.app.identity.suspend(CTX, { userId: user.id, reason: "Spam" })
    expect(await codeOf(await send(TRACK, key, use))).toEqual([403, "account_suspended"])
    await server.app.identity.unsuspend(CTX, { userId: user.id, reason: "No spam" })
    expect((await send(TRACK, key, use)).status).toBe(200)
    await write((tx) =>
      server.app.oauth.moveClientIn(tx, {
        from: developer.id,
        to: other.id,
        clientPublicId: client.publicId,
        redirectUris: client.redirectUris,
      }),
    )
    const theirs = await keyOf(client, other)
    expect(await codeOf(await send(TRACK, theirs, use))).toEqual([404, "not_found"])
  })

  test("charges: a key without the permission, of a suspended app or developer, revoked, a person's, none", async () => {
    const { client, user, key, use, take } = await world()
    const reading = await keyOf(client, developer, ["users", "usage", "revenue"])
    const onlyUses = await keyOf(client, developer, ["metering"])
    expect(await codeOf(await send(TRACK, reading, use))).toEqual([403, "insufficient_scope"])
    expect(await codeOf(await send(DEDUCT, reading, take))).toEqual([403, "insufficient_scope"])
    expect(await codeOf(await send(DEDUCT, onlyUses, take))).toEqual([403, "insufficient_scope"])
    expect((await send(TRACK, onlyUses, use)).status).toBe(200)
    expect(await codeOf(await send(TRACK, key, use, "x", { "x-client-id": "cli_other" }))).toEqual([
      401,
      "invalid_api_key",
    ])
    const own = await server.app.keys.create(CTX, { userId: developer.id, name: "Own", scopes: ["manage"] })
    expect(await codeOf(await send(TRACK, own.secret, use))).toEqual([404, "not_found"])
    expect((await send(DEDUCT, own.secret, { user: user.publicId, amount: "1", reason: "x" })).status).toBe(403)
    // It opens nothing else of this API.
    for (const path of ["/api/v1/credits/balance", "/api/v1/keys", "/api/v1/metering/summary"]) {
      const answer = await fetch(server.at(path), { headers: { authorization: `Bearer ${key}` } })
      expect([path, answer.status]).toEqual([path, 401])
    }
    const [row] = server.app.appKeys.of(client.id).filter(({ scopes }) => scopes.includes("credits"))
    await write((tx) =>
      server.app.appKeys.revokeIn(tx, {
        ownerId: developer.id,
        clientPublicId: client.publicId,
        keyPublicId: row!.publicId,
      }),
    )
    expect(await codeOf(await send(TRACK, key, use))).toEqual([401, "api_key_revoked"])
    await write((tx) => server.app.oauth.suspendClientIn(tx, { clientPublicId: client.publicId, reason: "Spam" }))
    expect(await codeOf(await send(TRACK, onlyUses, use))).toEqual([403, "client_suspended"])
  })

  test("is charged by what ended between the question and the charge", async () => {
    const { client, user, key } = await world()
    const { appKeys, oauth } = server.app
    const caller = appKeys.authenticate(key, "metering")
    const of = { clientId: client.id, userId: user.id, scope: "llm" } as const
    const asked = (check: (tx: never) => unknown) =>
      write((tx) => void check(tx)).then(
        () => "charged",
        (error: { code: string }) => error.code,
      )
    const ofKey = () => asked((tx) => appKeys.requireIn(tx, caller, "metering"))
    const permission = () => asked((tx) => oauth.requireAwayIn(tx, of))
    expect([await ofKey(), await permission()]).toEqual(["charged", "charged"])
    const [row] = appKeys.of(client.id)
    const [consent] = oauth.consentsOf(user.id)
    await write((tx) => {
      appKeys.revokeIn(tx, { ownerId: developer.id, clientPublicId: client.publicId, keyPublicId: row!.publicId })
      oauth.revokeConsentIn(tx, { userId: user.id, consentPublicId: consent!.publicId })
    })
    expect([await ofKey(), await permission()]).toEqual(["api_key_revoked", "not_found"])
    await allow(user, client)
    await write((tx) => oauth.suspendClientIn(tx, { clientPublicId: client.publicId, reason: "Spam" }))
    expect([await ofKey(), await permission()]).toEqual(["client_suspended", "client_suspended"])
  })
})
