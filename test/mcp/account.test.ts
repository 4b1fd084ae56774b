// The account itself as a tool server, used by the official SDK's client: what the management API tells and does, and no more than that.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import type { KeyScope } from "../../src/keys/index.ts"
import {
  CTX,
  giveCredits,
  makeClient,
  makeDeveloper,
  makeUser,
  mintTokens,
  startTestServer,
  type TestServer,
} from "../build.ts"
import { connectWith } from "./sdk-client.ts"

let server: TestServer
let user: User
let url: string
beforeAll(async () => {
  server = await startTestServer()
  user = await makeUser(server.app)
  await giveCredits(server.app, user, credits(42))
  url = server.at("/v1/mcp/purser/mcp")
}, 30_000)
afterAll(() => server?.close())

const keyOf = (scopes: KeyScope[], of = user, name = scopes.join(" ")) =>
  server.app.keys.create(CTX, { userId: of.id, name, scopes })
const clientOf = async (secret: string) => (await connectWith(url, secret)).client
const said = async (result: Promise<unknown>) =>
  (await result) as { isError?: boolean; structuredContent?: never; content: { text: string }[] }

test("a key that manages is offered what it may ask, and what is destructive is marked", async () => {
  const client = await clientOf((await keyOf(["mcp", "manage"])).secret)
  const { tools } = await client.listTools()
  const hints = tools.map(({ name, annotations }) => [name, [annotations?.readOnlyHint, annotations?.destructiveHint]])
  const reads = [true, false]
  expect(Object.fromEntries(hints)).toEqual({
    get_balance: reads,
    list_transactions: reads,
    get_usage_summary: reads,
    get_usage_by_model: reads,
    get_usage_by_date: reads,
    get_free_tier: reads,
    list_apps: reads,
    set_app_limit: [false, false],
    revoke_app: [false, true],
    list_keys: reads,
    revoke_key: [false, true],
    list_my_apps: reads,
    list_my_app_keys: reads,
    list_my_app_users: reads,
    get_my_app_usage: reads,
    get_my_app_revenue: reads,
    list_my_app_requests: reads,
    get_my_app_health: reads,
  })
})

test("each says what its route of the management API says", async () => {
  const { secret } = await keyOf(["mcp", "manage"])
  const client = await clientOf(secret)
  const routes = {
    get_balance: "/api/v1/credits/balance",
    list_transactions: "/api/v1/credits/transactions?limit=1",
    get_usage_by_date: "/api/v1/metering/by-date?days=2",
    list_keys: "/api/v1/keys",
  }
  const args: Record<string, object> = { list_transactions: { limit: 1 }, get_usage_by_date: { days: 2 } }
  for (const [name, path] of Object.entries(routes)) {
    const { structuredContent } = await said(client.callTool({ name, arguments: (args[name] ?? {}) as never }))
    const answer = await fetch(server.at(path), { headers: { authorization: `Bearer ${secret}` } })
    // When a key was used last is each time another moment.
    const steady = (value: unknown) => JSON.stringify(value).replaceAll(/"last_used_at":"[^"]*"/g, "")
    expect([name, steady(structuredContent)]).toEqual([name, steady(await answer.json())])
  }
  expect((await said(client.callTool({ name: "get_balance" }))).structuredContent).toMatchObject({
    balance: { credits: "42" },
  })
})

test("a key is revoked, for good; another person's is not there", async () => {
  const client = await clientOf((await keyOf(["mcp", "manage"])).secret)
  const doomed = await keyOf(["llm"], user, "Doomed")
  const done = await said(client.callTool({ name: "revoke_key", arguments: { key: doomed.key.publicId } }))
  expect(done.structuredContent).toMatchObject({ id: doomed.key.publicId, state: "revoked" })
  expect(server.app.keys.byPublicId(user.id, doomed.key.publicId)?.revokedMs).not.toBeNull()
  const other = await makeUser(server.app)
  const theirs = await keyOf(["llm"], other)
  const refused = await said(client.callTool({ name: "revoke_key", arguments: { key: theirs.key.publicId } }))
  expect([refused.isError, refused.content[0]!.text]).toEqual([true, expect.stringContaining("not_found")])
  expect(server.app.keys.byPublicId(other.id, theirs.key.publicId)?.revokedMs).toBeNull()
  const wrong = await said(client.callTool({ name: "list_transactions", arguments: { limit: 100_000 } }))
  expect([wrong.isError, wrong.content[0]!.text]).toEqual([true, expect.stringContaining("validation_failed")])
})

test("what apps may do is told, lowered and ended; raised it is on pages alone, and another person's app is not there", async () => {
  const { app } = server
  const developer = await makeDeveloper(app)
  const made = await makeClient(app, { ownerId: developer.id, name: "Margin Notes", scopes: ["llm", "mcp"] })
  const { accessToken } = await mintTokens(app, { user, ...made, scope: "llm", dailyNano: credits(50) })
  const client = await clientOf((await keyOf(["mcp", "manage"])).secret)
  const call = (name: string, args: object = {}) => said(client.callTool({ name, arguments: args as never }))
  const listed = (await call("list_apps")).structuredContent as unknown as { data: { id: string }[] }
  expect(listed.data).toEqual([
    expect.objectContaining({
      name: "Margin Notes",
      scopes: ["llm"],
      limits: [expect.objectContaining({ scope: "llm", daily: expect.objectContaining({ credits: "50" }) })],
    }),
  ] as never)
  const consent = listed.data[0]!.id
  const dailyNow = () => app.oauth.consentsOf(user.id)[0]?.limits.llm
  const lower = await call("set_app_limit", { consent, scope: "llm", credits: "0.25" })
  expect([lower.isError, dailyNow()]).toEqual([undefined, credits(0.25)])
  const raised = await call("set_app_limit", { consent, scope: "llm", credits: "0.26" })
  expect([raised.isError, raised.content[0]!.text]).toEqual([
    true,
    expect.stringContaining(`${server.url}/apps/${consent}/limits`),
  ])
  const none = await call("set_app_limit", { consent, scope: "mcp", credits: "0.1" })
  expect([none.isError, none.content[0]!.text]).toEqual([true, expect.stringContaining("no limit")])
  const strange = await clientOf((await keyOf(["mcp", "manage"], await makeUser(app))).secret)
  for (const [name, args] of [
    ["set_app_limit", { consent, scope: "llm", credits: "0" }],
    ["revoke_app", { consent }],
  ] as const) {
    const refused = await said(strange.callTool({ name, arguments: args }))
    expect([name, refused.isError, refused.content[0]!.text]).toEqual([
      name,
      true,
      expect.stringContaining("not_found"),
    ])
  }
  expect(dailyNow()).toBe(credits(0.25))
  const me = () => fetch(server.at("/v1/me"), { headers: { authorization: `Bearer ${accessToken}` } })
  expect((await me()).status).toBe(200)
  await call("revoke_app", { consent })
  expect([app.oauth.consentsOf(user.id), (await me()).status]).toEqual([[], 401])
})

test("a developer reads of their own apps what the app API tells, and of no other's", async () => {
  const { app } = server
  const developer = await makeDeveloper(app)
  const made = await makeClient(app, { ownerId: developer.id, name: "Mine", scopes: ["openid", "llm"] })
  await mintTokens(app, { user, ...made, scope: "openid llm" })
  const key = await app.store.write(CTX, (tx) =>
    app.appKeys.createIn(tx, {
      ownerId: developer.id,
      clientPublicId: made.client.publicId,
      name: "Server",
      scopes: ["users", "usage", "revenue"],
    }),
  )
  const client = await clientOf((await keyOf(["mcp", "manage"], developer)).secret)
  const asked = { app: made.client.publicId }
  const told = async (name: string, args: object = asked) =>
    (await said(client.callTool({ name, arguments: args as never }))).structuredContent as unknown
  expect(await told("list_my_apps", {})).toMatchObject({
    data: [{ id: made.client.publicId, name: "Mine", mode: "live" }],
  })
  const keys = await told("list_my_app_keys")
  expect(keys).toMatchObject({ data: [{ name: "Server", scopes: ["users", "usage", "revenue"] }] })
  expect(JSON.stringify(keys)).not.toContain(key.secret)
  const routes = {
    list_my_app_users: "/v1/app/users",
    get_my_app_usage: "/v1/app/analytics/usage",
    get_my_app_revenue: "/v1/app/analytics/revenue",
  }
  for (const [name, path] of Object.entries(routes)) {
    const answer = await fetch(server.at(path), { headers: { authorization: `Bearer ${key.secret}` } })
    expect([name, await told(name)]).toEqual([name, await answer.json()])
  }
  expect(await told("list_my_app_users")).toMatchObject({ data: [{ userId: user.publicId }] })
  expect(await told("list_my_app_requests")).toMatchObject({ object: "list", data: [], next: null })
  expect(await told("get_my_app_health")).toMatchObject({ object: "app_health", errors: [], slow: [] })
  const other = await clientOf((await keyOf(["mcp", "manage"], await makeDeveloper(app))).secret)
  const { tools } = await other.listTools()
  for (const { name } of tools.filter(({ inputSchema }) => inputSchema.required?.includes("app"))) {
    const refused = await said(other.callTool({ name, arguments: asked }))
    expect([name, refused.isError, refused.content[0]!.text]).toEqual([
      name,
      true,
      expect.stringContaining("not_found"),
    ])
  }
})

test("a key without the permission to manage is offered nothing and calls nothing; one without tools stays out", async () => {
  const client = await clientOf((await keyOf(["mcp"])).secret)
  expect((await client.listTools()).tools).toEqual([])
  expect(await client.callTool({ name: "get_balance" }).catch((error: Error) => error.message)).toContain("manage")
  const headers = { authorization: `Bearer ${(await keyOf(["manage"])).secret}`, "content-type": "application/json" }
  expect((await fetch(url, { method: "POST", headers, body: "{}" })).status).toBe(403)
})
