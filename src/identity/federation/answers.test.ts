// What an issuer may say, and what it may not: every lie is told once, by an issuer made by hand, and nobody comes in by it.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { type HostileIssuer, type Lies, startHostile } from "../../../test/fakes/issuer/hostile.ts"
import { AppError } from "../../app/index.ts"
import { newVisitor, type Opened, openIdentity } from "../testing.ts"
import { addIssuer, errorOf, roundTrip, SLUG } from "./testing.ts"

let made: HostileIssuer
let t: Opened
beforeAll(async () => {
  made = await startHostile()
})
afterAll(() => made.close())
beforeEach(async () => {
  made.lies = {}
  made.codes.length = 0
  t = await openIdentity()
  await addIssuer(t, made)
})
afterEach(() => t.close())

const rows = (table: string): number => t.store.read.get<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`)!.n
const nobody = () => expect([rows("users"), rows("sessions"), rows("external_identities")]).toEqual([0, 0, 0])

test("a right answer signs in: state, nonce and PKCE are new each time and never in the clear", async () => {
  const visitor = newVisitor()
  const urls = [1, 2].map(() => t.identity.beginTrip(visitor, { slug: SLUG, interaction: "v1.abc" }))
  const [one, two] = (await Promise.all(urls)).map((url) => new URL(url).searchParams)
  for (const name of ["state", "nonce", "code_challenge"]) expect(one!.get(name)).not.toBe(two!.get(name))
  expect(Object.fromEntries(one!)).toMatchObject({
    response_type: "code",
    client_id: "purser-here",
    scope: "openid email profile",
    code_challenge_method: "S256",
    redirect_uri: "https://ai.example.com/login/callback/elsewhere",
  })
  expect(one!.get("state")).not.toContain(one!.get("nonce")!)
  const arrival = await roundTrip(t, made, visitor, { interaction: "v1.abc" })
  expect(arrival).toMatchObject({ kind: "in", interaction: "v1.abc" })
  const [sent] = made.codes
  expect(sent!.get("code_verifier")).toMatch(/^[\w-]{43}$/)
  expect(t.identity.userByEmail("ada@example.com")).toMatchObject({ name: "Ada Elsewhere", emailVerified: true })
})

const LIES: [string, Lies][] = [
  ["another nonce", { claims: { nonce: "another" } }],
  ["no nonce", { claims: { nonce: undefined } }],
  ["another issuer", { claims: { iss: "https://accounts.google.com" } }],
  ["another audience", { claims: { aud: "somebody-else" } }],
  ["several audiences without azp", { claims: { aud: ["purser-here", "somebody-else"] } }],
  ["another azp", { claims: { aud: ["purser-here", "somebody-else"], azp: "somebody-else" } }],
  ["over", { claims: { exp: Math.floor(Date.now() / 1_000) - 3_600 } }],
  ["without an end", { claims: { exp: undefined } }],
  ["without a subject", { claims: { sub: undefined } }],
  ["a subject that is a number", { claims: { sub: 7 } }],
  ["an endless subject", { claims: { sub: "s".repeat(256) } }],
  ["alg none, which it says it may use", { alg: "none" }],
  ["a key that it does not publish", { otherKey: true }],
  ["no token at all", { idToken: "" }],
  ["garbage for a token", { idToken: "a.b.c" }],
]
test.each(LIES)("an ID token with %s brings nobody", async (_, lies) => {
  made.lies = lies
  expect((await roundTrip(t, made)).kind).toBe("refused")
  nobody()
})

const GARBAGE: [string, Lies, RegExp][] = [
  ["HTML in place of tokens", { token: { body: "<html>", contentType: "text/html" } }, /does not hold/],
  ["a broken JSON", { token: { body: "{" } }, /does not hold/],
  ["an error of its own", { token: { status: 500, body: "{}" } }, /does not hold|does not answer/],
  ["a document without end", { token: { body: `{"x":"${"x".repeat(400_000)}"}` } }, /does not answer/],
  ["a wrong client", { token: { status: 401, body: '{"error":"invalid_client"}' } }, /refused to tell/],
  ["a used code", { token: { status: 400, body: '{"error":"invalid_grant"}' } }, /used already/],
]
test.each(GARBAGE)("%s is said in plain words", async (_, lies, words) => {
  made.lies = lies
  expect(errorOf(await roundTrip(t, made))).toMatch(words)
  nobody()
})

describe("the address", () => {
  test.each([false, "true", 1, null, undefined])("is verified only by the word true, not by %p", async (verified) => {
    made.lies = { claims: { email_verified: verified }, userinfo: {} }
    expect(errorOf(await roundTrip(t, made))).toContain("has not verified your email address")
    nobody()
  })

  test.each([undefined, "", "no address", 'ada"@example.com', "a".repeat(300)])("has to be one: %p", async (email) => {
    made.lies = { claims: { email } }
    expect(errorOf(await roundTrip(t, made))).toContain("did not tell us an email address")
    nobody()
  })

  test("may stand in userinfo, which is about the same person", async () => {
    const none = { email: undefined, email_verified: undefined }
    made.lies = { claims: none, userinfo: { email: "grace@example.com", email_verified: true } }
    expect((await roundTrip(t, made)).kind).toBe("in")
    made.lies = {
      claims: { ...none, sub: "ada-2" },
      userinfo: { sub: "ada-3", email: "eve@example.com", email_verified: true },
    }
    expect(errorOf(await roundTrip(t, made))).toContain("does not hold")
    expect(t.identity.userByEmail("eve@example.com")).toBeNull()
  })

  test("verified in the signed token is not overruled by userinfo", async () => {
    made.lies = {
      claims: { email: undefined, email_verified: false },
      userinfo: { email: "ada@example.com", email_verified: true },
    }
    expect(errorOf(await roundTrip(t, made))).toContain("has not verified")
  })
})

describe("the answer's address", () => {
  test.each<[string, Record<string, string | null>]>([
    ["another iss (mix-up)", { iss: "https://evil.example" }],
    ["no iss, which this issuer promised", { iss: null }],
    ["no code", { code: null }],
    ["a code it never gave", { code: "code-999" }],
  ])("with %s brings nobody", async (_, over) => {
    expect((await roundTrip(t, made, newVisitor(), { over })).kind).toBe("refused")
    nobody()
  })

  test("an error is told in words, whatever it says", async () => {
    const over = { code: null, error: "access_denied", error_description: "<script>" }
    expect(errorOf(await roundTrip(t, made, newVisitor(), { over }))).toBe(
      "You did not sign in with Elsewhere. Nothing has changed.",
    )
    expect(made.codes).toEqual([])
  })

  test("is worth nothing in another browser, nor with a state that nobody here made, nor later", async () => {
    const visitor = newVisitor()
    const url = await t.identity.beginTrip(visitor, { slug: SLUG, interaction: "v1.mine" })
    const right = made.answer(url)
    const at = (query: URLSearchParams, browser = visitor.browserId) =>
      t.identity.endTrip(visitor, [browser], SLUG, String(query)).catch((error: unknown) => (error as AppError).code)
    expect(await at(right, "another browser")).toBe("invalid_request")
    for (const state of ["", "x", right.get("state")!.slice(0, -1), `${right.get("state")}x`, "~".repeat(20_000)]) {
      const bent = new URLSearchParams(right)
      bent.set("state", state)
      expect(await at(bent)).toBe("invalid_request")
    }
    const swapped = new URLSearchParams(right)
    swapped.set("state", `${right.get("state")!.split("~")[0]}~v1.another`)
    expect(await at(swapped)).toBe("invalid_request")
    const bare = new URLSearchParams(right)
    bare.set("state", right.get("state")!.split("~")[0]!)
    expect(await at(bare)).toBe("invalid_request")
    expect(made.codes).toEqual([])
    t.clock.advance(31 * 60_000)
    expect(await at(right)).toBe("invalid_request")
    nobody()
  })

  test("brings somebody once: the same again, another code for it, and both at once do not", async () => {
    const visitor = newVisitor()
    const url = await t.identity.beginTrip(visitor, { slug: SLUG })
    const answers = Array.from({ length: 20 }, () => String(made.answer(url)))
    const arrivals = await Promise.all(
      answers.map((each) => t.identity.endTrip(visitor, [visitor.browserId], SLUG, each)),
    )
    expect(arrivals.filter(({ kind }) => kind === "in")).toHaveLength(1)
    expect(arrivals.filter((each) => errorOf(each).includes("used already"))).toHaveLength(19)
    const again = t.restart()
    expect(errorOf(await again.endTrip(visitor, [visitor.browserId], SLUG, String(made.answer(url))))).toContain(
      "used already",
    )
    expect(rows("sessions")).toBe(1)
    t.clock.advance(31 * 60_000)
    await t.identity.purge({ actor: "system:test", requestId: "x", reason: "test" })
    expect(rows("issuer_answers")).toBe(0)
  })

  test("of one issuer is none of another's (distinct redirect URIs, RFC 9700)", async () => {
    const other = await startHostile()
    await addIssuer(t, other, { slug: "other" })
    const visitor = newVisitor()
    const url = await t.identity.beginTrip(visitor, { slug: "other" })
    const query = String(other.answer(url))
    expect(errorOf(await t.identity.endTrip(visitor, [visitor.browserId], SLUG, query))).toContain("not asked")
    expect([made.codes.length, other.codes.length]).toEqual([0, 0])
    other.close()
    nobody()
  })
})

test("tabs of one browser are on their way side by side, each with its own app", async () => {
  const visitor = newVisitor()
  const trips = ["v1.one", "v1.two", undefined].map((interaction) => ({ slug: SLUG, interaction }))
  const urls = await Promise.all(trips.map((trip) => t.identity.beginTrip(visitor, trip)))
  const back = await Promise.all(
    urls
      .toReversed()
      .map((url) => t.identity.endTrip(visitor, ["another id", visitor.browserId], SLUG, String(made.answer(url)))),
  )
  expect(back.map(({ interaction }) => interaction)).toEqual([undefined, "v1.two", "v1.one"])
  expect(back.every(({ kind }) => kind === "in")).toBe(true)
})

describe("an issuer that is not well", () => {
  test("or is turned off, or removed, lets nobody in, and says so", async () => {
    const visitor = newVisitor()
    const url = await t.identity.beginTrip(visitor, { slug: SLUG })
    const query = String(made.answer(url))
    await t.identity.enableIssuer({ actor: "cli", requestId: "x", reason: "test" }, SLUG, false)
    expect(errorOf(await t.identity.endTrip(visitor, [visitor.browserId], SLUG, query))).toContain("turned off")
    await expect(t.identity.beginTrip(visitor, { slug: SLUG })).rejects.toMatchObject({ code: "not_found" })
    await t.identity.removeIssuer({ actor: "cli", requestId: "x", reason: "test" }, SLUG)
    expect((await t.identity.endTrip(visitor, [visitor.browserId], SLUG, query)).kind).toBe("refused")
    await expect(t.identity.beginTrip(visitor, { slug: "nothing" })).rejects.toMatchObject({ code: "not_found" })
    nobody()
  })

  test("is asked for its documents once, however many people come, and not again at once when it fails", async () => {
    const fresh = t.restart()
    made.requests.length = 0
    made.lies = { discovery: { status: 503, waitMs: 50 } }
    const begin = () => fresh.beginTrip(newVisitor(), { slug: SLUG }).catch((error: unknown) => error)
    const errors = await Promise.all(Array.from({ length: 50 }, begin))
    expect(errors.every((error) => error instanceof AppError && error.code === "unavailable")).toBe(true)
    await begin()
    expect(made.requests).toHaveLength(1)
    made.lies = {}
    t.clock.advance(6_000)
    expect(typeof (await begin())).toBe("string")
    // What it said is kept while it is away.
    made.lies = { discovery: { body: "garbage" } }
    t.clock.advance(11 * 60_000)
    expect(typeof (await begin())).toBe("string")
    t.clock.advance(25 * 3_600_000)
    expect(await begin()).toBeInstanceOf(AppError)
  })

  test.each<[string, Record<string, unknown>]>([
    ["another name", { issuer: "https://accounts.google.com" }],
    ["a page of scripts to go to", { authorization_endpoint: "javascript:alert(1)" }],
    ["http elsewhere", { token_endpoint: "http://10.0.0.1/token" }],
    ["no keys", { jwks_uri: undefined }],
    ["no code flow", { response_types_supported: ["id_token"] }],
  ])("whose documents name %s is not added", async (_, change) => {
    const other = await startHostile()
    other.lies = { discovery: { change } }
    await expect(addIssuer(t, other, { slug: "other" })).rejects.toMatchObject({
      extra: { formErrors: { issuer: expect.any(String) } },
    })
    other.close()
  })
})
