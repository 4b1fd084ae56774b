import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { DAY_MS } from "../../app/index.ts"
import type { Setting } from "../../part/index.ts"
import { SCOPES } from "../scopes.ts"
import { ISSUER, type Kit, type Made, openKit, refusal } from "../testing.ts"
import type { RegisteredClient } from "../types.ts"

const CALLBACK = "https://app.example.com/callback"
const SETTINGS: Record<string, unknown> = { "oauth.registration": "yes" }
let kit: Kit
let network = 0
beforeAll(async () => {
  kit = await openKit({
    settings: {
      get: <V>(setting: Setting<V>) => (setting.key in SETTINGS ? SETTINGS[setting.key] : setting.default) as V,
    },
  })
})
afterAll(() => kit.close())
beforeEach(() => void network++)

const register = (more: Record<string, unknown> = {}): Promise<RegisteredClient> =>
  kit.oauth.registerDynamic({
    metadata: { client_name: "Agent", redirect_uris: [CALLBACK], token_endpoint_auth_method: "none", ...more },
    network: `n${network}`,
    requestId: "req_r",
  })
const madeOf = (made: RegisteredClient): Made => ({
  client: kit.oauth.clientByPublicId(made.client_id)!,
  secret: (made.client_secret as string | undefined) ?? null,
})
const tokenOf = (made: RegisteredClient) => made.registration_access_token as string

describe("registration", () => {
  test("is off by default: no address in the metadata, and nothing behind it", async () => {
    delete SETTINGS["oauth.registration"]
    expect(kit.oauth.discovery()).not.toHaveProperty("registration_endpoint")
    expect(await refusal(register())).toBe("not_found")
    SETTINGS["oauth.registration"] = "yes"
    expect(kit.oauth.discovery().registration_endpoint).toBe(`${ISSUER}/register`)
  })

  test("a public client signs people in; consent says that it registered itself", async () => {
    const made = await register({ scope: "openid offline_access llm" })
    expect(made).toMatchObject({
      client_name: "Agent",
      redirect_uris: [CALLBACK],
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token"],
      scope: "openid offline_access llm",
    })
    expect(made).not.toHaveProperty("client_secret")
    const page = await kit.ask(madeOf(made))
    if (page.kind !== "consent") throw new Error(page.kind)
    expect(page.view.app).toMatchObject({ source: "registration", ownerId: null, documentHost: null })
    expect((await kit.login(madeOf(made))).refresh_token).toBeString()
  })

  test("whoever says nothing of scopes may ask for whatever there is; `*` from outside is no scope", async () => {
    const rowOf = ({ client_id }: RegisteredClient) =>
      kit.store.read.get<{ scopes: string }>("SELECT scopes FROM oauth_clients WHERE public_id = ?", client_id)?.scopes
    const open = await register()
    expect([open.scope, rowOf(open)]).toEqual([SCOPES.join(" "), "*"])
    expect(madeOf(open).client.scopes).toEqual([...SCOPES])
    expect((await register({ scope: "*" })).scope).toBe("openid offline_access")
  })

  test("without a word a client has a secret, and proves itself by it alone (CVE-2026-44476)", async () => {
    const made = await register({ token_endpoint_auth_method: undefined })
    expect(made).toMatchObject({ token_endpoint_auth_method: "client_secret_basic", client_secret_expires_at: 0 })
    expect(made.client_secret).toMatch(/^cs_live_/)
    const { client, secret } = madeOf(made)
    const code = await kit.code(client)
    expect(await refusal(kit.redeem({ client, secret: "" }, code))).toBe("invalid_client")
    expect(await refusal(kit.redeem({ client, secret: null }, code))).toBe("invalid_client")
    const empty = `Basic ${Buffer.from(`${client.publicId}:`).toString("base64")}`
    const params = { grant_type: "authorization_code", code, code_verifier: "x".repeat(43) }
    expect(await refusal(kit.token({ client, secret }, params, empty))).toBe("invalid_client")
    expect((await kit.redeem({ client, secret }, code)).access_token).toBeString()
    // And public stays public: a secret of its own making lets nobody in.
    const open = madeOf(await register())
    expect(await refusal(kit.redeem({ client: open.client, secret: "anything" }, "ac_x"))).toBe("invalid_client")
    const add = () =>
      kit.write((tx) => kit.oauth.addSecretIn(tx, { ownerId: "any", clientPublicId: open.client.publicId }))
    expect(await refusal(add)).toBe("invalid_request")
  })

  test.each<[string, unknown, string]>([
    ["no object", [], "invalid_client_metadata"],
    ["no name", { redirect_uris: [CALLBACK] }, "invalid_client_metadata"],
    ["no redirect URI", { client_name: "Agent" }, "invalid_redirect_uri"],
    [
      "a redirect URI with a fragment",
      { client_name: "Agent", redirect_uris: [`${CALLBACK}#x`] },
      "invalid_redirect_uri",
    ],
    ["plain http", { client_name: "Agent", redirect_uris: ["http://app.example.com/cb"] }, "invalid_redirect_uri"],
    ["a script", { client_name: "Agent", redirect_uris: ["javascript:alert(1)"] }, "invalid_redirect_uri"],
    ["our name", { client_name: "Purser", redirect_uris: [CALLBACK] }, "invalid_client_metadata"],
    ["a name that turns", { client_name: "a\u202eb", redirect_uris: [CALLBACK] }, "invalid_client_metadata"],
    ["a long name", { client_name: "a".repeat(81), redirect_uris: [CALLBACK] }, "invalid_client_metadata"],
    ["a key as its proof", { token_endpoint_auth_method: "private_key_jwt" }, "invalid_client_metadata"],
    ["details nobody knows", { authorization_details_types: ["payment_initiation"] }, "invalid_client_metadata"],
    ["grants that are not offered", { grant_types: ["implicit"] }, "invalid_client_metadata"],
    ["responses that are not offered", { response_types: ["token"] }, "invalid_client_metadata"],
    ["a number as a name", { client_name: 7 }, "invalid_client_metadata"],
    [
      "too many redirect URIs",
      { redirect_uris: Array.from({ length: 21 }, (_, n) => `${CALLBACK}/${n}`) },
      "invalid_redirect_uri",
    ],
  ])("%s is refused", async (_what, metadata, code) => {
    const isWhole = Array.isArray(metadata) || "client_name" in (metadata as object) || _what === "no name"
    const given =
      isWhole && _what !== "a number as a name"
        ? metadata
        : { client_name: "Agent", redirect_uris: [CALLBACK], ...(metadata as object) }
    const rows = kit.count("oauth_clients")
    expect(await refusal(kit.oauth.registerDynamic({ metadata: given, network: `n${network}`, requestId: "r" }))).toBe(
      code as never,
    )
    expect(kit.count("oauth_clients")).toBe(rows)
  })

  test("one network registers few", async () => {
    for (let at = 0; at < 20; at++) await register()
    expect(await refusal(register())).toBe("rate_limit_exceeded")
  })

  test("a device registers without a redirect URI", async () => {
    const grants = ["urn:ietf:params:oauth:grant-type:device_code"]
    const made = await register({ redirect_uris: undefined, grant_types: grants })
    expect(madeOf(made).client.deviceFlow).toBe(true)
  })
})

describe("its own token (RFC 7592)", () => {
  test("reads and ends it, and nothing else", async () => {
    const [mine, other] = [await register(), await register()]
    const token = tokenOf(mine)
    const { registration_access_token: _, ...said } = mine
    expect(kit.oauth.readRegistration({ clientPublicId: mine.client_id, token })).toEqual(said)
    const wrong = [
      { clientPublicId: other.client_id, token },
      { clientPublicId: mine.client_id, token: "" },
      { clientPublicId: mine.client_id, token: `${token}x` },
    ]
    for (const one of wrong) expect(await refusal(() => kit.oauth.readRegistration(one))).toBe("token_invalid")
    await kit.oauth.deleteRegistration({ clientPublicId: mine.client_id, token, requestId: "r" })
    expect(kit.oauth.clientByPublicId(mine.client_id)).toBeNull()
    expect(await refusal(() => kit.oauth.readRegistration({ clientPublicId: mine.client_id, token }))).toBe(
      "token_invalid",
    )
    expect(JSON.stringify(kit.store.read.all("SELECT * FROM oauth_client_origins"))).not.toContain(tokenOf(other))
  })

  test("of one that people use: they are signed out, its name stays", async () => {
    const made = await register({ scope: "offline_access llm" })
    const { refresh_token } = await kit.login(madeOf(made), { scope: "offline_access llm" })
    const { client } = madeOf(made)
    await kit.oauth.deleteRegistration({ clientPublicId: client.publicId, token: tokenOf(made), requestId: "r" })
    expect(await refusal(kit.refresh({ client, secret: null }, refresh_token!))).toBe("unauthorized_client")
    expect(kit.oauth.clientById(client.id)).toMatchObject({ name: "Agent", removedMs: kit.clock.now() })
    expect(await kit.ask({ client, secret: null })).toMatchObject({ kind: "error-page" })
  })
})

describe("what nobody uses goes", () => {
  test("after a day where nobody allowed it, after months where nobody is signed in any more", async () => {
    const unused = await register()
    const idle = madeOf(await register())
    await kit.login(idle, { scope: "offline_access llm" })
    kit.clock.advance(DAY_MS + 1)
    await kit.oauth.sweep()
    expect(kit.oauth.clientByPublicId(unused.client_id)).toBeNull()
    expect(kit.oauth.clientById(idle.client.id)?.removedMs).toBeNull()
    const used = madeOf(await register())
    kit.clock.advance(DAY_MS / 2)
    await kit.login(used, { scope: "offline_access llm" })
    kit.clock.advance(80 * DAY_MS)
    await kit.login(used, { scope: "offline_access llm" })
    kit.clock.advance(20 * DAY_MS)
    await kit.oauth.sweep()
    expect(kit.oauth.clientById(idle.client.id)?.removedMs).not.toBeNull()
    expect(kit.oauth.clientById(used.client.id)?.removedMs).toBeNull()
    expect(kit.oauth.consentsOf(1).map(({ clientId }) => clientId)).not.toContain(idle.client.id)
  })
})
