import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { answer, CALLBACK, ISSUER, type Kit, type Made, openKit } from "../testing.ts"

let kit: Kit
let app: Made
let native: Made
beforeAll(async () => {
  kit = await openKit()
  app = await kit.register()
  native = await kit.register("public", { redirectUris: ["http://127.0.0.1/cb", "com.example.app:/cb"] })
})
afterAll(() => kit.close())

type Params = Record<string, string | null>
const begin = (more: Params = {}) => kit.begin(kit.params(app.client, more))
const errorOf = async (more: Params) => {
  const outcome = await begin(more)
  if (outcome.kind !== "redirect" && outcome.kind !== "refused") return outcome.kind
  // Nobody did anything yet: only prompt=none, which asks for no pages, is answered by itself (RFC 9700 §4.11.2).
  expect(outcome.kind).toBe(more.prompt === "none" ? "redirect" : "refused")
  expect(outcome.app).toMatchObject({ name: "Chat", returnsTo: "app.example.com" })
  expect(outcome.location.startsWith(`${CALLBACK}?`)).toBe(true)
  const params = answer(outcome)
  expect(params.get("iss")).toBe(ISSUER)
  expect(params.has("code")).toBe(false)
  return params.get("error")
}

describe("what never redirects", () => {
  test.each<[string, Params]>([
    ["no client_id", { client_id: null }],
    ["empty client_id", { client_id: "" }],
    ["unknown client_id", { client_id: "cli_unknown" }],
    ["no redirect_uri", { redirect_uri: null }],
    ["unregistered redirect_uri", { redirect_uri: "https://evil.example/cb" }],
    ["redirect_uri with a query added", { redirect_uri: `${CALLBACK}?x=1` }],
    ["prompt=none to an unregistered address", { redirect_uri: "https://evil.example/cb", prompt: "none" }],
  ])("%s", async (_name, params) => {
    expect((await begin(params)).kind).toBe("error-page")
  })

  test.each(["client_id", "redirect_uri"])("%s given twice", async (name) => {
    const params = kit.params(app.client)
    params.append(name, name === "client_id" ? app.client.publicId : CALLBACK)
    expect((await kit.begin(params)).kind).toBe("error-page")
  })

  test("a suspended client", async () => {
    const made = await kit.register()
    await kit.write((tx) => kit.oauth.suspendClientIn(tx, { clientPublicId: made.client.publicId, reason: "spam" }))
    expect(await kit.begin(kit.params(made.client))).toMatchObject({
      kind: "error-page",
      error: { code: "client_suspended" },
    })
  })
})

describe("what the client is told", () => {
  test.each<[string, Params, string]>([
    ["no response_type", { response_type: null }, "invalid_request"],
    ["implicit", { response_type: "token" }, "unsupported_response_type"],
    ["hybrid", { response_type: "code id_token" }, "unsupported_response_type"],
    ["fragment", { response_mode: "fragment" }, "invalid_request"],
    ["form_post", { response_mode: "form_post" }, "invalid_request"],
    ["request object", { request: "eyJhbGciOiJub25lIn0.e30." }, "request_not_supported"],
    ["request_uri", { request_uri: "https://169.254.169.254/" }, "request_uri_not_supported"],
    ["no PKCE", { code_challenge: null, code_challenge_method: null }, "invalid_request"],
    ["PKCE without method (plain)", { code_challenge_method: null }, "invalid_request"],
    ["PKCE plain", { code_challenge_method: "plain" }, "invalid_request"],
    ["PKCE s256 in small letters", { code_challenge_method: "s256" }, "invalid_request"],
    ["short challenge", { code_challenge: "abc" }, "invalid_request"],
    ["only unknown scopes", { scope: "root admin" }, "invalid_scope"],
    ["a scope not registered", { scope: "openid mcp" }, "invalid_scope"],
    ["unknown prompt", { prompt: "dance" }, "invalid_request"],
    ["prompt=none with others", { prompt: "none login" }, "invalid_request"],
    ["max_age in words", { max_age: "old" }, "invalid_request"],
    ["negative max_age", { max_age: "-1" }, "invalid_request"],
    ["claims that are no JSON", { claims: "{" }, "invalid_request"],
    ["claims that are a list", { claims: "[]" }, "invalid_request"],
    ["claims with a list inside", { claims: '{"id_token":[]}' }, "invalid_request"],
    ["a hint we did not sign", { id_token_hint: "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c3JfMSJ9." }, "invalid_request"],
    ["endless nonce", { nonce: "n".repeat(5_000) }, "invalid_request"],
    ["a request too long to travel", { nonce: '"'.repeat(4_000), state: '"'.repeat(4_000) }, "invalid_request"],
    ["nobody signed in", { prompt: "none" }, "login_required"],
    ["a mistake in a request without pages", { prompt: "none", scope: "root" }, "invalid_scope"],
  ])("%s", async (_name, params, error) => {
    expect(await errorOf(params)).toBe(error)
  })

  test.each(["scope", "state", "nonce", "response_type", "code_challenge", "prompt", "login_hint"])(
    "%s given twice",
    async (name) => {
      const params = kit.params(app.client, { [name]: "x" })
      params.append(name, "x")
      const told = answer(await kit.begin(params))
      expect(told.get("error")).toBe("invalid_request")
      expect(told.get("state")).toBe(name === "state" ? null : "st-1")
    },
  )

  test("a state too long to be sent back is told here: an answer without it would look forged to the client", async () => {
    const longest = "s".repeat(4_096)
    expect(answer(await begin({ state: longest, response_type: "token" })).get("state")).toBe(longest)
    for (const state of [`${longest}s`, "s".repeat(15_000)]) {
      expect(await begin({ state })).toMatchObject({ kind: "error-page", error: { code: "invalid_request" } })
    }
  })

  test("state comes back exactly, and only if it was sent", async () => {
    const state = " a+b&c=%20é\"<script>'"
    expect(answer(await begin({ state, response_type: "token" })).get("state")).toBe(state)
    expect(answer(await begin({ state: null, response_type: "token" })).has("state")).toBe(false)
    expect(answer(await begin({ state: "", response_type: "token" })).has("state")).toBe(false)
  })
  test("the description keeps to the RFC's letters", async () => {
    const text = answer(await begin({ scope: "openid mcp" })).get("error_description")!
    expect(text).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
  })
})

describe("what is accepted", () => {
  test.each<[string, Params]>([
    ["unknown parameters", { foo: "bar", audience: "x" }],
    ["display, locales, acr", { display: "popup", ui_locales: "de", claims_locales: "de", acr_values: "1" }],
    ["unknown scopes beside known ones", { scope: "llm address openid" }],
    ["long nonce and state", { nonce: "n".repeat(384), state: "s".repeat(1_000) }],
    ["claims", { claims: '{"userinfo":{"name":{"essential":true}},"id_token":null}' }],
    ["empty values", { prompt: "", nonce: "", max_age: "", response_mode: "" }],
    ["response_mode=query", { response_mode: "query" }],
    ["a login hint", { login_hint: "a@example.com" }],
  ])("%s", async (_name, params) => {
    expect((await begin(params)).kind).toBe("login")
  })

  test("without a scope: what the app may spend on, and nothing about the person (RFC 6749 §3.3)", async () => {
    const page = await kit.ask(app, { scope: null })
    if (page.kind !== "consent") throw new Error(page.kind)
    expect(page.view.scopes.map(({ scope }) => scope)).toEqual(["llm", "embeddings"])
    const signsIn = await kit.register("public", { scopes: ["profile"] })
    expect(answer(await kit.begin(kit.params(signsIn.client, { scope: null }))).get("error")).toBe("invalid_scope")
  })

  test("a loopback port of the moment, and a scheme of its own", async () => {
    const at = async (redirect_uri: string) => (await kit.begin(kit.params(native.client, { redirect_uri }))).kind
    expect(await at("http://127.0.0.1:51004/cb")).toBe("login")
    expect(await at("com.example.app:/cb")).toBe("login")
    expect(await at("http://localhost:51004/cb")).toBe("error-page")
    expect(await at("com.example.app:/cb/x")).toBe("error-page")
  })

  test("the login page learns about the app and the hint, nothing else", async () => {
    const outcome = await begin({ login_hint: "ann@example.com" })
    expect(outcome).toMatchObject({
      kind: "login",
      reason: "signed_out",
      loginHint: "ann@example.com",
      app: { name: "Chat", returnsTo: "app.example.com", firstParty: false },
    })
    if (outcome.kind !== "login") throw new Error()
    const peek = (browser: string) =>
      kit.oauth.peekAuthorization({ interaction: outcome.interaction, browserIds: [browser] })
    expect(peek(kit.browser)?.app.name).toBe("Chat")
    expect(peek("another browser")).toBeNull()
  })
})
