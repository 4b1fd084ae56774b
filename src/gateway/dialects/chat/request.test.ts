import { describe, expect, test } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import { AppError } from "../../../app/index.ts"
import { parseJson } from "../json.ts"
import { extraFieldProblem, FIELDS, REFUSED } from "./fields.ts"
import { type ChatRequest, checkChat } from "./request.ts"

const CASES = new URL("../../../../test/cases/gateway/", import.meta.url)
const caseText = (name: string): string => readFileSync(new URL(name, CASES), "utf8")
const check = (body: unknown): ChatRequest => checkChat(parseJson(JSON.stringify(body)))
const ASK = { model: "m", messages: [{ role: "user", content: "hi" }] }
const user = (content: unknown, more: object = {}) => ({ model: "m", messages: [{ role: "user", content, ...more }] })
const part = (value: object) => user([value])
const tokens = (request: ChatRequest, model = "m", window: number | null = null) =>
  request.size.tokensFor(model, window)

/** The parameter that is named. */
function refusedAt(body: unknown): string {
  try {
    check(body)
  } catch (error) {
    if (error instanceof AppError && error.code === "invalid_request") return error.extra.param ?? ""
    throw error
  }
  throw new Error(`not refused: ${JSON.stringify(body).slice(0, 200)}`)
}

const OURS = ["model", "stream", "stream_options", "max_tokens", "max_completion_tokens", "n"]
function passesWhole(text: string): void {
  const request = checkChat(parseJson(text))
  expect(request.extras).toEqual([])
  const sent = Object.entries(JSON.parse(text) as object).filter(
    ([name, value]) => value !== null && !OURS.includes(name) && !REFUSED.has(name),
  )
  // As text, because the order of fields is what providers' caches go by.
  expect(JSON.stringify(JSON.parse(JSON.stringify(request.fields)))).toBe(JSON.stringify(Object.fromEntries(sent)))
}

describe("bodies as clients send them pass whole:", () => {
  for (const name of readdirSync(new URL("bodies/", CASES)).filter((one) => one.endsWith(".json"))) {
    test(name, () => passesWhole(caseText(`bodies/${name}`)))
  }
  for (const line of caseText("bodies/written.jsonl").trim().split("\n")) {
    const { client, body } = JSON.parse(line) as { client: string; body: unknown }
    test(client, () => passesWhole(JSON.stringify(body)))
  }
})

describe("fields", () => {
  test("that set what a call costs are refused by their name, with the reason", () => {
    for (const name of REFUSED.keys()) expect(refusedAt({ ...ASK, [name]: { on: true } })).toBe(name)
    const costly = ["models", "route", "provider", "fallbacks", "plugins", "web_search_options", "search_parameters"]
    for (const name of [...costly, "best_of", "prediction", "max_output_tokens"]) expect(REFUSED.has(name)).toBe(true)
    expect(refusedAt(JSON.parse(caseText("req-openrouter-models.json")))).toBe("models")
  })

  test("that are understood are refused with a value that costs more", () => {
    const cases: [object, string][] = [
      [{ service_tier: "batch" }, "service_tier"],
      [{ service_tier: "scale" }, "service_tier"],
      [{ store: true }, "store"],
      [{ modalities: ["text", "image"] }, "modalities"],
      [{ n: 9 }, "n"],
      [{ n: 1.5 }, "n"],
      [{ max_completion_tokens: 0 }, "max_completion_tokens"],
      [{ tools: [{ type: "web_search" }] }, "tools[0].type"],
      [{ tools: [{ type: "openrouter:web_search" }] }, "tools[0].type"],
      [{ tools: [{ type: "mcp", server_url: "https://x" }] }, "tools[0].server_url"],
      [{ tools: [{ google_search: {} }] }, "tools[0].type"],
      [{ tools: [{ type: "function", function: "f" }] }, "tools[0].function"],
      [{ tool_choice: { type: "web_search_preview" } }, "tool_choice"],
      [{ reasoning: { max_tokens: -1 } }, "reasoning.max_tokens"],
      [{ reasoning: { plugin: 1 } }, "reasoning.plugin"],
      [{ stream_options: { foo: 1 } }, "stream_options.foo"],
      [{ stream_options: [] }, "stream_options"],
      [{ logit_bias: { a: "b" } }, "logit_bias"],
      [{ user: { text: "x" } }, "user"],
      [{ stop: [{ a: 1 }] }, "stop"],
      [{ temperature: "hot" }, "temperature"],
    ]
    for (const [more, param] of cases) expect([more, refusedAt({ ...ASK, ...more })]).toEqual([more, param])
    expect(refusedAt(JSON.parse(caseText("req-n-10.json")))).toBe("n")
  })

  test("that nobody knows are noted by name, wherever they stand, and counted as prompt", () => {
    const request = check({
      ...user([{ type: "text", text: "hi", colour: "red" }], { weight: 1, constructor: "x" }),
      min_tokens: 5,
      tools: [{ type: "function", function: { name: "f" }, price: 1 }],
    })
    expect(request.extras.map(({ name }) => name).toSorted()).toEqual([
      "messages.constructor",
      "messages.content.colour",
      "messages.weight",
      "min_tokens",
      "tools.price",
    ])
    expect(request.extras.map(({ param }) => param)).toContain("messages[0].content[0].colour")
    const long = check({ ...ASK, documents: [{ text: "word ".repeat(3_000) }] })
    expect(tokens(long).likely).toBeGreaterThan(4_000)
  })

  test("that are null, or a refused switch turned off, are as good as absent", () => {
    const off = {
      best_of: null,
      models: [],
      plugins: [],
      enable_search: false,
      stop: null,
      foo: null,
      max_tokens: null,
    }
    const request = check({ ...ASK, ...off })
    expect([request.extras, Object.keys(request.fields), request.maxTokens]).toEqual([[], ["messages"], null])
  })

  test("with names from an object's prototype are fields like any other", () => {
    const request = checkChat(
      parseJson('{"model":"m","messages":[{"role":"user","content":"x"}],"__proto__":{"models":["y"]}}'),
    )
    expect(request.extras.map(({ name }) => name)).toEqual(["__proto__"])
    for (const name of ["constructor", "toString", "hasOwnProperty"]) {
      expect(check({ ...ASK, [name]: 1 }).extras).toHaveLength(1)
      expect(refusedAt(part({ type: name }))).toBe("messages[0].content[0].type")
    }
  })

  test("an operator may allow are neither known nor dear", () => {
    expect(["min_tokens", "messages.weight", "tools.price", "messages.content.x"].map(extraFieldProblem)).toEqual([
      null,
      null,
      null,
      null,
    ])
    for (const name of ["models", "max_tokens", "__proto__", "a b", "", "tools.function.x", [...FIELDS.keys()][3]!]) {
      expect([name, extraFieldProblem(name)]).not.toEqual([name, null])
    }
  })
})

describe("the maximum", () => {
  test("in both spellings is the smaller", () => {
    expect(check({ ...ASK, max_completion_tokens: 1, max_tokens: 4_000 }).maxTokens).toBe(1)
    expect(check({ ...ASK, max_completion_tokens: 500, max_tokens: 40 }).maxTokens).toBe(40)
    expect(check({ ...ASK, max_completion_tokens: null, max_tokens: 40 }).maxTokens).toBe(40)
    expect(check(ASK).maxTokens).toBeNull()
  })

  test("of thinking is the largest that is named", () => {
    const request = check({ ...ASK, reasoning: { max_tokens: 5 }, thinking: { type: "enabled", budget_tokens: 9 } })
    expect(request.thinking).toEqual({ tokens: 9, param: "thinking.budget_tokens" })
  })
})

describe("content", () => {
  test("has parts of known types with known contents", () => {
    const cases: [object, string][] = [
      [{ type: "image", text: "x" }, "messages[0].content[0].type"],
      [{ type: "video_url", video_url: { url: "https://x" } }, "messages[0].content[0].type"],
      [{ text: "x" }, "messages[0].content[0].type"],
      [{ type: "image_url", image_url: { url: "a long text" } }, "messages[0].content[0].image_url.url"],
      [
        { type: "image_url", image_url: { url: "data:text/plain;base64,eA==" } },
        "messages[0].content[0].image_url.url",
      ],
      [
        { type: "image_url", image_url: { url: "https://x/a.png", text: "x" } },
        "messages[0].content[0].image_url.text",
      ],
      [{ type: "input_audio", input_audio: { data: "x", text: "y" } }, "messages[0].content[0].input_audio.text"],
      [{ type: "file", file: { file_id: "file-1" } }, "messages[0].content[0].file.file_id"],
      [{ type: "file", file: { filename: "a" } }, "messages[0].content[0].file.file_data"],
      [{ type: "text", text: { a: 1 } }, "messages[0].content[0].text"],
    ]
    for (const [value, param] of cases) expect([value, refusedAt(part(value))]).toEqual([value, param])
    expect(refusedAt(JSON.parse(caseText("req-hidden-text-image-part.json")))).toBe("messages[0].content[0].type")
    expect(refusedAt(user(["text"]))).toBe("messages[0].content[0]")
  })

  test("counts every byte of text, under whatever name it stands", () => {
    const words = "The quick brown fox. ".repeat(100_000)
    const hidden = JSON.parse(caseText("req-hidden-text-type-image.json")) as { messages: Record<string, unknown>[] }
    hidden.messages[0]!.content = words
    const image = "data:image/png;base64,AAAA"
    const bodies = [
      hidden,
      user(words),
      part({ type: "text", text: words }),
      part({ type: "image_url", image_url: { url: image }, text: words }),
      part({ type: "image_url", image_url: { url: `https://x/${words}` } }),
      part({ type: "input_audio", input_audio: { data: "AAAA", format: words } }),
      part({ type: "file", file: { filename: words, file_data: "data:application/pdf;base64,AAAA" } }),
      part({ type: "file", file: { file_data: `data:text/plain;base64,${Buffer.from(words).toString("base64")}` } }),
      user("x", { name: words }),
      user("x", { [words]: 1 }),
      { model: "m", messages: [{ role: "assistant", tool_calls: [{ function: { arguments: words } }] }] },
      { model: "m", messages: [{ role: "assistant", reasoning_details: [{ type: "image_url", image_url: words }] }] },
      { model: "m", messages: [{ role: "assistant", audio: { id: "a", transcript: words } }] },
      { ...ASK, tools: [{ type: "function", function: { name: "f", type: "image_url", description: words } }] },
      { ...ASK, functions: [{ name: "f", type: "image", description: words }] },
      { ...ASK, response_format: { type: "json_schema", json_schema: { description: words } } },
      { ...ASK, tool_choice: { type: "function", function: { name: words } } },
      { ...ASK, chat_template_kwargs: { system: words } },
      { ...ASK, function_call: { name: words } },
      { ...ASK, unheard_of: words },
    ]
    for (const body of bodies) expect(tokens(check(body)).likely).toBeGreaterThan(words.length / 4)
  })

  test("a picture counts by its model, not by its bytes", () => {
    const picture = (url: string, detail?: string) => check(part({ type: "image_url", image_url: { url, detail } }))
    const large = picture(`data:image/png;base64,${"A".repeat(500_000)}`)
    expect(tokens(large).likely).toBeWithin(1_600, 1_700)
    expect(tokens(large, "gpt-4o-mini").likely).toBeGreaterThan(48_000)
    expect(tokens(picture("data:image/png;base64,AA", "low"), "gpt-4o-mini").likely).toBeLessThan(3_000)
    expect(tokens(check(part({ type: "image_url", image_url: "https://x/a.png" }))).likely).toBeGreaterThan(1_600)
  })

  test("a document is affordable: by its bytes, within the window; what its pages may hide is the worst case", () => {
    const file = (bytes: number) =>
      check(part({ type: "file", file: { file_data: `data:application/pdf;base64,${"A".repeat((bytes * 4) / 3)}` } }))
    expect(tokens(file(1_200_000)).likely).toBeWithin(50_000, 70_000)
    expect(tokens(file(1_200_000), "m", 32_000)).toEqual({ likely: 32_000, worst: 32_000 })
    expect(tokens(file(3_000), "m", 128_000)).toMatchObject({ worst: 128_000 })
    expect(tokens(checkChat(parseJson(caseText("req-pdf-file-part.json")))).likely).toBeWithin(3_000, 3_200)
    expect(
      tokens(check(part({ type: "image_url", image_url: { url: "data:application/pdf;base64,AA" } }))),
    ).toMatchObject({ worst: 200_000 })
  })

  test("never comes to more than the model's context window", () => {
    expect(tokens(check(user("word ".repeat(1_000_000))), "m", 128_000)).toEqual({ likely: 128_000, worst: 128_000 })
  })

  test("with sound, or a mark for an hour of cache, is held at their prices", () => {
    const sound = check(part({ type: "input_audio", input_audio: { data: "A".repeat(64_000), format: "mp3" } }))
    expect([sound.size.hasAudio, tokens(sound).likely]).toEqual([true, expect.any(Number)])
    expect(tokens(sound).likely).toBeWithin(1_000, 2_000)
    expect(
      check({ ...ASK, modalities: ["text", "audio"], audio: { voice: "alloy", format: "wav" } }).size.hasAudio,
    ).toBe(true)
    const earlier = check({ model: "m", messages: [{ role: "assistant", audio: { id: "audio_1" } }] })
    expect([earlier.size.hasAudio, tokens(earlier).likely > 16_000]).toEqual([true, true])
    const mark = (ttl?: string) => check(part({ type: "text", text: "x", cache_control: { type: "ephemeral", ttl } }))
    expect([mark().size.hasLongCache, mark("5m").size.hasLongCache, mark("1h").size.hasLongCache]).toEqual([
      false,
      false,
      true,
    ])
    expect(refusedAt(part({ type: "text", text: "x", cache_control: { type: "ephemeral", ttl: "9h" } }))).toBe(
      "messages[0].content[0].cache_control.ttl",
    )
  })
})

test("the reference names every field, known or refused", () => {
  const words = readFileSync(new URL("../../../../docs/reference/chat-completions.md", import.meta.url), "utf8")
  for (const name of [...FIELDS.keys(), ...REFUSED.keys()])
    expect([name, words.includes(`\`${name}\``)]).toEqual([name, true])
})
