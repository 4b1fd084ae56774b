// Media endpoints by clients that we did not write and that are not OpenAI's: Vercel's AI SDK (with its provider of Cohere's rankings), and
// Python's requests. Edits, speech and transcriptions by Vercel's stand in edits.test.ts and audio.test.ts.
import { expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { createCohere } from "@ai-sdk/cohere"
import { createOpenAI } from "@ai-sdk/openai"
import { experimental_generateImage as generateImage, rerank } from "ai"
import { testCtx } from "../../store/index.ts"
import { books, grantTestCredits, kit, last, spent, start } from "./testing.ts"

/** $ as a person pays them through an app: doubled by the shares. n$ */
const paid = (dollars: number) => Math.round(dollars * 2e9)
const PNG = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(60)])

async function open(): Promise<string> {
  await start()
  const account = { kind: "openai-compatible", baseUrl: kit.upstream.url } as const
  await kit.gateway.addUpstream(testCtx, {
    ...account,
    name: "near",
    priceProvider: "openai",
    models: ["dall-e-3", "gpt-image-1.5"],
  })
  await kit.gateway.addUpstream(testCtx, { ...account, name: "far", priceProvider: "cohere", models: ["rerank-v3.5"] })
  return (await kit.app()).token(1, { scope: "openid embeddings image-generation" })
}

test("images/generations by Vercel's AI SDK: by the picture, several of them, and by tokens", async () => {
  const apiKey = await open()
  const vercel = createOpenAI({ apiKey, baseURL: `${kit.server.url}/v1` })
  const usage = {
    input_tokens: 20,
    input_tokens_details: { text_tokens: 20, image_tokens: 0 },
    output_tokens: 1_056,
    total_tokens: 1_076,
  }
  const answer =
    (more: object = {}) =>
    () =>
      Response.json({ created: 1, data: [{ b64_json: PNG.toString("base64") }], ...more })
  kit.upstream.answer = answer()
  const one = await generateImage({
    model: vercel.image("dall-e-3"),
    prompt: "a purser",
    size: "1024x1024",
    n: 2,
    maxRetries: 0,
  })
  expect(one.images.map(({ uint8Array, mediaType }) => [Buffer.from(uint8Array), mediaType])).toEqual([
    [PNG, "image/png"],
    [PNG, "image/png"],
  ])
  // It asks for one at a time where the model makes one.
  expect([spent(), kit.upstream.journal.length]).toEqual([paid(0.08), 2])
  kit.upstream.answer = answer({ usage })
  await generateImage({ model: vercel.image("gpt-image-1.5"), prompt: "a purser", maxRetries: 0 })
  expect(last().chargeNano).toBe(paid(20 * 5e-6 + 1_056 * 32e-6))
  books()
})

test("rerank by Vercel's AI SDK as Cohere's own API: what it sends is taken, its answer read, a search charged", async () => {
  const apiKey = await open()
  const cohere = createCohere({ apiKey, baseURL: `${kit.server.url}/v1` })
  kit.upstream.answer = () =>
    Response.json({
      id: "r",
      results: [
        { index: 1, relevance_score: 0.9 },
        { index: 0, relevance_score: 0.1 },
      ],
      meta: { billed_units: { search_units: 1 } },
    })
  const documents = ["a dog", "a cat"]
  const ranked = await rerank({
    model: cohere.reranking("far/rerank-v3.5"),
    query: "cat",
    documents,
    topN: 2,
    maxRetries: 0,
  })
  expect(ranked.rerankedDocuments).toEqual(["a cat", "a dog"])
  expect(kit.upstream.journal[0]).toEqual({ model: "rerank-v3.5", query: "cat", documents, top_n: 2 })
  expect(last()).toMatchObject({ endpoint: "rerank", chargeNano: paid(0.002) })
  const rows = await rerank({
    model: cohere.reranking("far/rerank-v3.5"),
    query: "cat",
    documents: [{ says: "a dog" }, { says: "a cat" }],
    maxRetries: 0,
    providerOptions: { cohere: { maxTokensPerDoc: 1_000 } },
  })
  expect(rows.rerankedDocuments).toEqual([{ says: "a cat" }, { says: "a dog" }])
  books()
})

const reads = (python: string) => Bun.spawnSync([python, "-c", "import requests"], { stderr: "ignore" }).exitCode === 0
/** Debian's own has Debian's packages, whichever comes first on PATH. */
const python = [Bun.which("python3"), "/usr/bin/python3"].find((one) => one !== null && existsSync(one) && reads(one))
const isSkipped = python === undefined && process.env.PURSER_CI !== "1"
if (isSkipped) console.log("\n*** no requests found: install Debian’s python3-requests to run its test ***\n")

test.skipIf(isSkipped)(
  "every media endpoint by Python's requests: forms, JSON, a stream, and a video from asking to its deletion",
  async () => {
    await start()
    await grantTestCredits()
    const token = await (await kit.app({ mode: "test" })).token(1, {
      scope: "openid llm embeddings speech image-generation video-generation",
    })
    await using walk = Bun.spawn([python!, join(import.meta.dir, "foreign-media.py"), `${kit.server.url}/v1`, token], {
      stderr: "pipe",
    })
    // The clock of the test stands: a video is done some seconds after it was asked for.
    const going = setInterval(() => kit.clock.advance(5_000), 100)
    const [said, why] = await Promise.all([new Response(walk.stdout).text(), new Response(walk.stderr).text()])
    clearInterval(going)
    expect(why).toBe("")
    const heard = expect.stringMatching(/^You sent \d+ bytes of sound\.$/)
    expect(JSON.parse(said)).toEqual({
      "images/generations": "PNG",
      streamed: ["image_generation.partial_image", "image_generation.completed"],
      "images/edits": "PNG",
      "audio/speech": "RIFF",
      "audio/transcriptions": heard,
      "audio/translations": heard,
      moderations: [false, true],
      rerank: [1],
      videos: { status: "completed", part: [206, "ftypisom"], whole: true, listed: true, deleted: true },
      refused: [400, "seconds"],
    })
    books()
  },
)
