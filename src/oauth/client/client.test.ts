import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { type AppError, UserId } from "../../app/index.ts"
import { auditOf } from "../../audit/index.ts"
import { CALLBACK, type Kit, type Made, openKit, refusal } from "../testing.ts"
import type { RegisterClient } from "../types.ts"

let kit: Kit
let app: Made
let spa: Made
beforeAll(async () => {
  kit = await openKit()
  app = await kit.register()
  spa = await kit.register("public")
})
afterAll(() => kit.close())

const form: RegisterClient = {
  ownerId: UserId(9),
  type: "confidential",
  name: "Chat",
  redirectUris: [CALLBACK],
  scopes: [],
}
const problems = async (more: Partial<RegisterClient>) => {
  try {
    await kit.write((tx) => kit.oauth.registerClientIn(tx, { ...form, ...more }))
    return []
  } catch (error) {
    return Object.keys((error as AppError).extra.formErrors ?? {})
  }
}

describe("registration", () => {
  test("confidential clients get one secret, shown once and stored as a hash", () => {
    expect(app.secret).toMatch(/^cs_live_[A-Za-z0-9_-]{43}[0-9a-f]{8}$/)
    const body = app.secret!.slice(0, -8)
    expect(Bun.hash.crc32(body).toString(16).padStart(8, "0")).toBe(app.secret!.slice(-8))
    const dump = JSON.stringify(kit.store.read.all("SELECT * FROM oauth_client_secrets"))
    expect(dump).not.toContain(app.secret!)
    expect(dump).not.toContain(app.secret!.slice(8, 30))
  })
  test("public clients get none and cannot be given one", async () => {
    expect(spa.secret).toBeNull()
    const add = kit.write((tx) => kit.oauth.addSecretIn(tx, { ownerId: 9, clientPublicId: spa.client.publicId }))
    expect(await refusal(add)).toBe("invalid_request")
  })
  test("signing in and staying signed in are always among the scopes", () => {
    expect(app.client.scopes).toEqual(["openid", "profile", "email", "offline_access", "llm", "embeddings"])
  })
  test("bad fields are all named at once", async () => {
    expect(
      await problems({
        name: " ",
        redirectUris: ["javascript:alert(1)"],
        scopes: ["root"],
        homepageUrl: "javascript:1",
      }),
    ).toEqual(["name", "redirectUris", "scopes", "homepageUrl"])
    expect(await problems({ redirectUris: [] })).toEqual(["redirectUris"])
    expect(await problems({ redirectUris: Array.from({ length: 21 }, (_, i) => `${CALLBACK}/${i}`) })).toEqual([
      "redirectUris",
    ])
    expect(await problems({ name: "Pur\u202Eser" })).toEqual(["name"])
    expect(await problems({ name: "x".repeat(81) })).toEqual(["name"])
    for (const name of ["\u3164", "Purser", "Рurser Login", "Cha\u{e0041}t"]) {
      expect(await problems({ name })).toEqual(["name"])
    }
    expect(await problems({ name: "👩‍🚀 Orbit", scopes: ["none"] })).toEqual(["scopes"])
  })
  test("what an app promises is a public https page; its homepage may be on the developer's machine", async () => {
    const bad = [
      "javascript:alert(1)",
      "data:text/html,x",
      "http://127.0.0.1:3000/",
      "//app.example.com",
      "https://u:p@app.example.com",
    ]
    for (const address of bad) {
      expect(await problems({ policyUri: address, tosUri: address })).toEqual(["policyUri", "tosUri"])
    }
    expect(await problems({ ownerId: UserId(10), homepageUrl: "http://127.0.0.1:3000/" })).toEqual([])
    const links = { policyUri: " https://app.example.com/privacy ", tosUri: "https://app.example.com/terms" }
    const { client } = await kit.write((tx) =>
      kit.oauth.registerClientIn(tx, { ...form, ownerId: UserId(10), ...links }),
    )
    expect(client).toMatchObject({
      policyUri: "https://app.example.com/privacy",
      tosUri: links.tosUri,
      homepageUrl: null,
    })
    const change = (more: object) =>
      kit.write((tx) => kit.oauth.updateClientIn(tx, { ownerId: 10, clientPublicId: client.publicId, ...more }))
    expect(await change({ tosUri: null })).toMatchObject({ policyUri: "https://app.example.com/privacy", tosUri: null })
  })
  test("how people come and go: changed one by one, and only where it is safe", async () => {
    const { client } = await kit.write((tx) => kit.oauth.registerClientIn(tx, { ...form, ownerId: UserId(11) }))
    expect(client).toMatchObject({ requirePar: false, postLogoutUris: [], backchannelLogoutUri: null })
    const change = (more: object) =>
      kit.write((tx) => kit.oauth.updateClientIn(tx, { ownerId: 11, clientPublicId: client.publicId, ...more }))
    const bye = "https://app.example.com/bye"
    await change({ requirePar: true, postLogoutUris: [` ${bye} `, bye], backchannelLogoutUri: `${bye}/told` })
    const after = await change({ name: "Chat 2" })
    expect(after).toMatchObject({ requirePar: true, postLogoutUris: [bye], backchannelLogoutUri: `${bye}/told` })
    for (const uri of ["http://app.example.com/x", "javascript:alert(1)", "https://app.example.com/#x", "//x"]) {
      expect(await refusal(change({ postLogoutUris: [uri] }))).toBe("validation_failed")
      expect(await refusal(change({ backchannelLogoutUri: uri }))).toBe("validation_failed")
    }
    expect(await refusal(change({ backchannelLogoutUri: "http://127.0.0.1:3000/told" }))).toBe("validation_failed")
    expect(await change({ postLogoutUris: [], backchannelLogoutUri: null })).toMatchObject({ postLogoutUris: [] })
  })
  test("nobody registers a first-party client, and no other client is without an owner", async () => {
    const wrong = (input: Partial<RegisterClient>) =>
      refusal(kit.write((tx) => kit.oauth.registerClientIn(tx, { ...form, ...input })))
    expect(await wrong({ type: "first-party", ownerId: UserId(9) })).toBe("forbidden")
    expect(await wrong({ ownerId: null })).toBe("forbidden")
  })
  test("an app of the house that an admin makes is held to the same addresses as any other", async () => {
    const house = { ...form, type: "first-party", ownerId: null } as const
    for (const uri of [
      "javascript:alert(1)",
      "http://evil.example/cb",
      "https://*.example.com/",
      "//x",
      "com.x.app:/cb",
    ])
      expect(await problems({ ...house, redirectUris: [uri] })).toEqual(["redirectUris"])
    expect(await problems({ ...house, homepageUrl: "javascript:1", policyUri: "http://x.example" })).toEqual([
      "homepageUrl",
      "policyUri",
    ])
    const { client } = await kit.write((tx) => kit.oauth.registerClientIn(tx, house))
    const change = (more: object) =>
      kit.write((tx) => kit.oauth.updateClientIn(tx, { ownerId: "any", clientPublicId: client.publicId, ...more }))
    expect(await refusal(change({ redirectUris: ["javascript:alert(1)"] }))).toBe("validation_failed")
    expect(await refusal(change({ postLogoutUris: ["javascript:alert(1)"] }))).toBe("validation_failed")
  })
  test("the console cannot be suspended: nobody could let it in again", async () => {
    const console = await kit.write((tx) =>
      kit.oauth.ensureFirstPartyIn(tx, { key: "console", name: "Console", redirectUris: [CALLBACK] }),
    )
    const suspend = kit.write((tx) =>
      kit.oauth.suspendClientIn(tx, { clientPublicId: console.publicId, reason: "a slip" }),
    )
    expect(await refusal(suspend)).toBe("conflict")
  })
  test("the console's client is made once and kept up to date", async () => {
    const ensure = (uri: string) =>
      kit.write((tx) => kit.oauth.ensureFirstPartyIn(tx, { key: "console", name: "Console", redirectUris: [uri] }))
    const first = await ensure(CALLBACK)
    const second = await ensure("http://localhost:8080/console/callback")
    expect(second.id).toBe(first.id)
    expect(second.redirectUris).toEqual(["http://localhost:8080/console/callback"])
    expect(second.type).toBe("first-party")
  })
})

describe("ownership", () => {
  test("another developer finds nothing", async () => {
    const as = { ownerId: 8, clientPublicId: app.client.publicId }
    expect(await refusal(kit.write((tx) => kit.oauth.updateClientIn(tx, { ...as, name: "Mine" })))).toBe("not_found")
    expect(await refusal(kit.write((tx) => kit.oauth.addSecretIn(tx, as)))).toBe("not_found")
    expect(kit.oauth.clientsOf(8)).toEqual([])
    expect(kit.oauth.clientsOf(9).map((client) => client.id)).toEqual([spa.client.id, app.client.id])
  })
  test("the owner edits; the type never changes; both sides are audited", async () => {
    const before = await kit.register()
    const update = {
      ownerId: 9,
      clientPublicId: before.client.publicId,
      name: "Chat 2",
      redirectUris: [`${CALLBACK}/2`],
    }
    const after = await kit.write((tx) => kit.oauth.updateClientIn(tx, update))
    expect([after.name, after.redirectUris, after.type]).toEqual(["Chat 2", [`${CALLBACK}/2`], "confidential"])
    const row = auditOf(kit.store.read, after.publicId)[0]!
    expect(row.action).toBe("client.updated")
    expect(JSON.parse(row.before!).redirectUris).toEqual([CALLBACK])
  })
})

describe("client authentication", () => {
  const basic = (id: string, secret: string) =>
    `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString("base64")}`
  /** A well authenticated client gets as far as the missing code. */
  const attempt = (params: Record<string, string>, authorization: string | null = null) =>
    refusal(
      kit.oauth.token({
        params: new URLSearchParams({ grant_type: "authorization_code", code_verifier: "x", code: "nope", ...params }),
        authorization,
        requestId: "req_x",
      }),
    )
  const id = () => app.client.publicId

  test("basic and post both work, basic form-url-decoded", async () => {
    expect(await attempt({}, basic(id(), app.secret!))).toBe("invalid_grant")
    expect(await attempt({}, basic(id(), app.secret!).replace("Basic", "bAsIc"))).toBe("invalid_grant")
    expect(await attempt({ client_id: id(), client_secret: app.secret! })).toBe("invalid_grant")
    const encoded = [...app.secret!].map((char) => `%${char.charCodeAt(0).toString(16)}`).join("")
    const header = `Basic ${Buffer.from(`${id()}:${encoded}`).toString("base64")}`
    expect(await attempt({ client_id: id() }, header)).toBe("invalid_grant")
  })
  test("two methods at once, or two ids, are refused", async () => {
    const header = basic(id(), app.secret!)
    expect(await attempt({ client_secret: app.secret! }, header)).toBe("invalid_request")
    expect(await attempt({ client_id: spa.client.publicId }, header)).toBe("invalid_request")
  })
  test("wrong, missing and empty secrets are refused wherever they stand", async () => {
    expect(await attempt({ client_id: id(), client_secret: "cs_live_wrong" })).toBe("invalid_client")
    expect(await attempt({}, basic(id(), "cs_live_wrong"))).toBe("invalid_client")
    expect(await attempt({}, basic(id(), ""))).toBe("invalid_client")
    expect(await attempt({ client_id: id() })).toBe("invalid_client")
    expect(await attempt({ client_id: id(), client_secret: "" })).toBe("invalid_client")
    expect(await attempt({})).toBe("invalid_client")
    expect(await attempt({}, "Basic !!!")).toBe("invalid_client")
    expect(await attempt({}, "Bearer abc")).toBe("invalid_client")
    expect(await attempt({}, `Basic ${Buffer.from("%zz:%zz").toString("base64")}`)).toBe("invalid_client")
    expect(await attempt({ client_id: "cli_unknown" })).toBe("invalid_client")
  })
  test("another client's secret opens nothing", async () => {
    const other = await kit.register()
    expect(await attempt({ client_id: id(), client_secret: other.secret! })).toBe("invalid_client")
  })
  test("a public client proves itself by PKCE and may not send a secret", async () => {
    expect(await attempt({ client_id: spa.client.publicId })).toBe("invalid_grant")
    expect(await attempt({ client_id: spa.client.publicId, client_secret: "x" })).toBe("invalid_client")
    expect(await attempt({}, basic(spa.client.publicId, ""))).toBe("invalid_client")
  })
  test("a failed Basic attempt is answered with a challenge", async () => {
    const failed = (authorization: string | null, params = {}) =>
      kit.oauth
        .token({ params: new URLSearchParams(params), authorization, requestId: "r" })
        .catch((error: AppError) => [error.status, error.extra.headers?.["www-authenticate"]])
    expect(await failed(basic(id(), "no"))).toEqual([401, 'Basic realm="token"'])
    expect(await failed(null, { client_id: id() })).toEqual([401, undefined])
  })
  test("duplicate parameters are refused", async () => {
    for (const [name, value] of [
      ["client_id", spa.client.publicId],
      ["code", "x"],
      ["code_verifier", "x"],
    ] as const) {
      const credentials = { client_id: id(), client_secret: app.secret! }
      const params = new URLSearchParams({
        ...credentials,
        grant_type: "authorization_code",
        code: "a",
        code_verifier: "a",
      })
      params.append(name, value)
      expect(await refusal(kit.oauth.token({ params, authorization: null, requestId: "r" }))).toBe("invalid_request")
    }
  })
  test("a suspended client gets nothing", async () => {
    const made = await kit.register()
    const input = { clientPublicId: made.client.publicId, reason: "fraud" }
    await kit.write((tx) => kit.oauth.suspendClientIn(tx, input))
    const credentials = { client_id: made.client.publicId, client_secret: made.secret! }
    expect(await attempt(credentials)).toBe("unauthorized_client")
    await kit.write((tx) => kit.oauth.unsuspendClientIn(tx, input))
    expect(await attempt(credentials)).toBe("invalid_grant")
  })
})
