// The tools of a group in Responses and in Messages, whole and streamed, as OpenAI's and Anthropic's SDKs read them and send them back.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import Anthropic from "@anthropic-ai/sdk"
import OpenAI from "openai"
import { credits, nano } from "../../src/app/index.ts"
import { CTX } from "../build.ts"
import { GROUP, type ModelWorld, openModelWorld } from "./model-world.ts"

let world: ModelWorld
beforeAll(async () => {
  world = await openModelWorld()
  await world.post("/v1/chat/completions", { model: "mock-1", messages: [{ role: "user", content: "x" }] })
}, 30_000)
afterAll(() => world?.close())

const ROUND = nano(154_000)
const echo = (text: string) => ({ name: "echo", args: { text } })
const SCRIPT = [{ text: "Let me see.", calls: [echo("one"), { name: "fail", args: {} }] }, { text: "It says one." }]
const books = () => world.server.app.ledger.verify().checks.filter((check) => check.violations > 0)
const toolTurns = () =>
  world
    .asked()
    .at(-1)!
    .messages.map(({ role, tool_calls, content }) =>
      tool_calls ? `${role}:${tool_calls.length}` : `${role} ${content}`,
    )
/** Spent until this is called. */
function spending(): () => number {
  const before = world.balance()
  return () => before - world.balance()
}
const ALL = 2 * ROUND + credits(1)
const HEARD = ["assistant:2", "tool one", "tool Error: it did not work"]

describe("responses", () => {
  const openai = () => new OpenAI({ apiKey: world.both, baseURL: world.server.at("/v1"), maxRetries: 0 })
  const asking = { model: "mock-1", input: "Say one by a tool.", tools: [GROUP] } as never
  type Call = OpenAI.Responses.ResponseOutputItem.McpCall

  test("whole: calls are `mcp_call` items between words, charged as one, and may be sent back", async () => {
    world.says(SCRIPT)
    const spent = spending()
    const said = await openai().responses.create(asking)
    expect(said.output.map(({ type }) => type)).toEqual(["message", "mcp_call", "mcp_call", "message"])
    expect(said.output[1]).toMatchObject({
      server_label: "travel",
      name: "echo",
      arguments: '{"text":"one"}',
      output: "one",
      error: null,
      status: "completed",
      charged: { credits: "1" },
    })
    expect(said.output[2]).toMatchObject({ name: "fail", output: null, error: "it did not work", status: "failed" })
    expect([said.status, said.output_text, said.usage?.total_tokens]).toEqual([
      "completed",
      "Let me see.It says one.",
      240,
    ])
    expect([spent(), books()]).toEqual([ALL, []])
    world.says([{ text: "As I said." }])
    const input = [{ role: "user", content: "Say one by a tool." }, ...said.output, { role: "user", content: "And?" }]
    const again = await openai().responses.create({ model: "mock-1", input, tools: [GROUP] } as never)
    expect([again.output_text, toolTurns()]).toEqual([
      "As I said.",
      [
        "user Say one by a tool.",
        "assistant:1",
        "tool one",
        "assistant:1",
        "tool it did not work",
        "assistant It says one.",
        "user And?",
      ],
    ])
  })

  test("streamed: the SDK gathers the same answer from its events", async () => {
    world.says(SCRIPT)
    const spent = spending()
    const types: string[] = []
    const stream = openai().responses.stream(asking)
    for await (const { type } of stream) types.push(type)
    const said = await stream.finalResponse()
    expect(said.output.map(({ type }) => type)).toEqual(["message", "mcp_call", "mcp_call", "message"])
    expect((said.output[1] as Call).output).toBe("one")
    const own = types.filter((type) => type.includes("mcp_call"))
    expect(own.slice(0, 3)).toEqual([
      "response.mcp_call.in_progress",
      "response.mcp_call_arguments.delta",
      "response.mcp_call_arguments.done",
    ])
    expect(own.filter((type) => /completed|failed/.test(type)).sort()).toEqual([
      "response.mcp_call.completed",
      "response.mcp_call.failed",
    ])
    expect([types.at(-1), said.output_text, spent()]).toEqual(["response.completed", "Let me see.It says one.", ALL])
  })

  test("a stream tells each item once, in order, and ends with why where rounds end early", async () => {
    world.says(() => ({ calls: [echo("again")] }))
    const answer = await world.post("/v1/responses", { ...(asking as object), stream: true })
    const events = (await answer.text())
      .split("\n")
      .filter((line) => line.startsWith("data: "))
      .map(
        (line) =>
          JSON.parse(line.slice(6)) as {
            type: string
            sequence_number: number
            response?: { incomplete_details: object }
          },
      )
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index))
    expect(events.at(-1)).toMatchObject({
      type: "response.incomplete",
      response: { incomplete_details: { reason: "max_tool_rounds" } },
    })
    expect(events.filter(({ type }) => type === "response.output_item.added")).toHaveLength(9)
  })

  test("refuses servers by address, and tools that come as items", async () => {
    const refused = async (tools: object[]) =>
      (await world.post("/v1/responses", { ...(asking as object), tools })).status
    expect(await refused([{ type: "mcp", server_label: "x", server_url: "https://mcp.example.com" }])).toBe(400)
    expect(await refused([{ ...GROUP, server_label: "mine", require_approval: "always" }])).toBe(400)
    world.says([{ text: "ok" }])
    expect(await refused([{ ...GROUP, server_label: "mine", require_approval: "never" }])).toBe(200)
    expect((await world.post("/v1/responses", asking as object, { bearer: world.llmOnly })).status).toBe(403)
  })

  test("an answer that is kept is gone on from, its tools with it", async () => {
    const { app } = world.server
    await app.kept.turn(CTX, { userId: world.user.id, userPublicId: world.user.publicId, on: true })
    world.says(SCRIPT)
    const first = await openai().responses.create({ ...(asking as object), store: true } as never)
    world.says([{ text: "As I said." }])
    const more = { model: "mock-1", input: "And?", previous_response_id: first.id, tools: [GROUP] }
    expect((await openai().responses.create(more as never)).output_text).toBe("As I said.")
    expect(toolTurns()).toContain("tool one")
  })
})

describe("messages", () => {
  const anthropic = () => new Anthropic({ apiKey: world.both, baseURL: world.server.at("/"), maxRetries: 0 })
  const USER = { role: "user" as const, content: "Say one by a tool." }
  const asking = { model: "mock-1", max_tokens: 100, messages: [USER], tools: [GROUP] } as never
  interface Block {
    type: string
    id?: string
    name?: string
    server_name?: string
    input?: object
    tool_use_id?: string
    is_error?: boolean
    content?: { text: string }[]
  }
  const KINDS = ["text", "mcp_tool_use", "mcp_tool_use", "mcp_tool_result", "mcp_tool_result", "text"]
  const blocks = (said: Anthropic.Message) => said.content as unknown as Block[]

  test("whole: calls are `mcp_tool_use` and `mcp_tool_result` blocks, and may be sent back", async () => {
    world.says(SCRIPT)
    const spent = spending()
    const said = await anthropic().messages.create(asking)
    expect(blocks(said).map(({ type }) => type)).toEqual(KINDS)
    expect(blocks(said)[1]).toMatchObject({ name: "echo", server_name: "travel", input: { text: "one" } })
    const results = blocks(said).filter(({ type }) => type === "mcp_tool_result")
    expect(results.map(({ is_error, content }) => [is_error, content![0]!.text]).toSorted()).toEqual([
      [false, "one"],
      [true, "it did not work"],
    ])
    expect(results.map(({ tool_use_id }) => tool_use_id).toSorted()).toEqual(
      [blocks(said)[1]!.id, blocks(said)[2]!.id].toSorted(),
    )
    expect([said.stop_reason, said.usage.output_tokens, spent(), books()]).toEqual(["end_turn", 40, ALL, []])
    world.says([{ text: "As I said." }])
    const messages = [USER, { role: "assistant", content: said.content }, { role: "user", content: "And?" }]
    const again = await anthropic().messages.create({ ...(asking as object), messages } as never)
    expect(blocks(again)[0]).toMatchObject({ text: "As I said." })
    expect(toolTurns().slice(1, 4).toSorted()).toEqual(HEARD.toSorted())
  })

  test("streamed: the SDK gathers the same message from its events", async () => {
    world.says(SCRIPT)
    const spent = spending()
    const stream = anthropic().messages.stream(asking)
    const types: string[] = []
    for await (const event of stream) types.push(event.type)
    const said = await stream.finalMessage()
    expect(blocks(said).map(({ type }) => type)).toEqual(KINDS)
    expect(blocks(said)[1]).toMatchObject({ name: "echo", input: { text: "one" } })
    expect([said.stop_reason, types.at(0), types.at(-1), spent()]).toEqual([
      "end_turn",
      "message_start",
      "message_stop",
      ALL,
    ])
  })

  test("the SDK's betas read it, too", async () => {
    world.says(SCRIPT)
    const said = await anthropic().beta.messages.stream(asking).finalMessage()
    expect((said.content as Block[]).map(({ type }) => type)).toEqual(KINDS)
  })

  test("rounds that end early pause the turn", async () => {
    world.says(() => ({ calls: [echo("again")] }))
    const said = await anthropic().messages.create(asking)
    expect([said.stop_reason, blocks(said).length]).toEqual(["pause_turn", 18])
    const ids = blocks(said).flatMap(({ id }) => id ?? [])
    expect(new Set(ids).size).toBe(9)
  })

  test("refuses servers by address, and whoever lacks the permission", async () => {
    const refused = async (more: object, bearer = world.both) =>
      (await world.post("/v1/messages", { ...(asking as object), ...more }, { bearer })).status
    expect(await refused({ tools: [{ type: "mcp", url: "https://mcp.example.com" }] })).toBe(400)
    expect(await refused({ mcp_servers: [{ type: "url", url: "https://mcp.example.com", name: "x" }] })).toBe(400)
    expect(await refused({}, world.llmOnly)).toBe(403)
  })
})
