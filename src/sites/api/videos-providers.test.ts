// Videos of each provider that makes them: what it is told, how its jobs are read, and what they cost, exactly.
import { expect, onTestFinished, test } from "bun:test"
import { LLMock } from "@copilotkit/aimock"
import { credits } from "../../app/index.ts"
import type { UpstreamFetch } from "../../gateway/index.ts"
import { testCtx } from "../../store/index.ts"
import { books, grantTestCredits, kit, last, rested, spent } from "./testing.ts"
import { BYTES, playGoogle, ranged } from "./video-upstream.testing.ts"
import { ASK, charges, client, clientOf, failed, gone, open, PRICE, paid, post, raw, wait } from "./videos.testing.ts"

test("Google's Veo: an operation that runs long, its file by the account's key; filtered ones are free", async () => {
  await open()
  const google = playGoogle()
  await kit.gateway.addUpstream(testCtx, {
    kind: "google",
    name: "veo",
    baseUrl: google.baseUrl,
    apiKey: "g-key",
    priceProvider: "google",
    models: ["veo-3.1-generate-preview"],
  })
  const ask = { model: "veo-3.1-generate-preview", prompt: "a ship", seconds: "8", size: "1280x720" } as const
  const video = await client.videos.create(ask as never)
  expect(google.asked[0]).toEqual({
    path: "/v1beta/models/veo-3.1-generate-preview:predictLongRunning",
    body: {
      instances: [{ prompt: "a ship" }],
      parameters: { aspectRatio: "16:9", resolution: "720p", durationSeconds: 8 },
    },
    key: "g-key",
  })
  google.operation = { done: false }
  wait()
  expect(await client.videos.retrieve(video.id)).toMatchObject({ status: "in_progress" })
  const sample = (uri: string) => ({
    done: true,
    response: { generateVideoResponse: { generatedSamples: [{ video: { uri } }] } },
  })
  google.operation = sample(`${google.origin}/file`)
  wait()
  expect(await client.videos.retrieve(video.id)).toMatchObject({ status: "completed" })
  expect(gone()).toBe(paid(3.2))
  const part = await raw(`/${video.id}/content`, { headers: { range: "bytes=0-9" } })
  expect([part.status, new Uint8Array(await part.arrayBuffer())]).toEqual([206, BYTES.subarray(0, 10)])
  expect(google.asked.at(-1)).toMatchObject({ path: "/file", key: "g-key" })
  expect((await raw(`/${video.id}/content?variant=thumbnail`)).status).toBe(400)
  // An address inside this house, that its provider says: never asked, and the key goes nowhere else.
  const other = playGoogle()
  google.operation = sample(`${other.origin}/file`)
  expect((await raw(`/${video.id}/content`)).status).toBe(502)
  expect(other.asked).toEqual([])

  expect(await failed(client.videos.create({ ...ask, size: "1024x1792" } as never))).toMatchObject({ status: 400 })
  await rested()
  // The same name again would be the same job: its provider repeats none.
  await client.videos.delete(video.id)
  const next = await client.videos.create(ask as never)
  google.operation = { done: true, response: { generateVideoResponse: { raiMediaFilteredReasons: ["Not this."] } } }
  wait()
  expect(await client.videos.retrieve(next.id)).toMatchObject({
    status: "failed",
    error: { code: "content_filter", message: "Not this." },
  })
  expect(gone()).toBe(paid(3.2))
  books()
})

test("the sandbox's, in test mode: a real MP4, and the magic words", async () => {
  await open()
  await grantTestCredits()
  const { videos } = clientOf(await (await kit.app({ mode: "test" })).token(1, { scope: "openid video-generation" }))
  const ask = { model: "sandbox", seconds: "4", size: "1280x720" } as const
  const done = await videos.create({ ...ask, prompt: "waves" })
  wait()
  expect(await videos.retrieve(done.id)).toMatchObject({ status: "completed" })
  expect(last()).toMatchObject({ mode: "test", chargeNano: paid(4e-4) })
  const film = Buffer.from(await (await videos.downloadContent(done.id)).arrayBuffer())
  expect(film.toString("latin1", 4, 12)).toBe("ftypisom")
  expect(film.toString("latin1").match(/\x89PNG/g)!.length).toBe(4)
  const thumbnail = Buffer.from(await (await videos.downloadContent(done.id, { variant: "thumbnail" })).arrayBuffer())
  expect(thumbnail.toString("latin1", 1, 4)).toBe("PNG")
  const broken = await videos.create({ ...ask, prompt: "sandbox:fail" })
  const slow = await videos.create({ ...ask, prompt: "sandbox:stall 60" })
  wait()
  expect(await videos.retrieve(broken.id)).toMatchObject({ status: "failed", error: { code: "sandbox_failed" } })
  expect(await videos.retrieve(slow.id)).toMatchObject({ status: "in_progress", progress: 50 })
  expect(await failed(videos.create({ ...ask, prompt: "sandbox:fail 429" }))).toMatchObject({ status: 503 })
  expect(await failed(videos.create({ ...ask, prompt: "sandbox:refuse" }))).toMatchObject({ status: 400 })
  const lost = await videos.create({ ...ask, prompt: "sandbox:break" })
  kit.clock.advance(600_000)
  expect(await videos.retrieve(lost.id)).toMatchObject({ status: "failed", error: { code: "video_lost" } })
  expect(spent()).toBe(credits(1_000) - credits(50_000))
  books()
})

test("a server that we did not write: aimock's videos, asked for, looked after and charged", async () => {
  await open()
  const mock = await LLMock.create({ port: 0 })
  onTestFinished(() => mock.stop())
  mock.onVideo("a foreign ship", {
    video: { id: "video_foreign", status: "completed", url: "https://example.com/a.mp4" },
  })
  await kit.gateway.addUpstream(testCtx, {
    kind: "openai-compatible",
    name: "aimock",
    baseUrl: `${mock.url}/v1`,
    priceProvider: "openai",
    models: ["sora-2"],
  })
  const video = await client.videos.create({ ...ASK, model: "aimock/sora-2", prompt: "a foreign ship" } as never)
  wait()
  expect(await client.videos.retrieve(video.id)).toMatchObject({ status: "completed" })
  expect([gone(), charges()]).toEqual([PRICE, 1])
  books()
})

/** $ a second, each size at its own. */
const price = (provider: string, model: string, dollars: Readonly<Record<string, number>>) =>
  kit.pricing.setModelPrice(testCtx, {
    provider,
    model,
    rates: { input: 0 },
    made: { second: Object.fromEntries(Object.entries(dollars).map(([size, each]) => [size, Math.round(each * 1e9)])) },
  })
const PICTURE = new Uint8Array(500).fill(7)
const DATA_URL = `data:image/png;base64,${Buffer.from(PICTURE).toString("base64")}`

/** A server that answers from a list, and what it was asked. */
function playing(answer: (path: string, request: Request) => Response | Promise<Response>) {
  const asked: { path: string; body: unknown; key: string | null }[] = []
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname, search } = new URL(request.url)
      const body = request.method === "POST" ? await request.json() : null
      asked.push({ path: `${request.method} ${pathname}${search}`, body, key: request.headers.get("authorization") })
      return answer(pathname, request)
    },
  })
  onTestFinished(() => server.stop(true))
  return { asked, origin: `http://127.0.0.1:${server.port}` }
}

test("OpenRouter's: one route for all makers, its words and its file; a lost answer is given back, for it lists none", async () => {
  await open()
  let state: object = { status: "in_progress" }
  let isLost = false
  const id = "vgen-1"
  const far = playing((path, request) => {
    if (request.method === "POST")
      return isLost
        ? new Response("<html>", { status: 502 })
        : Response.json({ id, polling_url: `/api/v1/videos/${id}`, status: "pending" }, { status: 202 })
    return path.endsWith("/content") ? ranged(request) : Response.json({ id, polling_url: "/x", ...state })
  })
  await kit.gateway.addUpstream(testCtx, {
    kind: "openrouter",
    name: "router",
    baseUrl: `${far.origin}/api/v1`,
    apiKey: "sk-or-operator",
    priceProvider: "openrouter",
    models: ["google/veo-3.1"],
  })
  await price("openrouter", "google/veo-3.1", { "1280x720": 0.5, "1920x1080": 0.75 })
  const ask = { model: "google/veo-3.1", prompt: "a {picture} of a ship", seconds: "6", size: "1920x1080" } as const
  const answer = await post({ ...ask, input_reference: { image_url: DATA_URL } })
  expect(answer.status).toBe(200)
  const video = (await answer.json()) as { id: string }
  expect(far.asked[0]).toEqual({
    path: "POST /api/v1/videos",
    key: "Bearer sk-or-operator",
    body: {
      model: ask.model,
      prompt: ask.prompt,
      duration: 6,
      size: "1920x1080",
      frame_images: [{ type: "image_url", image_url: { url: DATA_URL }, frame_type: "first_frame" }],
    },
  })
  wait()
  expect((await client.videos.retrieve(video.id)).status).toBe("in_progress")
  state = {
    status: "completed",
    unsigned_urls: [`${far.origin}/api/v1/videos/${id}/content?index=0`],
    usage: { cost: 4.5 },
  }
  wait()
  expect((await client.videos.retrieve(video.id)).status).toBe("completed")
  expect([gone(), last().upstreamNano as number]).toEqual([paid(4.5), 4_500_000_000])
  const part = await raw(`/${video.id}/content`, { headers: { range: "bytes=0-9" } })
  expect([part.status, new Uint8Array(await part.arrayBuffer())]).toEqual([206, BYTES.subarray(0, 10)])
  expect(far.asked.at(-1)!.path).toBe("GET /api/v1/videos/vgen-1/content?index=0")
  expect((await raw(`/${video.id}/content?variant=thumbnail`)).status).toBe(400)
  await client.videos.delete(video.id)

  for (const [status, code] of [
    ["failed", "failed"],
    ["cancelled", "cancelled"],
    ["expired", "expired"],
  ] as const) {
    const next = (await (await post({ ...ask, size: "1280x720" })).json()) as { id: string }
    expect(gone()).toBe(paid(4.5) + paid(3))
    state = { status, error: "Blocked by the model" }
    wait()
    expect(await client.videos.retrieve(next.id)).toMatchObject({
      status: "failed",
      error: { code, message: "Blocked by the model" },
    })
    expect(gone()).toBe(paid(4.5))
    await client.videos.delete(next.id)
  }
  isLost = true
  const lost = (await (await post(ask)).json()) as { id: string }
  kit.clock.advance(600_000)
  expect(await client.videos.retrieve(lost.id)).toMatchObject({ status: "failed", error: { code: "video_lost" } })
  expect([gone(), kit.ledger.held().holds]).toEqual([paid(4.5), 0])
  books()
})

test("xAI's: lengths and shapes by its names, a request in place of a job, its file where its state says", async () => {
  let state: object = { status: "pending" }
  const far = playing((path, request) => {
    if (request.method === "POST") return Response.json({ request_id: "req-1" })
    return path === "/file.mp4" ? ranged(request) : Response.json({ model: "grok-imagine-video", ...state })
  })
  const there: UpstreamFetch = (url, init) => fetch(url.replace("https://api.x.ai", far.origin), init as RequestInit)
  await open({ fetch: there })
  await kit.gateway.addUpstream(testCtx, {
    kind: "openai-compatible",
    name: "grok",
    baseUrl: "https://api.x.ai/v1",
    apiKey: "xai-operator",
    priceProvider: "x-ai",
    models: ["grok-imagine-video"],
  })
  const ask = { model: "grok-imagine-video", prompt: "a ship", seconds: "10", size: "854x480" } as const
  const video = await client.videos.create(ask as never)
  expect(far.asked[0]).toEqual({
    path: "POST /v1/videos/generations",
    key: "Bearer xai-operator",
    body: { model: ask.model, prompt: "a ship", duration: 10, aspect_ratio: "16:9", resolution: "480p" },
  })
  wait()
  expect((await client.videos.retrieve(video.id)).status).toBe("queued")
  state = { status: "done", video: { url: "https://api.x.ai/file.mp4", duration: 10, respect_moderation: true } }
  wait()
  expect((await client.videos.retrieve(video.id)).status).toBe("completed")
  expect([gone(), last().upstreamNano as number]).toEqual([paid(0.5), 500_000_000])
  const film = await client.videos.downloadContent(video.id)
  expect(new Uint8Array(await film.arrayBuffer())).toEqual(BYTES)
  // An address inside this house, that its provider says: never asked, and the key goes nowhere else.
  const other = playing(() => new Response(BYTES, { headers: { "content-type": "video/mp4" } }))
  state = { status: "done", video: { url: `${other.origin}/file.mp4` } }
  expect((await raw(`/${video.id}/content`)).status).toBe(502)
  expect(other.asked).toEqual([])
  await client.videos.delete(video.id)

  const { id } = (await (
    await post({ ...ask, seconds: 1, size: "720x1280", input_reference: { image_url: DATA_URL } })
  ).json()) as { id: string }
  expect(far.asked.at(-1)!.body).toEqual({
    model: ask.model,
    prompt: "a ship",
    duration: 1,
    aspect_ratio: "9:16",
    resolution: "720p",
    image: { url: DATA_URL },
  })
  // The picture is paid beside the second.
  expect(gone()).toBe(paid(0.5) + paid(0.072))
  // Done, without a film: its filters kept it back.
  state = { status: "done", video: { respect_moderation: false } }
  wait()
  expect(await client.videos.retrieve(id)).toMatchObject({ status: "failed", error: { code: "content_filter" } })
  await client.videos.delete(id)
  const gotten = await client.videos.create(ask as never)
  state = { status: "failed", error: { code: "internal", message: "No." } }
  wait()
  expect(await client.videos.retrieve(gotten.id)).toMatchObject({ error: { code: "internal", message: "No." } })
  expect(await failed(client.videos.create({ ...ask, size: "640x480" } as never))).toMatchObject({ status: 400 })
  expect(gone()).toBe(paid(0.5))
  books()
})

test("servers that we did not write speak xAI's wire and OpenRouter's: asked for, looked after, fetched and charged", async () => {
  const mock = await LLMock.create({ port: 0 })
  onTestFinished(() => mock.stop())
  const film = Buffer.from(BYTES).toString("base64")
  mock.onVideo("a foreign ship", { video: { id: "v1", status: "completed", b64: film, duration: 4 } } as never)
  const there: UpstreamFetch = (url, init) => fetch(url.replace("https://api.x.ai", mock.url), init as RequestInit)
  await open({ fetch: there })
  const account = { apiKey: "sk-mock", models: ["film-1"] }
  await kit.gateway.addUpstream(testCtx, {
    ...account,
    kind: "openai-compatible",
    name: "grok",
    baseUrl: "https://api.x.ai/v1",
    priceProvider: "x-ai",
  })
  await kit.gateway.addUpstream(testCtx, {
    ...account,
    kind: "openrouter",
    name: "router",
    baseUrl: `${mock.url}/api/v1`,
    priceProvider: "openrouter",
  })
  for (const [provider, name] of [
    ["x-ai", "grok"],
    ["openrouter", "router"],
  ] as const) {
    await price(provider, "film-1", { "1280x720": 0.1 })
    const before = gone()
    const video = await client.videos.create({ ...ASK, model: `${name}/film-1`, prompt: "a foreign ship" } as never)
    let { status } = video
    for (let looks = 0; status !== "completed" && looks < 10; looks++) {
      wait()
      status = (await client.videos.retrieve(video.id)).status
    }
    expect([name, status, gone() - before]).toEqual([name, "completed", paid(0.4)])
  }
  expect(charges()).toBe(2)
  books()
})
