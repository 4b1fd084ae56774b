// Vertex AI's Veo: an operation that is asked for by POST, with its film inside the answer, as the public reference of
// `fetchPredictOperation` has it. Read as it comes; whole and in ranges; paid by the second.
import { expect, test } from "bun:test"
import { testCtx } from "../../store/index.ts"
import { books, kit, last } from "./testing.ts"
import { BYTES, playVertex, VERTEX_NAME } from "./video-upstream.testing.ts"
import { client, failed, gone, open, paid, post, raw, wait } from "./videos.testing.ts"

const ASK = { model: "veo-3.1-generate-001", prompt: "a ship", seconds: "8", size: "1920x1080" } as const
const done = (videos: unknown[], more: object = {}) => ({
  done: true,
  response: {
    "@type": "type.googleapis.com/cloud.ai.large_models.vision.GenerateVideoResponse",
    raiMediaFilteredCount: 0,
    videos,
    ...more,
  },
})
const film = (bytes: Uint8Array = BYTES) =>
  done([{ bytesBase64Encoded: Buffer.from(bytes).toString("base64"), mimeType: "video/mp4" }])

async function start(): Promise<Awaited<ReturnType<typeof playVertex>>> {
  await open()
  const vertex = await playVertex()
  await kit.gateway.addUpstream(testCtx, {
    kind: "vertex",
    name: "vertex",
    baseUrl: vertex.baseUrl,
    apiKey: vertex.apiKey,
    priceProvider: "google",
    models: [ASK.model],
  })
  return vertex
}

test("from asking to its film: told, looked after, charged, fetched whole and in parts", async () => {
  const vertex = await start()
  const video = await client.videos.create(ASK as never)
  const path = `/v1/projects/my-project/locations/us-central1/publishers/google/models/${ASK.model}`
  expect(vertex.asked[0]).toEqual({
    path: `POST ${path}:predictLongRunning`,
    body: {
      instances: [{ prompt: "a ship" }],
      parameters: { aspectRatio: "16:9", resolution: "1080p", durationSeconds: 8, sampleCount: 1, generateAudio: true },
    },
  })
  vertex.operation = { done: false }
  wait()
  expect(await client.videos.retrieve(video.id)).toMatchObject({ status: "in_progress" })
  expect(vertex.asked.at(-1)).toEqual({
    path: `POST ${path}:fetchPredictOperation`,
    body: { operationName: VERTEX_NAME },
  })
  vertex.operation = film()
  wait()
  expect(await client.videos.retrieve(video.id)).toMatchObject({ status: "completed" })
  expect([gone(), last().chargeNano]).toEqual([paid(3.2), paid(3.2)])

  const whole = await client.videos.downloadContent(video.id)
  expect([whole.status, whole.headers.get("content-type"), whole.headers.get("accept-ranges")]).toEqual([
    200,
    "video/mp4",
    "bytes",
  ])
  expect(new Uint8Array(await whole.arrayBuffer())).toEqual(BYTES)
  const parts: [string, number, number][] = [
    ["bytes=0-9", 0, 9],
    ["bytes=10-19", 10, 19],
    ["bytes=990-", 990, 999],
    ["bytes=-5", 995, 999],
    ["bytes=0-", 0, 999],
    ["bytes=500-99999", 500, 999],
  ]
  for (const [range, from, to] of parts) {
    const part = await raw(`/${video.id}/content`, { headers: { range } })
    expect([range, part.status, part.headers.get("content-range")]).toEqual([range, 206, `bytes ${from}-${to}/1000`])
    expect([range, new Uint8Array(await part.arrayBuffer())]).toEqual([range, BYTES.subarray(from, to + 1)])
  }
  const before = vertex.asked.length
  for (const range of ["bytes=1000-", "bytes=-0", "bytes=9-1"]) {
    const beyond = await raw(`/${video.id}/content`, { headers: { range } })
    expect([range, beyond.status, beyond.headers.get("content-range")]).toEqual([range, 416, "bytes */1000"])
  }
  // Nobody is asked for a part that is not there.
  expect(vertex.asked.length).toBe(before)
  expect((await raw(`/${video.id}/content?variant=thumbnail`)).status).toBe(400)
  vertex.operation = { done: false }
  expect((await raw(`/${video.id}/content`)).status).toBe(502)
  books()
})

test("a picture to begin with; filtered, failed and empty ones are free; no operation of another shape is believed", async () => {
  const vertex = await start()
  const picture = new Uint8Array(500).fill(7)
  const image_url = `data:image/png;base64,${Buffer.from(picture).toString("base64")}`
  const answer = await post({ ...ASK, input_reference: { image_url } })
  const { id } = (await answer.json()) as { id: string }
  expect(vertex.asked[0]!.body).toMatchObject({
    instances: [
      {
        prompt: "a ship",
        image: { mimeType: "image/png", bytesBase64Encoded: Buffer.from(picture).toString("base64") },
      },
    ],
  })
  const ends: [Record<string, unknown>, object][] = [
    [
      done([], { raiMediaFilteredCount: 1, raiMediaFilteredReasons: ["Not this."] }),
      { code: "content_filter", message: "Not this." },
    ],
    [
      { done: true, error: { code: 8, message: "Quota." } },
      { code: "8", message: "Quota." },
    ],
    [done([{ gcsUri: "gs://a/b.mp4", mimeType: "video/mp4" }]), { code: "content_filter" }],
    [done([{ bytesBase64Encoded: "", mimeType: "video/mp4" }]), { code: "content_filter" }],
  ]
  let video = id
  for (const [operation, error] of ends) {
    vertex.operation = operation
    wait()
    expect(await client.videos.retrieve(video)).toMatchObject({ status: "failed", error })
    expect(gone()).toBe(0)
    await client.videos.delete(video)
    video = (await client.videos.create(ASK as never)).id
  }
  // Its answer breaks off, or is none: asked again later.
  vertex.operation = { done: true, response: { videos: [{ bytesBase64Encoded: "<html>" }] } }
  wait()
  expect(await client.videos.retrieve(video)).toMatchObject({ status: "queued" })
  expect(await failed(client.videos.create({ ...ASK, size: "1024x1792" } as never))).toMatchObject({ status: 400 })
  books()
})

test("the last bytes of a film of 200 MB", async () => {
  const vertex = await start()
  const video = await client.videos.create(ASK as never)
  const bytes = new Uint8Array(200 * 1024 * 1024)
  for (let at = 0; at < bytes.length; at += 4_096) bytes[at] = at >> 12
  vertex.operation = film(bytes)
  wait()
  expect(await client.videos.retrieve(video.id)).toMatchObject({ status: "completed" })
  const part = await raw(`/${video.id}/content`, { headers: { range: `bytes=${bytes.length - 10_000}-` } })
  expect(part.status).toBe(206)
  expect(Buffer.compare(Buffer.from(await part.arrayBuffer()), bytes.subarray(-10_000))).toBe(0)
}, 60_000)
