// /v1/videos by OpenAI's SDK and by plain HTTP: asked for once, held in full, settled or given back once, whoever looks and however often; over
// OpenAI's wire, Google's and the sandbox's.
import { expect, onTestFinished, test } from "bun:test"
import { LLMock } from "@copilotkit/aimock"
import OpenAI, { toFile } from "openai"
import { credits, HOUR_MS } from "../../app/index.ts"
import { testCtx } from "../../store/index.ts"
import { books, grantTestCredits, kit, last, rested, spent, start, until, type V1Options } from "./testing.ts"
import type { App } from "./v1-testing.ts"
import { BYTES, playGoogle, playOpenai } from "./video-upstream.testing.ts"

let far: ReturnType<typeof playOpenai>
let apiKey = ""
let filming: App
let client: OpenAI
const clientOf = (key: string) => new OpenAI({ apiKey: key, baseURL: `${kit.server.url}/v1`, maxRetries: 0 })
const open = async (options: V1Options = {}) => {
  await start({ balance: credits(50_000), ...options })
  far = playOpenai(() => kit.clock.now())
  await kit.gateway.addUpstream(testCtx, {
    kind: "openai-compatible",
    name: "far",
    baseUrl: far.baseUrl,
    apiKey: "sk-far",
    priceProvider: "openai",
    models: ["sora-2", "sora-2-pro", "gpt-4o"],
  })
  filming = await kit.app()
  await signIn()
}
/** Tokens last an hour. */
async function signIn() {
  apiKey = await filming.token(1, { scope: "openid video-generation" })
  client = clientOf(apiKey)
}
const failed = (call: PromiseLike<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => error,
  )
const raw = (path: string, init: RequestInit = {}, key = apiKey) =>
  fetch(`${kit.server.url}/v1/videos${path}`, {
    ...init,
    headers: {
      authorization: `Bearer ${key}`,
      ...(typeof init.body === "string" ? { "content-type": "application/json" } : {}),
      ...init.headers,
    },
  })
const post = (body: object, headers: Record<string, string> = {}, path = "") =>
  raw(path, { method: "POST", body: JSON.stringify(body), headers })
/** $ as a person pays them through an app: doubled by the shares. n$ */
const paid = (dollars: number) => Math.round(dollars * 2e9)
const ASK = { model: "sora-2", prompt: "a ship comes in", seconds: "4", size: "1280x720" } as const
const PRICE = paid(0.4)
const START = credits(50_000)
const gone = () => START - kit.balance()
const charges = () =>
  kit.store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM v_charges WHERE route_id IS NOT NULL")!.n
/** Later than anybody was looked after. */
const wait = (ms = 5_000) => kit.clock.advance(ms)

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

test("ten who look at one that failed, in two servers, and their sweeps: one refund, and nothing is charged", async () => {
  await open()
  const limit = { level: "everybody", subject: "", kind: "spend_day" } as const
  await kit.limits.set(testCtx, { ...limit, amount: 2 * PRICE })
  const video = await client.videos.create(ASK)
  far.all({ status: "failed", error: { code: "moderation_blocked", message: "No." } })
  const other = await client.videos.create(ASK)
  kit.clock.advance(60_000)
  const second = kit.another()
  const looks = Array.from({ length: 10 }, () => client.videos.retrieve(video.id))
  const found = await Promise.all([
    ...looks,
    kit.gateway.videos.lookAfter(),
    second.videos.lookAfter(),
    second.videos.lookAfter(),
  ])
  for (const one of found.slice(0, 10))
    expect(one).toMatchObject({ status: "failed", error: { code: "moderation_blocked", message: "No." } })
  expect([gone(), charges(), kit.ledger.held().holds]).toEqual([PRICE, 1, 1])
  expect(last()).toMatchObject({ chargeNano: 0, status: 502, errorCode: "provider_error" })
  expect((await raw(`/${video.id}/content`)).status).toBe(404)
  wait()
  await client.videos.retrieve(video.id)
  expect([gone(), charges()]).toEqual([PRICE, 1])
  // The day has it again once, not twice.
  await client.videos.create(ASK)
  expect(await failed(client.videos.create(ASK))).toMatchObject({ code: "spend_limit_exceeded" })
  expect((await client.videos.retrieve(other.id)).status).toBe("queued")
  books()
})

test("two servers that sweep at the same time: each video is looked after by one, and charged once", async () => {
  await open()
  for (let n = 0; n < 5; n++) await client.videos.create({ ...ASK, prompt: `ship ${n}` })
  far.all({ status: "completed" })
  kit.clock.advance(60_000)
  const before = far.asked.length
  const second = kit.another()
  await Promise.all([kit.gateway.videos.lookAfter(), second.videos.lookAfter()])
  expect(far.asked.length - before).toBe(5)
  expect([gone(), charges()]).toEqual([5 * PRICE, 5])
  books()
})

test("a process that dies between asking and the answer: not asked again, found, and charged once", async () => {
  await open()
  // The answer never comes; the job is made.
  far.hangs()
  const call = failed(client.videos.create(ASK))
  await until(() => far.jobs.size === 1)
  const second = kit.another()
  far.onSubmit = null
  kit.clock.advance(60_000)
  await second.videos.lookAfter()
  const { data } = await client.videos.list()
  expect(data).toMatchObject([{ status: "queued" }])
  expect([far.submits().length, gone()]).toEqual([1, PRICE])
  // Recovery of the books at the next start leaves its hold.
  await kit.ledger.recoverHolds()
  await kit.restarted().recoverHolds()
  expect([gone(), kit.ledger.held().holds]).toEqual([PRICE, 1])
  far.all({ status: "completed" })
  kit.clock.advance(60_000)
  await second.videos.lookAfter()
  expect(await client.videos.retrieve(data[0]!.id)).toMatchObject({ status: "completed" })
  expect([far.submits().length, gone(), charges()]).toEqual([1, PRICE, 1])
  far.late()
  await call
  books()
})

test("a process that died before anybody was asked: nothing is asked for, and its credits come back", async () => {
  await open()
  far.makes = false
  far.hangs()
  const call = failed(client.videos.create(ASK))
  await until(() => far.asked.length === 1)
  const second = kit.another()
  kit.clock.advance(60_000)
  await second.videos.lookAfter()
  // Its provider's list may lag.
  expect([gone(), (await client.videos.list()).data[0]!.status]).toEqual([PRICE, "queued"])
  kit.clock.advance(300_000)
  await second.videos.lookAfter()
  expect((await client.videos.list()).data).toMatchObject([{ status: "failed", error: { code: "video_lost" } }])
  expect([far.submits().length, gone(), kit.ledger.held().holds]).toEqual([1, 0, 0])
  far.late()
  await call
  books()
})

test("an answer that is lost on the line is never asked for again: the caller has a video, which is found", async () => {
  await open()
  const lost: (() => Response)[] = [
    () => Response.json({ error: { message: "bad gateway" } }, { status: 502 }),
    () => new Response("<html>"),
    () => Response.json({ object: "video", status: "queued" }),
  ]
  for (const [at, answer] of lost.entries()) {
    far.onSubmit = answer
    const video = await client.videos.create({ ...ASK, prompt: `lost ${at}` })
    expect(video.status).toBe("queued")
  }
  far.onSubmit = null
  expect(far.submits().length).toBe(3)
  far.all({ status: "completed" })
  kit.clock.advance(60_000)
  await kit.gateway.videos.lookAfter()
  kit.clock.advance(60_000)
  await kit.gateway.videos.lookAfter()
  expect((await client.videos.list()).data.map(({ status }) => status)).toEqual(Array(3).fill("completed"))
  expect([far.submits().length, gone(), charges()]).toEqual([3, 3 * PRICE, 3])
  books()
})

test("a refusal is free and final; one account that is busy is followed by the next, which is asked once", async () => {
  await open()
  far.makes = false
  const table: [() => Response, number][] = [
    [() => Response.json({ error: { message: "Blocked", code: "moderation_blocked" } }, { status: 400 }), 400],
    [() => Response.json({ error: { message: "slow down" } }, { status: 429 }), 503],
    [() => Response.json({ error: { message: "no key" } }, { status: 401 }), 502],
  ]
  for (const [answer, status] of table) {
    far.onSubmit = answer
    expect(await failed(client.videos.create(ASK))).toMatchObject({ status })
    await rested()
  }
  expect([gone(), kit.ledger.held().holds, (await client.videos.list()).data]).toEqual([0, 0, []])
  const near = playOpenai(() => kit.clock.now())
  await kit.gateway.addUpstream(testCtx, {
    kind: "openai-compatible",
    name: "near",
    baseUrl: near.baseUrl,
    priceProvider: "openai",
    models: ["sora-2"],
  })
  far.onSubmit = table[1]![0]
  const before = far.submits().length
  const video = await client.videos.create(ASK)
  expect([far.submits().length - before, near.submits().length, gone()]).toEqual([1, 1, PRICE])
  near.all({ status: "completed" })
  wait()
  expect(await client.videos.retrieve(video.id)).toMatchObject({ status: "completed" })
  expect(near.submits()[0]!.headers.get("idempotency-key")).toBe(video.id)
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

test("the whole price is held before anybody is asked: who cannot pay gets none, and limits on spending have it back", async () => {
  await open({ balance: 2 * PRICE - 1 })
  await kit.limits.set(testCtx, { level: "everybody", subject: "", kind: "spend_day", amount: PRICE })
  const first = await client.videos.create(ASK)
  expect(await failed(client.videos.create(ASK))).toMatchObject({ status: 429, code: "spend_limit_exceeded" })
  far.all({ status: "failed", error: { code: "x", message: "" } })
  wait()
  await client.videos.retrieve(first.id)
  // The day has it again, and the wallet.
  const next = await client.videos.create(ASK)
  far.all({ status: "completed" })
  wait()
  expect(await client.videos.retrieve(next.id)).toMatchObject({ status: "completed" })
  await kit.limits.set(testCtx, { level: "everybody", subject: "", kind: "spend_day", amount: 10 * PRICE })
  expect(await failed(client.videos.create(ASK))).toMatchObject({ status: 402 })
  expect(far.submits().length).toBe(2)
  books()
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

test("one that is never done, and one that its provider forgot: given back, once", async () => {
  await open()
  const first = await client.videos.create(ASK)
  kit.clock.advance(25 * HOUR_MS)
  await signIn()
  expect(await client.videos.retrieve(first.id)).toMatchObject({ status: "failed", error: { code: "video_lost" } })
  const second = await client.videos.create(ASK)
  far.jobs.clear()
  wait()
  expect(await client.videos.retrieve(second.id)).toMatchObject({ status: "queued" })
  // A provider that cannot be read says nothing of a video.
  far.onRead = () => new Response("<html>", { status: 500 })
  kit.clock.advance(HOUR_MS)
  await signIn()
  expect(await client.videos.retrieve(second.id)).toMatchObject({ status: "queued" })
  far.onRead = null
  wait()
  expect(await client.videos.retrieve(second.id)).toMatchObject({ status: "failed" })
  // The sweeper of the books finds nothing to end.
  kit.clock.advance(72 * HOUR_MS)
  await kit.ledger.sweep(() => false)
  expect([gone(), charges(), kit.ledger.held().holds]).toEqual([0, 2, 0])
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
