// The list of prices times what a call says that it used is what it is charged, for each thing that is counted: read from /v1/models and from
// the list behind the page of prices, never from the tables that charges are computed by.
import { expect, test } from "bun:test"
import OpenAI, { toFile } from "openai"
import { credits, UserId } from "../../app/index.ts"
import { testCtx } from "../../store/index.ts"
import { books, kit, sse, start } from "./testing.ts"
import { playOpenai } from "./video-upstream.testing.ts"

interface Told {
  input: string
  output: string
  tokens?: Record<string, string>
  each?: Record<string, string>
  request?: string
  minimum?: string
}
interface Used {
  prompt_tokens: number
  completion_tokens: number
  prompt_tokens_details: { cached_tokens: number; image_tokens: number }
  completion_tokens_details: { reasoning_tokens: number; image_tokens: number }
  counted: Record<string, number>
}

let client: OpenAI
let apiKey = ""
let far: ReturnType<typeof playOpenai>
const MODELS = [
  "dall-e-3",
  "gpt-image-1.5",
  "tts-1",
  "whisper-1",
  "gpt-4o",
  "sonar-x",
  "rank-x",
  "omni-moderation-latest",
]

async function open(): Promise<void> {
  await start({ balance: credits(50_000) })
  far = playOpenai(() => kit.clock.now())
  const account = { kind: "openai-compatible", priceProvider: "openai" } as const
  await kit.gateway.addUpstream(testCtx, { ...account, name: "near", baseUrl: kit.upstream.url, models: MODELS })
  await kit.gateway.addUpstream(testCtx, { ...account, name: "far", baseUrl: far.baseUrl, models: ["sora-2-pro"] })
  const set = (model: string, more: object) =>
    kit.pricing.setModelPrice(testCtx, {
      provider: "openai",
      model,
      rates: { input: 1_000_000, output: 3_000_000 },
      ...more,
    })
  // $0.005 a call, $0.0012 a picture in the prompt; and a search.
  await set("sonar-x", { requestMicro: 5_000, units: { image: 1_200 } })
  await set("rank-x", { rates: { input: 0 }, made: { search: { "*": 2_000_000 } } })
  apiKey = await (await kit.app()).token(1, { scope: "openid llm embeddings speech image-generation video-generation" })
  client = new OpenAI({ apiKey, baseURL: `${kit.server.url}/v1`, maxRetries: 0 })
}
const read = async <T>(path: string): Promise<T> =>
  (await (await fetch(`${kit.server.url}/v1${path}`, { headers: { authorization: `Bearer ${apiKey}` } })).json()) as T

/** Credits as whole billionths of a n$: they have at most six places. */
const exact = (credits: string): bigint => {
  const [whole, rest = ""] = credits.split(".")
  return BigInt(whole! + rest.padEnd(6, "0"))
}
/** n$, as anybody would work it out: by the million, by the piece, and by the call; up to a whole one. */
function worth(told: Told, used: Used): number {
  const rate = (name: string, without: string) => exact(told.tokens?.[name] ?? without)
  const { prompt_tokens_details: prompt, completion_tokens_details: answer } = used
  const tokens: [number, bigint][] = [
    [used.prompt_tokens - prompt.cached_tokens - prompt.image_tokens, exact(told.input)],
    [prompt.cached_tokens, rate("cached_input", told.input)],
    [prompt.image_tokens, rate("image_input", told.input)],
    [used.completion_tokens - answer.reasoning_tokens - answer.image_tokens, exact(told.output)],
    [answer.reasoning_tokens, rate("reasoning", told.output)],
    [answer.image_tokens, rate("image_output", told.output)],
  ]
  const ofTokens = tokens.reduce((sum, [count, each]) => sum + BigInt(count) * each, 0n)
  const pieces = Object.entries(used.counted).reduce(
    (sum, [name, count]) => {
      const each = told.each?.[name]
      expect([name, each]).not.toEqual([name, undefined])
      return sum + BigInt(count) * exact(each!)
    },
    exact(told.request ?? "0"),
  )
  return Number((ofTokens + 999_999n) / 1_000_000n + pieces)
}

/** Calls, and holds its charge against the list. @returns the charge in n$, and what it used */
async function charged(model: string, call: () => Promise<unknown>): Promise<{ nano: number; used: Used }> {
  const { pricing } = await read<{ pricing: Told }>(`/models/${encodeURIComponent(model)}`)
  await call()
  const [last] = kit.usage.recent(UserId(1), 1)
  const { usage, charge } = await read<{ usage: Used; charge: { nano: string } }>(`/requests/${last!.publicId}`)
  expect([model, worth(pricing, usage)]).toEqual([model, Number(charge.nano)])
  return { nano: Number(charge.nano), used: usage }
}
/** $ as a person pays them through an app: doubled by the shares. n$ */
const paid = (dollars: number) => Math.round(dollars * 2e9)
const B64 = Buffer.from("a picture").toString("base64")
const pictures = (count: number, more: object = {}) =>
  Response.json({ created: 1, data: Array(count).fill({ b64_json: B64 }), ...more })

test("pictures by size and quality", async () => {
  await open()
  const table: [object, number, string, number][] = [
    [{}, 1, "image 1024x1024/standard", 0.04],
    [{ size: "1792x1024", quality: "hd" }, 1, "image 1792x1024/hd", 0.12],
    [{ n: 3 }, 3, "image 1024x1024/standard", 0.12],
    // The model chooses: the dearest, and the explanation says which that is.
    [{ size: "auto" }, 1, "image 1024x1792/hd", 0.12],
  ]
  for (const [asked, count, name, dollars] of table) {
    kit.upstream.answer = () => pictures(count)
    const { nano, used } = await charged("dall-e-3", () =>
      client.images.generate({ model: "dall-e-3", prompt: "a purser", ...asked }),
    )
    expect([asked, nano, used.counted]).toEqual([asked, paid(dollars), { [name]: count }])
  }
  books()
})

test("pictures by tokens: those of words and of pictures each at theirs", async () => {
  await open()
  const usage = {
    input_tokens: 420,
    input_tokens_details: { text_tokens: 20, image_tokens: 400 },
    output_tokens: 1_060,
    output_tokens_details: { text_tokens: 4, image_tokens: 1_056 },
    total_tokens: 1_480,
  }
  kit.upstream.answer = () => pictures(1, { usage })
  const { nano, used } = await charged("gpt-image-1.5", () =>
    client.images.generate({ model: "gpt-image-1.5", prompt: "a purser" }),
  )
  expect(nano).toBe(paid(20 * 5e-6 + 400 * 8e-6 + 4 * 10e-6 + 1_056 * 32e-6))
  expect([used.prompt_tokens_details.image_tokens, used.completion_tokens_details.image_tokens]).toEqual([400, 1_056])
  books()
})

test("characters, seconds of sound, searches, and what is free", async () => {
  await open()
  kit.upstream.answer = () => new Response(new Uint8Array(900), { headers: { "content-type": "audio/mpeg" } })
  const speech = await charged("tts-1", async () =>
    (await client.audio.speech.create({ model: "tts-1", input: "Ahoy there", voice: "alloy" })).arrayBuffer(),
  )
  expect([speech.nano, speech.used.counted]).toEqual([paid(10 * 15e-6), { character: 10 }])

  kit.upstream.answer = () => Response.json({ text: "ahoy", usage: { type: "duration", seconds: 61 } })
  const file = () => toFile(new Uint8Array(160_000), "a.mp3")
  const heard = await charged("whisper-1", async () =>
    client.audio.transcriptions.create({ model: "whisper-1", file: await file() }),
  )
  expect([heard.nano, heard.used.counted]).toEqual([paid(61e-4), { second: 61 }])
  const translated = await charged("whisper-1", async () =>
    client.audio.translations.create({ model: "whisper-1", file: await file() }),
  )
  expect(translated.nano).toBe(paid(61e-4))

  kit.upstream.answer = () =>
    Response.json({ results: [{ index: 0, relevance_score: 1 }], meta: { billed_units: { search_units: 2 } } })
  const documents = Array(150).fill("a text")
  const ranked = await charged("rank-x", () =>
    client.post("/rerank", { body: { model: "rank-x", query: "who?", documents } }),
  )
  expect([ranked.nano, ranked.used.counted]).toEqual([paid(0.004), { search: 2 }])

  kit.upstream.answer = () => Response.json({ id: "m", model: "omni-moderation-latest", results: [{ flagged: false }] })
  const free = await charged("omni-moderation-latest", () =>
    client.moderations.create({ model: "omni-moderation-latest", input: "hi" }),
  )
  expect(free.nano).toBe(0)
  books()
})

test("a call, pictures in its prompt, and tokens from a cache", async () => {
  await open()
  const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 }
  const answer = (model: string, more: object = {}) =>
    Response.json({
      id: "c",
      object: "chat.completion",
      created: 1,
      model,
      choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
      usage: { ...usage, ...more },
    })
  kit.upstream.answer = () => answer("sonar-x")
  const url = "data:image/png;base64,AAAA"
  const content = [
    { type: "text", text: "What is it?" } as const,
    { type: "image_url", image_url: { url, detail: "low" } } as const,
  ]
  const seen = await charged("sonar-x", () =>
    client.chat.completions.create({ model: "sonar-x", messages: [{ role: "user", content }], max_tokens: 20 }),
  )
  expect(seen.nano).toBe(paid(0.005 + 0.0012 + 100e-6 + 60e-6))
  expect(seen.used.counted).toEqual({ input_image: 1 })

  kit.upstream.answer = () => answer("gpt-4o", { prompt_tokens_details: { cached_tokens: 60 } })
  const ask = { model: "gpt-4o", messages: [{ role: "user", content: "hi" }] } as const
  const cached = await charged("gpt-4o", () =>
    client.chat.completions.create({ ...ask, messages: [...ask.messages], max_tokens: 20 }),
  )
  // $2.50 and $10 a million, half of the first from a cache.
  expect(cached.nano).toBe(paid(40 * 2.5e-6 + 60 * 1.25e-6 + 20 * 10e-6))
  books()
})

test("seconds of a video, each size at its price", async () => {
  await open()
  const table = [
    ["1280x720", "4", 1.2],
    ["1792x1024", "8", 4],
  ] as const
  for (const [size, seconds, dollars] of table) {
    const { nano, used } = await charged("sora-2-pro", async () => {
      const { id } = await client.videos.create({ model: "sora-2-pro", prompt: `a ship of ${size}`, seconds, size })
      far.all({ status: "completed" })
      kit.clock.advance(5_000)
      expect((await client.videos.retrieve(id)).status).toBe("completed")
    })
    expect([nano, used.counted]).toEqual([paid(dollars), { [`second ${size}`]: Number(seconds) }])
  }
  books()
})

test("a stream is charged by the same list", async () => {
  await open()
  const done = {
    type: "image_generation.completed",
    b64_json: B64,
    usage: { input_tokens: 20, output_tokens: 1_056, total_tokens: 1_076 },
  }
  kit.upstream.answer = () => sse(`event: ${done.type}\ndata: ${JSON.stringify(done)}\n\n`)
  await charged("gpt-image-1.5", async () => {
    for await (const _ of await client.images.generate({ model: "gpt-image-1.5", prompt: "a purser", stream: true }));
  })
})

test("the page of prices has what /v1/models has", async () => {
  await open()
  const { data } = await read<{ data: { id: string; pricing: Told }[] }>("/models")
  const shown = kit.gateway.priceList()
  expect(shown.map(({ id }) => id)).toContain("gpt-image-1.5")
  for (const { id, tokens, requestNano, each } of shown) {
    const { pricing } = data.find((one) => one.id === id)!
    expect([id, Object.fromEntries(tokens.map(({ name, eachNano }) => [name, BigInt(eachNano)]))]).toEqual([
      id,
      Object.fromEntries(Object.entries(pricing.tokens ?? {}).map(([name, each]) => [name, exact(each)])),
    ])
    expect([id, BigInt(requestNano)]).toEqual([id, exact(pricing.request ?? "0")])
    for (const { unit, leastNano, mostNano } of each) {
      const figures = Object.entries(pricing.each!).flatMap(([name, figure]) =>
        name.split(" ")[0] === unit ? [Number(exact(figure))] : [],
      )
      expect([id, leastNano as number, mostNano as number]).toEqual([id, Math.min(...figures), Math.max(...figures)])
    }
  }
})
