// What a responses request means to providers of other wires.
import { expect, test } from "bun:test"
import { AppError } from "../../../app/index.ts"
import type { Part, Turn } from "../../providers/index.ts"
import { parseJson } from "../json.ts"
import { conversationOf } from "./conversation.ts"
import { checkResponses } from "./request.ts"

const meant = (more: object) =>
  conversationOf(checkResponses(parseJson(JSON.stringify({ model: "m", input: "hi", ...more }))))
/** Without the places where things stand. */
const bare = (turns: readonly Turn[]): unknown[] =>
  turns.map(({ role, parts }) => [role, ...parts.map(({ param: _, ...part }: Part) => part)])
const turns = (...input: object[]) => bare(meant({ input }).messages)
const text = (words: string) => ({ type: "text", text: words })

test("Thinking, words and calls are one turn, and so are the answers of tools", () => {
  expect(
    turns(
      { role: "developer", content: "d" },
      { role: "user", content: [{ type: "input_text", text: "u" }] },
      { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "t" }], encrypted_content: "sealed" },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "a" }] },
      { type: "function_call", call_id: "c1", name: "f", arguments: "{}" },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "b" }] },
      { type: "custom_tool_call", call_id: "c2", name: "g", input: "x" },
      { type: "function_call_output", call_id: "c1", output: "1" },
      { type: "custom_tool_call_output", call_id: "c2", output: [{ type: "input_text", text: "2" }] },
      { role: "user", content: "next" },
    ),
  ).toEqual([
    ["developer", text("d")],
    ["user", text("u")],
    [
      "assistant",
      { type: "reasoning", text: "t", summary: true, signature: { format: "openai", data: "sealed", id: "rs_1" } },
      text("a"),
      { type: "call", id: "c1", name: "f", arguments: "{}", custom: false, signature: null },
      text("b"),
      { type: "call", id: "c2", name: "g", arguments: "x", custom: true, signature: null },
    ],
    [
      "user",
      { type: "result", id: "c1", name: null, parts: [expect.objectContaining(text("1"))], isError: false },
      { type: "result", id: "c2", name: null, parts: [expect.objectContaining(text("2"))], isError: false },
    ],
    ["user", text("next")],
  ])
})

test("Two messages of the assistant stay two", () => {
  expect(turns({ role: "assistant", content: "a" }, { role: "assistant", content: "b" })).toEqual([
    ["assistant", text("a")],
    ["assistant", text("b")],
  ])
})

test("Seals of other providers come back as they were, those of calls at their call", () => {
  expect(
    turns(
      { type: "reasoning", content: [{ type: "reasoning_text", text: "t" }], encrypted_content: "psig1.a..seal" },
      { type: "function_call", call_id: "c1", name: "f", arguments: "{}" },
      { type: "reasoning", encrypted_content: `psig1.g.${Buffer.from("c1").toString("base64url")}.gseal` },
      { type: "reasoning", id: "rs_0", summary: [] },
    ),
  ).toEqual([
    [
      "assistant",
      { type: "reasoning", text: "t", summary: false, signature: { format: "anthropic", data: "seal" } },
      expect.objectContaining({ id: "c1", signature: { format: "google", data: "gseal" } }),
    ],
  ])
})

test("Pictures and documents", () => {
  const content = [
    { type: "input_image", image_url: "data:image/png;base64,AAAA", detail: "high" },
    { type: "input_image", image_url: "https://x/a.png" },
    { type: "input_file", file_data: "data:application/pdf;base64,BBBB", filename: "b.pdf" },
    { type: "input_file", file_url: "https://x/c.pdf" },
    { type: "input_text", text: "x", prompt_cache_breakpoint: { mode: "explicit" } },
  ]
  expect(turns({ role: "user", content })).toEqual([
    [
      "user",
      { type: "image", source: { type: "data", mediaType: "image/png", data: "AAAA" }, detail: "high" },
      { type: "image", source: { type: "url", url: "https://x/a.png" }, detail: "auto" },
      {
        type: "file",
        source: { type: "data", mediaType: "application/pdf", data: "BBBB" },
        name: "b.pdf",
        citations: false,
      },
      { type: "file", source: { type: "url", url: "https://x/c.pdf" }, name: null, citations: false },
      { ...text("x"), cache: { ttl: "5m" } },
    ],
  ])
})

test("The other fields, each with its place", () => {
  const said = meant({
    instructions: "i",
    tools: [
      { type: "function", name: "f", description: "d", parameters: { type: "object" }, strict: true },
      { type: "custom", name: "c", format: { type: "text" } },
    ],
    tool_choice: { type: "allowed_tools", mode: "required", tools: [{ type: "function", name: "f" }] },
    parallel_tool_calls: false,
    text: { format: { type: "json_schema", name: "n", schema: { a: 1 }, strict: false }, verbosity: "high" },
    reasoning: { effort: "low", summary: "detailed" },
    temperature: 0.5,
    top_p: 0.9,
    include: ["message.output_text.logprobs"],
    user: "u",
    prompt_cache_key: "k",
    metadata: { a: "b" },
  })
  expect(said).toMatchObject({
    tools: [
      { type: "function", name: "f", description: "d", schema: { type: "object" }, strict: true, param: "tools[0]" },
      { type: "custom", name: "c", description: null, format: { type: "text" }, param: "tools[1]" },
    ],
    toolChoice: { type: "allowed", names: ["f"], required: true },
    parallelTools: false,
    format: { type: "schema", name: "n", description: null, schema: { a: 1 }, strict: false },
    verbosity: "high",
    reasoning: { effort: "low", summary: "detailed", budget: null, adaptive: false },
    sampling: { temperature: 0.5, topP: 0.9, seed: null },
    logprobs: 0,
    user: "u",
    cacheKey: "k",
    metadata: { a: "b" },
    params: { format: "text.format", logprobs: "top_logprobs" },
  })
  expect(said.messages[0]).toMatchObject({ role: "system", param: "instructions" })
  expect(meant({})).toMatchObject({ reasoning: null, format: null, toolChoice: null, logprobs: null })
  expect(meant({ top_logprobs: 3 }).logprobs).toBe(3)
  expect(meant({ tool_choice: { type: "function", name: "f" } }).toolChoice).toEqual({ type: "tool", name: "f" })
})

test("Places of parts are the caller's own", () => {
  const [first] = meant({ input: [{ role: "user", content: [{ type: "input_text", text: "x" }] }] }).messages
  expect([first!.param, first!.parts[0]!.param]).toEqual(["input[0]", "input[0].content[0]"])
})

test("What no other wire knows is refused by name", () => {
  for (const [more, param] of [
    [{ reasoning: { context: "current_turn" } }, "reasoning.context"],
    [{ reasoning: { effort: "utmost" } }, "reasoning.effort"],
  ] as const) {
    let refused: unknown
    try {
      meant(more)
    } catch (error) {
      refused = error
    }
    expect((refused as AppError).extra.param).toBe(param)
    expect(refused).toBeInstanceOf(AppError)
  }
})
