// /v1/videos by OpenAI's SDK and by plain HTTP: from asking to its file, its fields, its lists, and whose it is.
import { expect, test } from "bun:test"
import { toFile } from "openai"
import { HOUR_MS } from "../../app/index.ts"
import { books, kit, last, until } from "./testing.ts"
import { BYTES } from "./video-upstream.testing.ts"
import {
  ASK,
  charges,
  client,
  clientOf,
  failed,
  far,
  gone,
  open,
  PRICE,
  paid,
  post,
  raw,
  signIn,
  wait,
} from "./videos.testing.ts"

test("from asking to its file, by OpenAI's SDK: held in full, charged once it is done, exactly as it was asked", async () => {
  await open()
  const video = await client.videos.create(ASK)
  expect(video).toMatchObject({
    object: "video",
    model: "sora-2",
    status: "queued",
    progress: 0,
    prompt: ASK.prompt,
    seconds: "4",
    size: "1280x720",
    error: null,
    completed_at: null,
    remixed_from_video_id: null,
  })
  expect(video.id).toStartWith("video_")
  expect(far.submits().map(({ body }) => body)).toEqual([{ ...ASK }])
  expect([gone(), charges()]).toEqual([PRICE, 0])

  far.all({ status: "in_progress", progress: 42 })
  wait()
  expect(await client.videos.retrieve(video.id)).toMatchObject({ status: "in_progress", progress: 42, prompt: null })
  const early = await raw(`/${video.id}/content`)
  expect([early.status, ((await early.json()) as { error: { code: string } }).error.code]).toEqual([409, "conflict"])

  const expires = Math.floor(kit.clock.now() / 1_000) + 3_600
  far.all({ status: "completed", progress: 100, expires_at: expires })
  wait()
  expect(await client.videos.retrieve(video.id)).toMatchObject({
    status: "completed",
    progress: 100,
    expires_at: expires,
  })
  expect(last()).toMatchObject({
    endpoint: "videos",
    scope: "video-generation",
    chargeNano: PRICE,
    status: 200,
    source: "reported",
  })
  expect([gone(), charges(), kit.ledger.held().holds]).toEqual([PRICE, 1, 0])

  const whole = await client.videos.downloadContent(video.id)
  expect(new Uint8Array(await whole.arrayBuffer())).toEqual(BYTES)
  expect(whole.headers.get("content-type")).toBe("video/mp4")
  const part = await raw(`/${video.id}/content`, { headers: { range: "bytes=10-19" } })
  expect([part.status, part.headers.get("content-range")]).toEqual([206, "bytes 10-19/1000"])
  expect(new Uint8Array(await part.arrayBuffer())).toEqual(BYTES.subarray(10, 20))
  const beyond = await raw(`/${video.id}/content`, { headers: { range: "bytes=5000-" } })
  expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, "bytes */1000"])
  expect((await raw(`/${video.id}/content?variant=gif`)).status).toBe(400)
  // As long as its provider keeps it.
  kit.clock.advance(HOUR_MS)
  await signIn()
  expect((await raw(`/${video.id}/content`)).status).toBe(404)

  expect(await client.videos.delete(video.id)).toEqual({ id: video.id, object: "video.deleted", deleted: true })
  expect(far.jobs.size).toBe(0)
  expect(await failed(client.videos.retrieve(video.id))).toMatchObject({ status: 404 })
  expect([gone(), charges()]).toEqual([PRICE, 1])
  books()
})

test("the table of prices: each size and length, held and charged", async () => {
  await open()
  const table: [object, number][] = [
    [{ ...ASK, seconds: "8" }, 0.8],
    [{ ...ASK, size: "720x1280", seconds: 12 }, 1.2],
    [{ model: "sora-2-pro", prompt: "x", seconds: "4", size: "1792x1024" }, 2],
    [{ model: "sora-2-pro", prompt: "x", size: "1280x720" }, 1.2],
    // What OpenAI makes where nothing is said is said.
    [{ model: "sora-2", prompt: "x" }, 0.4],
  ]
  let sum = 0
  for (const [body, dollars] of table) {
    expect([body, (await post(body)).status]).toEqual([body, 200])
    sum += paid(dollars)
    expect([body, gone()]).toEqual([body, sum])
  }
  expect(far.submits().at(-1)!.body).toEqual({ model: "sora-2", prompt: "x", seconds: "4", size: "720x1280" })
  far.all({ status: "completed" })
  kit.clock.advance(60_000)
  await kit.gateway.videos.lookAfter()
  expect([gone(), charges(), kit.ledger.held().holds]).toEqual([sum, table.length, 0])
  books()
})

test("nobody sees another's: every id of another person, app or key is not there", async () => {
  await open()
  const { id } = await client.videos.create(ASK)
  far.all({ status: "completed" })
  wait()
  await client.videos.retrieve(id)
  const others = [
    await (await kit.app()).token(1, { scope: "openid video-generation" }),
    await (await kit.app()).token(2, { scope: "openid video-generation" }),
    (await kit.key()).secret,
  ]
  for (const key of others) {
    const calls = [
      raw(`/${id}`, {}, key),
      raw(`/${id}/content`, {}, key),
      raw(`/${id}`, { method: "DELETE" }, key),
      raw(`/${id}/remix`, { method: "POST", body: JSON.stringify({ prompt: "x" }) }, key),
    ]
    for (const call of calls) {
      const answer = await call
      expect([answer.status, await answer.json()]).toMatchObject([
        404,
        { error: { code: "not_found", param: "video_id" } },
      ])
    }
    expect((await clientOf(key).videos.list()).data).toEqual([])
    expect((await raw(`?after=${id}`, {}, key)).status).toBe(400)
  }
  expect(await client.videos.retrieve(id)).toMatchObject({ id })
  expect(far.submits().length).toBe(1)
})

test("a list in pages, both ways; what is wrong is refused by its name before anything is held", async () => {
  await open()
  const ids: string[] = []
  for (let n = 0; n < 5; n++) {
    ids.push((await client.videos.create({ ...ASK, prompt: `ship ${n}` })).id)
    kit.clock.advance(1_000)
  }
  const listed: string[] = []
  for await (const video of client.videos.list({ limit: 2 })) listed.push(video.id)
  expect(listed).toEqual(ids.toReversed())
  const asc: string[] = []
  for await (const video of client.videos.list({ limit: 2, order: "asc" })) asc.push(video.id)
  expect(asc).toEqual(ids)
  const bodies: [object, string][] = [
    [{ prompt: "" }, "prompt"],
    [{ prompt: 7 }, "prompt"],
    [{ prompt: "x".repeat(32_001) }, "prompt"],
    [{ seconds: "0" }, "seconds"],
    [{ seconds: 61 }, "seconds"],
    [{ seconds: "four" }, "seconds"],
    [{ size: "auto" }, "size"],
    // A size without a price.
    [{ size: "640x480" }, "size"],
    [{ input_reference: "x" }, "input_reference"],
    [{ input_reference: { file_id: "f" } }, "input_reference"],
    [{ seed: 7 }, "seed"],
    [{ model: "" }, "model"],
  ]
  const before = far.asked.length
  for (const [body, param] of bodies) {
    const answer = await post({ ...ASK, ...body })
    expect([body, answer.status, await answer.json()]).toMatchObject([body, 400, { error: { param } }])
  }
  expect((await post({ ...ASK, model: "gpt-4o" })).status).toBe(503)
  expect((await post({ ...ASK, model: "nobody" })).status).toBe(404)
  for (const query of ["?limit=0", "?limit=101", "?order=up", "?after=video_x"])
    expect((await raw(query)).status).toBe(400)
  expect([far.asked.length - before, gone()]).toEqual([0, 5 * PRICE])
  expect((await raw(`/${ids[0]}`, { method: "DELETE" })).status).toBe(409)
})

test("an Idempotency-Key: one job, one answer; another body is refused", async () => {
  await open()
  const key = { "idempotency-key": "k-1" }
  const first = (await (await post(ASK, key)).json()) as { id: string }
  const again = await post(ASK, key)
  expect([again.headers.get("idempotent-replayed"), await again.json()]).toEqual(["true", first])
  expect((await post({ ...ASK, prompt: "else" }, key)).status).toBe(422)
  expect([far.submits().length, gone()]).toEqual([1, PRICE])
  // While its answer is awaited, a repeat has the video as it stands.
  far.hangs()
  const call = failed(post({ ...ASK, prompt: "slow" }, { "idempotency-key": "k-2" }))
  await until(() => far.submits().length === 2)
  const while_ = await post({ ...ASK, prompt: "slow" }, { "idempotency-key": "k-2" })
  expect([while_.status, ((await while_.json()) as { status: string }).status]).toEqual([200, "queued"])
  expect(far.submits().length).toBe(2)
  far.late()
  await call
})

test("a picture to begin with, as a form and as JSON; xAI's name for the route; and one made anew, at its own account", async () => {
  await open()
  const picture = new Uint8Array(500).fill(7)
  const file = await toFile(picture, "a.png", { type: "image/png" })
  const { id } = await client.videos.create({ ...ASK, input_reference: file })
  expect(far.submits()[0]!.body).toEqual({ ...ASK, input_reference: { name: "a.png", type: "image/png", size: 500 } })
  const image_url = `data:image/png;base64,${Buffer.from(picture).toString("base64")}`
  expect((await post({ ...ASK, input_reference: { image_url } }, {}, "/generations")).status).toBe(200)
  expect(far.submits()[1]!.body).toMatchObject({ input_reference: { name: "picture.png", size: 500 } })
  expect(await failed(client.videos.remix(id, { prompt: "at night" }))).toMatchObject({ status: 409 })
  far.all({ status: "completed" })
  wait()
  await client.videos.retrieve(id)
  const anew = await client.videos.remix(id, { prompt: "at night" })
  expect(anew).toMatchObject({ status: "queued", seconds: "4", size: "1280x720", remixed_from_video_id: id })
  expect(far.submits()[2]).toMatchObject({ path: "/videos/video_up_1/remix", body: { prompt: "at night" } })
  expect(gone()).toBe(3 * PRICE)
  books()
})
