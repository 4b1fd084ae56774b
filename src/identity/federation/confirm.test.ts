// "Confirm that it is you" with an issuer: asked anew, for this account, this session, and as strongly as this person is asked here.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test"
import { type HostileIssuer, startHostile } from "../../../test/fakes/issuer/hostile.ts"
import { MINUTE_MS } from "../../app/index.ts"
import { testCtx } from "../../store/index.ts"
import { newVisitor, type Opened, openIdentity } from "../testing.ts"
import type { StartedSession, Visitor } from "../types.ts"
import { addIssuer, CTX, errorOf, roundTrip, SLUG } from "./testing.ts"

let made: HostileIssuer
let t: Opened
let visitor: Visitor
let started: StartedSession
beforeAll(async () => {
  made = await startHostile()
})
afterAll(() => made.close())
beforeEach(async () => {
  made.lies = {}
  t = await openIdentity()
  await addIssuer(t, made)
  visitor = newVisitor()
  const arrival = await roundTrip(t, made, visitor)
  if (arrival.kind !== "in") throw new Error(arrival.kind)
  started = arrival.started
  t.clock.advance(20 * MINUTE_MS)
})
afterEach(() => t.close())

const isFresh = () => t.identity.isFresh(t.identity.sessionByToken(started.token)!)
const confirm = (agoSeconds: number | undefined, claims: Record<string, unknown> = {}, session = started.session) => {
  const auth_time = agoSeconds === undefined ? undefined : Math.floor(Date.now() / 1_000) - agoSeconds
  made.lies = { claims: { auth_time, ...claims } }
  const { userId, sessionPublicId } = session
  return roundTrip(t, made, visitor, { confirms: { userId, sessionPublicId, next: "/keys/new" } })
}

test("asks there anew, and makes this session fresh, no other", async () => {
  const other = await roundTrip(t, made, newVisitor())
  if (other.kind !== "in") throw new Error(other.kind)
  t.clock.advance(20 * MINUTE_MS)
  expect(isFresh()).toBe(false)
  const url = await t.identity.beginTrip(visitor, {
    slug: SLUG,
    confirms: { ...started.session, next: "/keys/new" },
  })
  expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({ max_age: "0", prompt: "login" })
  expect(await confirm(2)).toMatchObject({ kind: "confirmed", next: "/keys/new" })
  expect(isFresh()).toBe(true)
  expect(t.identity.isFresh(t.identity.sessionByToken(other.started.token)!)).toBe(false)
  t.clock.advance(10 * MINUTE_MS)
  expect(isFresh()).toBe(false)
})

test.each<[string, number | undefined, Record<string, unknown>]>([
  ["a sign-in there of long ago", 3_600, {}],
  ["an issuer that does not say when", undefined, {}],
  ["another account there", 2, { sub: "eve-1", email: "eve@example.com" }],
])("%s proves nothing", async (_, ago, claims) => {
  expect((await confirm(ago, claims)).kind).toBe("refused")
  expect(isFresh()).toBe(false)
  expect(t.identity.userByEmail("eve@example.com")).toBeNull()
})

test("an account there that opens somebody else's account here proves nothing either", async () => {
  made.lies = { claims: { sub: "eve-1", email: "eve@example.com" } }
  expect((await roundTrip(t, made, newVisitor())).kind).toBe("in")
  t.clock.advance(20 * MINUTE_MS)
  expect(errorOf(await confirm(2, { sub: "eve-1" }))).toContain("not one of yours")
  expect(isFresh()).toBe(false)
})

test("a session that ended meanwhile, and an answer a second time: nothing", async () => {
  made.lies = { claims: { auth_time: Math.floor(Date.now() / 1_000) } }
  const confirms = { ...started.session, next: "/x" }
  const url = await t.identity.beginTrip(visitor, { slug: SLUG, confirms })
  const answer = String(made.answer(url))
  expect((await t.identity.endTrip(visitor, [visitor.browserId], SLUG, answer)).kind).toBe("confirmed")
  expect((await t.identity.endTrip(visitor, [visitor.browserId], SLUG, answer)).kind).toBe("refused")
  await t.identity.logout(testCtx, started.token)
  expect(errorOf(await confirm(2))).toContain("signed out")
})

test("who has a second factor here needs one there, from an issuer that is trusted with it", async () => {
  const userId = started.session.userId
  await t.store.write(testCtx, (tx) => {
    tx.run(
      "INSERT INTO totp_secrets (user_id, secret, confirmed_ms, last_step, created_ms) VALUES (?, 'x', 1, 0, 1)",
      userId,
    )
  })
  expect(t.identity.confirmIssuers(userId)).toEqual([])
  expect((await confirm(2, { amr: ["mfa"] })).kind).toBe("refused")
  await t.identity.editIssuer(CTX, SLUG, { trustsMfa: true })
  expect(t.identity.confirmIssuers(userId).map(({ slug }) => slug)).toEqual([SLUG])
  expect((await confirm(2, { amr: ["pwd"] })).kind).toBe("refused")
  expect(isFresh()).toBe(false)
  expect((await confirm(2, { amr: ["pwd", "mfa"] })).kind).toBe("confirmed")
  expect(isFresh()).toBe(true)
})
