// What a chat request means, and that saying it again in the same words changes nothing that counts.
import { describe, expect, test } from "bun:test"
import { cannotSay, fieldsFrom } from "../../providers/openai/from-conversation.ts"
import { parseJson } from "../json.ts"
import { conversationOf } from "./conversation.ts"
import { checkChat } from "./request.ts"

const read = (body: object) => conversationOf(checkChat(parseJson(JSON.stringify({ model: "m", ...body }))))
const again = (body: object) => JSON.parse(JSON.stringify(fieldsFrom(read(body), true)))
const hi = [{ role: "user", content: "hi" }]

const SAME: Record<string, object> = {
  "roles and names": {
    messages: [
      { role: "system", content: "Be brief." },
      { role: "developer", content: "In French." },
      { role: "user", content: "hi", name: "ann" },
      { role: "assistant", content: "Salut." },
    ],
  },
  "parallel calls and their results": {
    messages: [
      ...hi,
      {
        role: "assistant",
        content: null,
        tool_calls: [
          { id: "call_1", type: "function", function: { name: "look", arguments: '{"at":"sky"}' } },
          { id: "call_2", type: "custom", custom: { name: "run", input: "ls" } },
        ],
      },
      { role: "tool", tool_call_id: "call_1", content: "blue" },
      { role: "tool", tool_call_id: "call_2", content: "a b" },
    ],
    tools: [
      {
        type: "function",
        function: { name: "look", description: "Looks.", parameters: { type: "object" }, strict: true },
      },
      { type: "custom", custom: { name: "run", description: "Runs.", format: { type: "text" } } },
    ],
    tool_choice: { type: "custom", custom: { name: "run" } },
    parallel_tool_calls: false,
  },
  "pictures, sound and documents": {
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "What is it?" },
          { type: "image_url", image_url: { url: "data:image/png;base64,AAAA", detail: "low" } },
          { type: "image_url", image_url: { url: "https://a.example/b.png" } },
          { type: "input_audio", input_audio: { data: "AAAA", format: "wav" } },
          { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,AAAA" } },
        ],
      },
    ],
  },
  "how to answer": {
    messages: hi,
    response_format: { type: "json_schema", json_schema: { name: "a", schema: { type: "object" }, strict: true } },
    reasoning_effort: "low",
    verbosity: "high",
    temperature: 0,
    top_p: 0.5,
    frequency_penalty: 1,
    presence_penalty: -1,
    seed: 7,
    logit_bias: { "50256": -100 },
    stop: ["a", "b"],
    logprobs: true,
    top_logprobs: 2,
    n: 2,
    user: "u",
    prompt_cache_key: "k",
  },
  "a choice among some tools": {
    messages: hi,
    tools: [{ type: "function", function: { name: "look" } }],
    tool_choice: {
      type: "allowed_tools",
      allowed_tools: { mode: "required", tools: [{ type: "function", function: { name: "look" } }] },
    },
  },
  "a refusal of the past": { messages: [...hi, { role: "assistant", content: null, refusal: "No." }, ...hi] },
  "a call sealed by Google": {
    messages: [
      ...hi,
      {
        role: "assistant",
        content: null,
        tool_calls: [
          {
            id: "call_1",
            type: "function",
            function: { name: "look", arguments: "{}" },
            extra_content: { google: { thought_signature: "c2lnbmVk" } },
          },
        ],
      },
      { role: "tool", tool_call_id: "call_1", content: "blue" },
    ],
  },
}

describe("said again in its own words, a request is the same:", () => {
  for (const [name, body] of Object.entries(SAME)) test(name, () => expect(again(body)).toEqual(body as never))

  test("a seed beyond what a number holds", () => {
    const text = '{"model":"m","messages":[{"role":"user","content":"hi"}],"seed":12345678901234567890}'
    const said = JSON.stringify(fieldsFrom(conversationOf(checkChat(parseJson(text))), true))
    expect(said).toContain('"seed":12345678901234567890')
  })
})

describe("what is meant", () => {
  test("thinking is asked for by every name", () => {
    const meant = (body: object) => read({ messages: hi, ...body }).reasoning
    expect(meant({})).toBeNull()
    expect(meant({ reasoning_effort: "xhigh" })).toMatchObject({ effort: "xhigh", budget: null })
    expect(meant({ reasoning: { max_tokens: 500, exclude: true } })).toMatchObject({ budget: 500, summary: "none" })
    expect(meant({ thinking: { type: "enabled", budget_tokens: 700 } })).toMatchObject({ budget: 700, adaptive: false })
    expect(meant({ thinking: { type: "disabled" } })).toMatchObject({ effort: "none", budget: 0 })
    expect(meant({ enable_thinking: true })).toMatchObject({ effort: null, budget: null, adaptive: true })
  })

  test("seals of thinking come back from the members that answers put them in", () => {
    const parts = (message: object) =>
      read({ messages: [...hi, { role: "assistant", content: "x", ...message }] }).messages[1]!.parts
    const sealed = { type: "reasoning", text: "Hm.", summary: false, signature: { format: "anthropic", data: "s" } }
    expect(
      parts({
        reasoning_details: [{ type: "reasoning.text", text: "Hm.", signature: "s", format: "anthropic-claude-v1" }],
      }),
    ).toMatchObject([sealed, { type: "text", text: "x" }])
    expect(parts({ thinking_blocks: [{ type: "thinking", thinking: "Hm.", signature: "s" }] })).toMatchObject([
      sealed,
      { type: "text" },
    ])
    expect(
      parts({
        reasoning_details: [{ type: "reasoning.encrypted", data: "e", id: "rs_1", format: "openai-responses-v1" }],
      }),
    ).toMatchObject([
      { type: "reasoning", text: "", signature: { format: "openai", data: "e", id: "rs_1" } },
      { type: "text" },
    ])
    expect(parts({ reasoning_content: "Hm." })).toMatchObject([
      { type: "reasoning", text: "Hm.", signature: null },
      { type: "text" },
    ])
  })

  test("what only this wire knows is refused by its name", () => {
    for (const body of [
      { functions: [{ name: "f" }] },
      { modalities: ["text", "audio"] },
      { chat_template_kwargs: {} },
    ]) {
      const [param] = Object.keys(body)
      expect(() => read({ messages: hi, ...body })).toThrow(expect.objectContaining({ extra: { param } }))
    }
  })
})

describe("of other dialects, chat completions", () => {
  const turn = (part: object) =>
    ({ ...read({ messages: hi }), messages: [{ role: "user", parts: [part], param: "p" }] }) as never

  test("get pictures that a tool gave back in the turn that follows, and its errors in words", () => {
    const result = {
      type: "result",
      id: "call_1",
      name: null,
      isError: true,
      param: "p",
      parts: [
        { type: "text", text: "gone", param: "p" },
        { type: "image", source: { type: "url", url: "https://a.example/b.png" }, detail: "auto", param: "p" },
      ],
    }
    expect(fieldsFrom(turn(result), true).messages).toEqual([
      { role: "tool", tool_call_id: "call_1", content: "Error: gone" },
      {
        role: "user",
        content: [
          { type: "text", text: "From the tool call call_1:" },
          { type: "image_url", image_url: { url: "https://a.example/b.png" } },
        ],
      },
    ])
  })

  test("cannot be told a document by its address, or be asked for citations of one", () => {
    const file = { type: "file", name: null, citations: false, param: "messages.0.content.0" }
    const at = (part: object) => cannotSay(turn({ ...file, ...part }))?.extra.param
    expect(at({ source: { type: "url", url: "https://a.example/b.pdf" } })).toBe("messages.0.content.0")
    expect(at({ source: { type: "text", text: "x" }, citations: true })).toBe("messages.0.content.0")
    expect(at({ source: { type: "text", text: "x" } })).toBeUndefined()
  })
})
