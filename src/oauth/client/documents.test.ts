import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { DAY_MS, HOUR_MS, SECOND_MS } from "../../app/index.ts"
import { createSafeFetch, type SafeFetch, SafeFetchError, type SafeRequest } from "../../http/index.ts"
import type { Setting } from "../../part/index.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { answer, interactionOf, type Kit, openKit, refusal, VERIFIER } from "../testing.ts"
import type { Client } from "../types.ts"
import { freshMs } from "./document-rules.ts"

const CALLBACK = "http://localhost/callback"
const URL_OF = "https://agent.example.net/oauth/client.json"
const SETTINGS: Record<string, unknown> = {}

/** The web: what is at which address. */
const web = new Map<string, { status?: number; type?: string; headers?: Record<string, string>; body: unknown }>()
let fetches: { url: string; request: SafeRequest }[] = []
const safeFetch: SafeFetch = async (url, request) => {
  fetches.push({ url, request })
  const found = web.get(url)
  if (!found) throw new SafeFetchError("unresolved")
  const text = typeof found.body === "string" ? found.body : JSON.stringify(found.body)
  const headers = new Headers({ "content-type": found.type ?? "application/json", ...found.headers })
  return { status: found.status ?? 200, headers, bytes: Buffer.from(text), text: () => text }
}

let kit: Kit
let network = 0
beforeAll(async () => {
  kit = await openKit({
    safeFetch,
    settings: {
      get: <V>(setting: Setting<V>) => (setting.key in SETTINGS ? SETTINGS[setting.key] : setting.default) as V,
    },
  })
})
afterAll(() => kit.close())
beforeEach(() => {
  network++
  fetches = []
  kit.clock.advance(2 * DAY_MS)
})

const described = (url: string, more: Record<string, unknown> = {}) => ({
  client_id: url,
  client_name: "Agent",
  redirect_uris: [CALLBACK],
  token_endpoint_auth_method: "none",
  ...more,
})
let at = 0
/** A document of its own for each case. */
function document(more: Record<string, unknown> = {}, answered: Partial<Parameters<typeof web.set>[1]> = {}): string {
  const url = `https://agent.example.net/${++at}/client.json`
  web.set(url, { body: described(url, more), ...answered })
  return url
}
const paramsOf = (url: string, more: Record<string, string | null> = {}) =>
  kit.params({ publicId: url, redirectUris: ["http://localhost:51004/callback"] } as unknown as Client, more)
const ask = (url: string, more: Record<string, string | null> = {}, session = kit.signIn()) =>
  kit.oauth.beginAuthorization({
    params: paramsOf(url, more),
    session,
    browserIds: [kit.browser],
    requestId: "req_1",
    network: `n${network}`,
  })
async function whyNot(url: string): Promise<string> {
  const outcome = await ask(url)
  if (outcome.kind !== "error-page") throw new Error(outcome.kind)
  return outcome.error.message
}

describe("a client that describes itself", () => {
  test("signs people in under its address, which tokens, introspection and refresh know it by", async () => {
    web.set(URL_OF, { body: described(URL_OF) })
    const session = kit.signIn()
    const page = await ask(URL_OF, {}, session)
    if (page.kind !== "consent") throw new Error(page.kind)
    expect(page.view.app).toMatchObject({
      name: "Agent",
      source: "document",
      ownerId: null,
      documentHost: "agent.example.net",
      returnsTo: "localhost:51004",
      loopbackOnly: true,
    })
    const code = answer(await kit.decide(page.interaction, session)).get("code")!
    const tokens = await kit.oauth.token({
      params: new URLSearchParams({
        grant_type: "authorization_code",
        code,
        code_verifier: VERIFIER,
        client_id: URL_OF,
        redirect_uri: "http://localhost:51004/callback",
      }),
      authorization: null,
      requestId: "req_t",
    })
    const payload = JSON.parse(Buffer.from(tokens.access_token.split(".")[1]!, "base64url").toString())
    expect(payload.client_id).toBe(URL_OF)
    expect(JSON.parse(Buffer.from(tokens.id_token!.split(".")[1]!, "base64url").toString()).aud).toBe(URL_OF)
    const claims = await kit.oauth.verifyAccessToken(tokens.access_token)
    expect(claims).toMatchObject({ developerId: null })
    expect(await kit.write((tx) => kit.oauth.requireGrantIn(tx, claims, "llm"))).toMatchObject({ developerId: null })
    const refreshed = await kit.oauth.token({
      params: new URLSearchParams({
        grant_type: "refresh_token",
        refresh_token: tokens.refresh_token!,
        client_id: URL_OF,
      }),
      authorization: null,
      requestId: "req_t",
    })
    expect(refreshed.access_token).toBeString()
    const [consent] = kit.oauth.consentsOf(1)
    expect(consent?.client).toMatchObject({ source: "document", documentUrl: URL_OF, ownerId: null })
  })

  test("is asked for by one request with bounds, and not again while it is fresh", async () => {
    const url = document({}, { headers: { "cache-control": "max-age=600" } })
    await Promise.all([ask(url), ask(url), ask(url)])
    await ask(url)
    expect(fetches).toMatchObject([{ url, request: { bytesMax: 64_000, deadlineMs: 5_000 } }])
    kit.clock.advance(601 * SECOND_MS)
    await ask(url)
    expect(fetches).toHaveLength(2)
  })

  test("what its document says next time counts: name, addresses, and its end", async () => {
    const url = document()
    const session = kit.signIn()
    const page = interactionOf(await ask(url, {}, session))
    web.set(url, { body: described(url, { client_name: "Renamed", redirect_uris: ["http://localhost/other"] }) })
    kit.clock.advance(31 * SECOND_MS)
    expect(await ask(url)).toMatchObject({ kind: "error-page" })
    // Who saw the page before answers by what holds now.
    expect(await kit.decide(page, session)).toMatchObject({ kind: "error-page" })
    web.delete(url)
    kit.clock.advance(61 * SECOND_MS)
    expect(await whyNot(url)).toContain("it cannot be fetched")
  })

  test("is suspended like any other, and stays so when its document is fetched again", async () => {
    const url = document()
    await ask(url)
    const { publicId } = kit.oauth.clientByPublicId(url)!
    await kit.write((tx) => kit.oauth.suspendClientIn(tx, { clientPublicId: publicId, reason: "Spam" }))
    kit.clock.advance(2 * DAY_MS)
    await kit.oauth.sweep()
    expect(await ask(url)).toMatchObject({ kind: "error-page", error: { code: "client_suspended" } })
  })
})

describe("what is refused, here and without a redirect", () => {
  test.each<[string, string, string]>([
    ["no path", "https://agent.example.net/", "it has no path"],
    ["no path at all", "https://agent.example.net", "it is not written in its plain form"],
    ["plain http", "http://agent.example.net/c.json", "We do not know the app"],
    ["a fragment", "https://agent.example.net/c.json#x", "it has a part after #"],
    ["a user name", "https://me@agent.example.net/c.json", "it holds a user name"],
    ["dots", "https://agent.example.net/a/../c.json", "it is not written in its plain form"],
    ["hidden dots", "https://agent.example.net/%2e%2e/c.json", "it is not written in its plain form"],
    ["capitals", "https://Agent.example.net/c.json", "it is not written in its plain form"],
    ["a default port", "https://agent.example.net:443/c.json", "it is not written in its plain form"],
    ["a control character", "https://agent.example.net/c\n.json", "it is not an https address"],
    ["length", `https://agent.example.net/${"x".repeat(1_000)}`, "it is too long"],
  ])("an address with %s", async (_what, url, words) => {
    web.set(url, { body: described(url) })
    expect(await whyNot(url)).toContain(words)
    expect(fetches).toEqual([])
  })

  test.each<[string, Record<string, unknown>, string]>([
    ["another client_id", { client_id: "https://agent.example.net/other.json" }, "its client_id is another address"],
    ["a client_id that only looks the same", { client_id: "https://agent.example.net/%31/client.json" }, "client_id"],
    ["no name", { client_name: undefined }, "it has no client_name"],
    ["no redirect URIs", { redirect_uris: undefined }, "it has no redirect_uris"],
    ["an empty list of them", { redirect_uris: [] }, "redirect_uris: Add at least one"],
    ["a script as a redirect URI", { redirect_uris: ["javascript:alert(1)"] }, "redirect_uris"],
    ["plain http on a host", { redirect_uris: ["http://agent.example.net/cb"] }, "Use https"],
    ["a secret", { client_secret: "s" }, "it holds a secret"],
    ["the end of a secret", { client_secret_expires_at: 0 }, "it holds a secret"],
    ["a secret as its proof", { token_endpoint_auth_method: "client_secret_post" }, "it asks to prove itself"],
    ["a key as its proof", { token_endpoint_auth_method: "private_key_jwt" }, "it asks to prove itself"],
    ["our name", { client_name: "Purser Console" }, "client_name: This name is reserved"],
    ["a name that turns around", { client_name: "Agent\u202e" }, "client_name: Use letters"],
    ["a homepage that is a script", { client_uri: "javascript:alert(1)" }, "client_uri"],
    ["lists of something else", { redirect_uris: [{}] }, "must be a list of texts"],
  ])("a document with %s", async (_what, more, words) => {
    expect(await whyNot(document(more))).toContain(words)
  })

  test.each<[string, Partial<Parameters<typeof web.set>[1]>, string]>([
    ["not found", { status: 404 }, "answered with 404"],
    ["a redirect", { status: 302, headers: { location: "https://elsewhere.example/" } }, "answered with 302"],
    ["another success", { status: 201 }, "answered with 201"],
    ["a page", { type: "text/html" }, "it is not JSON"],
    ["no JSON", { body: "{" }, "it is not JSON"],
    ["a list", { body: [] }, "Send one JSON object."],
  ])("an answer that is %s", async (_what, answered, words) => {
    expect(await whyNot(document({}, answered))).toContain(words)
  })

  test("addresses within the house and its network, by name and by number (SSRF)", async () => {
    const guarded = await openKit({ safeFetch: createSafeFetch({ resolve: async () => ["10.0.0.7"] }) })
    for (const url of [
      "https://localhost/c.json",
      "https://127.0.0.1/c.json",
      "https://[::1]/c.json",
      "https://169.254.169.254/latest/meta-data",
      "https://10.1.2.3/c.json",
      "https://rebinding.example.net/c.json",
    ]) {
      const params = paramsOf(url)
      const input = { params, session: guarded.signIn(), browserIds: ["b"], requestId: "r", network: "n" }
      const outcome = await guarded.oauth.beginAuthorization(input)
      expect(outcome).toMatchObject({ kind: "error-page", error: { code: "invalid_request" } })
      expect(guarded.oauth.clientByPublicId(url)).toBeNull()
    }
    await guarded.close()
  })

  test("what is refused is not asked for again at once, and a network asks for few", async () => {
    const gone = document({}, { status: 404 })
    await whyNot(gone)
    await whyNot(gone)
    expect(fetches).toHaveLength(1)
    kit.clock.advance(31 * SECOND_MS)
    await whyNot(gone)
    expect(fetches).toHaveLength(2)
    network++
    for (let more = 0; more < 40; more++) await ask(document())
    expect(await ask(document())).toMatchObject({ kind: "error-page", error: { code: "rate_limit_exceeded" } })
  })

  test("prompt=none leads nowhere before a person allowed the app, signed in or not", async () => {
    const url = document()
    expect(await ask(url, { prompt: "none" })).toMatchObject({
      kind: "error-page",
      error: { code: "consent_required" },
    })
    const signedOut = { params: paramsOf(url, { prompt: "none" }), session: null, browserIds: ["b"], requestId: "r" }
    expect(await kit.oauth.beginAuthorization(signedOut)).toMatchObject({ kind: "refused" })
    const session = kit.signIn()
    await kit.decide(interactionOf(await ask(url, {}, session)), session)
    expect(answer(await ask(url, { prompt: "none" }, session)).get("code")).toBeString()
  })

  test("all of them, or all but those of some hosts, where the operator says so", async () => {
    const url = document()
    SETTINGS["oauth.document_hosts"] = ["claude.ai"]
    expect(await whyNot(url)).toContain("Apps of agent.example.net may not sign in here")
    SETTINGS["oauth.document_hosts"] = ["agent.example.net"]
    expect((await ask(url)).kind).toBe("consent")
    SETTINGS["oauth.documents"] = "no"
    expect(await whyNot(url)).toContain("may not sign in here")
    expect(kit.oauth.discovery().client_id_metadata_document_supported).toBe(false)
    delete SETTINGS["oauth.documents"]
    delete SETTINGS["oauth.document_hosts"]
    expect(kit.oauth.discovery().client_id_metadata_document_supported).toBe(true)
  })
})

describe("how long it is believed", () => {
  test.each<[string, Record<string, string>, number]>([
    ["no word", {}, 30 * SECOND_MS],
    ["an hour", { "cache-control": "public, max-age=3600" }, HOUR_MS],
    ["an hour that is half over", { "cache-control": "max-age=3600", age: "1800" }, HOUR_MS / 2],
    ["for ever", { "cache-control": "max-age=999999999" }, DAY_MS],
    ["not at all", { "cache-control": "no-store, max-age=3600" }, 30 * SECOND_MS],
    ["until a date", { expires: new Date(Date.UTC(2026, 0, 1, 2)).toUTCString() }, 2 * HOUR_MS],
    ["nonsense", { "cache-control": "max-age=-1", expires: "0" }, 30 * SECOND_MS],
  ])("%s", (_what, headers, ms) => {
    expect(freshMs(new Headers(headers), Date.UTC(2026, 0, 1))).toBe(ms)
  })
})

describe("rows", () => {
  test("what nobody allowed goes after a day, what somebody allowed stays", async () => {
    const [unused, used] = [document(), document()]
    await ask(unused)
    const session = kit.signIn()
    await kit.decide(interactionOf(await ask(used, {}, session)), session)
    kit.clock.advance(DAY_MS + 1)
    await kit.oauth.sweep()
    expect([kit.oauth.clientByPublicId(unused), kit.oauth.clientByPublicId(used)?.name]).toEqual([null, "Agent"])
  })

  test("an admin's removal ends consents and grants, keeps the name, and frees the address", async () => {
    const url = document()
    const session = kit.signIn()
    const code = answer(await kit.decide(interactionOf(await ask(url, {}, session)), session)).get("code")!
    const client = kit.oauth.clientByPublicId(url)!
    await kit.write((tx) => kit.oauth.removeClientIn(tx, { clientPublicId: client.publicId }))
    expect(kit.oauth.clientByPublicId(url)).toBeNull()
    expect(kit.oauth.clientById(client.id)).toMatchObject({ name: "Agent", redirectUris: [] })
    expect(kit.oauth.isClientSuspended(client.id)).toBe(true)
    expect(kit.oauth.consentsOf(1).some(({ clientId }) => clientId === client.id)).toBe(false)
    const params = { grant_type: "authorization_code", code, code_verifier: VERIFIER, client_id: url }
    const token = { params: new URLSearchParams(params), authorization: null, requestId: "r" }
    expect(await refusal(kit.oauth.token(token))).toBe("invalid_client")
    const back = () => kit.write((tx) => kit.oauth.unsuspendClientIn(tx, { clientPublicId: client.publicId }))
    expect(await refusal(back)).toBe("conflict")
    kit.clock.advance(31 * SECOND_MS)
    const again = await ask(url)
    expect(again).toMatchObject({ kind: "consent", view: { reason: "first" } })
    expect(kit.oauth.clientByPublicId(url)?.publicId).not.toBe(client.publicId)
  })

  test("there is room for so many that nobody allowed; the oldest makes place", async () => {
    const max = OAUTH_LIMITS.unusedClientsMax
    const full = kit.store.write({ actor: "t", requestId: "r", reason: "t" }, (tx) => {
      for (let n = kit.count("oauth_client_origins", "used_ms IS NULL AND url IS NOT NULL"); n < max; n++) {
        const id = tx.run(
          `INSERT INTO oauth_clients (public_id, holder_id, type, mode, name, scopes, created_ms, updated_ms, source)
           VALUES ('cli_full' || ?1, 0, 'public', 'live', 'x', 'openid', ?2, ?2, 'document')`,
          n,
          tx.now - 2 * DAY_MS,
        ).lastInsertRowid
        tx.run(
          "INSERT INTO oauth_client_origins (client_id, url, created_ms) VALUES (?, 'https://full.example/' || ?, ?)",
          id,
          n,
          tx.now - DAY_MS / 2 + n,
        )
      }
    })
    await full
    const url = document()
    expect((await ask(url)).kind).toBe("consent")
    expect(kit.count("oauth_client_origins", "used_ms IS NULL AND url IS NOT NULL")).toBe(max)
    kit.clock.advance(2 * DAY_MS)
    while ((await kit.oauth.sweep()) === 500);
    expect(kit.count("oauth_clients", "name = 'x'")).toBe(0)
  })
})
