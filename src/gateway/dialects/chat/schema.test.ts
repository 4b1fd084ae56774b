// One table checks and documents: what the dialect takes, the document's schema takes, and what it refuses, too.
import { expect, test } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import Ajv from "ajv/dist/2020"
import { AppError } from "../../../app/index.ts"
import { parseJson } from "../json.ts"
import { FIELDS } from "./fields.ts"
import { checkChat } from "./request.ts"
import { ChatRequest } from "./schema.ts"

const document = JSON.parse(JSON.stringify(ChatRequest)) as { properties: object; additionalProperties: boolean }
const validate = new Ajv({ strict: false }).compile(document)
const ASK = { model: "m", messages: [{ role: "user", content: "hi" }] }
const part = (value: object) => ({ messages: [{ role: "user", content: [value] }] })
const message = (value: object) => ({ messages: [{ role: "user", content: "hi", ...value }] })

/** By the dialect: unknown fields are noted there, and refused unless an operator allows them. */
function isTaken(body: unknown): boolean {
  try {
    return checkChat(parseJson(JSON.stringify(body))).extras.length === 0
  } catch (error) {
    if (error instanceof AppError && error.code === "invalid_request") return false
    throw error
  }
}
const verdicts = (body: unknown) => ({ dialect: isTaken(body), document: validate(body) })

test("the document names the fields of the table, and no others", () => {
  expect(Object.keys(document.properties).toSorted()).toEqual([...FIELDS.keys()].toSorted())
  expect(document.additionalProperties).toBe(false)
})

const RIGHT: object[] = [
  {},
  { n: 8, max_tokens: 1, temperature: 2, top_p: 0, seed: 7, stream: true, stream_options: { include_usage: true } },
  { n: null, stop: null, tools: null, stop_sequences: undefined },
  { stop: "x", logprobs: true, store: false, service_tier: "auto", modalities: ["text", "audio"] },
  { stop: ["x", "y"], logprobs: 3, logit_bias: { "50256": -100 }, metadata: { a: { b: 1 } } },
  { audio: { voice: { id: "v" }, format: "wav" }, function_call: { name: "f" }, functions: [{ name: "f" }] },
  { audio: { voice: "alloy" }, function_call: "auto", reasoning: { max_tokens: 5, effort: null } },
  {
    tools: [{ type: "function", function: { name: "f" } }],
    tool_choice: { type: "function", function: { name: "f" } },
  },
  { tools: [{ type: "custom", custom: { name: "f" }, cache_control: { type: "ephemeral" } }], tool_choice: "any" },
  part({ type: "text", text: "x", cache_control: { type: "ephemeral", ttl: "1h" } }),
  part({ type: "image_url", image_url: { url: "https://x/a.png", detail: "low" } }),
  part({ type: "image_url", image_url: "https://x/a.png" }),
  part({ type: "input_audio", input_audio: { data: "AAAA", format: "mp3" } }),
  part({ type: "file", file: { filename: "a", file_data: "data:application/pdf;base64,AAAA" } }),
  message({ role: "assistant", content: null, tool_calls: [{ id: "c", function: { arguments: "{}" } }] }),
]
test("what is right passes the check and the document", () => {
  for (const more of RIGHT) {
    const body = JSON.parse(JSON.stringify({ ...ASK, ...more }))
    expect([more, verdicts(body)]).toEqual([more, { dialect: true, document: true }])
  }
})

const WRONG: object[] = [
  { model: "" },
  { model: "m".repeat(257) },
  { messages: [] },
  { messages: "hi" },
  ...[0, 9, 1.5, "2"].map((n) => ({ n })),
  { max_tokens: 0 },
  { max_completion_tokens: "many" },
  { temperature: 2.1 },
  { temperature: "hot" },
  { top_p: -0.1 },
  { seed: 1.5 },
  { stream: "true" },
  { stream_options: { foo: 1 } },
  { stop: [1] },
  { logprobs: "yes" },
  { logit_bias: { a: "b" } },
  { store: true },
  { service_tier: "batch" },
  { modalities: ["image"] },
  { metadata: [] },
  { functions: {} },
  { function_call: 1 },
  { audio: { voice: { name: "v" } } },
  { reasoning: { max_tokens: -1 } },
  { reasoning: { plugin: 1 } },
  { tools: [{ type: "web_search" }] },
  { tools: [{ type: "function", function: "f" }] },
  { tools: [{ type: "function", function: {}, price: 1 }] },
  { tool_choice: { type: "web_search_preview" } },
  { tool_choice: { type: ["function"] } },
  { min_tokens: 5 },
  { models: ["a"] },
  message({ role: "boss" }),
  message({ content: 1 }),
  message({ weight: 1 }),
  message({ prefix: "yes" }),
  part({ type: "video_url" }),
  part({ text: "x" }),
  part({ type: "text", text: 1 }),
  part({ type: "text", text: "x", colour: "red" }),
  part({ type: "image_url", image_url: { detail: "low" } }),
  part({ type: "image_url", image_url: { url: "https://x/a.png", detail: "huge" } }),
  part({ type: "input_audio", input_audio: { data: "x", text: "y" } }),
  part({ type: "file", file: { file_id: "file-1" } }),
  part({ type: "text", text: "x", cache_control: { type: "ephemeral", ttl: "9h" } }),
]
test("what is of a wrong type, out of bounds or unknown passes neither", () => {
  for (const more of WRONG) {
    expect([more, verdicts({ ...ASK, ...more })]).toEqual([more, { dialect: false, document: false }])
  }
})

test("a value of a wrong kind passes neither, whatever the field", () => {
  for (const [name] of FIELDS) {
    const wrong = name === "functions" ? 1 : [[{}]]
    expect([name, verdicts({ ...ASK, [name]: wrong })]).toEqual([name, { dialect: false, document: false }])
  }
})

test("bodies as SDKs send them pass the document", () => {
  const bodies = new URL("../../../../test/cases/gateway/bodies/", import.meta.url)
  for (const name of readdirSync(bodies).filter((one) => one.endsWith(".json"))) {
    const body: unknown = JSON.parse(readFileSync(new URL(name, bodies), "utf8"))
    expect([name, validate(body), validate.errors]).toEqual([name, true, null])
  }
})
