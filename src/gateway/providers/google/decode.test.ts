// What Gemini's answers mean, what they cost, and what its refusals are, as its documentation shows them.
import { describe, expect, test } from "bun:test"
import type { AnswerEvent, Frame, UsageReport } from "../provider.ts"
import { decodeStream, decodeWhole } from "./decode.ts"
import { google, vertex } from "./index.ts"
import { readUsage } from "./usage.ts"

/** From Google's documentation of usageMetadata. */
const USAGES: [name: string, usage: object, input: number, cached: number, output: number, reasoning: number][] = [
  ["plain", { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 }, 10, 0, 5, 0],
  [
    "thinking beside the candidates",
    { promptTokenCount: 10, candidatesTokenCount: 5, thoughtsTokenCount: 20, totalTokenCount: 35 },
    10,
    0,
    25,
    20,
  ],
  [
    "thinking inside the candidates",
    { promptTokenCount: 10, candidatesTokenCount: 25, thoughtsTokenCount: 20, totalTokenCount: 35 },
    10,
    0,
    25,
    20,
  ],
  ["thinking only in the total", { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 35 }, 10, 0, 25, 0],
  [
    "a cached beginning is inside the prompt",
    { promptTokenCount: 100, cachedContentTokenCount: 80, candidatesTokenCount: 5, totalTokenCount: 105 },
    100,
    80,
    5,
    0,
  ],
  [
    "prompts of tools stand beside",
    { promptTokenCount: 10, toolUsePromptTokenCount: 7, candidatesTokenCount: 5, totalTokenCount: 22 },
    17,
    0,
    5,
    0,
  ],
  ["nothing but thinking", { promptTokenCount: 10, thoughtsTokenCount: 20, totalTokenCount: 30 }, 10, 0, 20, 20],
]

describe("usage", () => {
  for (const [name, usage, input, cached, output, reasoning] of USAGES) {
    test(name, () => {
      const { input: read, output: made } = readUsage(usage)!
      expect([read!.inputTokens, read!.cachedInputTokens, made!.outputTokens, made!.reasoningTokens]).toEqual([
        input,
        cached,
        output,
        reasoning,
      ])
      if ("totalTokenCount" in usage)
        expect(read!.inputTokens + made!.outputTokens).toBe(usage.totalTokenCount as number)
    })
  }

  test("what is absurd in one half does not throw away the other", () => {
    const report = readUsage({ promptTokenCount: -3, candidatesTokenCount: 5 }) as UsageReport
    expect(report).toMatchObject({ input: null, output: { outputTokens: 5 } })
    expect(report.faults.join()).toContain("promptTokenCount")
    expect(readUsage("x")).toBeNull()
  })
})

const STREAM = [
  {
    candidates: [{ content: { role: "model", parts: [{ text: "Hm.", thought: true }] }, index: 0 }],
    usageMetadata: { promptTokenCount: 8 },
    modelVersion: "gemini-3-pro",
    responseId: "r1",
  },
  {
    candidates: [{ content: { parts: [{ text: "Grüße " }] }, index: 0 }],
    usageMetadata: { promptTokenCount: 8, candidatesTokenCount: 1, thoughtsTokenCount: 2, totalTokenCount: 11 },
  },
  {
    candidates: [
      {
        content: {
          parts: [
            { text: "🌍" },
            { functionCall: { name: "look", args: { at: "sky" } }, thoughtSignature: "seal" },
            { functionCall: { name: "time", args: {} } },
          ],
        },
        index: 0,
      },
    ],
  },
  {
    candidates: [{ finishReason: "STOP", index: 0 }],
    usageMetadata: { promptTokenCount: 8, candidatesTokenCount: 9, thoughtsTokenCount: 2, totalTokenCount: 19 },
  },
]

/** Text, joined where it is cut by chance. */
function told(frames: readonly Frame[]): AnswerEvent[] {
  const events: AnswerEvent[] = []
  for (const event of frames.flatMap((frame) => frame.events)) {
    const last = events.at(-1)
    if (event.type === "text" && last?.type === "text") last.text += event.text
    else events.push({ ...event })
  }
  return events
}

const bytesOf = (chunks: readonly object[], end: string): Uint8Array =>
  new TextEncoder().encode(chunks.map((chunk) => `data: ${JSON.stringify(chunk)}${end}${end}`).join(""))

function streamed(bytes: Uint8Array, cuts: readonly number[]): Frame[] {
  const frames: Frame[] = []
  const decoder = decodeStream({ frame: (frame) => frames.push(frame), done() {} })
  let from = 0
  for (const cut of [...cuts, bytes.length]) {
    decoder.push(bytes.subarray(from, cut))
    from = cut
  }
  decoder.end()
  return frames
}

describe("an answer", () => {
  const expected = [
    { type: "reasoning", choice: 0, text: "Hm." },
    { type: "text", choice: 0, text: "Grüße 🌍" },
    { type: "tool", choice: 0, index: 0, id: "call_r1_0_0", name: "look", arguments: '{"at":"sky"}' },
    { type: "signature", choice: 0, signature: { format: "google", data: "seal" }, tool: 0 },
    { type: "tool", choice: 0, index: 1, id: "call_r1_0_1", name: "time", arguments: "{}" },
    { type: "finish", choice: 0, reason: "tool_calls" },
  ]
  const said = (frames: readonly Frame[]) =>
    told(frames.map((frame) => ({ ...frame, events: frame.events.filter(({ type }) => type !== "usage") })))

  test("is the same wherever its bytes are cut", () => {
    for (const end of ["\n", "\r\n"]) {
      const bytes = bytesOf(STREAM, end)
      for (let cut = 1; cut < bytes.length; cut++)
        expect([cut, said(streamed(bytes, [cut]))]).toEqual([cut, expected as never])
    }
    const last = streamed(bytesOf(STREAM, "\n"), [])
      .at(-1)!
      .events.find(({ type }) => type === "usage")
    expect(last).toMatchObject({
      report: { input: { inputTokens: 8 }, output: { outputTokens: 11, reasoningTokens: 2 } },
    })
  })

  test("in one piece says the same", () => {
    const parts = STREAM.flatMap(
      (one) => (one.candidates[0] as { content?: { parts?: object[] } }).content?.parts ?? [],
    )
    const whole = {
      candidates: [{ content: { parts }, finishReason: "STOP" }],
      responseId: "r1",
      modelVersion: "gemini-3-pro",
    }
    const frame = decodeWhole(JSON.stringify(whole))
    expect(said([frame])).toEqual(expected as never)
    expect(frame.model).toBe("gemini-3-pro")
  })

  test("ends for every reason there is", () => {
    const finish = (candidate: object) => decodeWhole(JSON.stringify({ candidates: [candidate] })).events.at(-1)
    expect(finish({ finishReason: "MAX_TOKENS" })).toMatchObject({ reason: "length" })
    for (const finishReason of ["SAFETY", "RECITATION", "PROHIBITED_CONTENT", "SPII", "BLOCKLIST", "IMAGE_SAFETY"]) {
      expect(finish({ finishReason })).toMatchObject({ reason: "content_filter" })
    }
    expect(finish({ finishReason: "SOMETHING_NEW" })).toMatchObject({ reason: "stop" })
    expect(() => finish({ finishReason: "MALFORMED_FUNCTION_CALL" })).toThrow("cannot read")
    const blocked = decodeWhole(JSON.stringify({ promptFeedback: { blockReason: "SAFETY" } }))
    expect(blocked.events).toEqual([{ type: "finish", choice: 0, reason: "content_filter" }])
    expect(() => decodeWhole('{"error":{"message":"no"}}')).toThrow("cannot read")
  })

  test("carries probabilities, pictures and sources", () => {
    const chosen = { token: "hi", logProbability: -0.5 }
    const logprobsResult = { chosenCandidates: [chosen], topCandidates: [{ candidates: [chosen] }] }
    const parts = [{ text: "hi" }, { inlineData: { mimeType: "image/png", data: "AAAA" } }]
    const citationMetadata = { citationSources: [{ uri: "https://a.example", startIndex: 0, endIndex: 2 }] }
    const { events } = decodeWhole(
      JSON.stringify({ candidates: [{ content: { parts }, logprobsResult, citationMetadata }] }),
    )
    expect(events).toMatchObject([
      { type: "text", logprobs: [{ token: "hi", logprob: -0.5, bytes: [104, 105], top_logprobs: [{ token: "hi" }] }] },
      { type: "media", media: "image", url: "data:image/png;base64,AAAA" },
      { type: "citation", citation: { type: "url", url: "https://a.example", start: 0, end: 2 } },
    ])
  })
})

describe("a refusal", () => {
  const wire = google.wireFor("chat", { baseUrl: "", apiKey: "" })!
  const refusal = (status: number, error: object) =>
    wire.refusal({ status, headers: new Headers(), body: JSON.stringify({ error }), apiKey: "the-key" })

  test("is the caller's, the operator's, or for now", () => {
    const long = {
      code: 400,
      status: "INVALID_ARGUMENT",
      message: "The input token count (9) exceeds the maximum number of tokens allowed (8).",
    }
    expect(refusal(400, long).failure.error).toMatchObject({
      code: "provider_rejected",
      extra: { fields: { code: "context_length_exceeded" } },
    })
    const key = {
      code: 400,
      status: "INVALID_ARGUMENT",
      message: "API key not valid.",
      details: [{ reason: "API_KEY_INVALID" }],
    }
    expect(refusal(400, key).failure.error.code).toBe("provider_error")
    expect(refusal(400, { status: "FAILED_PRECONDITION", message: "Enable billing." }).failure.error.code).toBe(
      "provider_error",
    )
    const busy = { code: 429, status: "RESOURCE_EXHAUSTED", message: "Quota.", details: [{ retryDelay: "34.07s" }] }
    expect(refusal(429, busy).failure.error).toMatchObject({
      code: "provider_overloaded",
      extra: { retryAfterSeconds: 35 },
    })
    const max = {
      status: "INVALID_ARGUMENT",
      message:
        "Unable to submit request because it has a maxOutputTokens value of 99999 but the supported range is from 1 (inclusive) to 8193 (exclusive).",
    }
    expect(refusal(400, max).outputMaximum).toEqual({ tokens: 8_192, ofModel: true })
  })
})

test("lists of models, of both kinds", () => {
  const gemini = {
    models: [
      { name: "models/gemini-2.5-flash", supportedGenerationMethods: ["generateContent"] },
      { name: "models/embedding-001", supportedGenerationMethods: ["embedContent"] },
    ],
  }
  expect(google.models(JSON.stringify(gemini))).toEqual(["gemini-2.5-flash", "embedding-001"])
  expect(vertex.models('{"publisherModels":[{"name":"publishers/google/models/gemini-2.5-pro"}]}')).toEqual([
    "gemini-2.5-pro",
  ])
})
