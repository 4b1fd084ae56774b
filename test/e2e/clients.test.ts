// The real clients against the running server: openid-client does the whole login with issuer and client alone, the
// openai SDK chats with the access token, streamed and not.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import OpenAI from "openai"
import * as oidc from "openid-client"
import { credits } from "../../src/app/index.ts"
import { plainText, WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import {
  addSandbox,
  CALLBACK,
  giveCredits,
  makeClient,
  makeUser,
  PASSWORD,
  startTestServer,
  type TestServer,
} from "../build.ts"
import { makeHost, makeTeam } from "../team-world.ts"

let server: TestServer
let config: oidc.Configuration
let agent: WebAgent
let tokens: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers
let openai: OpenAI

beforeAll(async () => {
  server = await startTestServer()
  await addSandbox(server.app)
  await makeUser(server.app, { email: "ada@example.com" })
  const { client, secret } = await makeClient(server.app)
  config = await oidc.discovery(new URL(server.url), client.publicId, secret, undefined, {
    execute: [oidc.allowInsecureRequests],
  })
  agent = new WebAgent((next) => next.port !== "9")
})
afterAll(() => server.close())

async function authorize(
  extra: Record<string, string> = {},
): Promise<{ url: string; verifier: string; state: string }> {
  const verifier = oidc.randomPKCECodeVerifier()
  const state = oidc.randomState()
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: "openid profile email offline_access llm",
    state,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    ...extra,
  })
  return { url: url.href, verifier, state }
}

describe("openid-client", () => {
  test("discovery names this server as issuer and asks for S256", () => {
    const metadata = config.serverMetadata()
    expect(metadata.issuer).toBe(server.url)
    expect(metadata.code_challenge_methods_supported).toEqual(["S256"])
    expect(metadata.authorization_response_iss_parameter_supported).toBe(true)
  })

  test("login, consent with a limit, and the code for tokens", async () => {
    const { url, verifier, state } = await authorize()
    const login = await agent.get(url)
    expect(login.url).toContain("/login?interaction=")
    const wrong = await agent.submit(login, "/login", { email: "ada@example.com", password: "not her password" })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain("ada@example.com")
    const consent = await agent.submit(wrong, "/login", { email: "ada@example.com", password: PASSWORD })
    expect(plainText(consent.text)).toContain("Storyteller")
    const unreadable = await agent.submit(consent, "/authorize/consent", { limit_llm: "lots", decision: "approve" })
    expect(unreadable.status).toBe(422)
    const done = await agent
      .submit(unreadable, "/authorize/consent", { limit_llm: "25.5", decision: "approve" })
      .catch((error) => error)
    // The app is not running: the walk ends at its door, with the answer in the address.
    const callback = done instanceof Error ? done : new URL(done.url)
    expect(callback).toBeInstanceOf(URL)
    tokens = await oidc.authorizationCodeGrant(config, callback as URL, {
      pkceCodeVerifier: verifier,
      expectedState: state,
    })
    expect(tokens.refresh_token).toBeString()
    expect(tokens.claims()?.sub).toStartWith("usr_")
    const consents = server.app.oauth.consentsOf(server.app.identity.userByEmail("ada@example.com")!.id)
    expect(consents[0]?.limits.llm).toBe(25_500_000 as never)
  })

  test("userinfo tells what was consented to", async () => {
    const info = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims()!.sub)
    expect(info).toMatchObject({ email: "ada@example.com", email_verified: true, name: "Ada Reader" })
  })

  test("a team's credits, chosen on the page of consent, pay what the openai SDK asks; refreshed tokens go on so", async () => {
    const { app } = server
    const owner = await makeHost(server, "Grace Owner")
    const team = await makeTeam(server, owner)
    const { id } = app.teams.membership({ userId: owner.id, team }, "see").team
    await giveCredits(app, { id } as User, credits(500))
    const { url, verifier, state } = await authorize()
    const hers = new WebAgent((next) => next.port !== "9")
    const consent = await hers.submit(await hers.get(url), "/login", { email: owner.email, password: PASSWORD })
    expect(plainText(consent.text)).toContain("Whose credits")
    const callback = await hers
      .submit(consent, "/authorize/consent", { limit_llm: "25", payer: team, decision: "approve" })
      .then(
        (done) => new URL(done.url),
        (door) => door as URL,
      )
    const checks = { pkceCodeVerifier: verifier, expectedState: state }
    const granted = await oidc.authorizationCodeGrant(config, callback, checks)
    const left = () => app.ledger.wallet({ kind: "principal", id }, "live").balanceNano
    const own = app.ledger.wallet({ kind: "principal", id: owner.id }, "live").balanceNano
    const ask = { model: "sandbox", messages: [{ role: "user" as const, content: "hi" }], max_tokens: 8 }
    for (const { access_token: apiKey } of [granted, await oidc.refreshTokenGrant(config, granted.refresh_token!)]) {
      const before = left()
      const { response } = await new OpenAI({ apiKey, baseURL: `${server.url}/v1` }).chat.completions
        .create(ask)
        .withResponse()
      expect(before - left()).toBeGreaterThan(0)
      expect(Number(response.headers.get("x-credits-remaining")) * 1_000_000).toBeCloseTo(left(), 3)
    }
    expect(app.ledger.wallet({ kind: "principal", id: owner.id }, "live").balanceNano).toBe(own)
  })

  test("refresh rotates; the old token repeats its answer for ten seconds", async () => {
    const first = await oidc.refreshTokenGrant(config, tokens.refresh_token!)
    const again = await oidc.refreshTokenGrant(config, tokens.refresh_token!)
    expect(again.access_token).toBe(first.access_token)
    expect(first.refresh_token).not.toBe(tokens.refresh_token)
    tokens = first
  })

  test("a second login of the same person is silent", async () => {
    const { url, verifier, state } = await authorize({ prompt: "none" })
    const done = await agent.get(url)
    const silent = await oidc.authorizationCodeGrant(config, new URL(done.url), {
      pkceCodeVerifier: verifier,
      expectedState: state,
    })
    expect(silent.claims()?.sub).toBe(tokens.claims()!.sub)
  })
})

describe("openai", () => {
  beforeAll(() => {
    openai = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: tokens.access_token, maxRetries: 0 })
  })
  const messages = [{ role: "user" as const, content: "Tell me a story of ten words." }]

  test("lists models, chats, and says what it cost", async () => {
    const models = await openai.models.list()
    expect(models.data.map((model) => model.id)).toContain("sandbox")
    const { data, response } = await openai.chat.completions.create({ model: "sandbox", messages }).withResponse()
    expect(data.choices[0]?.message.content?.length).toBeGreaterThan(10)
    expect(data.usage?.total_tokens).toBe(data.usage!.prompt_tokens + data.usage!.completion_tokens)
    expect(Number(response.headers.get("x-credits-charged"))).toBeGreaterThan(0)
    expect(Number(response.headers.get("x-credits-remaining"))).toBeLessThan(100)
  })

  test("streams the same words, with usage when asked, and charges the same", async () => {
    const plain = await openai.chat.completions.create({ model: "sandbox", messages }).withResponse()
    const stream = await openai.chat.completions
      .create({ model: "sandbox", messages, stream: true, stream_options: { include_usage: true } })
      .withResponse()
    let text = ""
    let usage: OpenAI.CompletionUsage | null | undefined
    for await (const chunk of stream.data) {
      text += chunk.choices[0]?.delta.content ?? ""
      usage = chunk.usage ?? usage
    }
    expect(text).toBe(plain.data.choices[0]!.message.content!)
    expect(usage).toEqual(plain.data.usage!)
    const id = stream.response.headers.get("x-request-id")
    const told = await fetch(`${server.url}/v1/requests/${id}`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    const charge = JSON.stringify(await told.json())
    expect(charge).toContain(`"${plain.response.headers.get("x-credits-charged")}"`)
  })

  test("an unknown model and a wrong type are told in the SDK's own errors", async () => {
    expect(
      await openai.chat.completions.create({ model: "no-such-model", messages }).catch((error) => error),
    ).toBeInstanceOf(OpenAI.NotFoundError)
    expect(
      await openai.chat.completions.create({ model: "sandbox", messages: "hello" as never }).catch((error) => error),
    ).toBeInstanceOf(OpenAI.BadRequestError)
  })

  test("revoke: the next call with the token is refused", async () => {
    await oidc.tokenRevocation(config, tokens.refresh_token!)
    expect(await openai.chat.completions.create({ model: "sandbox", messages }).catch((error) => error)).toBeInstanceOf(
      OpenAI.AuthenticationError,
    )
  })
})
