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
    list_keys: reads,
    revoke_key: [false, true],
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

test("a key without the permission to manage, and an app of somebody's, are offered nothing and call nothing", async () => {
  const developer = await makeDeveloper(server.app)
  const made = await makeClient(server.app, { ownerId: developer.id, name: "App", scopes: ["mcp"] })
  const { accessToken } = await mintTokens(server.app, { user, ...made, scope: "mcp" })
  for (const secret of [(await keyOf(["mcp"])).secret, accessToken]) {
    const client = await clientOf(secret)
    expect((await client.listTools()).tools).toEqual([])
    expect(await client.callTool({ name: "get_balance" }).catch((error: Error) => error.message)).toContain("manage")
  }
  const headers = { authorization: `Bearer ${(await keyOf(["manage"])).secret}`, "content-type": "application/json" }
  expect((await fetch(url, { method: "POST", headers, body: "{}" })).status).toBe(403)
  expect((await fetch(url, { method: "POST", body: "{}" })).status).toBe(401)
})
