// How a video ends, whoever looks and however often: charged once or given back once, asked for once, whatever dies in between.
import { expect, test } from "bun:test"
import { HOUR_MS } from "../../app/index.ts"
import { testCtx } from "../../store/index.ts"
import { books, kit, last, rested, until } from "./testing.ts"
import { playOpenai } from "./video-upstream.testing.ts"
import { ASK, charges, client, failed, far, gone, open, PRICE, raw, signIn, wait } from "./videos.testing.ts"

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
