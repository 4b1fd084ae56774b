// POST /v1/images/generations by OpenAI's SDK, and by plain HTTP: over OpenAI's wire, Imagen's, Gemini's and the sandbox's; paid by
// size and quality or by tokens, whole and streamed.
import { expect, onTestFinished, test } from "bun:test"
import OpenAI from "openai"
import { testCtx } from "../../store/index.ts"
import { books, feed, grantTestCredits, kit, last, spent, sse, start, type V1Options } from "./testing.ts"

const open = async (options: V1Options = {}, scope = "openid llm image-generation") => {
  await start(options)
  await kit.gateway.addUpstream(testCtx, {
    kind: "openai-compatible",
    name: "near",
    baseUrl: kit.upstream.url,
    priceProvider: "openai",
    models: ["dall-e-3", "gpt-image-1", "gpt-image-1.5", "gpt-4o"],
  })
  apiKey = await (await kit.app()).token(1, { scope })
  return new OpenAI({ apiKey, baseURL: `${kit.server.url}/v1`, maxRetries: 0 }).images
}
let apiKey = ""
const raw = (body: object) =>
  fetch(`${kit.server.url}/v1/images/generations`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  })
const failed = (call: PromiseLike<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => error,
  )
const B64 = Buffer.from("a picture").toString("base64")
const made = (count: number, more: object = {}) =>
  Response.json({ created: 1, data: Array(count).fill({ b64_json: B64 }), ...more })
/** $ as a person pays them through an app: doubled by the shares. n$ */
const paid = (dollars: number) => Math.round(dollars * 2e9)
const USAGE = {
  input_tokens: 20,
  input_tokens_details: { text_tokens: 15, image_tokens: 5 },
  output_tokens: 1_060,
  output_tokens_details: { text_tokens: 4, image_tokens: 1_056 },
  total_tokens: 1_080,
}
/** What gpt-image-1.5 takes for it: $5 and $8 in, $10 and $32 out, a million. */
const BY_TOKENS = paid(15 * 5e-6 + 5 * 8e-6 + 4 * 10e-6 + 1_056 * 32e-6)

test("by size and quality: each picture that came, at its price, and the bytes as they were", async () => {
  const images = await open()
  const table: [object, number, number][] = [
    [{}, 1, 0.04],
    [{ size: "1792x1024", quality: "hd" }, 1, 0.12],
    [{ n: 2, quality: "standard" }, 2, 0.08],
    // Fewer came than were asked for, or more.
    [{ n: 2 }, 1, 0.04],
    [{ n: 1 }, 4, 0.04],
    // The model chooses: what the dearest costs.
    [{ size: "auto" }, 1, 0.12],
  ]
  let sum = 0
  for (const [asked, came, dollars] of table) {
    kit.upstream.answer = () => made(came)
    const given = await images.generate({ model: "dall-e-3", prompt: "a purser", ...asked })
    expect(given.data!.map(({ b64_json }) => b64_json)).toEqual(Array(came).fill(B64))
    expect(last()).toMatchObject({
      endpoint: "images",
      scope: "image-generation",
      chargeNano: paid(dollars),
      source: "reported",
    })
    sum += paid(dollars)
  }
  expect(spent()).toBe(sum)
  expect(kit.upstream.journal[1]).toEqual({ model: "dall-e-3", prompt: "a purser", size: "1792x1024", quality: "hd" })
  books()
})

test("by tokens: text and pictures at their rates, the same in a stream, where parts come first", async () => {
  const images = await open()
  kit.upstream.answer = () => made(1, { usage: USAGE })
  await images.generate({ model: "gpt-image-1.5", prompt: "a purser", quality: "medium", size: "1024x1024" })
  expect([last().chargeNano, last().inputTokens, last().outputTokens, last().source]).toEqual([
    BY_TOKENS,
    20,
    1_060,
    "reported",
  ])

  const event = (type: string, more: object) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, b64_json: B64, ...more })}\n\n`
  kit.upstream.answer = () =>
    sse(
      event("image_generation.partial_image", { partial_image_index: 0 }) +
        event("image_generation.completed", { usage: USAGE }),
    )
  const stream = await images.generate({ model: "gpt-image-1.5", prompt: "a purser", stream: true, partial_images: 1 })
  const types: string[] = []
  for await (const one of stream) types.push(`${one.type} ${one.b64_json}`)
  expect(types).toEqual([`image_generation.partial_image ${B64}`, `image_generation.completed ${B64}`])
  expect([last().chargeNano, last().stream, last().source]).toEqual([BY_TOKENS, true, "reported"])
  expect(kit.upstream.journal[1]).toEqual({
    model: "gpt-image-1.5",
    prompt: "a purser",
    partial_images: 1,
    stream: true,
  })
  expect(spent()).toBe(2 * BY_TOKENS)
  books()
})

test("without a report: what a picture of that size and quality comes to, as an estimate", async () => {
  const images = await open()
  kit.upstream.answer = () => made(1, { size: "1024x1024", quality: "low" })
  await images.generate({ model: "gpt-image-1", prompt: "a purser", quality: "low", size: "1024x1024" })
  expect([last().source, last().outputTokens]).toEqual(["estimated", 272])
  books()
})

test("failed calls are free: refusals, broken answers, none made, and a stream that ends before its picture", async () => {
  const images = await open()
  const answers: [() => Response | Promise<Response>, number][] = [
    [
      () =>
        Response.json({ error: { message: "Your request was rejected", code: "moderation_blocked" } }, { status: 400 }),
      400,
    ],
    [() => Response.json({ error: { message: "down" } }, { status: 500 }), 502],
    [() => made(0), 502],
    [() => new Response("<html>"), 502],
  ]
  for (const [answer, status] of answers) {
    kit.upstream.answer = answer
    expect(await failed(images.generate({ model: "dall-e-3", prompt: "x" }))).toMatchObject({ status })
    await kit.gateway.enableUpstream(
      testCtx,
      kit.gateway.upstreams().find(({ name }) => name === "near")!.publicId,
      true,
    )
  }
  kit.upstream.answer = () => feed((async function* () {})())
  expect(await failed(images.generate({ model: "dall-e-3", prompt: "x", stream: true }))).toMatchObject({ status: 502 })
  expect(spent()).toBe(0)
  books()
})

test("what is wrong is refused by its name before anything is asked or held", async () => {
  const images = await open()
  const bodies: [object, string][] = [
    [{ prompt: "" }, "prompt"],
    [{ prompt: 7 }, "prompt"],
    [{ prompt: "x".repeat(32_001) }, "prompt"],
    [{ n: 0 }, "n"],
    [{ n: 11 }, "n"],
    [{ n: 1.5 }, "n"],
    [{ size: "big" }, "size"],
    [{ size: "1024x1024x2" }, "size"],
    [{ quality: "best" }, "quality"],
    [{ response_format: "png" }, "response_format"],
    [{ partial_images: 2 }, "partial_images"],
    [{ stream: "yes" }, "stream"],
    [{ seed: 7 }, "seed"],
    // Sizes that the price list does not have.
    [{ size: "640x480" }, "size"],
  ]
  for (const [body, param] of bodies) {
    expect([body, await failed(images.generate({ model: "dall-e-3", prompt: "x", ...body } as never))]).toMatchObject([
      body,
      { status: 400, param },
    ])
  }
  // A model that answers in words has no price of pictures; one that nobody serves is not there.
  expect(await failed(images.generate({ model: "gpt-4o", prompt: "x" }))).toMatchObject({
    status: 503,
    code: "model_not_priced",
  })
  expect(await failed(images.generate({ model: "nobody", prompt: "x" }))).toMatchObject({ status: 404 })
  expect(kit.upstream.journal).toEqual([])
  expect(spent()).toBe(0)
})

test("the whole price is held before anything is asked: who cannot pay all pictures gets none", async () => {
  // 100 credits are $0.10: one picture of $0.08 as it is paid, not two.
  const images = await open({ balance: 100_000_000 })
  kit.upstream.answer = () => made(1)
  expect(await failed(images.generate({ model: "dall-e-3", prompt: "x", n: 2 }))).toMatchObject({ status: 402 })
  expect(kit.upstream.journal).toEqual([])
  await images.generate({ model: "dall-e-3", prompt: "x" })
  expect(kit.balance()).toBe(100_000_000 - paid(0.04))
  books()
})

/** The Gemini API, as far as pictures go. */
function playGoogle() {
  const asked: [string, unknown][] = []
  let answer: () => Response = () => new Response("", { status: 500 })
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      asked.push([new URL(request.url).pathname, await request.json()])
      return answer()
    },
  })
  onTestFinished(() => server.stop(true))
  return {
    asked,
    baseUrl: `http://127.0.0.1:${server.port}/v1beta`,
    answers: (next: () => Response) => (answer = next),
  }
}

test("Imagen's, by predict, and Gemini's own, by generateContent: OpenAI's answer, at Google's price", async () => {
  const google = playGoogle()
  const images = await open()
  await kit.gateway.addUpstream(testCtx, {
    kind: "google",
    name: "far",
    baseUrl: google.baseUrl,
    apiKey: "k",
    priceProvider: "google",
    models: ["imagen-4.0-generate-001", "gemini-2.5-flash-image"],
  })
  const predictions = [
    { bytesBase64Encoded: B64, mimeType: "image/png" },
    { bytesBase64Encoded: B64 },
    { raiFilteredReason: "no" },
  ]
  google.answers(() => Response.json({ predictions }))
  const two = await images.generate({ model: "imagen-4.0-generate-001", prompt: "a purser", n: 3, size: "1792x1024" })
  expect(two.data).toEqual([{ b64_json: B64 }, { b64_json: B64 }])
  expect(last().chargeNano).toBe(paid(0.08))
  expect(google.asked[0]).toEqual([
    "/v1beta/models/imagen-4.0-generate-001:predict",
    { instances: [{ prompt: "a purser" }], parameters: { sampleCount: 3, aspectRatio: "16:9" } },
  ])

  const usageMetadata = {
    promptTokenCount: 10,
    candidatesTokenCount: 1_300,
    totalTokenCount: 1_310,
    candidatesTokensDetails: [{ modality: "IMAGE", tokenCount: 1_290 }],
  }
  const parts = [{ text: "Here." }, { inlineData: { mimeType: "image/png", data: B64 } }]
  google.answers(() => Response.json({ candidates: [{ content: { parts } }], usageMetadata }))
  const one = await images.generate({ model: "gemini-2.5-flash-image", prompt: "a purser" })
  expect([one.data, one.usage?.output_tokens]).toEqual([[{ b64_json: B64 }], 1_300])
  // $0.30 in, $2.50 for words and $30 for pictures out, a million.
  expect(last().chargeNano).toBe(paid(10 * 0.3e-6 + 10 * 2.5e-6 + 1_290 * 30e-6))
  expect(google.asked[1]![0]).toBe("/v1beta/models/gemini-2.5-flash-image:generateContent")

  // It does not stream: what is done comes as one event.
  const stream = await images.generate({ model: "gemini-2.5-flash-image", prompt: "a purser", stream: true })
  const events = []
  for await (const event of stream) events.push(event)
  expect(events).toMatchObject([{ type: "image_generation.completed", b64_json: B64 }])

  // All were filtered, and what cannot be told: free.
  google.answers(() => Response.json({ predictions: [{ raiFilteredReason: "no" }] }))
  const before = spent()
  expect(await failed(images.generate({ model: "imagen-4.0-generate-001", prompt: "x" }))).toMatchObject({
    status: 400,
    code: "content_filter",
  })
  const bodies: [object, string][] = [
    [{ size: "100x700" }, "size"],
    [{ quality: "hd" }, "quality"],
    [{ response_format: "url" }, "response_format"],
    [{ style: "vivid" }, "style"],
    [{ output_format: "webp" }, "output_format"],
  ]
  for (const [body, param] of bodies) {
    const call = images.generate({ model: "imagen-4.0-generate-001", prompt: "x", ...body } as never)
    expect([body, await failed(call)]).toMatchObject([body, { status: 400, param }])
  }
  expect(
    await failed(images.generate({ model: "gemini-2.5-flash-image", prompt: "x", n: 2, size: "1024x1024" })),
  ).toMatchObject({
    param: "n",
  })
  expect(spent()).toBe(before)
  books()
})

test("the sandbox's, in test mode: a real picture of the size that was asked for, streamed with parts, and its magic words", async () => {
  await open()
  await grantTestCredits()
  apiKey = await (await kit.app({ mode: "test" })).token(1, { scope: "openid image-generation" })
  const images = new OpenAI({ apiKey, baseURL: `${kit.server.url}/v1`, maxRetries: 0 }).images
  const given = await images.generate({ model: "sandbox", prompt: "waves", size: "64x32" })
  const png = Buffer.from(given.data![0]!.b64_json!, "base64")
  expect(png.subarray(1, 4).toString()).toBe("PNG")
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([64, 32])
  expect(last()).toMatchObject({ mode: "test", chargeNano: paid(0.02) })
  expect((await images.generate({ model: "sandbox", prompt: "waves", size: "64x32" })).data).toEqual(given.data!)
  const text = await (
    await raw({ model: "sandbox", prompt: "waves", stream: true, partial_images: 2, size: "64x64" })
  ).text()
  expect(text.match(/"type":"[^"]+"/g)).toEqual([
    '"type":"image_generation.partial_image"',
    '"type":"image_generation.partial_image"',
    '"type":"image_generation.completed"',
  ])
  expect(text).toContain(`: charged ${paid(0.02)}`)
  expect((await raw({ model: "sandbox", prompt: "sandbox:fail 500" })).status).toBe(502)
  expect((await raw({ model: "sandbox", prompt: "sandbox:refuse" })).status).toBe(400)
  expect(last().chargeNano).toBe(0)
  books()
})

test("GET /v1/models says what makes pictures, and what one costs", async () => {
  await open()
  const answer = await fetch(`${kit.server.url}/v1/models`, { headers: { authorization: `Bearer ${apiKey}` } })
  const { data } = (await answer.json()) as {
    data: { id: string; capabilities: string[]; pricing: { each?: object } }[]
  }
  const found = data.find(({ id }) => id === "dall-e-3")!
  expect(found).toMatchObject({ output_modalities: ["image"], capabilities: ["image"] })
  expect(found.pricing.each).toMatchObject({ "image 1024x1024/hd": "160", "image 1024x1024/standard": "80" })
  // The cheapest that does it comes first, by what people prefer; here any of them.
  expect(data.find(({ id }) => id === "capability:image")).toBeDefined()
})
