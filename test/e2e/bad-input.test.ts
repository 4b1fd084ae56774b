// Bad input meets a clear message in the right dialect, costs nothing and loses nothing.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test"
import { credits, LIMITS } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import {
  addSandbox,
  CALLBACK,
  chat,
  giveCredits,
  makeClient,
  makeUser,
  mintTokens,
  ownerOf,
  startTestServer,
  type TestServer,
} from "../build.ts"

let server: TestServer
let user: User
let token: string
let clientId: string
let balance: number

beforeAll(async () => {
  server = await startTestServer()
  await addSandbox(server.app)
  user = await makeUser(server.app)
  await giveCredits(server.app, user, credits(1_000))
  const app = await makeClient(server.app)
  clientId = app.client.publicId
  token = (await mintTokens(server.app, { user, ...app })).accessToken
  // Takes the daily claim, so that the balance below moves for no other reason.
  await chat(server.url, token)
  balance = server.app.ledger.wallet(ownerOf(user), "live").balanceNano
})
afterEach(() => {
  const wallet = server.app.ledger.wallet(ownerOf(user), "live")
  expect([wallet.balanceNano, wallet.heldNano]).toEqual([balance, 0] as never)
})
afterAll(async () => {
  expect(server.app.ledger.verify().ok).toBe(true)
  await server.close()
})

interface OpenAiError {
  error: { message: string; type: string; param: string | null; code: string }
}

async function post(
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<[number, OpenAiError["error"]]> {
  const response = await fetch(`${server.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
    body,
  })
  return [response.status, ((await response.json()) as OpenAiError).error]
}

describe("/v1/chat/completions", () => {
  const message = { role: "user", content: "hi" }
  const cases: [string, string, number, string | null][] = [
    ["malformed JSON", "{", 400, null],
    ["no body", "", 400, null],
    ["a list", "[]", 400, null],
    ["no model", JSON.stringify({ messages: [message] }), 400, "model"],
    ["a number as model", JSON.stringify({ model: 4, messages: [message] }), 400, "model"],
    ["an unknown model", JSON.stringify({ model: "gpt-99", messages: [message] }), 404, "model"],
    ["no messages", JSON.stringify({ model: "sandbox" }), 400, "messages"],
    ["an empty conversation", JSON.stringify({ model: "sandbox", messages: [] }), 400, "messages"],
    [
      "an unknown role",
      JSON.stringify({ model: "sandbox", messages: [{ role: "boss", content: "x" }] }),
      400,
      "messages[0].role",
    ],
    [
      "a text as max_tokens",
      JSON.stringify({ model: "sandbox", messages: [message], max_tokens: "9" }),
      400,
      "max_tokens",
    ],
    [
      "negative max_tokens",
      JSON.stringify({ model: "sandbox", messages: [message], max_tokens: -1 }),
      400,
      "max_tokens",
    ],
    ["a text as stream", JSON.stringify({ model: "sandbox", messages: [message], stream: "yes" }), 400, "stream"],
    ["too many choices", JSON.stringify({ model: "sandbox", messages: [message], n: 1_000 }), 400, "n"],
  ]
  for (const [what, body, status, param] of cases) {
    test(`${what}: ${status} that names it`, async () => {
      const [got, error] = await post(body)
      expect([got, error.param]).toEqual([status, param])
      expect(error.message.length).toBeGreaterThan(10)
    })
  }

  test("a body above the limit: 413", async () => {
    // Just above ours and just below the listener's own, so that it is our words that answer.
    const [status, error] = await post(`"${"x".repeat(LIMITS.apiBodyBytesMax)}"`)
    expect([status, error.code]).toEqual([413, "body_too_large"])
  })

  test("broken UTF-8: 400", async () => {
    const [status] = await post(new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]))
    expect(status).toBe(400)
  })
})

describe("tokens", () => {
  const ask = async (authorization?: string) => {
    const response = await fetch(`${server.url}/v1/me`, { headers: authorization ? { authorization } : {} })
    return {
      status: response.status,
      code: ((await response.json()) as OpenAiError).error?.code,
      how: response.headers.get("www-authenticate"),
    }
  }
  test("missing, malformed, forged, of another algorithm, in the query, in a cookie: refused with the reason", async () => {
    expect(await ask()).toMatchObject({ status: 401, code: "token_missing" })
    expect((await ask())?.how).toStartWith("Bearer")
    expect(await ask("Bearer nonsense")).toMatchObject({ status: 401, code: "token_invalid" })
    expect(await ask("Basic dXNlcjpwYXNz")).toMatchObject({ status: 401 })
    const [head, claims, signature] = token.split(".")
    expect(await ask(`Bearer ${head}.${claims}.${signature!.slice(0, -4)}AAAA`)).toMatchObject({
      status: 401,
      code: "token_invalid",
    })
    const none = Buffer.from(JSON.stringify({ alg: "none", typ: "at+jwt" })).toString("base64url")
    expect(await ask(`Bearer ${none}.${claims}.`)).toMatchObject({ status: 401, code: "token_invalid" })
    expect((await fetch(`${server.url}/v1/me?access_token=${token}`)).status).toBe(401)
    expect((await fetch(`${server.url}/v1/me`, { headers: { cookie: `purser_auth=${token}` } })).status).toBe(401)
  })
})

describe("/authorize", () => {
  const good = (): Record<string, string> => ({
    client_id: clientId,
    redirect_uri: CALLBACK,
    response_type: "code",
    scope: "openid llm",
    code_challenge: "a".repeat(43),
    code_challenge_method: "S256",
    state: "xyz",
  })
  const ask = (params: Record<string, string> | string) =>
    fetch(`${server.url}/authorize?${typeof params === "string" ? params : new URLSearchParams(params)}`, {
      redirect: "manual",
    })

  test("wrong redirect URIs get a page and never a redirect", async () => {
    for (const redirect_uri of [
      "https://evil.example/cb",
      `${CALLBACK}/../x`,
      `${CALLBACK}#x`,
      "javascript:alert(1)",
      "http://127.0.0.1:9/Callback",
    ]) {
      const response = await ask({ ...good(), redirect_uri })
      expect(response.status).toBe(400)
      expect(response.headers.get("location")).toBeNull()
      expect(response.headers.get("content-type")).toStartWith("text/html")
    }
  })

  test("an unknown client gets a page; its name is shown as text", async () => {
    const response = await ask({ ...good(), client_id: "<script>alert(1)</script>" })
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(await response.text()).not.toContain("<script>alert")
  })

  /** What the app is told: by a page with a link, and at once only where it asked for no pages (RFC 9700 §4.11.2). */
  const told = async (response: Response): Promise<Record<string, string>> => {
    const link = /href="(http:\/\/127\.0\.0\.1:9\/[^"]+)"/.exec(await response.text())?.[1]
    const location = response.headers.get("location") ?? link?.replaceAll("&amp;", "&") ?? "http://none"
    return Object.fromEntries(new URL(location).searchParams)
  }

  test("mistakes of a known client are told to it with iss and state", async () => {
    const wrongs: [Record<string, string>, string][] = [
      [{ response_type: "token" }, "unsupported_response_type"],
      [{ code_challenge: "" }, "invalid_request"],
      [{ code_challenge_method: "plain" }, "invalid_request"],
      [{ scope: "mcp" }, "invalid_scope"],
      [{ prompt: "none" }, "login_required"],
      [{ request: "eyJ" }, "request_not_supported"],
    ]
    for (const [wrong, error] of wrongs) {
      const response = await ask({ ...good(), ...wrong })
      expect(response.status).toBe(wrong.prompt === "none" ? 303 : 400)
      expect(await told(response)).toMatchObject({ error, state: "xyz", iss: server.url })
    }
  })

  test("a parameter sent twice is invalid_request", async () => {
    const response = await ask(`${new URLSearchParams(good())}&scope=openid`)
    expect((await told(response)).error).toBe("invalid_request")
  })
})

describe("/token", () => {
  const ask = async (body: BodyInit, headers: Record<string, string> = {}) => {
    const response = await fetch(`${server.url}/token`, { method: "POST", body, headers })
    return {
      status: response.status,
      store: response.headers.get("cache-control"),
      ...((await response.json()) as { error: string }),
    }
  }
  test("answers RFC 6749 errors and is never cached", async () => {
    expect(await ask(new URLSearchParams({ grant_type: "password" }))).toMatchObject({
      error: expect.any(String),
      store: "no-store",
    })
    expect(
      (await ask(JSON.stringify({ grant_type: "authorization_code" }), { "content-type": "application/json" })).error,
    ).toBe("invalid_request")
    expect(
      await ask(
        new URLSearchParams({
          grant_type: "authorization_code",
          client_id: clientId,
          client_secret: "wrong",
          code: "x",
        }),
      ),
    ).toMatchObject({
      status: 401,
      error: "invalid_client",
    })
  })
})

describe("unknown paths", () => {
  test("are 404 in the dialect of their place, and never proxied", async () => {
    const api = await fetch(`${server.url}/v1/files`, { headers: { authorization: `Bearer ${token}` } })
    expect([api.status, ((await api.json()) as OpenAiError).error.code]).toEqual([404, "not_found"])
    const page = await fetch(`${server.url}/nowhere`)
    expect([page.status, page.headers.get("content-type")]).toEqual([404, "text/html; charset=utf-8"])
  })
})
