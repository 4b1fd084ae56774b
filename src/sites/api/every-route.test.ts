// Every route that charges, with every kind of caller: what is refused before any upstream is asked, and the row that is left of it.
import { describe, expect, test } from "bun:test"
import { DAY_MS, UserId } from "../../app/index.ts"
import type { CreateKey } from "../../keys/index.ts"
import { testCtx } from "../../store/index.ts"
import { ASK, kit, start } from "./testing.ts"

type Told = { code?: string; details?: { error_code: string } } & Record<string, unknown>
/** The code and its members, in whichever envelope. */
async function toldBy(response: Response): Promise<Told> {
  const { error } = (await response.json()) as { error: Told }
  return error.details ? { ...error.details, code: error.details.error_code } : error
}
const ref = (key: { publicId: string }) => ({ userId: UserId(1), keyPublicId: key.publicId })

/** Whether the document names the code under the status of that route. */
async function isSaid([path]: (typeof ROUTES)[number], status: number, code: string): Promise<boolean> {
  interface Said {
    paths: Record<string, { post: { responses: Record<number, { "x-error-codes": string[] } | undefined> } }>
  }
  const { paths } = (await (await fetch(`${kit.server.url}/openapi.json`)).json()) as Said
  return paths[path]!.post.responses[status]?.["x-error-codes"].includes(code) ?? false
}

/** Every route that charges: a new one joins here. */
const ROUTES: [path: string, body: object][] = [
  ["/v1/chat/completions", ASK],
  ["/v1/chat/completions", { ...ASK, stream: true }],
  ["/v1/responses", { model: "mock-1", input: "hi" }],
  ["/v1/responses", { model: "mock-1", input: "hi", stream: true }],
  ["/v1/messages", { ...ASK, max_tokens: 100 }],
  ["/v1/messages", { ...ASK, max_tokens: 100, stream: true }],
  ["/v1/embeddings", { model: "mock-1", input: "hi" }],
]
/** Never charged. */
const FREE = ["/v1/messages/count_tokens"]
const nameOf = ([path, body]: (typeof ROUTES)[number]) => `${path}${"stream" in body ? ", streamed" : ""}`
const send = (bearer: string, [path, body]: (typeof ROUTES)[number]) =>
  fetch(`${kit.server.url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  })
/** What the owner of a call sees of it, when it was refused. */
const refusedRow = async () => {
  await kit.usage.flush()
  return kit.store.read.get<object>(
    "SELECT endpoint, key_id AS keyId, client_id AS clientId, status, error_code AS code FROM refused_calls",
  )
}

test("every route of /v1 that takes a POST stands in the table", async () => {
  await start()
  const document = (await (await fetch(`${kit.server.url}/openapi.json`)).json()) as { paths: Record<string, object> }
  const posts = Object.entries(document.paths).flatMap(([path, item]) =>
    path.startsWith("/v1/") && "post" in item ? [path] : [],
  )
  expect([...new Set(ROUTES.map(([path]) => path))].sort()).toEqual(posts.filter((path) => !FREE.includes(path)).sort())
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
  const scopes = { embeddings: "llm", chat: "embeddings", responses: "embeddings", messages: "embeddings" } as Record<
    string,
    string
  >
  for (const [code, options, end, status] of table) {
    for (const route of ROUTES) {
      test(`${code}: ${nameOf(route)}`, async () => {
        await start()
        const endpoint = route[0].split("/")[2]!
        const wanting = code === "insufficient_scope" ? { scopes: [scopes[endpoint]!] } : {}
        const expiring = code === "api_key_expired" ? { expiresMs: kit.clock.now() + DAY_MS } : {}
        const { secret, key } = await kit.key({ ...options, ...wanting, ...expiring })
        await end(key)
        const response = await send(secret, route)
        expect([response.status, (await toldBy(response)).code]).toEqual([status, code])
        expect(await isSaid(route, status, code)).toBe(true)
        expect(kit.upstream.journal).toEqual([])
        expect(await refusedRow()).toEqual({ endpoint, keyId: key.id, clientId: null, status, code })
      })
    }
  }
})

/** Every kind of key: a new one joins here. */
const KINDS: [kind: string, credential: () => Promise<string>][] = [
  ["an app's access token", async () => (await kit.app()).token(1, { scope: "openid llm embeddings" })],
  ["a person's own key", async () => (await kit.key()).secret],
]

describe("without credits: 402, and no upstream is asked", () => {
  for (const route of ROUTES) {
    for (const [kind, credential] of KINDS) {
      test(`${nameOf(route)} with ${kind}`, async () => {
        await start({ balance: 0 })
        const response = await send(await credential(), route)
        const error = await toldBy(response)
        expect([response.status, error.code]).toEqual([402, "insufficient_credits"])
        expect(error.topup_url).toBe("https://id.example.com/credits")
        expect(kit.upstream.journal).toEqual([])
        expect(await refusedRow()).toMatchObject({ status: 402, code: "insufficient_credits" })
      })
    }
  }
})
