// Apps and keys in test mode: no tool server hears of them, and no live figure moves (SPEC DE-7).
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits } from "../../src/app/index.ts"
import { CTX, giveCredits, makeClient, makeDeveloper, mintTokens } from "../build.ts"
import { connectWith } from "./sdk-client.ts"
import { openToolWorld, type ToolWorld } from "./world.ts"

let world: ToolWorld
let token: string
beforeAll(async () => {
  world = await openToolWorld()
  const { app } = world.server
  await giveCredits(app, world.user, credits(100))
  world.peer.addChatty()
  const developer = await makeDeveloper(app)
  await app.mcp.createGroup(CTX, { userId: developer.id, name: "travel", title: "Travel" })
  const at = { userId: developer.id, group: "travel", name: "peer", url: world.peer.url, auth: "none" } as const
  await app.mcp.addServer(CTX, at)
  const { client, secret } = await makeClient(app, { ownerId: developer.id, mode: "test", scopes: ["mcp"] })
  token = (await mintTokens(app, { user: developer, client, secret, scope: "mcp" })).accessToken
}, 30_000)
afterAll(() => world?.close())

interface Answer {
  content?: { text: string }[]
  structured_content?: unknown
  is_error?: boolean
  charged?: { credits: string }
  error?: { code: string }
}
async function call(tool: string, args: object, bearer = token, headers = {}) {
  const answer = await world.call(tool, args, { bearer, headers })
  return { status: answer.status, ...((await answer.json()) as Answer) }
}

/** What the server heard, and what its page says of its use. */
const outside = () => [
  world.peer.calls.length,
  world.peer.seen.length,
  world.server.app.store.read.all("SELECT used_ms, state FROM mcp_servers ORDER BY id"),
]

test("a call says what would have been called, is charged in test credits, and its server never hears of it", async () => {
  const before = outside()
  const { content, is_error, charged, status } = await call("echo", { text: "hi" })
  expect([status, is_error, charged?.credits]).toEqual([200, false, "1"])
  expect(content![0]!.text).toContain('echo was not called. Its arguments were {"text":"hi"}')
  expect((await call("structured", {})).structured_content).toEqual({ degrees: 0 })
  expect((await call("nothing", {})).status).toBe(404)
  expect(outside()).toEqual(before)
  // By its owner's live key the same group is the real one.
  expect((await call("echo", { text: "live" }, world.secret)).content![0]!.text).toBe("live")
  expect(world.peer.calls.length).toBe((before[0] as number) + 1)
  const modes = "SELECT DISTINCT mode FROM charges WHERE client_id IS NOT NULL"
  expect(world.server.app.store.read.all(modes)).toEqual([{ mode: "test" }])
})

test("it fails, breaks off or waits where an argument says so; what failed is free", async () => {
  const before = outside()
  const failed = await call("echo", { text: "sandbox:fail please" })
  expect([failed.status, failed.is_error, failed.charged?.credits]).toEqual([200, true, "0"])
  expect((await call("echo", { text: "sandbox:break" })).error?.code).toBe("tool_error")
  const answer = await world.call(
    "echo",
    { text: "sandbox:stall 1" },
    { bearer: token, headers: { accept: "text/event-stream" } },
  )
  expect(await answer.text()).toMatch(/^event: progress\ndata: {"progress":1,"total":1}\n\nevent: result\n/)
  expect([outside(), world.openHolds()]).toEqual([before, 0])
})

test("as an MCP server nothing of it goes out either", async () => {
  const before = outside()
  const url = world.server.at("/v1/mcp/groups/travel/mcp")
  const { client } = await connectWith(url, token, { capabilities: { sampling: {}, elicitation: {} } })
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain("echo")
  await client.setLoggingLevel("debug")
  await client.subscribeResource({ uri: "note://one" })
  expect(await client.callTool({ name: "chatty" })).toMatchObject({ content: [{ type: "text" }] })
  // The SDK holds it to the output schema.
  expect((await client.callTool({ name: "structured" })).structuredContent).toEqual({ degrees: 0 })
  expect((await client.readResource({ uri: "note://one" })).contents).toMatchObject([
    { text: expect.stringContaining("Test mode") },
  ])
  expect((await client.getPrompt({ name: "greet" })).messages).toHaveLength(1)
  const ref = { type: "ref/prompt", name: "visit" } as const
  expect((await client.complete({ ref, argument: { name: "city", value: "L" } })).completion.values).toEqual([])
  await client.close()
  expect(outside()).toEqual(before)
})
