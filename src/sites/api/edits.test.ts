// POST /v1/images/edits by OpenAI's SDK, by Vercel's, by plain forms and as JSON: over OpenAI's wire, Gemini's and the sandbox's; paid by
// what the provider reports, whole and streamed.
import { expect, onTestFinished, test } from "bun:test"
import { createOpenAI } from "@ai-sdk/openai"
import { experimental_generateImage as generateImage } from "ai"
import OpenAI, { toFile } from "openai"
import { testCtx } from "../../store/index.ts"
import { books, grantTestCredits, kit, last, rested, spent, sse, start, type V1Options } from "./testing.ts"

let apiKey = ""
let client: OpenAI
const open = async (options: V1Options = {}) => {
  await start(options)
  await kit.gateway.addUpstream(testCtx, {
    kind: "openai-compatible",
    name: "near",
    baseUrl: kit.upstream.url,
    priceProvider: "openai",
    models: ["dall-e-2", "gpt-image-1", "gpt-image-1.5", "gpt-4o"],
  })
  apiKey = await (await kit.app()).token(1, { scope: "openid image-generation" })
  client = new OpenAI({ apiKey, baseURL: `${kit.server.url}/v1`, maxRetries: 0 })
}
const failed = (call: PromiseLike<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => error,
  )
const post = (body: FormData | object, headers: Record<string, string> = {}) =>
  fetch(`${kit.server.url}/v1/images/edits`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(body instanceof FormData ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    body: body instanceof FormData ? body : JSON.stringify(body),
  })
/** A PNG's head, by which its size is known. */
const PNG = Buffer.concat([
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]),
  Buffer.from("IHDR"),
  Buffer.from([0, 0, 4, 0, 0, 0, 4, 0, 8, 6, 0, 0, 0]),
])
const URL_OF = `data:image/png;base64,${PNG.toString("base64")}`
const png = (name = "a.png") => toFile(PNG, name, { type: "image/png" })
const B64 = Buffer.from("a picture").toString("base64")
const USAGE = {
  input_tokens: 420,
  input_tokens_details: { text_tokens: 20, image_tokens: 400 },
  output_tokens: 1_060,
  output_tokens_details: { text_tokens: 4, image_tokens: 1_056 },
  total_tokens: 1_480,
}
const made = (more: object = { usage: USAGE }) => Response.json({ created: 1, data: [{ b64_json: B64 }], ...more })
/** $ as a person pays them through an app: doubled by the shares. n$ */
const paid = (dollars: number) => Math.round(dollars * 2e9)
/** What gpt-image-1.5 takes for it: $5 and $8 in, $10 and $32 out, a million. */
const EXACT = paid(20 * 5e-6 + 400 * 8e-6 + 4 * 10e-6 + 1_056 * 32e-6)
const ASK = { model: "gpt-image-1.5", prompt: "give him a hat" }

test("files as they were, and the report priced exactly: by OpenAI's SDK, by Vercel's, and as JSON", async () => {
  await open()
  kit.upstream.answer = () => made()
  const one = await client.images.edit({ ...ASK, image: await png(), size: "1024x1024", input_fidelity: "high" })
  expect(one.data).toEqual([{ b64_json: B64 }])
  expect(last()).toMatchObject({
    endpoint: "image-edits",
    scope: "image-generation",
    chargeNano: EXACT,
    inputTokens: 420,
    outputTokens: 1_060,
    source: "reported",
  })
  const sent = { name: "a.png", type: "image/png", size: PNG.length }
  const asked = { model: "gpt-image-1.5", prompt: "give him a hat" }
  expect(kit.upstream.journal[0]).toEqual({ ...asked, size: "1024x1024", input_fidelity: "high", image: sent })

  await client.images.edit({ ...ASK, image: [await png(), await png("b.png")], mask: await png("m.png"), n: 1 })
  expect(kit.upstream.journal[1]).toEqual({
    ...asked,
    n: "1",
    "image[]": [sent, { ...sent, name: "b.png" }],
    mask: { ...sent, name: "m.png" },
  })

  const vercel = createOpenAI({ apiKey, baseURL: `${kit.server.url}/v1` })
  const { images } = await generateImage({
    model: vercel.image("gpt-image-1.5"),
    prompt: { text: "give him a hat", images: [new Uint8Array(PNG)] },
  })
  expect(Buffer.from(images[0]!.uint8Array).toString()).toBe("a picture")
  expect(kit.upstream.journal[2]).toMatchObject({ ...asked, image: { type: "image/png", size: PNG.length } })

  const json = await post({ ...ASK, images: [{ image_url: URL_OF }], mask: { image_url: URL_OF } })
  expect([json.status, await json.json()]).toMatchObject([200, { data: [{ b64_json: B64 }] }])
  const named = { name: "picture.png", type: "image/png", size: PNG.length }
  expect(kit.upstream.journal[3]).toEqual({ ...asked, image: named, mask: named })
  expect(spent()).toBe(4 * EXACT)
  books()
})

test("a stream: parts first, and the same charge", async () => {
  await open()
  const event = (type: string, more: object) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, b64_json: B64, ...more })}\n\n`
  kit.upstream.answer = () =>
    sse(event("image_edit.partial_image", { partial_image_index: 0 }) + event("image_edit.completed", { usage: USAGE }))
  const stream = await client.images.edit({ ...ASK, image: await png(), stream: true, partial_images: 1 })
  const types: string[] = []
  for await (const one of stream) types.push(one.type)
  expect(types).toEqual(["image_edit.partial_image", "image_edit.completed"])
  expect([last().chargeNano, last().stream, last().source]).toEqual([EXACT, true, "reported"])
  expect(kit.upstream.journal[0]).toMatchObject({ stream: "true", partial_images: "1" })
  // A server that answers whole is told as its last event.
  kit.upstream.answer = () => made()
  const text = await (await post({ ...ASK, images: [{ image_url: URL_OF }], stream: true })).text()
  expect(text).toContain("event: image_edit.completed")
  expect(text).toContain(`: charged ${EXACT}`)
  expect(spent()).toBe(2 * EXACT)
  books()
})

test("by the picture where the price is so; without a report what comes of the size, marked as an estimate", async () => {
  await open()
  kit.upstream.answer = () => made({})
  await client.images.edit({ model: "dall-e-2", prompt: "x", image: await png(), size: "512x512" })
  expect([last().chargeNano, last().source]).toEqual([paid(0.018), "reported"])
  await client.images.edit({ model: "gpt-image-1", prompt: "x", image: await png(), size: "1024x1024", quality: "low" })
  expect([last().outputTokens, last().source]).toEqual([272, "estimated"])
  expect(last().inputTokens).toBeGreaterThan(1_000)
  books()
})

test("what is wrong is refused by its name, before anything is asked or held; what fails is free", async () => {
  await open()
  const form = async (fields: Record<string, string>, files: [string, File][]) => {
    const body = new FormData()
    for (const [name, value] of Object.entries({ ...ASK, ...fields })) body.append(name, value)
    for (const [name, file] of files) body.append(name, file)
    return body
  }
  const file = await png()
  const forms: [Record<string, string>, [string, File][], string][] = [
    [{}, [], "image"],
    [{ image: "text" }, [], "image"],
    [{}, [["image", new File([], "a.png")]], "image"],
    [{}, [["picture", file]], "picture"],
    [{}, [["mask", file]], "image"],
    [
      {},
      [
        ["image", file],
        ["mask", file],
        ["mask", file],
      ],
      "mask",
    ],
    [{}, Array(17).fill(["image[]", file]), "image"],
    [{ style: "vivid" }, [["image", file]], "style"],
    [{ input_fidelity: "most" }, [["image", file]], "input_fidelity"],
    [{ n: "11" }, [["image", file]], "n"],
    [{ prompt: "" }, [["image", file]], "prompt"],
  ]
  for (const [fields, files, param] of forms) {
    const refused = await post(await form(fields, files))
    expect([fields, refused.status, (await refused.json()) as object]).toMatchObject([
      fields,
      400,
      { error: { param } },
    ])
  }
  const bodies: [object, string][] = [
    [{}, "images"],
    [{ images: [] }, "images"],
    [{ images: [{ image_url: "https://example.com/a.png" }] }, "images[0]"],
    [{ images: [{ file_id: "file-1" }] }, "images[0]"],
    [{ images: [{ image_url: URL_OF, more: 1 }] }, "images[0]"],
    [{ images: Array(17).fill({ image_url: URL_OF }) }, "images"],
    [{ images: [{ image_url: "data:image/png;base64," }] }, "image"],
    [{ images: [{ image_url: URL_OF }], mask: "x" }, "mask"],
  ]
  for (const [body, param] of bodies) {
    const refused = await post({ ...ASK, ...body })
    expect([body, refused.status, (await refused.json()) as object]).toMatchObject([body, 400, { error: { param } }])
  }
  expect(await failed(client.images.edit({ model: "gpt-4o", prompt: "x", image: await png() }))).toMatchObject({
    code: "model_not_priced",
  })
  expect(kit.upstream.journal).toEqual([])
  for (const answer of [
    () => made({ data: [] }),
    () => Response.json({ error: { message: "down" } }, { status: 500 }),
  ]) {
    kit.upstream.answer = answer
    expect(await failed(client.images.edit({ ...ASK, image: await png() }))).toMatchObject({ status: 502 })
    await rested()
  }
  expect(spent()).toBe(0)
  books()
})

test("a repeat by its key is the same call", async () => {
  await open()
  kit.upstream.answer = () => made()
  const body = { ...ASK, images: [{ image_url: URL_OF }] }
  const key = { "idempotency-key": "k-1" }
  const first = await post(body, key)
  const again = await post(body, key)
  expect([first.status, again.status, again.headers.get("idempotent-replayed")]).toEqual([200, 200, "true"])
  expect(kit.upstream.journal.length).toBe(1)
  expect(spent()).toBe(EXACT)
})

test("Gemini's own models are shown the pictures beside the words; Imagen, and a mask, are refused by name", async () => {
  const asked: [string, Record<string, unknown>][] = []
  const usageMetadata = {
    promptTokenCount: 268,
    promptTokensDetails: [
      { modality: "TEXT", tokenCount: 10 },
      { modality: "IMAGE", tokenCount: 258 },
    ],
    candidatesTokenCount: 1_290,
    totalTokenCount: 1_558,
    candidatesTokensDetails: [{ modality: "IMAGE", tokenCount: 1_290 }],
  }
  const google = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      asked.push([new URL(request.url).pathname, (await request.json()) as Record<string, unknown>])
      const parts = [{ inlineData: { mimeType: "image/png", data: B64 } }]
      return Response.json({ candidates: [{ content: { parts } }], usageMetadata })
    },
  })
  onTestFinished(() => google.stop(true))
  await open()
  await kit.gateway.addUpstream(testCtx, {
    kind: "google",
    name: "far",
    baseUrl: `http://127.0.0.1:${google.port}/v1beta`,
    apiKey: "k",
    priceProvider: "google",
    models: ["imagen-4.0-generate-001", "gemini-2.5-flash-image"],
  })
  const ask = { model: "gemini-2.5-flash-image", prompt: 'give him "parts":[ and a hat' }
  const large = Buffer.alloc(400_001, 7)
  const files = [await png(), await toFile(large, "b.jpg", { type: "image/jpeg" })]
  const one = await client.images.edit({ ...ask, image: files, size: "1536x1024" })
  expect(one.data).toEqual([{ b64_json: B64 }])
  // $0.30 in and $30 for pictures out, a million.
  expect(last()).toMatchObject({ chargeNano: paid(268 * 0.3e-6 + 1_290 * 30e-6), inputTokens: 268, source: "reported" })
  expect(asked).toEqual([
    [
      "/v1beta/models/gemini-2.5-flash-image:generateContent",
      {
        contents: [
          {
            role: "user",
            parts: [
              { inlineData: { mimeType: "image/png", data: PNG.toString("base64") } },
              { inlineData: { mimeType: "image/jpeg", data: large.toString("base64") } },
              { text: ask.prompt },
            ],
          },
        ],
        generationConfig: { responseModalities: ["IMAGE"], imageConfig: { aspectRatio: "3:2" } },
      },
    ],
  ])
  const refusals: [object, string][] = [
    [{ model: "imagen-4.0-generate-001" }, "image"],
    [{ mask: await png() }, "mask"],
    [{ input_fidelity: "high" }, "input_fidelity"],
  ]
  for (const [more, param] of refusals) {
    const call = client.images.edit({ ...ask, image: await png(), ...more } as never)
    expect([param, await failed(call)]).toMatchObject([param, { status: 400, param }])
  }
  expect(asked.length).toBe(1)
  books()
})

test("the sandbox's, in test mode: a real picture, streamed with parts, and its magic words", async () => {
  await open()
  await grantTestCredits()
  apiKey = await (await kit.app({ mode: "test" })).token(1, { scope: "openid image-generation" })
  const { images } = new OpenAI({ apiKey, baseURL: `${kit.server.url}/v1`, maxRetries: 0 })
  const given = await images.edit({ model: "sandbox", prompt: "waves", size: "64x32" as never, image: await png() })
  const picture = Buffer.from(given.data![0]!.b64_json!, "base64")
  expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([64, 32])
  expect(last()).toMatchObject({ mode: "test", chargeNano: paid(0.02) })
  const stream = await images.edit({
    model: "sandbox",
    prompt: "waves",
    image: await png(),
    size: "64x64" as never,
    stream: true,
    partial_images: 2,
  })
  const types: string[] = []
  for await (const one of stream) types.push(one.type)
  expect(types).toEqual(["image_edit.partial_image", "image_edit.partial_image", "image_edit.completed"])
  const told = { model: "sandbox", image: await png() }
  expect(await failed(images.edit({ ...told, prompt: "sandbox:fail 500" }))).toMatchObject({ status: 502 })
  expect(await failed(images.edit({ ...told, prompt: "sandbox:refuse" }))).toMatchObject({ status: 400 })
  expect(last().chargeNano).toBe(0)
  books()
})
