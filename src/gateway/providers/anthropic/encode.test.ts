// What Anthropic is asked, as its documentation shows it: from chat completions, and from its own dialect by way of a conversation.
import { describe, expect, test } from "bun:test"
import { conversationOf } from "../../dialects/chat/conversation.ts"
import { checkChat } from "../../dialects/chat/request.ts"
import { parseJson } from "../../dialects/json.ts"
import { conversationOf as meantBy } from "../../dialects/messages/conversation.ts"
import { checkMessages } from "../../dialects/messages/request.ts"
import type { Conversation } from "../conversation.ts"
import type { Question } from "../provider.ts"
import { cannotSay } from "./cannot.ts"
import { encode } from "./encode.ts"
import { anthropic } from "./index.ts"

type Json = Record<string, unknown>
const conversation = (body: object) => conversationOf(checkChat(parseJson(JSON.stringify({ model: "m", ...body }))))
const hi = [{ role: "user", content: "hi" }]
const HI = [{ role: "user", content: [{ type: "text", text: "hi" }] }]

function sent(question: Question, model: string, maxTokens: number, stream = false): Json {
  const request = { model, stream, maxTokens, maxTokensField: "max_tokens" as const, question }
  return JSON.parse(encode(request)) as Json
}
const asked = (body: object, model = "claude-sonnet-4-5", maxTokens = 4_096): Json =>
  sent({ fields: null, conversation: conversation(body) }, model, maxTokens)
const refused = (body: object) => {
  const { message, extra } = cannotSay(conversation({ messages: hi, ...body }))!
  return { message, param: extra.param }
}

describe("from chat completions", () => {
  test("system is a field of its own, and max_tokens always there", () => {
    const messages = [
      { role: "system", content: "Be brief." },
      {
        role: "developer",
        content: [{ type: "text", text: "In French.", cache_control: { type: "ephemeral", ttl: "1h" } }],
      },
      { role: "user", content: "sky?" },
    ]
    expect(asked({ messages })).toEqual({
      model: "claude-sonnet-4-5",
      max_tokens: 4_096,
      system: [
        { type: "text", text: "Be brief." },
        { type: "text", text: "In French.", cache_control: { type: "ephemeral", ttl: "1h" } },
      ],
      messages: [{ role: "user", content: [{ type: "text", text: "sky?" }] }],
    })
    // A system prompt alone is what is asked.
    expect(asked({ messages: [messages[0]] })).toMatchObject({ messages: [{ role: "user" }] })
    expect(asked({ messages: [messages[0]] })).not.toHaveProperty("system")
  })

  test("later words of the house are a system turn where the model knows one, else the user's", () => {
    const messages = [...hi, { role: "system", content: "Be brief." }, { role: "assistant", content: "ok" }, ...hi]
    const roles = (model: string) => (asked({ messages }, model).messages as Json[]).map(({ role }) => role)
    expect(roles("claude-opus-5-5")).toEqual(["user", "system", "assistant", "user"])
    expect(roles("claude-sonnet-4-5")).toEqual(["user", "assistant", "user"])
    // Behind an assistant's turn it may not stand.
    const after = [...hi, { role: "assistant", content: "ok" }, { role: "system", content: "Be brief." }, ...hi]
    expect((asked({ messages: after }, "claude-opus-5-5").messages as Json[]).map(({ role }) => role)).toEqual([
      "user",
      "assistant",
      "user",
    ])
  })

  test("neighbours of one role are one turn; results of tools are one, in front of the user's words", () => {
    const call = (id: string, name: string, args: string) => ({
      id,
      type: "function",
      function: { name, arguments: args },
    })
    const messages = [
      ...hi,
      { role: "user", content: "and?" },
      {
        role: "assistant",
        content: "I look.",
        tool_calls: [call("c 1", "look", '{"at":"sky"}'), call("c2", "time", "")],
      },
      { role: "tool", tool_call_id: "c 1", content: "blue" },
      { role: "tool", tool_call_id: "c2", content: [{ type: "text", text: "noon" }] },
      { role: "user", content: "so?" },
    ]
    expect(asked({ messages }).messages).toEqual([
      {
        role: "user",
        content: [
          { type: "text", text: "hi" },
          { type: "text", text: "and?" },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "text", text: "I look." },
          { type: "tool_use", id: "c_1", name: "look", input: { at: "sky" } },
          { type: "tool_use", id: "c2", name: "time", input: {} },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "c_1", content: [{ type: "text", text: "blue" }] },
          { type: "tool_result", tool_use_id: "c2", content: [{ type: "text", text: "noon" }] },
          { type: "text", text: "so?" },
        ],
      },
    ])
  })

  test("pictures and documents, by address or in base64 with their type", () => {
    const content = [
      { type: "image_url", image_url: { url: "https://x.example/a.png" } },
      { type: "image_url", image_url: { url: "data:image/webp;base64,AAAA" } },
      { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBE" } },
      { type: "file", file: { filename: "a.txt", file_data: "data:text/plain;base64,aGk=" } },
    ]
    expect((asked({ messages: [{ role: "user", content }] }).messages as Json[])[0]!.content).toEqual([
      { type: "image", source: { type: "url", url: "https://x.example/a.png" } },
      { type: "image", source: { type: "base64", media_type: "image/webp", data: "AAAA" } },
      { type: "document", source: { type: "base64", media_type: "application/pdf", data: "JVBE" }, title: "a.pdf" },
      { type: "document", source: { type: "text", media_type: "text/plain", data: "hi" }, title: "a.txt" },
    ])
  })

  test("tools, and every way of choosing among them", () => {
    const tool = (name: string, more: object = {}) => ({ type: "function", function: { name, ...more } })
    const parameters = { type: "object", properties: { at: { type: "string" } } }
    const tools = [tool("look", { description: "Looks.", parameters }), tool("time")]
    const chosen = (more: object) => {
      const { tools: offered, tool_choice } = asked({ messages: hi, tools, ...more })
      return [(offered as Json[]).map(({ name }) => name), tool_choice]
    }
    expect(asked({ messages: hi, tools }).tools).toEqual([
      { name: "look", description: "Looks.", input_schema: parameters },
      { name: "time", input_schema: { type: "object", properties: {} } },
    ])
    const both = ["look", "time"]
    expect(chosen({})).toEqual([both, undefined])
    expect(chosen({ tool_choice: "none" })).toEqual([both, { type: "none" }])
    expect(chosen({ tool_choice: "auto" })).toEqual([both, { type: "auto" }])
    expect(chosen({ tool_choice: "required" })).toEqual([both, { type: "any" }])
    expect(chosen({ tool_choice: { type: "function", function: { name: "look" } } })).toEqual([
      both,
      { type: "tool", name: "look" },
    ])
    expect(chosen({ parallel_tool_calls: false })).toEqual([both, { type: "auto", disable_parallel_tool_use: true }])
    expect(chosen({ tool_choice: "required", parallel_tool_calls: false })).toEqual([
      both,
      { type: "any", disable_parallel_tool_use: true },
    ])
    const allowed = { mode: "required", tools: [{ type: "function", function: { name: "time" } }] }
    expect(chosen({ tool_choice: { type: "allowed_tools", allowed_tools: allowed } })).toEqual([
      ["time"],
      { type: "any" },
    ])
    const strict = [tool("look", { parameters, strict: true })]
    expect(asked({ messages: hi, tools: strict }).tools).toMatchObject([
      { strict: true, input_schema: { additionalProperties: false } },
    ])
  })

  test("an answer by schema: objects are closed, and bounds are told in words", () => {
    const schema = {
      $schema: "x",
      type: "object",
      properties: {
        age: { type: "integer", minimum: 0, description: "Years." },
        tags: { type: "array", items: { type: "object" } },
      },
      required: ["age"],
    }
    const response_format = { type: "json_schema", json_schema: { name: "person", schema } }
    expect(asked({ messages: hi, response_format }).output_config).toEqual({
      format: {
        type: "json_schema",
        schema: {
          type: "object",
          properties: {
            age: { type: "integer", description: "Years.\n\n{minimum: 0}" },
            tags: { type: "array", items: { type: "object", additionalProperties: false } },
          },
          required: ["age"],
          additionalProperties: false,
        },
      },
    })
    expect(asked({ messages: hi, response_format: { type: "text" } })).not.toHaveProperty("output_config")
  })

  test("thinking in the words of the model's generation, within the maximum", () => {
    const thought = (body: object, model: string, max = 4_096) => {
      const { thinking, output_config } = asked({ messages: hi, ...body }, model, max)
      return [thinking, output_config]
    }
    const high = { reasoning_effort: "high" }
    expect(thought(high, "claude-sonnet-4-5")).toEqual([{ type: "enabled", budget_tokens: 3_276 }, undefined])
    expect(thought({ reasoning_effort: "low" }, "claude-3-7-sonnet-20250219", 20_000)).toEqual([
      { type: "enabled", budget_tokens: 4_000 },
      undefined,
    ])
    expect(thought(high, "claude-sonnet-4-5", 1_024)).toEqual([undefined, undefined])
    expect(thought({ reasoning: { max_tokens: 2_000 } }, "claude-sonnet-4-6")).toEqual([
      { type: "enabled", budget_tokens: 2_000 },
      undefined,
    ])
    expect(thought({ reasoning: { max_tokens: 2_000 } }, "claude-opus-4-7")).toEqual([
      { type: "adaptive" },
      { effort: "low" },
    ])
    expect(thought({ reasoning_effort: "xhigh" }, "claude-opus-5-5")).toEqual([
      { type: "adaptive" },
      { effort: "xhigh" },
    ])
    expect(thought({ reasoning_effort: "xhigh" }, "claude-opus-4-6")).toEqual([
      { type: "adaptive" },
      { effort: "high" },
    ])
    expect(thought({ reasoning_effort: "none" }, "claude-opus-5-5")).toEqual([{ type: "disabled" }, undefined])
    expect(thought({ reasoning_effort: "none" }, "claude-sonnet-4-5")).toEqual([undefined, undefined])
    expect(thought({ reasoning: { effort: "high", exclude: true } }, "claude-opus-5")).toEqual([
      { type: "adaptive", display: "omitted" },
      { effort: "high" },
    ])
  })

  test("a turn whose calls came without thinking goes on without a budget for it", () => {
    const call = { id: "c1", type: "function", function: { name: "f", arguments: "{}" } }
    const details = [{ type: "reasoning.text", text: "hm", signature: "s", format: "anthropic-claude-v1" }]
    const thought = (more: object, model: string) => {
      const turn = [
        ...hi,
        { role: "assistant", tool_calls: [call], ...more },
        { role: "tool", tool_call_id: "c1", content: "1" },
      ]
      return asked({ messages: turn, reasoning_effort: "low" }, model, 20_000).thinking
    }
    expect(thought({}, "claude-sonnet-4-5")).toBeUndefined()
    expect(thought({ reasoning_details: details }, "claude-sonnet-4-5")).toMatchObject({ type: "enabled" })
    expect(thought({}, "claude-opus-5-5")).toEqual({ type: "adaptive" })
  })

  test("seals of its own thinking go back, others' thinking is left out", () => {
    const turn = (format: string) => [
      ...hi,
      {
        role: "assistant",
        content: "4",
        reasoning_details: [
          { type: "reasoning.text", text: "2+2", signature: "sig", format },
          { type: "reasoning.encrypted", data: "hidden", format },
        ],
      },
      ...hi,
    ]
    const content = (format: string) => (asked({ messages: turn(format) }).messages as Json[])[1]!.content
    expect(content("anthropic-claude-v1")).toEqual([
      { type: "thinking", thinking: "2+2", signature: "sig" },
      { type: "redacted_thinking", data: "hidden" },
      { type: "text", text: "4" },
    ])
    expect(content("google-gemini-v1")).toEqual([{ type: "text", text: "4" }])
  })

  test("how the next token is chosen, on its own scale; stops, and the app's user", () => {
    expect(
      asked({
        messages: hi,
        temperature: 1.7,
        top_p: 1,
        top_k: 40,
        stop: ["END"],
        user: "u1",
        frequency_penalty: 0,
        n: 1,
      }),
    ).toEqual({
      model: "claude-sonnet-4-5",
      max_tokens: 4_096,
      messages: HI,
      temperature: 1,
      top_k: 40,
      stop_sequences: ["END"],
      metadata: { user_id: "u1" },
    })
  })

  test("empty texts are left out, and words to go on from end without a blank", () => {
    const messages = [
      {
        role: "user",
        content: [
          { type: "text", text: "" },
          { type: "text", text: "hi" },
        ],
      },
      { role: "assistant", content: "The answer is " },
    ]
    expect(asked({ messages }).messages).toEqual([
      ...HI,
      { role: "assistant", content: [{ type: "text", text: "The answer is" }] },
    ])
  })

  test("what it has no word for is refused by name", () => {
    const named: [body: object, param: string][] = [
      [{ logprobs: true }, "logprobs"],
      [{ n: 2 }, "n"],
      [{ seed: 7 }, "seed"],
      [{ frequency_penalty: 0.5 }, "frequency_penalty"],
      [{ presence_penalty: 0.5 }, "presence_penalty"],
      [{ repetition_penalty: 1.1 }, "repetition_penalty"],
      [{ min_p: 0.1 }, "min_p"],
      [{ logit_bias: { "1": 1 } }, "logit_bias"],
      [{ verbosity: "low" }, "verbosity"],
      [{ stop: "\n" }, "stop"],
      [{ response_format: { type: "json_object" } }, "response_format"],
      [{ tools: [{ type: "custom", custom: { name: "f" } }] }, "tools[0]"],
      [
        {
          messages: [
            { role: "user", content: [{ type: "input_audio", input_audio: { data: "AAAA", format: "mp3" } }] },
          ],
        },
        "messages[0].content[0]",
      ],
      [
        {
          messages: [
            { role: "user", content: [{ type: "image_url", image_url: { url: "data:image/tiff;base64,AAAA" } }] },
          ],
        },
        "messages[0].content[0].image_url",
      ],
    ]
    for (const [body, param] of named) {
      expect(refused(body)).toEqual({ param, message: expect.stringContaining(". Leave it out") })
    }
    expect(
      cannotSay(conversation({ messages: hi, frequency_penalty: 0, logit_bias: {}, verbosity: "medium" })),
    ).toBeNull()
  })
})

describe("its own dialect", () => {
  const body = {
    model: "m",
    max_tokens: 4_096,
    system: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
    messages: [
      {
        role: "user",
        content: [
          { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
          {
            type: "document",
            source: { type: "text", media_type: "text/plain", data: "Grass." },
            title: "D",
            citations: { enabled: true },
          },
          { type: "text", text: "sky?" },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "hm", signature: "sig" },
          { type: "text", text: "I look." },
          { type: "tool_use", id: "toolu_1", name: "look", input: { at: "sky" } },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "toolu_1", content: [{ type: "text", text: "no" }], is_error: true },
          { type: "text", text: "so?", cache_control: { type: "ephemeral", ttl: "1h" } },
        ],
      },
    ],
    tools: [{ name: "look", description: "Looks.", input_schema: { type: "object", properties: {} }, strict: false }],
    tool_choice: { type: "tool", name: "look", disable_parallel_tool_use: true },
    thinking: { type: "enabled", budget_tokens: 2_000 },
    stop_sequences: ["END"],
    temperature: 0.5,
    top_k: 3,
    metadata: { user_id: "u1" },
  }

  test("meant and said again is what was said", () => {
    const checked = checkMessages(parseJson(JSON.stringify(body)), [])
    const meant: Conversation = meantBy(checked)
    expect(cannotSay(meant)).toBeNull()
    const { tools, ...rest } = body
    expect(sent({ fields: null, conversation: meant }, "m", 4_096)).toEqual({
      ...rest,
      tools: tools.map(({ strict: _, ...tool }) => tool),
      // A model nobody knows is of the newest generation.
      thinking: { type: "adaptive" },
      output_config: { effort: "low" },
    })
  })

  test("asked as it was written: numbers keep their digits; model, maximum and stream are ours", () => {
    const fields = parseJson('{"temperature":0.50,"messages":[]}').exact as Json
    const text = encode({
      model: "claude-x",
      stream: true,
      maxTokens: 7,
      maxTokensField: "max_tokens",
      question: { fields: { ...fields, anthropic_beta: ["a"] }, conversation: null },
    })
    expect(text).toBe('{"model":"claude-x","max_tokens":7,"temperature":0.50,"messages":[],"stream":true}')
  })
})

test("where it is asked, with or without /v1 in the address", () => {
  const question = { fields: { anthropic_beta: ["effort-2025-11-24", "pdfs-2024-09-25"] }, conversation: null }
  for (const baseUrl of ["https://api.anthropic.com", "https://api.anthropic.com/v1"]) {
    const account = { baseUrl, apiKey: "sk-ant-1" }
    const wire = anthropic.wireFor("chat", account)!
    const request = { model: "m", stream: false, maxTokens: 1, maxTokensField: "max_tokens" as const, question }
    expect(wire.endpoint(account, request, fetch as never)).toEqual({
      url: "https://api.anthropic.com/v1/messages",
      headers: {
        "content-type": "application/json",
        "accept-encoding": "identity",
        "anthropic-version": "2023-06-01",
        "x-api-key": "sk-ant-1",
        "anthropic-beta": "effort-2025-11-24,pdfs-2024-09-25",
      },
    })
    expect((anthropic.modelList(account, fetch as never) as { url: string }).url).toBe(
      "https://api.anthropic.com/v1/models?limit=1000",
    )
  }
  expect(anthropic.wireFor("embeddings", { baseUrl: "x", apiKey: "" })).toBeNull()
})
