// Bodies with something wrong anywhere: each is refused by name or can be said, in every wire there is; nothing breaks.
import { expect, test } from "bun:test"
import { numbersFrom, spoiled } from "../../../../test/cases/messages/spoil.ts"
import { AppError } from "../../../app/index.ts"
import { PROVIDERS, type Wire } from "../../providers/index.ts"
import { parseJson } from "../json.ts"
import { conversationOf } from "./conversation.ts"
import { checkMessages, fieldsOf } from "./request.ts"

const PNG = { type: "base64", media_type: "image/png", data: "AAAA" }
const WHOLE = {
  model: "m",
  max_tokens: 5_000,
  stream: true,
  system: [{ type: "text", text: "s", cache_control: { type: "ephemeral", ttl: "1h" } }],
  messages: [
    {
      role: "user",
      content: [
        { type: "text", text: "x", citations: [] },
        { type: "image", source: PNG },
        { type: "document", source: { type: "text", media_type: "text/plain", data: "d" }, title: "t", context: "c" },
        { type: "document", source: { type: "content", content: [{ type: "text", text: "d" }] } },
        { type: "search_result", source: "s", title: "t", content: [{ type: "text", text: "x" }] },
      ],
    },
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "hm", signature: "psig1.o.cnNfMQ.enc" },
        { type: "redacted_thinking", data: "x" },
        { type: "tool_use", id: "t1", name: "f", input: { a: [1] }, caller: { type: "direct" } },
      ],
    },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: [{ type: "image", source: PNG }] }] },
    { role: "system", content: "later" },
  ],
  tools: [{ name: "f", description: "d", input_schema: { type: "object" }, strict: true, input_examples: [{ a: 1 }] }],
  tool_choice: { type: "tool", name: "f", disable_parallel_tool_use: true },
  thinking: { type: "enabled", budget_tokens: 2_000, display: "summarized" },
  output_config: { effort: "high", format: { type: "json_schema", schema: { type: "object" } } },
  stop_sequences: ["END"],
  temperature: 0.5,
  metadata: { user_id: "u" },
  context_management: { edits: [{ type: "clear_thinking_20251015" }] },
}

const WIRES: Wire[] = Object.values(PROVIDERS).flatMap(({ wireFor }) =>
  ["https://api.openai.com/v1", "https://other.example/v1"].flatMap((baseUrl) => {
    const account = { baseUrl, apiKey: "k" }
    return [wireFor("messages", account), wireFor("responses", account)].filter((wire) => wire !== null)
  }),
)

/** @returns whether it was taken. @throws whatever is no refusal */
function taken(body: unknown): boolean {
  try {
    const request = checkMessages(parseJson(JSON.stringify(body)), [])
    JSON.stringify(fieldsOf(request))
    const conversation = conversationOf(request)
    for (const wire of WIRES) {
      if (wire.cannot(conversation, "claude-opus-5")) continue
      const asked = { model: "claude-opus-5", stream: false, maxTokens: 5_000, maxTokensField: "max_tokens" as const }
      JSON.parse(String(wire.encode({ ...asked, question: { fields: null, conversation } }, new Set())))
    }
    return true
  } catch (error) {
    if (error instanceof AppError && error.code === "invalid_request") return false
    throw error
  }
}

test("every wrong body is refused by name, every other one can be said", () => {
  expect(taken(WHOLE)).toBe(true)
  let count = 0
  for (let seed = 1; seed <= 4_000; seed++) {
    const next = numbersFrom(seed)
    let body: unknown = WHOLE
    for (let times = 0; times <= next(3); times++) body = spoiled(body, next)
    if (taken(body)) count++
  }
  expect(count).toBeGreaterThan(300)
  expect(count).toBeLessThan(3_500)
}, 60_000)
