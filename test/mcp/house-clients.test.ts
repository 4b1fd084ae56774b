// The account's tool server and a product's, used by clients that we did not write: MCP's Inspector, and the helpers by which the SDKs of OpenAI and
// Anthropic take tools of an MCP server and run them for a model that is asked here.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import Anthropic from "@anthropic-ai/sdk"
import { mcpTools } from "@anthropic-ai/sdk/helpers/beta/mcp"
import type { Client } from "@modelcontextprotocol/sdk/client/index.js"
import OpenAI from "openai"
import { credits } from "../../src/app/index.ts"
import { Echo, productIn, subscribeIn } from "../../src/marketplace/calls/testing.ts"
import { CTX, giveCredits, makeUser } from "../build.ts"
import { type Inspector, openInspector } from "./inspector.ts"
import { type ModelWorld, openModelWorld } from "./model-world.ts"
import { connectWith } from "./sdk-client.ts"

let world: ModelWorld
let echo: Echo
let inspector: Inspector
let secret: string
beforeAll(async () => {
  echo = new Echo()
  inspector = openInspector()
  world = await openModelWorld({ env: { PURSER_PRODUCT_NETWORKS: "127.0.0.1" } })
  const { app } = world.server
  const owner = await makeUser(app)
  await giveCredits(app, world.user, credits(50))
  secret = (await app.keys.create(CTX, { userId: world.user.id, name: "Agent", scopes: ["llm", "mcp", "manage"] }))
    .secret
  await app.store.write(CTX, (tx) => {
    const made = productIn(tx, app.keyring, {
      slug: "weather",
      ownerId: owner.id,
      upstreamUrl: echo.url,
      plans: [{}],
      endpoints: [{ path: "/weather", description: "The weather." }],
    })
    const subscriptionId = subscribeIn(tx, made, world.user.id)
    app.marketplace.calls.issueKeyIn(tx, { subscriptionId, userId: world.user.id, name: "Mine" })
  })
}, 30_000)
afterAll(async () => {
  await world?.close()
  echo?.close()
  inspector?.remove()
})

describe.each([
  { what: "the account", path: "/v1/mcp/purser/mcp", tool: "get_balance", answers: /credits/ },
  { what: "a product", path: "/v1/mcp/products/weather/mcp", tool: "get_weather", answers: /weather/ },
])("the server of $what", ({ path, tool, answers }) => {
  let client: Client
  beforeAll(async () => {
    client = (await connectWith(world.server.at(path), secret)).client
  })
  afterAll(() => client?.close())
  const script = () => world.says([{ calls: [{ name: tool, args: {} }] }, { text: "Done." }])
  /** What the model was told of its tool. */
  const told = () => JSON.stringify(world.asked()[1]!.messages.filter(({ role }) => role === "tool"))

  test("is listed and called by the Inspector", async () => {
    const url = world.server.at(path)
    const listed = await inspector.inspect(url, secret, "--method", "tools/list")
    const names = (JSON.parse(listed.said) as { tools: { name: string }[] }).tools.map(({ name }) => name)
    expect([listed.code, names.includes(tool)]).toEqual([0, true])
    const called = await inspector.inspect(url, secret, "--method", "tools/call", "--tool-name", tool)
    const { content, isError } = JSON.parse(called.said) as { content: { text: string }[]; isError?: boolean }
    expect([called.code, isError ?? false, content[0]!.text]).toEqual([0, false, expect.stringMatching(answers)])
    expect((await inspector.inspect(url, `${secret}x`, "--method", "tools/list")).code).not.toBe(0)
  }, 60_000)

  test("gives its tools to Anthropic's SDK, which runs them for a model asked here", async () => {
    script()
    const anthropic = new Anthropic({ apiKey: secret, baseURL: world.server.at(""), maxRetries: 0 })
    const { tools } = await client.listTools()
    const said = await anthropic.beta.messages.toolRunner({
      model: "mock-1",
      max_tokens: 100,
      messages: [{ role: "user", content: "Use it." }],
      tools: mcpTools(tools as never, client as never),
    })
    expect(said.content).toMatchObject([{ type: "text", text: "Done." }])
    expect(told()).toMatch(answers)
  })

  test("gives them to OpenAI's, too", async () => {
    script()
    const openai = new OpenAI({ apiKey: secret, baseURL: world.server.at("/v1"), maxRetries: 0 })
    const { tools } = await client.listTools()
    const runner = openai.chat.completions.runTools({
      model: "mock-1",
      messages: [{ role: "user", content: "Use it." }],
      tools: tools.map(({ name, description = "", inputSchema }) => ({
        type: "function" as const,
        function: {
          name,
          description,
          parameters: inputSchema,
          parse: JSON.parse,
          function: async (args: Record<string, unknown>) =>
            JSON.stringify((await client.callTool({ name, arguments: args })).content),
        },
      })),
    })
    expect(await runner.finalContent()).toBe("Done.")
    expect(told()).toMatch(answers)
  })
})
