// Metered services are under the limits of whoever pays: requests, calls at the same time, and what a key may spend; in test mode they
// take test credits alone.
import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { nano } from "../../src/app/index.ts"
import type { KeyLimitsInput, LimitKind } from "../../src/limits/index.ts"
import { CALLBACK, CTX, mintTokens } from "../build.ts"
import { openRouteWorld, type RouteWorld } from "../routes.ts"

let world: RouteWorld
let secret: string
let key: { id: number; publicId: string }
beforeEach(async () => {
  world = await openRouteWorld()
  const made = await world.server.app.keys.create(CTX, {
    userId: world.person.id,
    name: "Test",
    scopes: ["manage", "llm"],
  })
  secret = made.secret
  key = made.key
}, 30_000)
afterEach(() => world?.server.close())

/** 3 of 1,500,250 p$ each, up. */
const PRICE = 4_501
let names = 0
const track = (bearer = secret, body: object = { service: "search", quantity: 3 }, once = `use-${names++}`) =>
  fetch(`${world.server.url}/api/v1/metering/track`, {
    method: "POST",
    headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json", "idempotency-key": once },
    body: JSON.stringify(body),
  })
const balance = (mode: "live" | "test" = "live") =>
  world.server.app.ledger.wallet({ kind: "principal", id: world.person.id }, mode).balanceNano
const limited = (limits: KeyLimitsInput) =>
  world.server.app.limits.setKeyLimits(CTX, { keyId: key.id as never, keyPublicId: key.publicId, limits })
const own = () => world.server.app.limits.keyLimits({ keyId: key.id as never, payerId: world.person.id }).own
const person = (kind: LimitKind, amount: number) =>
  world.server.app.limits.set(CTX, { level: "user", subject: String(world.person.id), kind, amount })
const problem = async (answer: Response) => (await answer.json()) as { code: string; limit: string; limit_of: string }
const tally = (statuses: number[]) =>
  Object.fromEntries([...Map.groupBy(statuses, (one) => one)].map(([status, all]) => [status, all.length]))
const flood = async (calls: number) =>
  tally(await Promise.all(Array.from({ length: calls }, async () => (await track()).status)))
const books = () => world.server.app.ledger.verify().checks.filter((check) => check.violations > 0)

test("of 300 uses at once exactly as many are charged as the key may spend, whatever else it does", async () => {
  const before = balance()
  await limited({ spend_day: PRICE * 25 + PRICE - 1 })
  expect(await flood(300)).toEqual({ 200: 25, 429: 275 })
  expect(before - balance()).toBe(25 * PRICE)
  expect(own()).toMatchObject([{ kind: "spend_day", used: 25 * PRICE, held: 0 }])
  const told = await track()
  expect([told.status, told.headers.get("content-type"), told.headers.get("x-should-retry")]).toEqual([
    429,
    "application/problem+json",
    "false",
  ])
  expect(await problem(told)).toMatchObject({ code: "spend_limit_exceeded", limit: "spend_day", limit_of: "key" })
  // The operator's key charges the person, whose own limits hold; the person's key is not in it.
  const admins = await world.server.app.keys.create(CTX, {
    userId: world.admin.id,
    name: "A",
    scopes: ["admin:credits"],
  })
  const theirs = { service: "search", quantity: 3, user: world.person.publicId }
  expect((await track(admins.secret, theirs)).status).toBe(200)
  await person("spend_total", before - balance())
  expect(await problem(await track(admins.secret, theirs))).toMatchObject({ limit: "spend_total", limit_of: "user" })
  expect(books()).toEqual([])
}, 30_000)

test("uses that were charged before the limit count; models and services share it", async () => {
  for (let n = 0; n < 2; n++) expect((await track()).status).toBe(200)
  await limited({ spend_month: PRICE * 3 })
  expect(own()[0]!.used).toBe(2 * PRICE)
  expect(await flood(5)).toEqual({ 200: 1, 429: 4 })
  const calls = world.server.app.usage.recentOfKey(world.person.id, key.id as never, 5)
  expect(calls.filter(({ chargeNano }) => chargeNano > 0)).toHaveLength(3)
}, 30_000)

for (const kind of ["requests_minute", "requests_hour", "requests_day"] as const) {
  test(`${kind}: exactly so many of 100 at once, each refusal a row`, async () => {
    await person(kind, 10)
    const first = await track()
    expect(first.status).toBe(200)
    // The person made a video a few seconds ago, which a minute of calls may still hold.
    const left = Number(first.headers.get("x-ratelimit-remaining-requests"))
    expect(kind === "requests_minute" ? [8, 9] : [9]).toContain(left)
    expect(await flood(100)).toEqual({ 200: left, 429: 100 - left })
    const refused = await track()
    expect(await problem(refused)).toMatchObject({ code: "rate_limit_exceeded", limit: kind, limit_of: "user" })
    await world.server.app.usage.flush()
    const rows = world.server.app.usage.recent(world.person.id, 200).filter(({ end }) => end === "refused")
    expect(rows[0]).toMatchObject({
      endpoint: "metering",
      status: 429,
      errorCode: "rate_limit_exceeded",
      chargeNano: 0,
    })
  }, 30_000)
}

test("no call at the same time is none; one that ended leaves its place", async () => {
  await person("concurrent", 1)
  for (let n = 0; n < 5; n++) expect((await track()).status).toBe(200)
  await person("concurrent", 0)
  expect(await flood(5)).toEqual({ 429: 5 })
}, 30_000)

test("a test key takes test credits, never money", async () => {
  const tests = await world.server.app.keys.create(CTX, {
    userId: world.person.id,
    name: "T",
    mode: "test",
    scopes: ["manage"],
  })
  const before = balance()
  expect((await track(tests.secret)).status).toBe(200)
  // Of the test credits that everybody on this plan has.
  const { dailyClaimNano } = world.server.app.plans.entitlementsOf(world.person.id)
  expect([balance(), balance("test")]).toEqual([before, nano(dailyClaimNano - PRICE)])
}, 30_000)

describe("whoever reports a use, whatever refuses it", () => {
  const reporter = async (user: { id: number }, scopes: string[]) =>
    (await world.server.app.keys.create(CTX, { userId: user.id as never, name: "R", scopes })).secret
  /** A first-party app's token of the stranger's. */
  async function houseToken(): Promise<string> {
    const { app } = world.server
    const terms = { ownerId: null, type: "first-party" as const, name: "House", redirectUris: [CALLBACK] }
    const scopes = ["openid", "profile", "email", "offline_access", "llm"]
    const { client, secret: own } = await app.store.write(CTX, (tx) =>
      app.oauth.registerClientIn(tx, { ...terms, scopes }),
    )
    return (await mintTokens(app, { user: world.stranger, client, secret: own ?? "" })).accessToken
  }
  const rows = async () => {
    await world.server.app.usage.flush()
    return world.server.app.usage.recent(world.stranger.id, 50)
  }

  test("an empty wallet is 402, and a row of its owner's, by a key, an admin's key and an app of the house", async () => {
    await world.server.app.plans.updatePlan(CTX, { code: "free", dailyClaimNano: 0 })
    const theirs = { service: "search", quantity: 3, user: world.stranger.publicId }
    const reporters: [string, object?][] = [
      [await reporter(world.stranger, ["manage"])],
      [await reporter(world.admin, ["admin:credits"]), theirs],
      [await houseToken()],
    ]
    for (const [bearer, body] of reporters) {
      const answer = await track(bearer, body)
      expect([answer.status, (await problem(answer)).code]).toEqual([402, "insufficient_credits"])
    }
    expect(await rows()).toMatchObject(
      reporters.map(() => ({ end: "refused", endpoint: "metering", model: "search", chargeNano: 0, status: 402 })),
    )
    expect(books()).toEqual([])
  }, 30_000)

  test("no such service, one that is off, and a quantity out of bounds: each is a row", async () => {
    const bearer = await reporter(world.stranger, ["manage"])
    const refusals: [body: object, status: number, code: string, model: string][] = [
      [{ service: "nothing", quantity: 1 }, 404, "not_found", "nothing"],
      [{ service: "search", quantity: 51 }, 422, "validation_failed", "search"],
      [{ service: "search", quantity: 3 }, 404, "not_found", "search"],
    ]
    for (const [at, [body, status, code]] of refusals.entries()) {
      if (at === 2) await world.server.app.metering.edit(CTX, { slug: "search", active: false })
      const answer = await track(bearer, body)
      expect([answer.status, (await problem(answer)).code]).toEqual([status, code])
    }
    expect((await rows()).toReversed()).toMatchObject(
      refusals.map(([, status, errorCode, model]) => ({
        end: "refused",
        endpoint: "metering",
        status,
        errorCode,
        model,
      })),
    )
  }, 30_000)
})
