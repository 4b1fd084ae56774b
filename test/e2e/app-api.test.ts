// The app API by app secret keys: whose it is and what each key may, people with what they let the app see and no more, pages, filters, files.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { credits, DAY_MS, mintSecret } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import { CTX, makeClient, makeDeveloper, makeUser, startTestServer, type TestServer } from "../build.ts"
import { eventually } from "../eventually.ts"

let server: TestServer
let developer: User
let other: User
let client: Client
let secret: string
beforeAll(async () => {
  server = await startTestServer()
  developer = await makeDeveloper(server.app)
  other = await makeDeveloper(server.app)
  client = (await makeClient(server.app, { ownerId: developer.id })).client
  secret = await keyOf(client, developer)
}, 30_000)
afterAll(() => server?.close())

const keyOf = async (
  { publicId }: Client,
  owner: User,
  more: { scopes?: string[]; expiresMs?: number } = {},
): Promise<string> => {
  const input = {
    ownerId: owner.id,
    clientPublicId: publicId,
    name: "Server",
    scopes: ["users", "usage", "revenue"],
    ...more,
  }
  return (await server.app.appKeys.create(CTX, input)).secret
}
const ask = (path: string, bearer: string | null = secret, headers: Record<string, string> = {}) =>
  fetch(server.at(`/v1/app${path}`), {
    headers: { ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }), ...headers },
  })
test("a key that was found in public ends, its developer is told, and whoever reports hears what everybody hears", async () => {
  const [lost, kept] = [await keyOf(client, developer), await keyOf(client, developer)]
  const report = async (token: string) => {
    const body = JSON.stringify([{ token, type: "purser_app_key", url: "https://github.example/x" }])
    const answer = await fetch(server.at("/api/v1/keys/report"), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    })
    return [answer.status, await answer.text()]
  }
  const never = mintSecret("app", "live")
  expect(await report(lost)).toEqual(await report(never))
  expect(await refusal(ask("/users", lost))).toEqual([401, "api_key_revoked"])
  expect((await ask("/users", kept)).status).toBe(200)
  await report(lost)
  const told = () =>
    server.app.mailer.mailbox.filter(({ to, subject }) => to === developer.email && subject.includes("found in public"))
  await eventually("the letter", () => told().length > 0)
  expect(told()).toHaveLength(1)
})

interface Told {
  data: Record<string, unknown>[]
  hasMore: boolean
  nextCursor: string | null
  error?: { code: string; param?: string }
}
const told = async (response: Promise<Response>): Promise<Told> => (await (await response).json()) as Told
const refusal = async (response: Promise<Response>) => {
  const answer = await response
  return [answer.status, ((await answer.json()) as Told).error?.code]
}
const allow = (user: User, app: Client, scopes: string[], limits = {}) =>
  server.app.store.write(CTX, (tx) =>
    server.app.oauth.grantConsentIn(tx, { userId: user.id, clientId: app.id, scopes, limits }),
  )
/** An app of its own, so that tests do not see each other's people. */
async function freshApp(scopes = ["openid", "profile", "email", "offline_access", "llm"]) {
  const made = (await makeClient(server.app, { ownerId: developer.id, scopes: scopes as never })).client
  return { app: made, key: await keyOf(made, developer) }
}

describe("a key", () => {
  test("is the app's alone, with a permission for each question, and has an end", async () => {
    expect(secret).toMatch(/^app_live_[\w-]{51}$/)
    expect((await ask("/users")).status).toBe(200)
    expect(await refusal(ask("/users", null))).toEqual([401, "token_missing"])
    expect(await refusal(ask("/users", "app_live_x"))).toEqual([401, "invalid_api_key"])
    const person = await server.app.keys.create(CTX, { userId: developer.id, name: "Own", scopes: ["manage"] })
    expect(await refusal(ask("/users", person.secret))).toEqual([401, "invalid_api_key"])
    const narrow = await keyOf(client, developer, { scopes: ["usage"] })
    expect(await refusal(ask("/users", narrow))).toEqual([403, "insufficient_scope"])
    // It speaks for the app, for nobody in it.
    const chat = { method: "POST", headers: { authorization: `Bearer ${secret}` }, body: "{}" }
    expect((await fetch(server.at("/v1/chat/completions"), chat)).status).toBe(401)
    expect((await fetch(server.at("/v1/me"), { headers: { authorization: `Bearer ${secret}` } })).status).toBe(401)
    const expiresMs = server.app.clock.now() + 2_000
    const short = await keyOf(client, developer, { expiresMs })
    expect((await ask("/users", short)).status).toBe(200)
    await eventually("its end", () => server.app.clock.now() > expiresMs)
    expect(await refusal(ask("/users", short))).toEqual([401, "api_key_expired"])
  })

  test("fits the app that X-Client-ID names, or is refused", async () => {
    expect((await ask("/users", secret, { "x-client-id": client.publicId })).status).toBe(200)
    const { app } = await freshApp()
    expect(await refusal(ask("/users", secret, { "x-client-id": app.publicId }))).toEqual([401, "invalid_api_key"])
  })

  test("revoked is refused at once, says so, and only its owner can", async () => {
    const { app, key } = await freshApp()
    const [row] = server.app.appKeys.of(app.id)
    const revoke = (ownerId: User["id"]) =>
      server.app.store.write(CTX, (tx) =>
        server.app.appKeys.revokeIn(tx, { ownerId, clientPublicId: app.publicId, keyPublicId: row!.publicId }),
      )
    await expect(revoke(other.id)).rejects.toMatchObject({ code: "not_found" })
    await expect(
      server.app.appKeys.create(CTX, { ownerId: other.id, clientPublicId: app.publicId, name: "x", scopes: ["users"] }),
    ).rejects.toMatchObject({ code: "not_found" })
    expect((await ask("/users", key)).status).toBe(200)
    await revoke(developer.id)
    expect(await refusal(ask("/users", key))).toEqual([401, "api_key_revoked"])
    expect(server.app.appKeys.of(app.id)).toEqual([])
  })

  test("of a suspended app or developer is refused", async () => {
    const { app, key } = await freshApp()
    const { oauth, store, identity } = server.app
    await store.write(CTX, (tx) => oauth.suspendClientIn(tx, { clientPublicId: app.publicId, reason: "Spam" }))
    expect(await refusal(ask("/users", key))).toEqual([403, "client_suspended"])
    const gone = await makeDeveloper(server.app)
    const theirs = (await makeClient(server.app, { ownerId: gone.id })).client
    const its = await keyOf(theirs, gone)
    await identity.suspend(CTX, { userId: gone.id, reason: "Spam" })
    expect(await refusal(ask("/users", its))).toEqual([403, "account_suspended"])
  })

  test("is kept as a hash, with its last use, and its making is told without it", async () => {
    const { app, key } = await freshApp()
    await ask("/users", key)
    await server.app.appKeys.flushUses()
    const row = server.app.store.read.get<Record<string, unknown>>(
      "SELECT * FROM app_keys WHERE client_id = ?",
      app.id,
    )!
    expect(row.used_ms).toBeGreaterThan(0)
    const log = server.app.store.read.all("SELECT * FROM audit_log WHERE subject = ?", app.publicId)
    expect(JSON.stringify([row, log])).not.toContain(key.slice(12, -8))
    expect(JSON.stringify(log)).toContain("app_key.created")
  })

  test("has 120 questions a minute, counted by key", async () => {
    const [first, second] = [await keyOf(client, developer), await keyOf(client, developer)]
    let last: Response | undefined
    for (let asked = 0; asked < 121; asked++) last = await ask("/users?limit=1", first)
    // A minute may have ended in between.
    if (last!.status === 200) for (let asked = 0; asked < 121; asked++) last = await ask("/users?limit=1", first)
    expect(last!.status).toBe(429)
    expect(Number(last!.headers.get("retry-after"))).toBeGreaterThan(0)
    const answer = await ask("/users", second)
    expect([answer.status, answer.headers.get("x-ratelimit-limit")]).toEqual([200, "120"])
  })
})

describe("people of an app", () => {
  test("are told with what they let the app see, and nothing else of them", async () => {
    const { app, key } = await freshApp()
    const all = await makeUser(server.app, { name: "=Ada, Reader", email: "ada@example.com" })
    const bare = await makeUser(server.app, { name: "Hidden Name", email: "hidden@example.com" })
    const none = await makeUser(server.app)
    await allow(bare, app, ["openid", "llm"], { llm: credits(5) })
    await allow(all, app, ["openid", "profile", "email", "llm"], { llm: credits(50) })
    // A permission without `openid` is no sign-in.
    await allow(none, app, ["llm"])
    const { data, hasMore, nextCursor } = await told(ask("/users", key))
    expect({ hasMore, nextCursor }).toEqual({ hasMore: false, nextCursor: null })
    expect(data).toEqual([
      {
        object: "app.user",
        userId: all.publicId,
        authorizedAt: expect.stringMatching(/^2\d{3}-.*Z$/),
        scopes: ["openid", "profile", "email", "llm"],
        usageLimits: { llm: { nano: "50000000", credits: "50" } },
        displayName: "=Ada, Reader",
        avatarUrl: null,
        email: "ada@example.com",
        emailVerified: true,
      },
      {
        object: "app.user",
        userId: bare.publicId,
        authorizedAt: expect.any(String),
        scopes: ["openid", "llm"],
        usageLimits: { llm: { nano: "5000000", credits: "5" } },
      },
    ])
    expect(await (await ask(`/users/${bare.publicId}`, key)).json()).toEqual(data[1])
    const file = await ask("/users", key, { accept: "text/csv" })
    expect(file.headers.get("content-type")).toStartWith("text/csv")
    const lines = (await file.text()).split("\r\n")
    expect(lines[1]).toContain(`openid profile email llm,llm=50,"'=Ada, Reader",,ada@example.com,true`)
    expect(lines[2]).toEndWith("openid llm,llm=5,,,,")
    // What they did not show cannot be found out by searching for it.
    for (const [search, found] of [
      ["ADA@", [all.publicId]],
      ["ada, reader", [all.publicId]],
      [bare.publicId, [bare.publicId]],
      ["hidden@example.com", []],
      ["Hidden", []],
    ] as const) {
      const { data } = await told(ask(`/users?search=${encodeURIComponent(search)}`, key))
      expect([search, data.map(({ userId }) => userId)]).toEqual([search, [...found]])
    }
  })

  test("of another app, without a permission or gone are not there, one like the other", async () => {
    const [mine, theirs] = [await freshApp(), await freshApp()]
    const user = await makeUser(server.app)
    const stranger = await makeUser(server.app)
    const consent = await allow(user, mine.app, ["openid", "email"])
    expect((await ask(`/users/${user.publicId}`, mine.key)).status).toBe(200)
    const unknown = await (await ask("/users/usr_01K9ZT4M2Q8V6X3B7N5RJDHWCE", mine.key)).text()
    for (const [id, key] of [
      [user.publicId, theirs.key],
      [stranger.publicId, mine.key],
    ] as const) {
      const answer = await ask(`/users/${id}`, key)
      expect([answer.status, await answer.text()]).toEqual([404, unknown])
    }
    expect((await told(ask("/users", theirs.key))).data).toEqual([])
    const { oauth, store } = server.app
    await store.write(CTX, (tx) => oauth.revokeConsentIn(tx, { userId: user.id, consentPublicId: consent.publicId }))
    expect((await ask(`/users/${user.publicId}`, mine.key)).status).toBe(404)
    expect((await told(ask("/users", mine.key))).data).toEqual([])
  })

  test("come in pages that neither repeat nor leave out anybody, whoever comes meanwhile", async () => {
    const { app, key } = await freshApp()
    const people: User[] = []
    for (let at = 0; at < 7; at++) {
      people.push(await makeUser(server.app))
      await allow(people.at(-1)!, app, at % 2 ? ["openid", "llm"] : ["openid"])
    }
    const seen: unknown[] = []
    let cursor: string | null = null
    do {
      const query: string = cursor === null ? "" : `&cursor=${cursor}`
      const page: Told = await told(ask(`/users?limit=3${query}`, key))
      seen.push(...page.data.map(({ userId }) => userId))
      expect(page.hasMore).toBe(page.nextCursor !== null)
      cursor = page.nextCursor
      await allow(await makeUser(server.app), app, ["openid"])
    } while (cursor)
    expect(seen).toEqual(people.map(({ publicId }) => publicId).reverse())
    const csv = await ask("/users?limit=3&scope=llm", key, { accept: "text/csv, application/json;q=0.5" })
    expect(csv.headers.get("link")).toBeNull()
    expect((await csv.text()).trim().split("\r\n")).toHaveLength(4)
    const first = await ask("/users?limit=2&scope=llm", key, { accept: "text/csv" })
    const next = /^<(\?[^>]+)>; rel="next"$/.exec(first.headers.get("link")!)![1]!
    const rest = await (await ask(`/users${next}`, key, { accept: "text/csv" })).text()
    expect(rest).toContain(people[1]!.publicId)
    const later = new Date(server.app.clock.now() + DAY_MS).toISOString()
    expect((await told(ask(`/users?authorizedFrom=${later}`, key))).data).toEqual([])
    expect((await told(ask(`/users?authorizedTo=2020-01-01`, key))).data).toEqual([])
  })

  test("are asked for in words that are known; all else is refused by name", async () => {
    for (const [query, param] of [
      ["limit=0", "limit"],
      ["limit=1001", "limit"],
      ["limit=1e2", "limit"],
      ["cursor=nonsense", "cursor"],
      ["cursor=WyJhIiwxXQ", "cursor"],
      ["scope=root", "scope"],
      ["authorizedFrom=2026-02-30", "authorizedFrom"],
      ["authorizedTo=yesterday", "authorizedTo"],
      [`search=${"x".repeat(101)}`, "search"],
      ["limit=1&limit=2", "limit"],
      ["page=2", "page"],
    ] as const) {
      const answer = await ask(`/users?${query}`)
      const { error } = (await answer.json()) as Told
      expect([query, answer.status, error?.code, error?.param]).toEqual([query, 400, "invalid_request", param])
    }
  })
})
