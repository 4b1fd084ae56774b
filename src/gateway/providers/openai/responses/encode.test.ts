// What is asked of the Responses API: the caller's own fields, or a conversation; and that nothing is kept there.
import { expect, test } from "bun:test"
import { AppError } from "../../../../app/index.ts"
import { conversationOf as chatConversation } from "../../../dialects/chat/conversation.ts"
import { checkChat } from "../../../dialects/chat/request.ts"
import { parseJson } from "../../../dialects/json.ts"
import { conversationOf } from "../../../dialects/responses/conversation.ts"
import { checkResponses, fieldsOf } from "../../../dialects/responses/request.ts"
import type { Conversation } from "../../conversation.ts"
import { encode } from "./encode.ts"
import { cannotSay } from "./from-conversation.ts"
import { hasResponses } from "./wire.ts"

type Json = Record<string, unknown>
const check = (body: object) => checkResponses(parseJson(JSON.stringify({ model: "m", input: "hi", ...body })))
const OUR = { model: "up-1", stream: false, maxTokens: 64, maxTokensField: "max_tokens" } as const
const native = (body: object, more: object = {}): Json =>
  JSON.parse(encode({ ...OUR, ...more, question: { fields: fieldsOf(check(body)), conversation: null } })) as Json
const said = (conversation: Conversation): Json =>
  JSON.parse(encode({ ...OUR, question: { fields: null, conversation } })) as Json
const chat = (body: object) =>
  chatConversation(
    checkChat(parseJson(JSON.stringify({ model: "m", messages: [{ role: "user", content: "u" }], ...body }))),
  )

test("Fields as they were written; model, maximum and that nothing is kept are ours", () => {
  expect(native({ temperature: 1, max_output_tokens: 9_999, store: false })).toEqual({
    input: "hi",
    temperature: 1,
    model: "up-1",
    max_output_tokens: 64,
    store: false,
  })
  expect(native({ stream: true, stream_options: { include_obfuscation: false } }, { stream: true })).toMatchObject({
    stream: true,
    stream_options: { include_obfuscation: false },
  })
})

test("Models that think are asked for the seal, since nobody else keeps their thinking", () => {
  const sealed = ["reasoning.encrypted_content"]
  expect(native({}, { model: "gpt-5-mini" }).include).toEqual(sealed)
  expect(native({ reasoning: { effort: "low" } }).include).toEqual(sealed)
  expect(native({ include: sealed }, { model: "o4-mini" }).include).toEqual(sealed)
  expect(native({ include: ["message.output_text.logprobs"] }, { model: "o4-mini" }).include).toHaveLength(2)
  expect(native({}, { model: "gpt-4o" }).include).toBeUndefined()
  expect(native({}, { model: "gpt-5-chat-latest" }).include).toBeUndefined()
})

test("Thinking that OpenAI cannot read is not sent there", () => {
  const own = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "gAAAA" }
  const input = [
    own,
    { type: "reasoning", id: "rs_2", summary: [] },
    { type: "reasoning", id: "rs_3", summary: [], encrypted_content: "psig1.a..c2VhbA==" },
    {
      type: "reasoning",
      id: "rs_4",
      summary: [],
      encrypted_content: `psig1.o.${Buffer.from("rs_9").toString("base64url")}.gBBBB`,
    },
    { role: "user", content: "go on" },
  ]
  expect(native({ input }).input).toEqual([
    own,
    { type: "reasoning", id: "rs_9", summary: [], encrypted_content: "gBBBB" },
    { role: "user", content: "go on" },
  ])
})

const TELLING: object[] = [
  { input: "hi", instructions: "i" },
  {
    input: [
      { role: "developer", content: "d" },
      {
        role: "user",
        content: [
          { type: "input_text", text: "u", prompt_cache_breakpoint: { mode: "explicit" } },
          { type: "input_image", image_url: "https://x/a.png", detail: "low" },
          { type: "input_image", image_url: "data:image/png;base64,AAAA", detail: "auto" },
          { type: "input_file", file_data: "data:application/pdf;base64,AAAA", filename: "a.pdf" },
          { type: "input_file", file_url: "https://x/a.pdf" },
        ],
      },
      { type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "t" }], encrypted_content: "gAAAA" },
      {
        role: "assistant",
        content: [
          { type: "output_text", text: "a" },
          { type: "refusal", refusal: "r" },
        ],
      },
      { type: "function_call", call_id: "c1", name: "f", arguments: "{}" },
      { type: "custom_tool_call", call_id: "c2", name: "g", input: "x" },
      { type: "function_call_output", call_id: "c1", output: [{ type: "input_image", image_url: "https://x/b.png" }] },
      { type: "custom_tool_call_output", call_id: "c2", output: "2" },
    ],
    tools: [
      { type: "function", name: "f", description: "d", parameters: { type: "object" }, strict: true },
      { type: "custom", name: "g", format: { type: "text" } },
    ],
    tool_choice: { type: "allowed_tools", mode: "required", tools: [{ type: "custom", name: "g" }] },
    parallel_tool_calls: false,
  },
  { text: { format: { type: "json_schema", name: "n", schema: { a: 1 }, strict: false }, verbosity: "low" } },
  { text: { format: { type: "json_object" } }, reasoning: { effort: "high", summary: "concise" } },
  { temperature: 0.5, top_p: 0.1, top_logprobs: 2, include: ["message.output_text.logprobs"] },
  { prompt_cache_key: "k", safety_identifier: "s", metadata: { a: "b" }, tool_choice: "none" },
]

/** Places differ where fields moved. */
const bare = (conversation: Conversation): unknown =>
  JSON.parse(JSON.stringify(conversation, (key, value: unknown) => (key === "param" ? undefined : value)))

test("A conversation that is said here and read again is the same", () => {
  for (const body of TELLING) {
    const conversation = conversationOf(check(body))
    expect(cannotSay(conversation)).toBeNull()
    const { model: _, max_output_tokens: __, store, ...fields } = said(conversation)
    expect(store).toBe(false)
    const again = conversationOf(check(fields))
    expect([body, bare(again)]).toEqual([body, bare(conversation)])
  }
})

test("What other dialects can ask and this wire cannot is refused by their names for it", () => {
  const refused = (body: object): string | null => cannotSay(chat(body))?.extra.param ?? null
  for (const [body, param] of [
    [{ stop: ["x"] }, "stop"],
    [{ n: 2 }, "n"],
    [{ seed: 1 }, "seed"],
    [{ top_k: 1 }, "top_k"],
    [{ logit_bias: { "1": 1 } }, "logit_bias"],
    [{ presence_penalty: 1 }, "presence_penalty"],
    [
      { messages: [{ role: "user", content: [{ type: "input_audio", input_audio: { data: "A", format: "mp3" } }] }] },
      "messages[0].content[0]",
    ],
    [{ temperature: 1 }, null],
  ] as const) {
    expect([body, refused(body)]).toEqual([body, param])
  }
  expect(cannotSay(chat({ n: 2 }))).toBeInstanceOf(AppError)
  expect(said(chat({ thinking: { type: "enabled", budget_tokens: 4_000 }, max_tokens: 8_000 })).reasoning).toEqual({
    effort: "medium",
  })
})

test("Who has this API", () => {
  const at = (baseUrl: string) => hasResponses({ baseUrl, apiKey: "" })
  expect(at("https://api.openai.com/v1")).toBe(true)
  expect(at("https://eu.api.openai.com/v1")).toBe(true)
  expect(at("https://mine.openai.azure.com/openai/v1")).toBe(true)
  expect(at("https://mine.openai.azure.com/openai/deployments/x")).toBe(false)
  expect(at("https://api.openai.com.evil.example/v1")).toBe(false)
  expect(at("http://127.0.0.1:11434/v1")).toBe(false)
  expect(at("nonsense")).toBe(false)
})
