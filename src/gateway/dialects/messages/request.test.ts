// What a messages request may hold: one table checks and documents, and what it refuses it names.
import { expect, test } from "bun:test"
import Ajv from "ajv/dist/2020"
import { AppError } from "../../../app/index.ts"
import { sealed } from "../../providers/index.ts"
import { parseJson } from "../json.ts"
import { betasIn } from "./betas.ts"
import { conversationOf } from "./conversation.ts"
import { FIELDS } from "./fields.ts"
import { checkMessages, fieldsOf } from "./request.ts"
import { MessagesRequest } from "./schema.ts"

type Json = Record<string, unknown>
const document = JSON.parse(JSON.stringify(MessagesRequest)) as { properties: object; additionalProperties: boolean }
const validate = new Ajv({ strict: false }).compile(document)
const ASK = { model: "m", max_tokens: 10, messages: [{ role: "user", content: "hi" }] }
const blocks = (...content: object[]) => ({ messages: [{ role: "user", content }] })
const checked = (body: object) => checkMessages(parseJson(JSON.stringify({ ...ASK, ...body })), [])

function refusalOf(body: object): AppError | null {
  try {
    const { extras } = checkMessages(parseJson(JSON.stringify(body)), [])
    return extras.length === 0 ? null : new AppError("invalid_request", "extra", { param: extras[0]!.param })
  } catch (error) {
    if (error instanceof AppError && error.code === "invalid_request") return error
    throw error
  }
}

test("the document names the fields of the table, and no others", () => {
  expect(Object.keys(document.properties).toSorted()).toEqual([...FIELDS.keys()].toSorted())
  expect(document.additionalProperties).toBe(false)
})

const PNG = { type: "base64", media_type: "image/png", data: "AAAA" }
const PDF = { type: "base64", media_type: "application/pdf", data: "JVBERi0=" }
const CITATIONS = { citations: { enabled: true } }
const TOOL = { name: "look", input_schema: { type: "object" } }
const RIGHT: object[] = [
  {},
  { system: "x", stream: true, temperature: 1, top_p: 0, top_k: 0, stop_sequences: ["x"], metadata: { user_id: "u" } },
  { system: [{ type: "text", text: "x", cache_control: { type: "ephemeral", ttl: "1h" } }], service_tier: "auto" },
  { service_tier: "standard_only", speed: "standard", inference_geo: "global", cache_control: { type: "ephemeral" } },
  { thinking: { type: "enabled", budget_tokens: 5, display: "omitted" } },
  { thinking: { type: "adaptive", display: "summarized" }, output_config: { effort: "xhigh" } },
  { thinking: { type: "disabled" }, output_config: { format: { type: "json_schema", schema: {} } } },
  { output_format: { type: "json_schema", schema: {} }, temperature: null },
  { tools: [TOOL, { ...TOOL, type: "custom", description: "d", strict: true, eager_input_streaming: true }] },
  { tools: [{ ...TOOL, defer_loading: false, allowed_callers: ["direct"], input_examples: [{ a: 1 }] }] },
  { tool_choice: { type: "tool", name: "look", disable_parallel_tool_use: true } },
  { tool_choice: { type: "auto" } },
  { context_management: { edits: [{ type: "clear_thinking_20251015", keep: "all" }] } },
  blocks({ type: "text", text: "x", citations: null }, { type: "image", source: PNG, transformations: {} }),
  blocks({ type: "image", source: { type: "url", url: "https://x/a.png" }, cache_control: { type: "ephemeral" } }),
  blocks({ type: "document", source: PDF, title: "t", context: "c", ...CITATIONS }),
  blocks({ type: "document", source: { type: "text", media_type: "text/plain", data: "x" } }),
  blocks({ type: "document", source: { type: "content", content: [{ type: "text", text: "x" }] } }),
  blocks({ type: "document", source: { type: "url", url: "https://x/a.pdf" } }),
  blocks({
    type: "search_result",
    source: "https://x",
    title: "t",
    content: [{ type: "text", text: "x" }],
    ...CITATIONS,
  }),
  blocks({ type: "tool_result", tool_use_id: "t", content: "x", is_error: true }),
  blocks(
    { type: "tool_result", tool_use_id: "t", content: [{ type: "image", source: PNG }] },
    { type: "tool_result", tool_use_id: "u" },
  ),
  blocks({ type: "tool_use", id: "t", name: "look", input: {}, caller: { type: "direct" } }),
  blocks({ type: "thinking", thinking: "", signature: "s" }, { type: "redacted_thinking", data: "x" }),
  { messages: [...ASK.messages, { role: "system", content: "x" }, { role: "assistant", content: [] }] },
]
test("what is right passes the check and the document", () => {
  for (const more of RIGHT) {
    const body = { ...ASK, ...more }
    expect([more, refusalOf(body)?.message ?? null, validate(body)]).toEqual([more, null, true])
  }
})

const WRONG: [body: object, param: string][] = [
  [{ max_tokens: undefined }, "max_tokens"],
  [{ max_tokens: 0 }, "max_tokens"],
  [{ model: "" }, "model"],
  [{ messages: [] }, "messages"],
  [{ messages: [{ role: "tool", content: "x" }] }, "messages[0].role"],
  [{ messages: [{ role: "user" }] }, "messages[0].content"],
  [{ messages: [{ role: "system", content: [{ type: "image", source: PNG }] }] }, "messages[0].content[0].type"],
  [{ temperature: 1.5 }, "temperature"],
  [{ stop_sequences: "x" }, "stop_sequences"],
  [{ service_tier: "priority" }, "service_tier"],
  [{ speed: "fast" }, "speed"],
  [{ inference_geo: "us" }, "inference_geo"],
  [{ thinking: { type: "enabled" } }, "thinking.budget_tokens"],
  [{ thinking: { type: "deep" } }, "thinking.type"],
  [{ output_config: { effort: "ultra" } }, "output_config.effort"],
  [{ output_config: { format: { type: "json_schema" } } }, "output_config.format.schema"],
  [{ output_config: { task_budget: {} } }, "output_config.task_budget"],
  [{ tools: [{ type: "web_search_20250305", name: "web_search" }] }, "tools[0].type"],
  [{ tools: [{ type: "code_execution_20250825", name: "code_execution" }] }, "tools[0].type"],
  [{ tools: [{ type: "bash_20250124", name: "bash" }] }, "tools[0].type"],
  [{ tools: [{ name: "f" }] }, "tools[0].input_schema"],
  [{ tools: [{ ...TOOL, defer_loading: true }] }, "tools[0].defer_loading"],
  [{ tools: [{ ...TOOL, allowed_callers: ["code_execution_20250825"] }] }, "tools[0].allowed_callers"],
  [{ tool_choice: "auto" }, "tool_choice"],
  [{ tool_choice: { type: "tool" } }, "tool_choice.name"],
  [{ mcp_servers: [{ type: "url", url: "https://x", name: "x" }] }, "mcp_servers"],
  [{ container: "c" }, "container"],
  [{ diagnostics: { previous_message_id: "msg_1" } }, "diagnostics"],
  [{ context_management: { edits: [{ type: "compact_20260112" }] } }, "context_management.edits[0].type"],
  [{ anthropic_beta: ["fast-mode-2026-02-01"] }, "anthropic_beta"],
  [{ n: 2 }, "n"],
  [{ frequency_penalty: 1 }, "frequency_penalty"],
  [blocks({ type: "image", source: { type: "file", file_id: "f" } }), "messages[0].content[0].source.type"],
  [blocks({ type: "image", source: { type: "url", url: "file:///etc" } }), "messages[0].content[0].source.url"],
  [
    blocks({ type: "image", source: { type: "base64", media_type: "image/png" } }),
    "messages[0].content[0].source.data",
  ],
  [blocks({ type: "document", source: { type: "file", file_id: "f" } }), "messages[0].content[0].source.type"],
  [blocks({ type: "container_upload", file_id: "f" }), "messages[0].content[0].type"],
  [blocks({ type: "server_tool_use", id: "s", name: "web_search", input: {} }), "messages[0].content[0].type"],
  [blocks({ type: "tool_result", content: "x" }), "messages[0].content[0].tool_use_id"],
  [blocks({ type: "tool_use", id: "t", name: "look" }), "messages[0].content[0].input"],
  [blocks({ type: "text" }), "messages[0].content[0].text"],
  [blocks({ type: "thinking", signature: "x" }), "messages[0].content[0].thinking"],
  [
    blocks({ type: "tool_result", tool_use_id: "t", content: [{ type: "tool_reference", tool_name: "x" }] }),
    "messages[0].content[0].content[0].type",
  ],
  [
    blocks({ type: "tool_use", id: "t", name: "f", input: {}, caller: { type: "code_execution_20250825" } }),
    "messages[0].content[0].caller.type",
  ],
]
test("what is wrong is refused by name, and by the document, too", () => {
  const looser = /source\.url$/
  for (const [more, param] of WRONG) {
    const body = { ...ASK, ...more }
    expect([more, refusalOf(body)?.extra.param]).toEqual([more, param])
    if (!looser.test(param)) expect([more, validate(JSON.parse(JSON.stringify(body)))]).toEqual([more, false])
  }
})

test("switches that are off are left out, fields travel as they were written", () => {
  const text =
    '{"model":"m","max_tokens":10,"messages":[{"role":"user","content":"hi"}],"mcp_servers":[],"temperature":0.50,"top_k":null,"n":1}'
  const { fields } = checkMessages(parseJson(text), [])
  expect(JSON.stringify(fields)).toBe('{"messages":[{"role":"user","content":"hi"}],"temperature":0.50}')
})

test("every byte that becomes prompt counts, a mark for an hour is seen, and a budget is part of the demand", () => {
  const words = "word ".repeat(400)
  const tokens = (body: object) => checked(body).size.tokensFor("claude-x", null).likely
  const least = tokens({})
  for (const body of [
    { system: words },
    { system: [{ type: "text", text: words }] },
    { tools: [{ ...TOOL, description: words }] },
    { output_config: { format: { type: "json_schema", schema: { description: words } } } },
    { messages: [{ role: "user", content: words }] },
    blocks({ type: "thinking", thinking: words, signature: "" }),
    blocks({ type: "tool_use", id: "t", name: "f", input: { a: words } }),
    blocks({ type: "tool_result", tool_use_id: "t", content: [{ type: "text", text: words }] }),
    blocks({ type: "document", source: { type: "text", data: words } }),
    blocks({ type: "document", source: { type: "content", content: words } }),
    blocks({ type: "search_result", source: "s", title: "t", content: [{ type: "text", text: words }] }),
  ]) {
    expect([body, tokens(body) - least > 380]).toEqual([body, true])
  }
  expect(tokens(blocks({ type: "image", source: PNG })) - least).toBeGreaterThan(1_000)
  expect(checked(blocks({ type: "document", source: PDF })).size.tokensFor("claude-x", null).worst).toBe(200_000)
  expect(checked({ cache_control: { type: "ephemeral", ttl: "1h" } }).size.hasLongCache).toBe(true)
  expect(checked(blocks({ type: "text", text: "x", cache_control: { type: "ephemeral" } })).size.hasLongCache).toBe(
    false,
  )
  expect(checked({ thinking: { type: "enabled", budget_tokens: 7 } }).thinking).toEqual({
    tokens: 7,
    param: "thinking.budget_tokens",
  })
})

test("thinking that others made is not sent to Anthropic, its own is", () => {
  const foreign = sealed({ format: "openai", data: "enc", id: "rs_1" })
  const messages = [
    ...ASK.messages,
    { role: "assistant", content: [{ type: "thinking", thinking: "x", signature: foreign }] },
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "y", signature: "" },
        { type: "text", text: "4" },
      ],
    },
    { role: "assistant", content: [{ type: "thinking", thinking: "z", signature: "own" }] },
  ]
  expect((fieldsOf(checked({ messages })).messages as Json[]).slice(1)).toEqual([
    { role: "assistant", content: [{ type: "text", text: "4" }] },
    { role: "assistant", content: [{ type: "thinking", thinking: "z", signature: "own" }] },
  ])
  expect(
    conversationOf(checked({ messages }))
      .messages.slice(1)
      .flatMap(({ parts }) => parts),
  ).toMatchObject([
    { type: "reasoning", text: "x", signature: { format: "openai", data: "enc", id: "rs_1" } },
    { type: "reasoning", text: "y", signature: null },
    { type: "text" },
    { type: "reasoning", text: "z", signature: { format: "anthropic", data: "own" } },
  ])
})

test("a call's seal of Google's comes back to its call", () => {
  const seal = sealed({ format: "google", data: "AAAA", id: "c1" })
  const content = [
    { type: "thinking", thinking: "", signature: seal },
    { type: "tool_use", id: "c0", name: "f", input: {} },
    { type: "tool_use", id: "c1", name: "g", input: { a: 1 } },
  ]
  expect(conversationOf(checked({ messages: [{ role: "assistant", content }] })).messages[0]!.parts).toMatchObject([
    { type: "call", id: "c0", signature: null },
    { type: "call", id: "c1", arguments: '{"a":1}', signature: { format: "google", data: "AAAA" } },
  ])
})

test("what a request means", () => {
  const meant = conversationOf(
    checked({
      system: "s",
      tools: [{ ...TOOL, input_examples: [{ at: "sky" }], cache_control: { type: "ephemeral" } }],
      tool_choice: { type: "any", disable_parallel_tool_use: true },
      output_config: { effort: "max", format: { type: "json_schema", schema: { type: "object" } } },
      thinking: { type: "adaptive", display: "omitted" },
      cache_control: { type: "ephemeral", ttl: "1h" },
      messages: [
        {
          role: "user",
          content: [
            {
              type: "document",
              source: {
                type: "content",
                content: [
                  { type: "text", text: "a" },
                  { type: "image", source: PNG },
                ],
              },
              context: "c",
            },
            {
              type: "search_result",
              source: "https://x",
              title: "T",
              content: [{ type: "text", text: "b" }],
              ...CITATIONS,
            },
            { type: "tool_result", tool_use_id: "t", content: "x", is_error: true },
          ],
        },
      ],
    }),
  )
  expect(meant).toMatchObject({
    messages: [
      { role: "system", parts: [{ type: "text", text: "s" }] },
      {
        role: "user",
        parts: [
          { type: "text", text: "c" },
          { type: "text", text: "a" },
          { type: "image" },
          { type: "file", source: { type: "text", text: "T (https://x)\n\nb" }, citations: true },
          { type: "result", id: "t", isError: true, parts: [{ text: "x" }], cache: { ttl: "1h" } },
        ],
      },
    ],
    tools: [{ type: "function", name: "look", description: 'Example: {"at":"sky"}', cache: { ttl: "5m" } }],
    toolChoice: { type: "required" },
    parallelTools: false,
    format: { type: "schema", schema: { type: "object" } },
    reasoning: { effort: "max", budget: null, summary: "none", adaptive: true },
  })
  expect(() => conversationOf(checked({ thinking: { type: "between_tools" } }))).toThrow("cannot be told")
})

test("names of betas: those that open fields are passed on, others are left out", () => {
  const sent = "claude-code-20250219, interleaved-thinking-2025-05-14,context-1m-2025-08-07,fast-mode-2026-02-01,x"
  expect(betasIn(new Headers({ "anthropic-beta": sent }))).toEqual([
    "claude-code-20250219",
    "interleaved-thinking-2025-05-14",
  ])
  expect(betasIn(new Headers())).toEqual([])
  expect(betasIn(new Headers({ "anthropic-beta": "effort-2025-11-24,".repeat(500) }))).toEqual([])
})
