// Whatever a wire says, the stream and the whole are the same answer, and the official SDK's own parser makes it of the stream.
import { expect, test } from "bun:test"
import { ResponseStream } from "openai/lib/responses/ResponseStream"
import type { Response as SdkResponse } from "openai/resources/responses/responses"
import { AppError } from "../../../app/index.ts"
import type { AnswerEvent, Signature } from "../../providers/index.ts"
import { parseJson } from "../json.ts"
import { ResponsesFramer, wholeResponse } from "./frame.ts"
import { checkResponses } from "./request.ts"

const ID = "req_01JD0000000000000000000000"
const requestOf = (more: object = {}) => checkResponses(parseJson(JSON.stringify({ model: "m", input: "hi", ...more })))

type Json = Record<string, unknown>
const dataOf = (text: string): Json[] =>
  text
    .split("\n\n")
    .filter((one) => one.includes("data: "))
    .map((one) => JSON.parse(one.slice(one.indexOf("data: ") + 6)) as Json)

/** Told in groups, as reads of an upstream come. */
function streamed(groups: readonly (readonly AnswerEvent[])[], more: object = {}): string {
  const framer = new ResponsesFramer(requestOf(more), ID)
  return groups.map((events) => framer.events(events, "m")).join("") + (framer.end() as string)
}

/** The SDK's parser over its line format. */
function parsed(text: string): Promise<SdkResponse> {
  const lines = dataOf(text)
    .map((data) => `${JSON.stringify(data)}\n`)
    .join("")
  const stream = ResponseStream.fromReadableStream(new Blob([lines]).stream()) as unknown as ResponseStream<null>
  return stream.finalResponse()
}

const wholeOf = (events: readonly AnswerEvent[], more: object = {}): Json =>
  JSON.parse(
    wholeResponse(requestOf(more), { events: [...events], raw: null, model: "m" }, false, ID) as string,
  ) as Json

/** Moments and what only the SDK adds. */
function plain(answer: object): Json {
  const { created_at: _, completed_at: __, output_text: ___, output_parsed: ____, ...rest } = answer as Json
  const output = (rest.output as Json[]).map(({ parsed_arguments: _, parsed: __, ...item }) => ({
    ...item,
    ...(Array.isArray(item.content) ? { content: (item.content as Json[]).map(({ parsed: _, ...part }) => part) } : {}),
  }))
  return JSON.parse(JSON.stringify({ ...rest, output })) as Json
}

const seal: Signature = { format: "anthropic", data: "c2VhbA==" }
const text = (words: string): AnswerEvent => ({ type: "text", choice: 0, text: words })
const thought = (words: string, summary = false): AnswerEvent => ({
  type: "reasoning",
  choice: 0,
  text: words,
  summary,
})
const tool = (index: number, id: string, name: string, args: string, custom = false): AnswerEvent => ({
  type: "tool",
  choice: 0,
  index,
  id,
  name,
  arguments: args,
  custom,
})
const signature = (more: Partial<Signature> = {}, at: { tool?: number } = {}): AnswerEvent => ({
  type: "signature",
  choice: 0,
  signature: { ...seal, ...more },
  ...at,
})
const citation: AnswerEvent = {
  type: "citation",
  choice: 0,
  citation: { type: "url", url: "https://x.example", title: "X", text: null, start: 0, end: 2 },
}
const ofDocument: AnswerEvent = {
  type: "citation",
  choice: 0,
  citation: { type: "document", index: 1, title: null, text: "so", unit: "char", start: 0, end: 2 },
}
const finish = (reason: "stop" | "length" | "tool_calls" | "content_filter"): AnswerEvent => ({
  type: "finish",
  choice: 0,
  reason,
})
const usage = (outputTokens: number): AnswerEvent => ({
  type: "usage",
  report: {
    input: { inputTokens: 9, cachedInputTokens: 4, cacheWriteTokens: 2, inputAudioTokens: 0 },
    output: { outputTokens, reasoningTokens: 1, outputAudioTokens: 0 },
    faults: [],
  },
})
const logprob = { token: "a", logprob: -0.5, bytes: [97], top_logprobs: [{ token: "b", logprob: -1, bytes: null }] }
const picture: AnswerEvent = {
  type: "media",
  choice: 0,
  media: "image",
  tokens: 1,
  url: "data:image/png;base64,AAAA",
}

const types = (events: readonly AnswerEvent[], more: object = {}) =>
  dataOf(streamed([events], more)).map(({ type }) => String(type).replace("response.", ""))
const itemsOf = (events: readonly AnswerEvent[], more: object = {}) => wholeOf(events, more).output as Json[]

test("Each thing that is said has its events, in OpenAI's order", () => {
  const frame = (...inside: string[]) => ["created", "in_progress", ...inside, "completed"]
  const item = (...inside: string[]) => ["output_item.added", ...inside, "output_item.done"]
  const part = (...inside: string[]) => item("content_part.added", ...inside, "content_part.done")
  expect(types([])).toEqual(frame())
  expect(types([text("a"), text("b")])).toEqual(
    frame(...part("output_text.delta", "output_text.delta", "output_text.done")),
  )
  expect(types([{ type: "refusal", choice: 0, text: "no" }])).toEqual(frame(...part("refusal.delta", "refusal.done")))
  expect(types([thought("a")])).toEqual(frame(...part("reasoning_text.delta", "reasoning_text.done")))
  expect(types([thought("a", true), signature()])).toEqual(
    frame(
      ...item(
        "reasoning_summary_part.added",
        "reasoning_summary_text.delta",
        "reasoning_summary_text.done",
        "reasoning_summary_part.done",
      ),
    ),
  )
  expect(types([tool(0, "a", "f", ""), tool(0, "", "", "{}")])).toEqual(
    frame(...item("function_call_arguments.delta", "function_call_arguments.done")),
  )
  expect(types([tool(0, "a", "f", "x", true)])).toEqual(
    frame(...item("custom_tool_call_input.delta", "custom_tool_call_input.done")),
  )
  expect(types([text("a"), citation])).toEqual(
    frame(...part("output_text.delta", "output_text.annotation.added", "output_text.done")),
  )
  expect(types([picture])).toEqual(frame(...item()))
  expect(types([text("a"), finish("length"), usage(3)]).at(-1)).toBe("incomplete")
})

test("What each event becomes in the answer", () => {
  expect(itemsOf([thought("a"), signature(), text("b")])).toEqual([
    expect.objectContaining({
      type: "reasoning",
      summary: [],
      content: [{ type: "reasoning_text", text: "a" }],
      encrypted_content: "psig1.a..c2VhbA==",
    }),
    expect.objectContaining({ type: "message", status: "completed" }),
  ])
  // A seal of OpenAI's stands as it came, under its name.
  expect(itemsOf([signature({ format: "openai", id: "rs_1" })])).toEqual([
    expect.objectContaining({ id: "rs_1", encrypted_content: "c2VhbA==" }),
  ])
  expect(itemsOf([tool(0, "c1", "f", "{}"), signature({ format: "google" }, { tool: 0 })])[1]).toMatchObject({
    type: "reasoning",
    summary: [],
    encrypted_content: "psig1.g.YzE.c2VhbA==",
  })
  expect(itemsOf([thought("a")], { reasoning: { summary: "auto" } })[0]).toMatchObject({
    summary: [{ type: "summary_text", text: "a" }],
  })
  expect(itemsOf([text("ab"), citation, ofDocument])[0]).toMatchObject({
    content: [
      {
        annotations: [
          { type: "url_citation", url: "https://x.example", title: "X", start_index: 0, end_index: 2 },
          { type: "file_citation", index: 1 },
        ],
      },
    ],
  })
  expect(itemsOf([{ type: "text", choice: 0, text: "a", logprobs: [logprob] }])[0]).toMatchObject({
    content: [{ logprobs: [{ token: "a", top_logprobs: [{ token: "b", bytes: [] }] }] }],
  })
  expect(itemsOf([picture])[0]).toMatchObject({ type: "image_generation_call", result: "AAAA" })
  expect(wholeOf([text("a"), finish("content_filter"), usage(3)])).toMatchObject({
    status: "incomplete",
    incomplete_details: { reason: "content_filter" },
    usage: {
      input_tokens: 9,
      input_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
      output_tokens: 3,
      output_tokens_details: { reasoning_tokens: 1 },
      total_tokens: 12,
    },
  })
})

test("Calls without a name of their own, or with one that was used, get one", () => {
  const calls = itemsOf([tool(0, "", "f", "1"), tool(1, "a", "f", "2"), tool(2, "a", "f", "3"), tool(0, "", "", "4")])
  expect(new Set(calls.map(({ call_id }) => call_id)).size).toBe(3)
  expect(calls.map((call) => call.arguments)).toEqual(["14", "2", "3"])
})

test("A stream that breaks says so as an event and as its end", () => {
  const framer = new ResponsesFramer(requestOf(), ID)
  const begun = framer.events([text("half")], "m")
  const all = dataOf(begun + framer.broken(new AppError("provider_error", "It failed.")))
  expect(all.slice(-2)).toMatchObject([
    { type: "error", code: "provider_error", message: "It failed.", error: { code: "provider_error" } },
    { type: "response.failed", response: { status: "failed", error: { code: "server_error", message: "It failed." } } },
  ])
  expect(all.map(({ sequence_number }) => sequence_number)).toEqual(all.map((_, index) => index))
  const atOnce = dataOf(new ResponsesFramer(requestOf(), ID).failed(new AppError("provider_timeout", "Late.")))
  expect(atOnce.map(({ type }) => type)).toEqual([
    "response.created",
    "response.in_progress",
    "error",
    "response.failed",
  ])
})

/** Seeded, so that what failed fails again. */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** All pieces of the deltas, by item; what stands in the items. */
function grownTexts(data: readonly Json[]): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const { type, item_id, delta } of data) {
    if (String(type).endsWith(".delta")) texts[String(item_id)] = (texts[String(item_id)] ?? "") + String(delta)
  }
  return texts
}
function saidTexts(output: readonly Json[]): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const item of output) {
    const parts = [...((item.summary ?? []) as Json[]), ...((item.content ?? []) as Json[])]
    const said = parts.map(({ text, refusal }) => String(text ?? refusal)).join("")
    const whole = said + String(item.arguments ?? item.input ?? "")
    if (whole !== "") texts[String(item.id)] = whole
  }
  return texts
}

const EVENTS: readonly ((below: (n: number) => number) => AnswerEvent)[] = [
  (below) => text(["", "a", "ü🌍", "\n\n", '"}\u2028'][below(5)]!),
  () => ({ type: "text", choice: 0, text: "p", logprobs: [logprob] }),
  (below) => thought(["", "hm", "so\n"][below(3)]!, below(2) === 0),
  (below) => signature({ format: (["anthropic", "google", "openai", "other"] as const)[below(4)]! }),
  (below) => signature({ format: "openai", id: `rs_${below(2)}` }),
  (below) => signature({ format: "google" }, { tool: below(3) }),
  (below) => tool(below(3), ["", "a", "b"][below(3)]!, ["", "f"][below(2)]!, ["", "{", "}"][below(3)]!, below(4) === 0),
  () => ({ type: "refusal", choice: 0, text: "no" }),
  () => citation,
  () => ofDocument,
  () => picture,
  () => ({ type: "media", choice: 0, media: "audio", tokens: 1, url: "" }),
  (below) => usage(below(9)),
  (below) => finish((["stop", "length", "tool_calls", "content_filter"] as const)[below(4)]!),
  () => ({ type: "text", choice: 1, text: "of another choice" }),
]

test("Any events in any order: the stream, the whole and what the SDK makes of the stream are the same answer", async () => {
  for (let seed = 1; seed <= 300; seed++) {
    const below = random(seed)
    const events = Array.from({ length: below(14) }, () => EVENTS[below(EVENTS.length)]!(below))
    const groups = events.map((event) => [event])
    const more = below(3) === 0 ? { reasoning: { summary: "auto" } } : {}
    const told = streamed(groups, more)
    const data = dataOf(told)
    const whole = plain(wholeOf(events, more))
    expect([seed, plain((data.at(-1) as { response: object }).response)]).toEqual([seed, whole])
    expect([seed, plain(await parsed(told))]).toEqual([seed, whole])
    // The growing items, without what the last event repeats.
    const grown = data.slice(0, -1)
    const items = grown.filter(({ type }) => type === "response.output_item.done").map(({ item }) => item)
    expect([seed, items.length]).toEqual([seed, (whole.output as Json[]).length])
    for (const item of whole.output as Json[]) expect(items).toContainEqual(item)
    const { output: _, ...last } = (data.at(-1) as { response: Json }).response
    const bare = [...grown, { ...data.at(-1), response: last }].map((one) => `data: ${JSON.stringify(one)}\n\n`)
    expect([seed, plain(await parsed(bare.join("")))]).toEqual([seed, whole])
    expect([seed, grownTexts(grown)]).toEqual([seed, saidTexts(whole.output as Json[])])
    expect(data.map(({ sequence_number }) => sequence_number)).toEqual(data.map((_, index) => index))
  }
})
