import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose"
import { DAY_MS, UserId } from "../../app/index.ts"
import { ISSUER, type Kit, type Made, openKit } from "../testing.ts"
import type { AuthSession, LogoutOutcome, TokenResponse } from "../types.ts"

const BYE = "https://app.example.com/bye"
const TOLD = "https://app.example.com/told"

let kit: Kit
let app: Made
let session: AuthSession
let tokens: TokenResponse
beforeEach(async () => {
  kit = await openKit()
  app = await kit.register("confidential", { postLogoutUris: [BYE], backchannelLogoutUri: TOLD })
  session = kit.signIn()
  tokens = await kit.login(app, {}, session)
})
afterEach(() => kit.close())

type Params = Record<string, string>
const ask = (params: Params, of: AuthSession | null = session): Promise<LogoutOutcome> =>
  kit.oauth.beginLogout({ params: new URLSearchParams(params), session: of })
const hint = () => tokens.id_token!
const forged = (change: object): string => {
  const [head, body, signature] = hint().split(".")
  const claims = { ...JSON.parse(Buffer.from(body!, "base64url").toString()), ...change }
  return [head, Buffer.from(JSON.stringify(claims)).toString("base64url"), signature].join(".")
}

describe("an app sends somebody to sign out", () => {
  test("the hint of this very sign-in ends it without a question, expired or not", async () => {
    const params = { id_token_hint: hint(), post_logout_redirect_uri: BYE, state: "s&1" }
    const app = { appName: "Chat", location: `${BYE}?state=s%261`, returnsTo: "app.example.com" }
    expect(await ask(params)).toEqual({ kind: "end", app, userId: UserId(1) })
    kit.clock.advance(40 * DAY_MS)
    expect(await ask(params)).toEqual({ kind: "end", app, userId: UserId(1) })
  })
  test("without an address, or without a state, nothing is made up", async () => {
    expect(await ask({ id_token_hint: hint(), state: "s" })).toMatchObject({ kind: "end", app: { location: null } })
    const plain = await ask({ id_token_hint: hint(), post_logout_redirect_uri: BYE })
    expect(plain).toMatchObject({ app: { location: BYE } })
  })
  test("the hint of another sign-in asks: of another person, or of the same one elsewhere", async () => {
    for (const other of [kit.signIn(2), kit.signIn(1)]) {
      const outcome = await ask({ id_token_hint: hint(), post_logout_redirect_uri: BYE }, other)
      expect(outcome).toMatchObject({ kind: "ask", app: { location: BYE } })
    }
  })
  test("without a hint the person is asked; a yes leads on", async () => {
    expect(await ask({})).toEqual({ kind: "ask", request: null, app: null })
    expect(await ask({ state: "s" })).toEqual({ kind: "ask", request: null, app: null })
    const params = { client_id: app.client.publicId, post_logout_redirect_uri: BYE, state: "s" }
    const outcome = await ask(params)
    if (outcome.kind !== "ask") throw new Error(outcome.kind)
    expect(kit.oauth.logoutReturn(outcome.request)?.location).toBe(`${BYE}?state=s`)
  })
  test("who is signed in nowhere is not sent on by a link", async () => {
    const params = { id_token_hint: hint(), post_logout_redirect_uri: BYE }
    expect(await ask(params, null)).toMatchObject({ kind: "nobody", app: { location: BYE } })
    expect(await ask({}, null)).toEqual({ kind: "nobody", app: null })
  })
  test("an address is registered letter for letter, by the client that is meant", async () => {
    const other = await kit.register("confidential", { postLogoutUris: ["https://other.example/bye"] })
    const wrong: Params[] = [
      { id_token_hint: hint(), post_logout_redirect_uri: `${BYE}?x=1` },
      { id_token_hint: hint(), post_logout_redirect_uri: `${BYE}/` },
      { id_token_hint: hint(), post_logout_redirect_uri: "https://other.example/bye" },
      { id_token_hint: hint(), post_logout_redirect_uri: app.client.redirectUris[0]! },
      { post_logout_redirect_uri: BYE },
      { client_id: other.client.publicId, post_logout_redirect_uri: BYE },
      { client_id: "cli_unknown", post_logout_redirect_uri: BYE },
      { client_id: other.client.publicId, id_token_hint: hint() },
    ]
    for (const params of wrong) expect(await ask(params)).toMatchObject({ kind: "error-page" })
  })
  test("a hint that is not ours is refused, whatever it says", async () => {
    const bad = [
      "no.token.at-all",
      forged({ sub: "usr_2" }),
      forged({ sid: "ses_9" }),
      `${hint()}x`,
      tokens.access_token,
    ]
    for (const id_token_hint of bad) expect(await ask({ id_token_hint })).toMatchObject({ kind: "error-page" })
  })
  test("each parameter once, none absurd", async () => {
    const twice = new URLSearchParams([
      ["state", "a"],
      ["state", "b"],
    ])
    expect(await kit.oauth.beginLogout({ params: twice, session })).toMatchObject({ kind: "error-page" })
    expect(await ask({ state: "s".repeat(5_000) })).toMatchObject({ kind: "error-page" })
  })
  test("a suspended app, and one that took its address back, send nobody anywhere", async () => {
    const outcome = await ask({ client_id: app.client.publicId, post_logout_redirect_uri: BYE })
    if (outcome.kind !== "ask") throw new Error(outcome.kind)
    const update = { ownerId: "any" as const, clientPublicId: app.client.publicId, postLogoutUris: [] }
    await kit.write((tx) => kit.oauth.suspendClientIn(tx, { clientPublicId: app.client.publicId, reason: "r" }))
    expect(kit.oauth.logoutReturn(outcome.request)).toMatchObject({ location: null })
    await kit.write((tx) => kit.oauth.unsuspendClientIn(tx, { clientPublicId: app.client.publicId }))
    expect(kit.oauth.logoutReturn(outcome.request)).toMatchObject({ location: BYE })
    await kit.write((tx) => kit.oauth.updateClientIn(tx, update))
    expect(kit.oauth.logoutReturn(outcome.request)).toMatchObject({ location: null })
  })
  test("a request is ours, and is over after an hour", async () => {
    const outcome = await ask({ client_id: app.client.publicId, post_logout_redirect_uri: BYE })
    if (outcome.kind !== "ask") throw new Error(outcome.kind)
    for (const wrong of [null, "nonsense", `${outcome.request}x`]) expect(kit.oauth.logoutReturn(wrong)).toBeNull()
    kit.clock.advance(DAY_MS)
    expect(kit.oauth.logoutReturn(outcome.request)).toBeNull()
  })
})

describe("apps hear of it (back-channel)", () => {
  const end = (sid = session.sid) => kit.write((tx) => kit.oauth.sessionEndedIn(tx, { userId: UserId(1), sid }))
  const deliver = async (at = 0) => {
    const { topic, subject, payload } = kit.outside.queued[at]!
    const delivery = { eventId: "evt_7", topic, subject, payload, tries: 0, createdMs: kit.clock.now() }
    await kit.oauth.deliverLogout(delivery)
    const { url, body } = kit.outside.sent.at(-1)!
    return { url, token: new URLSearchParams(body).get("logout_token")! }
  }

  test("a sign-in that ended is told with a logout token as the specification has it", async () => {
    await end()
    const { url, token } = await deliver()
    expect(url).toBe(TOLD)
    const keys = createLocalJWKSet(kit.oauth.jwks() as unknown as Parameters<typeof createLocalJWKSet>[0])
    const { payload } = await jwtVerify(token, keys, {
      issuer: ISSUER,
      audience: app.client.publicId,
      typ: "logout+jwt",
      currentDate: new Date(kit.clock.now()),
    })
    const iat = kit.clock.now() / 1_000
    expect(payload).toEqual({
      iss: ISSUER,
      aud: app.client.publicId,
      sub: "usr_1",
      sid: session.sid,
      iat,
      exp: iat + 120,
      jti: "evt_7",
      events: { "http://schemas.openid.net/event/backchannel-logout": {} },
    })
    expect(decodeJwt(hint()).sid).toBe(session.sid)
    expect(decodeProtectedHeader(token).kid).toBe(decodeProtectedHeader(hint()).kid!)
  })
  test("a logout token is neither an ID token nor an access token", async () => {
    await end()
    const { token } = await deliver()
    expect(await ask({ id_token_hint: token })).toMatchObject({ kind: "error-page" })
    await expect(kit.oauth.verifyAccessToken(token)).rejects.toThrow()
  })
  test("apps of other sign-ins, and those that do not listen, hear nothing", async () => {
    await kit.login(await kit.register(), {}, session)
    await end("ses_other")
    expect(kit.outside.queued).toHaveLength(0)
    await kit.login(app, {}, session)
    await end()
    expect(kit.outside.queued).toHaveLength(1)
  })
  test("a permission that is taken back is told to that app, of all its sign-ins", async () => {
    const [consent] = kit.oauth.consentsOf(1)
    await kit.write((tx) => kit.oauth.revokeConsentIn(tx, { userId: 1, consentPublicId: consent!.publicId }))
    const claims = decodeJwt((await deliver()).token)
    expect(claims.sub).toBe("usr_1")
    expect(claims).not.toHaveProperty("sid")
  })
  test("who is out everywhere is told to each app once", async () => {
    const second = await kit.register("confidential", { backchannelLogoutUri: `${TOLD}/2` })
    await kit.login(second, {}, kit.signIn())
    await kit.login(app, {}, kit.signIn())
    await kit.login(app, {}, kit.signIn(2))
    await kit.write((tx) => kit.oauth.signedOutEverywhereIn(tx, 1))
    const subjects = kit.outside.queued.map(({ subject }) => subject)
    expect(subjects.sort()).toEqual([app, second].map(({ client }) => `${client.publicId} usr_1`).sort())
  })
  test("what was refused is tried again, to the address of by then, for a day", async () => {
    await end()
    kit.outside.status = 500
    await expect(deliver()).rejects.toThrow("answered 500")
    kit.outside.status = 302
    await expect(deliver()).rejects.toThrow("answered 302")
    kit.outside.status = 204
    const set = { ownerId: "any" as const, clientPublicId: app.client.publicId }
    await kit.write((tx) => kit.oauth.updateClientIn(tx, { ...set, backchannelLogoutUri: `${TOLD}/new` }))
    expect((await deliver()).url).toBe(`${TOLD}/new`)
    const before = kit.outside.sent.length
    const { topic, subject, payload } = kit.outside.queued[0]!
    const old = { eventId: "evt_7", topic, subject, payload, tries: 5, createdMs: kit.clock.now() - DAY_MS - 1 }
    await kit.oauth.deliverLogout(old)
    await kit.write((tx) => kit.oauth.updateClientIn(tx, { ...set, backchannelLogoutUri: null }))
    await kit.oauth.deliverLogout({ ...old, createdMs: kit.clock.now() })
    expect(kit.outside.sent).toHaveLength(before)
  })
})
