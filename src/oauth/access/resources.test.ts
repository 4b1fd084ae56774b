// What tokens are for: bound to the grant at the authorization request, narrowed after it, never widened, named by `aud` and by nothing else.
import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { decodeJwt } from "jose"
import { answer, CALLBACK, ISSUER, type Kit, type Made, openKit, refusal, VERIFIER } from "../testing.ts"
import type { ProtectedResource } from "./resources.ts"

let kit: Kit
let app: Made
const V1 = `${ISSUER}/v1`
const API = `${ISSUER}/api/v1`
const GROUP = `${ISSUER}/v1/mcp/groups/tools/mcp`

beforeEach(async () => {
  kit = await openKit()
  app = await kit.register()
})
afterEach(() => kit.close())

/** As a domain to the right registers its own. */
const group = (within: string | null) => (path: string) => {
  const [, name] = /^\/v1\/mcp\/groups\/(\w+)\/mcp$/.exec(path) ?? []
  return name === "tools" ? ({ path, name, scopes: ["mcp"], within } satisfies ProtectedResource) : null
}

const withResources = (params: URLSearchParams, resources: readonly string[]) => {
  for (const resource of resources) params.append("resource", resource)
  return params
}
async function codeFor(resources: readonly string[]): Promise<string> {
  const session = kit.signIn()
  const outcome = await kit.begin(withResources(kit.params(app.client), resources), session)
  return answer(outcome.kind === "consent" ? await kit.decide(outcome.interaction, session) : outcome).get("code")!
}
const tokenFor = (params: Record<string, string>, resources: readonly string[]) =>
  kit.oauth.token({
    params: withResources(
      new URLSearchParams({ client_id: app.client.publicId, client_secret: app.secret!, ...params }),
      resources,
    ),
    authorization: null,
    requestId: "req_4",
  })
const redeem = (code: string, resources: readonly string[] = []) =>
  tokenFor({ grant_type: "authorization_code", code, code_verifier: VERIFIER, redirect_uri: CALLBACK }, resources)
const refresh = (token: string, resources: readonly string[] = []) =>
  tokenFor({ grant_type: "refresh_token", refresh_token: token }, resources)
const audOf = ({ access_token }: { access_token: string }) => decodeJwt(access_token).aud
const opens = (token: string, url?: string) =>
  kit.oauth.verifyAccessToken(token, url).then(
    () => true,
    (error) => {
      expect(error.code).toBe("token_invalid")
      return false
    },
  )

test("without a resource a token is for /v1, and opens everything of this server, as before", async () => {
  const tokens = await redeem(await codeFor([]))
  expect(audOf(tokens)).toBe(V1)
  for (const url of [undefined, `${V1}/models`, `${API}/credits`, `${ISSUER}/userinfo`]) {
    expect(await opens(tokens.access_token, url)).toBe(true)
  }
})

test("aud is exactly what was asked and authorized: one, several, the origin with a slash, each once", async () => {
  for (const [asked, aud] of [
    [[V1], V1],
    [[API], API],
    [[`${ISSUER}/`], ISSUER],
    [
      [API, ISSUER, API],
      [API, ISSUER],
    ],
    [[V1.replace("https://id", "HTTPS://ID")], V1],
  ] as const) {
    expect(audOf(await redeem(await codeFor(asked)))).toEqual(aud as never)
  }
})

test("a token opens what it names and what lies within, and nothing else", async () => {
  const api = (await redeem(await codeFor([API]))).access_token
  expect(await opens(api, `${API}/credits`)).toBe(true)
  for (const url of [undefined, `${V1}/models`, `${ISSUER}/userinfo`, `${ISSUER}/api/v2`])
    expect(await opens(api, url)).toBe(false)
  // Once known, too.
  expect(await opens(api)).toBe(false)
  const info = (await redeem(await codeFor([ISSUER]))).access_token
  expect(await opens(info, `${ISSUER}/userinfo`)).toBe(true)
  expect(await opens(info, `${V1}/chat/completions`)).toBe(false)
  expect((await kit.oauth.userinfo(info)).sub).toBe("usr_1")
  expect(await refusal(kit.oauth.userinfo(api))).toBe("token_invalid")
})

test("what is no API of this server is refused with invalid_target, at the door and at the token endpoint", async () => {
  const wrong = [
    "v1",
    `${V1}#part`,
    `${V1}?x=1`,
    `${V1}?`,
    `${V1}/`,
    `${ISSUER}/v2`,
    `${ISSUER}/__proto__`,
    "https://mcp.example/tools",
    "https://id.example.com.evil.example/v1",
    V1.replace("//", "//user@"),
    V1.replace("https", "http"),
    `${ISSUER}:8443/v1`,
    `${V1}/${"x".repeat(5_000)}`,
    GROUP,
  ]
  const { refresh_token } = await redeem(await codeFor([]))
  const session = kit.signIn()
  for (const resource of wrong) {
    const outcome = await kit.begin(withResources(kit.params(app.client), [resource]), session)
    expect([resource.slice(0, 60), answer(outcome).get("error")]).toEqual([resource.slice(0, 60), "invalid_target"])
    expect(await refusal(refresh(refresh_token!, [resource]))).toBe("invalid_target")
  }
  const many = Array.from({ length: 11 }, () => V1)
  expect(answer(await kit.begin(withResources(kit.params(app.client), many), session)).get("error")).toBe(
    "invalid_target",
  )
  expect(audOf(await refresh(refresh_token!, [V1]))).toBe(V1)
})

// GHSA-p2fr-6hmx-4528: the resource of the token request was not held to what was authorized.
describe("growth is refused, narrowing is not", () => {
  test("at the code: an unauthorized resource burns nothing", async () => {
    const code = await codeFor([API, ISSUER])
    expect(await refusal(redeem(code, [V1]))).toBe("invalid_target")
    expect(await refusal(redeem(code, [API, V1]))).toBe("invalid_target")
    expect(audOf(await redeem(code, [API]))).toBe(API)
  })

  test("at the refresh: back to all that was granted, never to more", async () => {
    const first = await redeem(await codeFor([API, ISSUER]), [ISSUER])
    expect(audOf(first)).toBe(ISSUER)
    expect(await refusal(refresh(first.refresh_token!, [V1]))).toBe("invalid_target")
    const second = await refresh(first.refresh_token!)
    expect(audOf(second)).toEqual([API, ISSUER])
    const third = await refresh(second.refresh_token!, [API])
    expect(audOf(third)).toBe(API)
    expect(await refusal(refresh(second.refresh_token!, [ISSUER]))).toBe("invalid_scope")
    expect((await refresh(second.refresh_token!, [API])).access_token).toBe(third.access_token)
  })

  test("a grant for nothing in particular is one for /v1: what lies within may be asked for", async () => {
    const { refresh_token } = await redeem(await codeFor([]))
    expect(audOf(await refresh(refresh_token!, [ISSUER]))).toBe(ISSUER)
  })
})

describe("a domain adds its own", () => {
  test("within /v1: asked for by name, described, and opened by tokens for /v1 as well", async () => {
    kit.oauth.addResources(group("/v1"))
    const own = await redeem(await codeFor([GROUP]))
    expect(audOf(own)).toBe(GROUP)
    expect(await opens(own.access_token, GROUP)).toBe(true)
    expect(await opens(own.access_token)).toBe(false)
    expect(await opens(own.access_token, `${V1}/models`)).toBe(false)
    const usual = await redeem(await codeFor([]))
    expect(await opens(usual.access_token, GROUP)).toBe(true)
    expect(kit.oauth.protectedResourceMetadata("/v1/mcp/groups/tools/mcp")).toMatchObject({
      resource: GROUP,
      authorization_servers: [ISSUER],
      scopes_supported: ["mcp"],
      bearer_methods_supported: ["header"],
    })
    expect(kit.oauth.protectedResourceMetadata("/v1/mcp/groups/other/mcp")).toBeNull()
  })

  test("alone: its own tokens open it and no others", async () => {
    kit.oauth.addResources(group(null))
    const usual = await kit.oauth.verifyAccessToken((await redeem(await codeFor([]))).access_token, GROUP)
    expect(() => kit.oauth.assertOpens(usual, GROUP)).toThrow("not valid")
    const own = await kit.oauth.verifyAccessToken((await redeem(await codeFor([GROUP]))).access_token, GROUP)
    kit.oauth.assertOpens(own, GROUP)
  })
})
