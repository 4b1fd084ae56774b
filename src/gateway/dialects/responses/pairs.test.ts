// Responses asked of every provider: what each is told, and that thinking comes back to the provider that sealed it, and to no other.
import { expect, test } from "bun:test"
import { type AnswerEvent, type Conversation, PROVIDERS, type Signature, type Wire } from "../../providers/index.ts"
import { parseJson } from "../json.ts"
import { conversationOf } from "./conversation.ts"
import { wholeResponse } from "./frame.ts"
import { checkResponses, fieldsOf } from "./request.ts"

const ID = "req_01JD0000000000000000000000"
const OPENAI = { baseUrl: "https://api.openai.com/v1", apiKey: "" }
const ELSEWHERE = { baseUrl: "https://provider.example/v1", apiKey: "" }
const wireOf = (kind: string, account = ELSEWHERE): Wire => PROVIDERS[kind]!.wireFor("responses", account)!

/** Each wire, and whose seals it reads. */
const WIRES: readonly [name: string, wire: Wire, seal: Signature["format"] | null][] = [
  ["OpenAI", wireOf("openai-compatible", OPENAI), "openai"],
  ["OpenAI-compatible", wireOf("openai-compatible"), null],
  ["Anthropic", wireOf("anthropic"), "anthropic"],
  ["Google", wireOf("google"), "google"],
]

const requestOf = (body: object) => checkResponses(parseJson(JSON.stringify({ model: "m", input: "hi", ...body })))

/** What this wire is sent, as text. @throws what it cannot be told */
function sent(wire: Wire, body: object): string {
  const request = requestOf(body)
  const isNative = wire.name === "responses"
  const conversation: Conversation = conversationOf(request)
  const refusal = isNative ? null : wire.cannot(conversation, "model-1")
  if (refusal) throw refusal
  const question = isNative ? { fields: fieldsOf(request), conversation: null } : { fields: null, conversation }
  const more = { model: "model-1", stream: false, maxTokens: 4_096, maxTokensField: "max_tokens" as const }
  return String(wire.encode({ ...more, question }, new Set()))
}

const tool = { type: "function", name: "weather", parameters: { type: "object", properties: {} }, strict: false }
const schema = { type: "object", properties: { a: { type: "string" } }, required: ["a"], additionalProperties: false }
const calls = [
  { type: "function_call", call_id: "call_1", name: "weather", arguments: '{"city":"Köln"}' },
  { type: "function_call", call_id: "call_2", name: "weather", arguments: '{"city":"Bonn"}' },
  { type: "function_call_output", call_id: "call_1", output: "rain-1" },
  { type: "function_call_output", call_id: "call_2", output: "rain-2" },
]
const picture = "iVBORw0KGgo="
/** What must stand in what is sent, in whichever words. */
const ASKED: readonly [what: string, body: object, words: string[]][] = [
  ["plain", { input: "the question", instructions: "the rule" }, ["the question", "the rule"]],
  ["tools", { tools: [tool], tool_choice: "required" }, ["weather"]],
  [
    "parallel tools",
    { tools: [tool], input: [{ role: "user", content: "q" }, ...calls] },
    ["Köln", "Bonn", "rain-1", "rain-2"],
  ],
  [
    "image",
    { input: [{ role: "user", content: [{ type: "input_image", image_url: `data:image/png;base64,${picture}` }] }] },
    [picture],
  ],
  ["schema", { text: { format: { type: "json_schema", name: "n", schema } } }, ['"a"', '"string"']],
  ["reasoning", { reasoning: { effort: "high" } }, ["high"]],
  [
    "history",
    {
      input: [
        { role: "assistant", content: "earlier" },
        { role: "user", content: "now" },
      ],
    },
    ["earlier", "now"],
  ],
]

test("Every provider is told all of it", () => {
  for (const [name, wire] of WIRES) {
    for (const [what, body, words] of ASKED) {
      const text = sent(wire, body)
      const missing = words.filter((word) => !text.includes(word) && !text.includes(JSON.stringify(word).slice(1, -1)))
      // Efforts are budgets of tokens where a provider has no word for them.
      const isBudget = what === "reasoning" && /budget|thinking/i.test(text)
      expect([name, what, isBudget ? [] : missing]).toEqual([name, what, []])
    }
  }
})

const SEAL = "c2VhbGVkLXRoaW5raW5n"

/** An answer of a provider: it thought, and calls a tool. */
function answered(format: Signature["format"]): Record<string, unknown>[] {
  const signature: Signature = { format, data: SEAL, ...(format === "openai" ? { id: "rs_1" } : {}) }
  const events: AnswerEvent[] = [
    { type: "reasoning", choice: 0, text: "let me see" },
    ...(format === "google" ? [] : [{ type: "signature" as const, choice: 0, signature }]),
    { type: "tool", choice: 0, index: 0, id: "call_1", name: "weather", arguments: "{}" },
    // Google seals calls.
    ...(format === "google" ? [{ type: "signature" as const, choice: 0, tool: 0, signature }] : []),
    { type: "finish", choice: 0, reason: "tool_calls" },
  ]
  const frame = { events, raw: null, model: "model-1" }
  const text = wholeResponse(requestOf({}), frame, false, ID) as string
  return (JSON.parse(text) as { output: Record<string, unknown>[] }).output
}

test("Thinking comes back to the provider that sealed it, and to no other", () => {
  for (const format of ["openai", "anthropic", "google", "other"] as const) {
    const input = [
      { role: "user", content: "weather?" },
      ...answered(format),
      { type: "function_call_output", call_id: "call_1", output: "sunny" },
    ]
    for (const [name, wire, seal] of WIRES) {
      const text = sent(wire, { input, tools: [tool], reasoning: { effort: "low" } })
      expect([format, name, text.includes(SEAL)]).toEqual([format, name, format === seal || isPassedOn(format, wire)])
      expect(text).not.toContain("psig1")
      expect(text).toContain("sunny")
    }
  }
})

/** Chat completions have a place for Google's seals of calls, which Google's own imitation reads. */
const isPassedOn = (format: Signature["format"], wire: Wire): boolean => format === "google" && wire.name === "chat"
