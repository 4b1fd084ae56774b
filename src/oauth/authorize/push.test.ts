import { afterEach, beforeEach, expect, test } from "bun:test"
import { SECOND_MS } from "../../app/index.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { answer, CALLBACK, interactionOf, type Kit, type Made, openKit, refusal } from "../testing.ts"

let kit: Kit
let app: Made
beforeEach(async () => {
  kit = await openKit()
  app = await kit.register()
})
afterEach(() => kit.close())

const reference = (uri: string, more: Record<string, string> = {}) =>
  new URLSearchParams({ client_id: app.client.publicId, request_uri: uri, ...more })
const pushed = async (more: Record<string, string | null> = {}) => (await kit.push(app, more)).request_uri
const allow = () =>
  kit.write((tx) =>
    kit.oauth.grantConsentIn(tx, { userId: 1, clientId: app.client.id, scopes: ["openid", "llm", "offline_access"] }),
  )

test("a pushed request leads to a code with all that was pushed", async () => {
  const { request_uri, expires_in } = await kit.push(app, { nonce: "n-7" })
  expect(expires_in).toBe(90)
  const session = kit.signIn()
  const consent = await kit.begin(reference(request_uri), session)
  const given = answer(await kit.decide(interactionOf(consent), session))
  expect(given.get("state")).toBe("st-1")
  const tokens = await kit.redeem(app, given.get("code")!)
  expect(tokens.scope).toBe("openid offline_access llm")
  expect(JSON.parse(atob(tokens.id_token!.split(".")[1]!)).nonce).toBe("n-7")
})

test("parameters beside the reference count for nothing", async () => {
  await allow()
  const uri = await pushed()
  const beside = { state: "forged", scope: "openid email", redirect_uri: "https://evil.example/" }
  const outcome = await kit.begin(reference(uri, beside), kit.signIn())
  expect(answer(outcome).get("state")).toBe("st-1")
  expect(outcome).toMatchObject({ location: expect.stringContaining(CALLBACK) })
})

test("the page may be opened again until it is answered, then never", async () => {
  const uri = await pushed()
  const session = kit.signIn()
  const first = interactionOf(await kit.begin(reference(uri), session))
  const second = interactionOf(await kit.begin(reference(uri), session))
  expect(answer(await kit.decide(second, session)).get("code")).toBeTruthy()
  kit.clock.advance(11 * SECOND_MS)
  expect(await kit.decide(first, session)).toMatchObject({ kind: "error-page" })
  expect(await kit.begin(reference(uri), session)).toMatchObject({ kind: "error-page" })
})

test("a refusal of the person uses it up too", async () => {
  const uri = await pushed()
  const session = kit.signIn()
  const page = interactionOf(await kit.begin(reference(uri), session))
  expect(answer(await kit.decide(page, session, { approve: false })).get("error")).toBe("access_denied")
  expect(await kit.begin(reference(uri), session)).toMatchObject({ kind: "error-page" })
})

test("silent answers use it up: a code (CVE-2026-96446) and an error", async () => {
  const session = kit.signIn()
  const without = await pushed({ prompt: "none" })
  expect(answer(await kit.begin(reference(without), session)).get("error")).toBe("consent_required")
  expect(await kit.begin(reference(without), session)).toMatchObject({ kind: "error-page" })
  await allow()
  for (const prompt of ["none", null]) {
    const uri = await pushed({ prompt })
    expect(answer(await kit.begin(reference(uri), session)).get("code")).toBeTruthy()
    expect(await kit.begin(reference(uri), session)).toMatchObject({ kind: "error-page" })
  }
})

test("thirty browsers at once get one code", async () => {
  await allow()
  const uri = await pushed({ prompt: "none" })
  const outcomes = await Promise.all(Array.from({ length: 30 }, () => kit.begin(reference(uri), kit.signIn())))
  expect(outcomes.filter(({ kind }) => kind === "redirect")).toHaveLength(1)
})

test("what was answered stays so for as long as a page of it could be open", async () => {
  const session = kit.signIn()
  const uri = await pushed()
  const early = interactionOf(await kit.begin(reference(uri), session))
  kit.clock.advance(OAUTH_LIMITS.pushedRequestMs - SECOND_MS)
  const late = interactionOf(await kit.begin(reference(uri), session))
  await kit.decide(early, session)
  kit.clock.advance(OAUTH_LIMITS.authorizationMs - SECOND_MS)
  await kit.oauth.sweep()
  expect(await kit.decide(late, session)).toMatchObject({ kind: "error-page" })
})

test("it expires, and is for its client alone", async () => {
  const uri = await pushed()
  const other = await kit.register()
  const asOther = new URLSearchParams({ client_id: other.client.publicId, request_uri: uri })
  expect(await kit.begin(asOther, kit.signIn())).toMatchObject({ kind: "error-page" })
  expect(await kit.begin(new URLSearchParams({ request_uri: uri }), kit.signIn())).toMatchObject({ kind: "error-page" })
  const twice = reference(uri)
  twice.append("request_uri", uri)
  expect(await kit.begin(twice, kit.signIn())).toMatchObject({ kind: "error-page" })
  kit.clock.advance(OAUTH_LIMITS.pushedRequestMs)
  expect(await kit.begin(reference(uri), kit.signIn())).toMatchObject({ kind: "error-page" })
  expect(await kit.begin(reference(`${uri.slice(0, -2)}xx`), kit.signIn())).toMatchObject({ kind: "error-page" })
})

test("every check of an authorization request is made when it is pushed", async () => {
  const wrong: [Record<string, string | null>, string][] = [
    [{ code_challenge: null }, "invalid_request"],
    [{ code_challenge_method: "plain" }, "invalid_request"],
    [{ redirect_uri: "https://evil.example/" }, "invalid_request"],
    [{ redirect_uri: null }, "invalid_request"],
    [{ response_type: "token" }, "unsupported_response_type"],
    [{ response_type: "code id_token" }, "unsupported_response_type"],
    [{ scope: "speech" }, "invalid_scope"],
    [{ request_uri: "https://app.example.com/request" }, "invalid_request"],
    [{ request_uri: await pushed() }, "invalid_request"],
    [{ request: "e30.e30." }, "request_not_supported"],
    [{ claims: "[]" }, "invalid_request"],
    [{ state: "s".repeat(5_000) }, "invalid_request"],
  ]
  for (const [params, code] of wrong) expect(await refusal(kit.push(app, params))).toBe(code as "invalid_request")
})

test("the client proves itself", async () => {
  expect(await refusal(kit.push({ client: app.client, secret: "wrong" }))).toBe("invalid_client")
  expect(await refusal(kit.push({ client: app.client, secret: null }))).toBe("invalid_client")
  const basic = `Basic ${btoa(`${app.client.publicId}:${app.secret}`)}`
  const other = await kit.register()
  expect((await kit.push(app, kit.params(app.client), basic)).expires_in).toBe(90)
  expect(await refusal(kit.push(app, kit.params(other.client), basic))).toBe("invalid_request")
  const page = await kit.register("public")
  expect((await kit.push(page)).request_uri).toStartWith("urn:ietf:params:oauth:request_uri:")
})

test("no secret travels in the reference, nor anything that can be read", async () => {
  const uri = await pushed({ login_hint: "ada@example.com" })
  for (const part of uri.split(/[:.]/)) {
    const text = Buffer.from(part, "base64url").toString("latin1")
    expect(text).not.toContain("ada@example.com")
    expect(text).not.toContain(app.secret!)
  }
})

test("whoever registered so is heard by /par alone", async () => {
  const strict = await kit.register("confidential", { requirePar: true })
  const outcome = await kit.ask(strict)
  expect(outcome.kind).toBe("refused")
  expect(answer(outcome).get("error")).toBe("invalid_request")
  const { request_uri } = await kit.push(strict)
  const asked = new URLSearchParams({ client_id: strict.client.publicId, request_uri })
  expect((await kit.begin(asked, kit.signIn())).kind).toBe("consent")
})

test("nothing is written when a request is pushed, nor while nobody is signed in", async () => {
  const before = kit.store.read.get<{ n: number }>("SELECT total_changes() AS n")!.n
  const uri = await pushed({ prompt: "none" })
  await kit.begin(reference(uri), null)
  expect(kit.count("oauth_interactions")).toBe(0)
  expect(kit.store.read.get<{ n: number }>("SELECT total_changes() AS n")!.n).toBe(before)
})
