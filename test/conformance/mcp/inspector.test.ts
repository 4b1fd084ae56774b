// The Inspector's command line as a client of a group: with a token that a person gave an app by OAuth for this group alone, it lists tools and
// calls one. (It has no sign-in of its own; the SDK's, which it is made with, is proven in serve.test.ts.)
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits } from "../../../src/app/index.ts"
import { REGISTRATION } from "../../../src/oauth/index.ts"
import { CTX, giveCredits } from "../../build.ts"
import { openInspector } from "../../mcp/inspector.ts"
import { Kept, logIn } from "../../mcp/sdk-client.ts"
import { openToolWorld, type ToolWorld } from "../../mcp/world.ts"

const inspector = openInspector()
let world: ToolWorld
let url: string
let token: string
beforeAll(async () => {
  world = await openToolWorld()
  const { app } = world.server
  await app.settings.set(CTX, REGISTRATION, { value: "yes" })
  await giveCredits(app, world.user, credits(50))
  url = world.server.at("/v1/mcp/groups/travel/mcp")
  const kept = new Kept()
  await logIn(url, kept, world.user.email, world.server.url)
  token = kept.saved!.access_token
}, 30_000)
afterAll(async () => {
  await world?.close()
  inspector.remove()
})

const inspect = (bearer: string, ...more: string[]) => inspector.inspect(url, bearer, ...more)

test("it lists the tools and calls one, which is charged", async () => {
  const { code, said } = await inspect(token, "--method", "tools/list")
  expect(code).toBe(0)
  const { tools } = JSON.parse(said) as { tools: { name: string }[] }
  expect(tools.map(({ name }) => name)).toEqual(["echo", "fail", "slow", "giant", "structured"])
  const call = ["--method", "tools/call", "--tool-name", "echo", "--tool-arg", "text=hello"]
  const first = await inspect(token, ...call)
  expect(JSON.parse(first.said)).toMatchObject({ content: [{ type: "text", text: "hello" }] })
  const before = world.balance()
  expect((await inspect(token, ...call)).code).toBe(0)
  expect(before - world.balance()).toBe(credits(1))
}, 60_000)

test("without a token that counts it gets nothing", async () => {
  const { code, said, failed } = await inspect(`${token}x`, "--method", "tools/list")
  expect([code === 0, said]).toEqual([false, ""])
  expect(failed).toMatch(/Failed to connect.*(401|sign|token|unauthorized)/is)
}, 30_000)
