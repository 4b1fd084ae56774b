// One table checks and documents: what the dialect takes, the document's schema takes; and each refusal names its field.
import { expect, test } from "bun:test"
import Ajv from "ajv/dist/2020"
import { AppError } from "../../../app/index.ts"
import { parseJson } from "../json.ts"
import { FIELDS, REFUSED } from "./fields.ts"
import { checkResponses, fieldsOf } from "./request.ts"
import { ResponsesRequest } from "./schema.ts"

const document = JSON.parse(JSON.stringify(ResponsesRequest)) as { properties: object; additionalProperties: boolean }
const validate = new Ajv({ strict: false }).compile(document)
const ASK = { model: "m", input: "hi" }
const check = (more: object) => checkResponses(parseJson(JSON.stringify({ ...ASK, ...more })))

/** The field that is refused; null when all is taken. Unknown fields are noted, and refused unless an operator allows them. */
function refused(more: object): string | null {
  try {
    return check(more).extras[0]?.param ?? null
  } catch (error) {
    if (error instanceof AppError && error.code === "invalid_request") return error.extra.param ?? ""
    throw error
  }
}
const item = (value: object) => ({ input: [value] })
const part = (value: object) => item({ role: "user", content: [value] })
const tool = (value: object) => ({ tools: [value] })

test("the document names the fields of the table, and no others", () => {
  expect(Object.keys(document.properties).toSorted()).toEqual([...FIELDS.keys()].toSorted())
  expect(document.additionalProperties).toBe(false)
})

const RIGHT: object[] = [
  {},
  { instructions: "be kind", max_output_tokens: 16, temperature: 2, top_p: 0, top_logprobs: 20, stream: true },
  { store: false, truncation: "disabled", service_tier: "default", metadata: { a: "b" } },
  {
    include: ["reasoning.encrypted_content", "message.output_text.logprobs"],
    stream_options: { include_obfuscation: false },
  },
  { reasoning: { effort: "xhigh", summary: "auto", context: "auto", mode: "standard" }, parallel_tool_calls: false },
  { text: { format: { type: "text" }, verbosity: "low" } },
  { text: { format: { type: "json_object" } } },
  { text: { format: { type: "json_schema", name: "x", schema: {}, strict: null } } },
  { user: "u", safety_identifier: "s", prompt_cache_key: "k", prompt_cache_retention: "24h" },
  { prompt_cache_options: { mode: "explicit", ttl: "30m" } },
  tool({ type: "function", name: "f", parameters: {}, strict: true, description: null }),
  { ...tool({ type: "custom", name: "c", format: { type: "text" } }), tool_choice: { type: "custom", name: "c" } },
  { tool_choice: "required" },
  { tool_choice: { type: "allowed_tools", mode: "auto", tools: [{ type: "function", name: "f" }] } },
  item({ role: "user", content: "hi" }),
  item({ type: "message", id: "msg_1", role: "assistant", status: "completed", phase: "final_answer", content: "x" }),
  item({ role: "assistant", content: [{ type: "output_text", text: "x", annotations: [], logprobs: [] }] }),
  item({ role: "assistant", content: [{ type: "refusal", refusal: "no" }] }),
  part({ type: "input_text", text: "x", prompt_cache_breakpoint: { mode: "explicit" } }),
  part({ type: "input_image", image_url: "https://x/a.png", detail: "low" }),
  part({ type: "input_image", image_url: "data:image/png;base64,AAAA", detail: "auto" }),
  part({ type: "input_file", file_data: "data:application/pdf;base64,AAAA", filename: "a.pdf" }),
  part({ type: "input_file", file_url: "https://x/a.pdf" }),
  item({ type: "function_call", call_id: "c", name: "f", arguments: "{}", id: "fc_1", status: "completed" }),
  item({ type: "function_call_output", call_id: "c", output: "x" }),
  item({ type: "function_call_output", call_id: "c", output: [{ type: "input_text", text: "x" }] }),
  item({ type: "custom_tool_call", call_id: "c", name: "f", input: "x" }),
  item({ type: "custom_tool_call_output", call_id: "c", output: "x" }),
  item({ type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "x" }], encrypted_content: "e" }),
  item({ type: "reasoning", summary: [], content: [{ type: "reasoning_text", text: "x" }] }),
]
test("what is right passes the check and the document", () => {
  for (const more of RIGHT) {
    expect([more, refused(more), validate({ ...ASK, ...more })]).toEqual([more, null, true])
  }
})

const WRONG: [more: object, param: string][] = [
  [{ input: null }, "input"],
  [{ input: [] }, "input"],
  [{ input: 1 }, "input"],
  [{ input: ["x"] }, "input[0]"],
  [{ model: "" }, "model"],
  [{ max_output_tokens: 0 }, "max_output_tokens"],
  [{ temperature: "1" }, "temperature"],
  [{ top_logprobs: 21 }, "top_logprobs"],
  [{ include: ["file_search_call.results"] }, "include[0]"],
  [{ truncation: "auto" }, "truncation"],
  [{ service_tier: "batch" }, "service_tier"],
  [{ reasoning: { mode: "pro" } }, "reasoning.mode"],
  [{ reasoning: { more: 1 } }, "reasoning.more"],
  [{ text: { format: { type: "grammar" } } }, "text.format.type"],
  [{ text: { format: { type: "json_schema", name: "x" } } }, "text.format.schema"],
  [{ prompt_cache_options: { ttl: "12h" } }, "prompt_cache_options.ttl"],
  [{ invented: 1 }, "invented"],
  [tool({ type: "web_search" }), "tools[0].type"],
  [tool({ type: "mcp", server_url: "https://x" }), "tools[0].server_url"],
  [tool({ type: "function" }), "tools[0].name"],
  [tool({ type: "function", name: "f", allowed_callers: ["programmatic"] }), "tools[0].allowed_callers"],
  [{ tool_choice: "any" }, "tool_choice"],
  [{ tool_choice: { type: "web_search" } }, "tool_choice"],
  [{ tool_choice: { type: "allowed_tools", tools: [{ type: "mcp" }] } }, "tool_choice.tools"],
  [item({ type: "item_reference", id: "msg_1" }), "input[0].type"],
  [item({ type: "web_search_call", id: "ws_1" }), "input[0].type"],
  [item({ type: "compaction", encrypted_content: "x" }), "input[0].type"],
  [item({ role: "tool", content: "x" }), "input[0].role"],
  [item({ content: "x" }), "input[0].role"],
  [item({ role: "user" }), "input[0].content"],
  [item({ role: "user", content: "x", odd: 1 }), "input[0].odd"],
  [item({ type: "function_call", call_id: "c", name: "f" }), "input[0].arguments"],
  [item({ type: "function_call_output", call_id: "c", output: 1 }), "input[0].output"],
  [item({ type: "reasoning", summary: ["x"] }), "input[0].summary"],
  [part({ type: "input_audio", input_audio: { data: "A", format: "mp3" } }), "input[0].content[0].type"],
  [part({ type: "input_image", file_id: "file_1" }), "input[0].content[0].file_id"],
  [part({ type: "input_image", image_url: "file:///etc/passwd" }), "input[0].content[0].image_url"],
  [part({ type: "input_file", file_id: "file_1" }), "input[0].content[0].file_id"],
  [part({ type: "input_file", filename: "x" }), "input[0].content[0]"],
  [part({ type: "input_file", file_url: "file:///x" }), "input[0].content[0].file_url"],
]
test("what is wrong is refused by its name", () => {
  for (const [more, param] of WRONG) expect([more, refused(more)]).toEqual([more, param])
})

test("what would change the price, or who pays, is refused with its reason; turned off it is left out", () => {
  for (const [name, words] of REFUSED) {
    expect([name, refused({ [name]: "x" })]).toEqual([name, name])
    expect(words).toContain("not offered here")
  }
  for (const off of [{ background: false }, { max_tool_calls: null }, { n: 1 }, { plugins: [] }]) {
    expect([off, refused(off), check(off).fields]).toEqual([off, null, { input: "hi" }])
  }
  expect(refused({ n: 2 })).toBe("n")
})

test("fields travel as they were written, ours left out", () => {
  const body =
    '{"model":"m","input":"hi","temperature":1.0,"top_p":0.10,"max_output_tokens":9,"stream":false,"store":false}'
  expect(JSON.stringify(fieldsOf(checkResponses(parseJson(body))))).toBe(
    '{"input":"hi","temperature":1.0,"top_p":0.10}',
  )
})

const tokens = (more: object, window: number | null = null) => check(more).size.tokensFor("gpt-5", window)
test("the size of the prompt is all that may become prompt", () => {
  const long = "word ".repeat(1_000)
  const base = tokens({}).likely
  for (const more of [
    { instructions: long },
    { input: long },
    item({ role: "user", content: long }),
    part({ type: "input_text", text: long }),
    item({ type: "function_call", call_id: "c", name: "f", arguments: long }),
    item({ type: "function_call_output", call_id: "c", output: long }),
    item({ type: "reasoning", summary: [{ type: "summary_text", text: long }] }),
    item({ type: "reasoning", encrypted_content: long }),
    tool({ type: "function", name: "f", parameters: { description: long } }),
    { text: { format: { type: "json_schema", name: "x", schema: { description: long } } } },
    { tool_choice: { type: "function", name: long } },
    { invented: long },
  ]) {
    expect(tokens(more).likely).toBeGreaterThan(base + 900)
  }
  const big = `data:image/png;base64,${"A".repeat(100_000)}`
  expect(tokens(part({ type: "input_image", image_url: big })).likely).toBeLessThan(base + 4_000)
  expect(tokens(part({ type: "input_file", file_url: "https://x/a.pdf" }), 100_000)).toMatchObject({ worst: 100_000 })
})

test("notes that Codex makes for itself on items are not sent on, and the document leaves them out", () => {
  const item = { type: "message", role: "user", content: "hi" }
  const noted = { ...item, internal_chat_message_metadata_passthrough: { turn_id: "t" } }
  expect(refused({ input: [noted] })).toBeNull()
  expect(check({ input: [noted, item] }).fields.input).toEqual([item, item])
  const input = [item]
  expect(check({ input }).fields.input).toEqual(input)
})
