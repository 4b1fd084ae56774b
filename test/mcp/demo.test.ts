// `purser demo` as it is started: its person's group is used by the official SDK's client and by MCP's Inspector, both signed in by OAuth from
// its address alone, and the sample app's chat uses a tool in one request.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { WebAgent } from "../../src/cli/demo/agent.ts"
import { freePort } from "../build.ts"
import { bundled } from "../bundle.ts"
import { type Inspector, openInspector } from "./inspector.ts"
import { connectWith, Kept, logIn } from "./sdk-client.ts"

const ADA = "ada@demo.example"
let demo: Bun.Subprocess<"ignore", "pipe", "pipe">
let inspector: Inspector
let said = ""
let origin: string
let group: string
let password: string
const kept = new Kept()
beforeAll(async () => {
  inspector = openInspector()
  const port = freePort()
  demo = Bun.spawn([...bundled("src/main.ts"), "demo", "--port", String(port)], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  })
  const decoder = new TextDecoder()
  for await (const bytes of demo.stdout) {
    said += decoder.decode(bytes, { stream: true })
    if (said.includes("Press Ctrl+C")) break
  }
  origin = `http://localhost:${port}`
  password = /have the password (\S+)/.exec(said)?.[1] ?? "none"
  group = /for an agent: (\S+)/.exec(said)?.[1] ?? "none"
}, 120_000)
afterAll(async () => {
  demo?.kill("SIGTERM")
  await demo?.exited
  inspector?.remove()
})

test("the chat of the sample app used a tool in one request", () => {
  expect(said).toMatch(/ok {2}chat with tools +"The tool says: .* °C in Oslo", in one request/)
  expect(said).toContain("Every step held.")
})

test("the SDK's client signs its person in from the group's address, and calls its tool", async () => {
  expect(group).toBe(`${origin}/v1/mcp/groups/weather/mcp`)
  expect(await logIn(group, kept, ADA, origin, password)).toContain("Weather")
  const { client } = await connectWith(group, kept)
  const { content } = await client.callTool({ name: "current_weather", arguments: { city: "Lima" } })
  expect(content).toEqual([{ type: "text", text: expect.stringMatching(/°C in Lima$/) }])
  await client.close()
}, 60_000)

test("the Inspector lists and calls with what its person allowed", async () => {
  const token = kept.saved!.access_token
  const listed = await inspector.inspect(group, token, "--method", "tools/list")
  expect([listed.code, listed.failed]).toEqual([0, ""])
  expect((JSON.parse(listed.said) as { tools: { name: string }[] }).tools.map(({ name }) => name)).toEqual([
    "current_weather",
  ])
  const call = ["--method", "tools/call", "--tool-name", "current_weather", "--tool-arg", "city=Quito"]
  const called = await inspector.inspect(group, token, ...call)
  expect(JSON.parse(called.said)).toMatchObject({
    content: [{ type: "text", text: expect.stringContaining("in Quito") }],
  })
}, 60_000)

test("somebody at the sample app's page asks with their tools", async () => {
  const app = /Sample app +(\S+)/.exec(said)?.[1] ?? "none"
  const agent = new WebAgent()
  const login = await agent.get(`${app}/login`)
  const home = await agent.submit(login, "/login", { email: ADA, password })
  expect(home.text).toContain("with my tools in the group weather")
  const answer = await fetch(`${app}/chat?tools`, {
    method: "POST",
    body: 'sandbox:tool current_weather {"city":"Cairo"}',
    headers: { cookie: `session=${agent.cookie(app, "session")}` },
  })
  expect(await answer.text()).toMatch(/^The tool says: .* °C in Cairo$/)
}, 60_000)
