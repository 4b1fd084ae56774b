// Every route that charges, with every kind of caller: what is refused before any upstream is asked, and the row that is left of it.
import { describe, expect, test } from "bun:test"
import { DAY_MS, UserId } from "../../app/index.ts"
import type { CreateKey } from "../../keys/index.ts"
import { testCtx } from "../../store/index.ts"
import { ASK, formOf, kit, start } from "./testing.ts"
import type { App } from "./v1-testing.ts"

type Told = { code?: string; details?: { error_code: string } } & Record<string, unknown>
/** The code and its members, in whichever envelope. */
async function toldBy(response: Response): Promise<Told> {
  const { error } = (await response.json()) as { error: Told }
  return error.details ? { ...error.details, code: error.details.error_code } : error
}
const ref = (key: { publicId: string }) => ({ userId: UserId(1), keyPublicId: key.publicId })

/** Older names of routes. The document has the first names only. */
const ALIASES = ["/api/v1/chat/completions"]
/** Whether the document names the code under the status of that route. */
async function isSaid([path]: (typeof ROUTES)[number], status: number, code: string): Promise<boolean> {
  interface Said {
    paths: Record<string, { post: { responses: Record<number, { "x-error-codes": string[] } | undefined> } }>
  }
  const { paths } = (await (await fetch(`${kit.server.url}/openapi.json`)).json()) as Said
  const first = ALIASES.includes(path) ? path.replace(/^\/api/, "") : path
  return paths[first]!.post.responses[status]?.["x-error-codes"].includes(code) ?? false
}

/** Every route that charges: a new one joins here. */
const ROUTES: [path: string, body: object][] = [
  ["/api/v1/chat/completions", ASK],
  ["/v1/chat/completions", ASK],
  ["/v1/chat/completions", { ...ASK, stream: true }],
  ["/v1/responses", { model: "mock-1", input: "hi" }],
  ["/v1/responses", { model: "mock-1", input: "hi", stream: true }],
  ["/v1/messages", { ...ASK, max_tokens: 100 }],
  ["/v1/messages", { ...ASK, max_tokens: 100, stream: true }],
  ["/v1/embeddings", { model: "mock-1", input: "hi" }],
  ["/v1/moderations", { model: "mock-1", input: "hi" }],
  ["/v1/rerank", { model: "mock-1", query: "hi", documents: ["ho"] }],
  ["/v1/audio/speech", { model: "mock-1", input: "hi", voice: "alloy" }],
  ["/v1/audio/transcriptions", { model: "mock-1", file: "a recording" }],
  ["/v1/audio/translations", { model: "mock-1", file: "a recording" }],
  ["/v1/images/edits", { model: "mock-1", prompt: "hi", image: "a picture" }],
  ["/v1/images/edits", { model: "mock-1", prompt: "hi", image: "a picture", stream: true }],
  ["/v1/videos", { model: "mock-1", prompt: "hi" }],
  ["/v1/images/generations", { model: "mock-1", prompt: "hi" }],
  ["/v1/images/generations", { model: "mock-1", prompt: "hi", stream: true }],
]
/** Never charged. */
const FREE = ["/v1/messages/count_tokens"]
/** Of something that was made before: `videos.test.ts` has it. */
const OF_ONE = ["/v1/videos/{video}/remix"]
const nameOf = ([path, body]: (typeof ROUTES)[number]) => `${path}${"stream" in body ? ", streamed" : ""}`
const isForm = (body: object) => "file" in body || "image" in body
const send = (bearer: string, [path, body]: (typeof ROUTES)[number]) =>
  fetch(`${kit.server.url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${bearer}`, ...(isForm(body) ? {} : { "content-type": "application/json" }) },
    body: isForm(body) ? formOf(body as Record<string, string>) : JSON.stringify(body),
  })
/** What the owner of a call sees of it, when it was refused. */
const refusedRow = async (id: string) => {
  await kit.usage.flush()
  return kit.store.read.get<object>(
    "SELECT endpoint, key_id AS keyId, client_id AS clientId, status, error_code AS code FROM refused_calls WHERE public_id = ?",
    id,
  )
}
const endpointOf = ([path]: (typeof ROUTES)[number]) =>
  path === "/v1/images/edits" ? "image-edits" : /v1\/(?:audio\/)?(\w+)/.exec(path)![1]!
async function refused(credential: string, route: (typeof ROUTES)[number]) {
  const response = await send(credential, route)
  const told = await toldBy(response)
  const row = await refusedRow(response.headers.get("x-request-id")!)
  return { status: response.status, code: told.code, topup: told.topup_url, row }
}

test("every route of /v1 that takes a POST stands in the table", async () => {
  await start()
  const document = (await (await fetch(`${kit.server.url}/openapi.json`)).json()) as { paths: Record<string, object> }
  const posts = Object.entries(document.paths).flatMap(([path, item]) =>
    path.startsWith("/v1/") && "post" in item ? [path] : [],
  )
  const charging = posts.filter((path) => !FREE.includes(path) && !OF_ONE.includes(path))
  expect([...new Set(ROUTES.map(([path]) => path))].sort()).toEqual([...charging, ...ALIASES].sort())
})

describe("a key that does not count is refused with its reason, before the upstream, and its owner sees it", () => {
  const table: [string, Partial<CreateKey>, (key: { publicId: string }) => unknown, number][] = [
    ["api_key_revoked", {}, (key) => kit.keys.revoke(testCtx, ref(key)), 401],
    ["api_key_disabled", {}, (key) => kit.keys.setDisabled(testCtx, { ...ref(key), disabled: true }), 403],
    ["api_key_expired", {}, () => kit.clock.advance(2 * DAY_MS), 401],
    ["api_key_address_denied", { allowedIps: ["203.0.113.0/24"] }, () => {}, 403],
    ["account_suspended", {}, () => kit.people.suspended.add(1), 403],
    ["insufficient_scope", {}, () => {}, 403],
  ]
  const scopes = {
    moderations: "embeddings",
    rerank: "llm",
    images: "llm",
    "image-edits": "llm",
    videos: "llm",
    speech: "llm",
    transcriptions: "llm",
    translations: "llm",
    embeddings: "llm",
    chat: "embeddings",
    responses: "embeddings",
    messages: "embeddings",
  } as Record<string, string>
  for (const [code, options, end, status] of table) {
    test(code, async () => {
      await start()
      const made = []
      for (const route of ROUTES) {
        const wanting = code === "insufficient_scope" ? { scopes: [scopes[endpointOf(route)]!] } : {}
        const expiring = code === "api_key_expired" ? { expiresMs: kit.clock.now() + DAY_MS } : {}
        made.push({ route, ...(await kit.key({ ...options, ...wanting, ...expiring })) })
      }
      for (const { key } of made) await end(key)
      for (const { route, secret, key } of made) {
        const endpoint = endpointOf(route)
        const row = { endpoint, keyId: key.id, clientId: null, status, code }
        expect([nameOf(route), await refused(secret, route)]).toEqual([
          nameOf(route),
          { status, code, topup: undefined, row },
        ])
        expect([nameOf(route), code, await isSaid(route, status, code)]).toEqual([nameOf(route), code, true])
      }
      expect(kit.upstream.journal).toEqual([])
    })
  }
})

describe("a token whose app or person does not count is refused with its reason, and the person sees who asked", () => {
  const ENDS: [code: string, end: (app: App) => unknown, status: number][] = [
    [
      "token_revoked",
      ({ client }) => {
        const { publicId } = kit.oauth.consentsOf(1).find(({ clientId }) => clientId === client.id)!
        return kit.write((tx) => kit.oauth.revokeConsentIn(tx, { userId: 1, consentPublicId: publicId }))
      },
      401,
    ],
    [
      "client_suspended",
      ({ client: { publicId } }) =>
        kit.write((tx) => kit.oauth.suspendClientIn(tx, { clientPublicId: publicId, reason: "Spam" })),
      403,
    ],
    ["account_suspended", () => kit.people.suspended.add(1), 403],
  ]
  for (const [code, end, status] of ENDS) {
    test(code, async () => {
      await start()
      const own = await kit.app()
      const credential = await own.token(1, SCOPES)
      await end(own)
      for (const route of ROUTES) {
        const row = { endpoint: endpointOf(route), keyId: null, clientId: own.client.id, status, code }
        expect([nameOf(route), await refused(credential, route)]).toEqual([
          nameOf(route),
          { status, code, topup: undefined, row },
        ])
        expect([nameOf(route), code, await isSaid(route, status, code)]).toEqual([nameOf(route), code, true])
      }
      expect(kit.upstream.journal).toEqual([])
    })
  }
})

/** Every kind of key: a new one joins here. */
const KINDS: [kind: string, credential: () => Promise<string>, model?: string][] = [
  ["an app's access token", async () => (await kit.app()).token(1, SCOPES)],
  ["a first-party app's token", async () => (await kit.app({ ownerId: null })).token(1, SCOPES)],
  ["a test app's token", async () => (await kit.app({ mode: "test" })).token(1, SCOPES), "sandbox"],
  ["a person's own key", async () => (await kit.key()).secret],
  ["a person's test key", async () => (await kit.key({ mode: "test" })).secret, "sandbox"],
]
const SCOPES = { scope: "openid llm embeddings image-generation video-generation speech" }

describe("without credits: 402, and no upstream is asked", () => {
  for (const [kind, credential, model = "mock-1"] of KINDS) {
    test(kind, async () => {
      await start({ balance: 0 })
      const known = await credential()
      for (const route of ROUTES) {
        const found = await refused(known, [route[0], { ...route[1], model }])
        expect([nameOf(route), found]).toMatchObject([
          nameOf(route),
          {
            status: 402,
            code: "insufficient_credits",
            topup: "https://id.example.com/credits",
            row: { status: 402, code: "insufficient_credits" },
          },
        ])
      }
      expect(kit.upstream.journal).toEqual([])
    })
  }
})
