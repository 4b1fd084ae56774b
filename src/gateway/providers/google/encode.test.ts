// What Gemini is asked, as its documentation shows it.
import { describe, expect, test } from "bun:test"
import { conversationOf } from "../../dialects/chat/conversation.ts"
import { checkChat } from "../../dialects/chat/request.ts"
import { parseJson } from "../../dialects/json.ts"
import type { ModelRequest } from "../provider.ts"
import { cannotSay, encode } from "./encode.ts"
import { google, vertex } from "./index.ts"

const conversation = (body: object) => conversationOf(checkChat(parseJson(JSON.stringify({ model: "m", ...body }))))
const hi = [{ role: "user", content: "hi" }]

interface Sent {
  contents: { parts: Record<string, unknown>[] }[]
  toolConfig: { functionCallingConfig: unknown }
  generationConfig: { thinkingConfig: unknown }
}

function asked(body: object, model = "gemini-2.5-flash"): Sent {
  const question = { fields: null, conversation: conversation(body) } as const
  const request: ModelRequest = { model, stream: false, maxTokens: 100, maxTokensField: "max_tokens", question }
  return JSON.parse(encode(request)) as Sent
}

describe("a question", () => {
  test("has the words of the house in front, two roles that alternate, and results with their tool's name", () => {
    const messages = [
      { role: "system", content: "Be brief." },
      { role: "developer", content: "In French." },
      { role: "user", content: "sky?" },
      { role: "user", content: [{ type: "image_url", image_url: { url: "data:image/webp;base64,AAAA" } }] },
      {
        role: "assistant",
        content: "I look.",
        tool_calls: [
          { id: "c1", type: "function", function: { name: "look", arguments: '{"at":"sky"}' } },
          { id: "c2", type: "function", function: { name: "time", arguments: "" } },
        ],
      },
      { role: "tool", tool_call_id: "c1", content: '{"colour":"blue"}' },
      { role: "tool", tool_call_id: "c2", content: "noon" },
    ]
    expect(asked({ messages }) as unknown).toEqual({
      systemInstruction: { parts: [{ text: "Be brief." }, { text: "In French." }] },
      contents: [
        { role: "user", parts: [{ text: "sky?" }, { inlineData: { mimeType: "image/webp", data: "AAAA" } }] },
        {
          role: "model",
          parts: [
            { text: "I look." },
            { functionCall: { name: "look", args: { at: "sky" } } },
            { functionCall: { name: "time", args: {} } },
          ],
        },
        {
          role: "user",
          parts: [
            { functionResponse: { name: "look", response: { colour: "blue" } } },
            { functionResponse: { name: "time", response: { result: "noon" } } },
          ],
        },
      ],
      generationConfig: { maxOutputTokens: 100 },
    })
  })

  test("gives seals back, and a word in their place for calls of another model", () => {
    const call = (extra: object) => ({ id: "c1", type: "function", function: { name: "f", arguments: "{}" }, ...extra })
    const sealed = call({ extra_content: { google: { thought_signature: "seal" } } })
    const parts = (one: object, model: string) =>
      asked({ messages: [...hi, { role: "assistant", content: null, tool_calls: [one] }] }, model).contents[1]!.parts
    expect(parts(sealed, "gemini-3-pro")[0]!.thoughtSignature).toBe("seal")
    expect(parts(call({}), "gemini-3-pro")[0]!.thoughtSignature).toBe("skip_thought_signature_validator")
    expect(parts(call({}), "gemini-2.5-pro")[0]!.thoughtSignature).toBeUndefined()
  })

  test("says tools, their choice, schemas and thinking", () => {
    const schema = { type: "object", properties: { a: { type: "string" } } }
    const tools = [{ type: "function", function: { name: "f", description: "Does.", parameters: schema } }]
    expect(asked({ messages: hi, tools, tool_choice: "required" })).toMatchObject({
      tools: [{ functionDeclarations: [{ name: "f", description: "Does.", parametersJsonSchema: schema }] }],
      toolConfig: { functionCallingConfig: { mode: "ANY" } },
    })
    const named = asked({ messages: hi, tools, tool_choice: { type: "function", function: { name: "f" } } })
    expect(named.toolConfig.functionCallingConfig).toEqual({ mode: "ANY", allowedFunctionNames: ["f"] })
    const format = { type: "json_schema", json_schema: { name: "a", schema } }
    expect(asked({ messages: hi, response_format: format }).generationConfig).toMatchObject({
      responseMimeType: "application/json",
      responseJsonSchema: schema,
    })
    const thinking = (body: object, model?: string) =>
      asked({ messages: hi, ...body }, model).generationConfig.thinkingConfig
    expect(thinking({ reasoning_effort: "medium" })).toEqual({ thinkingBudget: 8_192, includeThoughts: true })
    expect(thinking({ reasoning_effort: "none" })).toEqual({ thinkingBudget: 0 })
    expect(thinking({ reasoning_effort: "xhigh" }, "gemini-3-pro")).toEqual({
      thinkingLevel: "high",
      includeThoughts: true,
    })
    expect(thinking({ reasoning: { max_tokens: 50, exclude: true } })).toEqual({ thinkingBudget: 50 })
    expect(
      asked({ messages: hi, logprobs: true, top_logprobs: 3, n: 2, stop: "x", seed: 7 }).generationConfig,
    ).toMatchObject({
      responseLogprobs: true,
      logprobs: 3,
      candidateCount: 2,
      stopSequences: ["x"],
      seed: 7,
    })
  })

  test("that cannot be said is refused by its name", () => {
    const refused: [body: object, param: string][] = [
      [{ logit_bias: { "1": 1 } }, "logit_bias"],
      [{ repetition_penalty: 1 }, "repetition_penalty"],
      [{ min_p: 0.1 }, "min_p"],
      [{ verbosity: "low" }, "verbosity"],
      [{ tools: [{ type: "custom", custom: { name: "c" } }] }, "tools[0]"],
      [{ seed: 2 ** 40 }, "seed"],
    ]
    for (const [body, param] of refused) {
      expect([param, cannotSay(conversation({ messages: hi, ...body }))?.extra.param]).toEqual([param, param])
    }
    // One call at a time is kept by whoever reads the answer.
    const tools = [{ type: "function", function: { name: "f" } }]
    for (const parallel_tool_calls of [true, false]) {
      expect(cannotSay(conversation({ messages: hi, tools, parallel_tool_calls, seed: 5 }))).toBeNull()
    }
  })

  test("goes to the address of its kind", async () => {
    const request = { model: "gemini-2.5-flash", stream: true } as ModelRequest
    const account = { baseUrl: google.account!.baseUrlExample, apiKey: "k" }
    const wire = google.wireFor("responses", account)!
    expect(await wire.endpoint(account, request, fetch as never)).toMatchObject({
      url: "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
      headers: { "x-goog-api-key": "k" },
    })
    expect(vertex.account!.keyProblem!("sk-1")).toContain("JSON file")
    const key = { client_email: "a@b", private_key: "-", token_uri: "https://evil.example/token" }
    expect(vertex.account!.keyProblem!(JSON.stringify(key))).toContain("not Google's")
  })
})
