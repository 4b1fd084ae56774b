// A search of tools that the caller runs itself, as Codex does: the tool, the call, and the tools that come later.
import { expect, test } from "bun:test"
import type { AnswerEvent } from "../../providers/index.ts"
import { parseJson } from "../json.ts"
import { conversationOf } from "./conversation.ts"
import { ResponsesFramer, wholeResponse } from "./frame.ts"
import { checkResponses } from "./request.ts"

const SEARCH = {
  type: "tool_search",
  execution: "client",
  description: "Finds tools.",
  parameters: { type: "object", properties: { query: { type: "string" } } },
}
const CALL = {
  type: "tool_search_call",
  id: "tsc_1",
  call_id: "c1",
  execution: "client",
  arguments: { query: "mail" },
  status: "completed",
}
const send = { type: "function", name: "send", parameters: { type: "object" }, defer_loading: true }
const FOUND = {
  type: "tool_search_output",
  call_id: "c1",
  execution: "client",
  status: "completed",
  tools: [{ type: "namespace", name: "mail", description: "Mail.", tools: [send] }],
}
const GIVEN = {
  type: "additional_tools",
  role: "developer",
  tools: [{ type: "function", name: "clock", parameters: { type: "object" } }],
}
const USER = { role: "user", content: "hi" }
const checked = (more: object) => checkResponses(parseJson(JSON.stringify({ model: "m", input: "hi", ...more })))
const refused = (more: object): string => {
  try {
    return checked(more).extras[0]?.param ?? "nothing"
  } catch (error) {
    return String((error as { extra: { param?: string } }).extra.param)
  }
}
const LOOP = { tools: [SEARCH], input: [GIVEN, USER, CALL, FOUND] }

test("is passed as it was written, and counted", () => {
  const request = checked(LOOP)
  expect(request.extras).toEqual([])
  expect(request.fields).toEqual(LOOP)
  const long = "word ".repeat(10_000)
  for (const item of [
    { ...CALL, arguments: { query: long } },
    { ...FOUND, tools: [{ ...send, description: long }] },
  ]) {
    expect(checked({ input: [item] }).size.fairFor("m", null)).toBeGreaterThan(8_000)
  }
})

test("that a provider runs is refused, and so are its tools", () => {
  expect(refused({ tools: [{ type: "tool_search" }] })).toBe("tools[0].type")
  expect(refused({ tools: [{ ...SEARCH, execution: "server" }] })).toBe("tools[0].type")
  expect(refused({ tools: [send] })).toBe("tools[0].defer_loading")
  expect(refused({ input: [{ ...CALL, execution: "server" }] })).toBe("input[0].execution")
  expect(refused({ input: [{ ...FOUND, tools: [{ type: "web_search" }] }] })).toBe("input[0].tools[0].type")
  expect(refused({ input: [{ ...GIVEN, role: "user" }] })).toBe("input[0].role")
})

test("is a function to other wires, and what it found are tools", () => {
  const { tools, messages } = conversationOf(checked(LOOP))
  expect(tools.map(({ type, name, param }) => [type, name, param])).toEqual([
    ["function", "tool_search", "tools[0]"],
    ["function", "clock", "input[0].tools[0]"],
    ["function", "mail__send", "input[3].tools[0].tools[0]"],
  ])
  expect(messages.map(({ role, parts }) => [role, ...parts.map((part) => part.type)])).toEqual([
    ["user", "text"],
    ["assistant", "call"],
    ["user", "result"],
  ])
  expect(messages[1]!.parts[0]).toMatchObject({ id: "c1", name: "tool_search", arguments: '{"query":"mail"}' })
  expect(messages[2]!.parts[0]).toMatchObject({ id: "c1", parts: [{ type: "text", text: "Found: mail__send" }] })
  const twice = conversationOf(checked({ ...LOOP, input: [...LOOP.input, CALL, FOUND] }))
  expect(twice.tools).toHaveLength(3)
})

const EVENTS: AnswerEvent[] = [
  { type: "tool", choice: 0, index: 0, id: "c2", name: "tool_search", arguments: '{"query":' },
  { type: "tool", choice: 0, index: 0, id: "", name: "", arguments: '"mail"}' },
  { type: "tool", choice: 0, index: 1, id: "c3", name: "mail__send", arguments: "{}" },
  { type: "finish", choice: 0, reason: "tool_calls" },
]
const OUTPUT = [
  { type: "tool_search_call", call_id: "c2", execution: "client", arguments: { query: "mail" }, status: "completed" },
  { type: "function_call", call_id: "c3", namespace: "mail", name: "send", arguments: "{}", status: "completed" },
]

test("is told of in its own words, whole and streamed", async () => {
  const request = checked(LOOP)
  const whole = JSON.parse(
    await wholeResponse(request, { raw: null, events: EVENTS, model: "m" } as never, false, "req_1"),
  ) as { output: object[] }
  expect(whole.output).toMatchObject(OUTPUT)
  const framer = new ResponsesFramer(request, "req_1")
  const text = framer.events(EVENTS, "m") + (await framer.end())
  const told = [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data!) as Record<string, unknown>)
  const search = told.filter(({ output_index, type }) => output_index === 0 && type !== "response.created")
  expect(search.map(({ type }) => type)).toEqual(["response.output_item.added", "response.output_item.done"])
  expect(told.at(-1)).toMatchObject({ type: "response.completed", response: { output: OUTPUT } })
})
