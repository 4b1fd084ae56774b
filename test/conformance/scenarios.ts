// The rows of the matrix: what is asked, and what the provider says to it.
import type { Ask, Call, Json, Said, Usage } from "./meaning.ts"

export interface Scenario {
  name: string
  /** In the table of the documentation. */
  title: string
  ask: Ask
  said: Said
  /** The provider fails: in the middle of a stream, or before its first event. */
  fails?: "middle" | "before"
}

/** The golden report of every answer; figures that divide by nothing. */
export const USAGE: Usage = { input: 1_009, cached: 211, output: 127, reasoning: 0 }
const THOUGHT: Usage = { ...USAGE, output: 331, reasoning: 199 }

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
const SCHEMA: Json = {
  type: "object",
  properties: { name: { type: "string" }, age: { type: "integer" } },
  required: ["name", "age"],
  additionalProperties: false,
}
const LONG = Array.from({ length: 2_500 }, (_, at) => `${at % 97 === 0 ? "🌍" : "wort"}${at} `).join("")

const hello: Ask = {
  system: "Answer in one sentence.",
  turns: [{ by: "user", text: "Grüß dich — wie geht's? 🙂" }],
  maxTokens: 4_000,
}
const question: Ask = { turns: [{ by: "user", text: "Weather in Köln, and the time?" }], maxTokens: 4_000 }
const weather: Call = { id: "call_w1", name: "weather", args: { place: 'Köln "am" Rhein' } }
const time: Call = { id: "call_t1", name: "time", args: { zone: "Europe/Berlin" } }
const answer: Said = { text: "Gut, danke! “Quoted” \\ and 🌍.\nNext line.", finish: "stop", usage: USAGE }

export const SCENARIOS: readonly Scenario[] = [
  { name: "plain", title: "Text, system prompt", ask: hello, said: answer },
  {
    name: "tools",
    title: "Tools",
    ask: { ...question, tools: ["weather"] },
    said: { text: "Let me look.", calls: [weather], finish: "tool_calls", usage: USAGE },
  },
  {
    name: "parallel tools",
    title: "Parallel tools",
    ask: { ...question, tools: ["weather", "time"] },
    said: { calls: [weather, time], finish: "tool_calls", usage: USAGE },
  },
  {
    name: "tool results",
    title: "Tool results back",
    ask: {
      ...question,
      tools: ["weather", "time"],
      turns: [
        ...question.turns,
        { by: "model", text: "Both.", calls: [weather, time] },
        {
          by: "tools",
          results: [
            { id: weather.id, text: "rain, 9 °C" },
            { id: time.id, text: "12:34" },
          ],
        },
      ],
    },
    said: { text: "Rain, and it is 12:34.", finish: "stop", usage: USAGE },
  },
  {
    name: "image",
    title: "Pictures in",
    ask: { turns: [{ by: "user", text: "What is this?", image: PNG }], maxTokens: 4_000 },
    said: { text: "One grey dot.", finish: "stop", usage: USAGE },
  },
  {
    name: "schema",
    title: "Answers by JSON Schema",
    ask: { turns: [{ by: "user", text: "Ada, 36" }], schema: SCHEMA, maxTokens: 4_000 },
    said: { text: '{"name":"Ada","age":36}', finish: "stop", usage: USAGE },
  },
  {
    name: "reasoning",
    title: "Reasoning; its seal back, where the provider seals it",
    ask: { ...question, tools: ["weather"], thinks: true, maxTokens: 8_000 },
    said: {
      thought: "They want the weather.\n\nI have a tool.",
      seal: "U2VhbE9mVGhlUHJvdmlkZXI+Lw==",
      calls: [weather],
      finish: "tool_calls",
      usage: THOUGHT,
    },
  },
  { name: "long stream", title: "Long streams", ask: hello, said: { text: LONG, finish: "stop", usage: USAGE } },
  {
    name: "refusal",
    title: "Refusals of the model",
    ask: hello,
    said: { refusal: "I cannot help with that.", finish: "stop", usage: USAGE },
  },
  {
    name: "length",
    title: "Cut by the maximum",
    ask: { ...hello, maxTokens: 500 },
    said: { text: "1, 2, 3, ", finish: "length", usage: USAGE },
  },
  { name: "error mid-stream", title: "Error in the middle", ask: hello, said: answer, fails: "middle" },
  { name: "error first", title: "Error before the first event", ask: hello, said: answer, fails: "before" },
]
