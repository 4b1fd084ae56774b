// Videos with a person's own key at a provider: which key asks, what it costs, and what becomes of its jobs without it.
import { describe, expect, test } from "bun:test"
import { nano, UserId } from "../../app/index.ts"
import { testCtx } from "../../store/index.ts"
import { books, kit, last } from "./testing.ts"
import { BYTES } from "./video-upstream.testing.ts"
import { ASK, charges, client, clientOf, failed, far, gone, PRICE, paid, raw, wait } from "./videos.testing.ts"
import {
  ASK_OWN,
  askedBy,
  MINE,
  OPERATORS,
  openOwn,
  refusing,
  remove,
  SHARE,
  useCredits,
} from "./videos-own.testing.ts"

describe("a person's own key", () => {
  test("asks, looks, fetches and deletes, and no other does; through an app it costs the developer's share alone", async () => {
    await openOwn()
    const video = await client.videos.create(ASK_OWN)
    expect(gone()).toBe(SHARE)
    far.all({ status: "in_progress" })
    wait()
    expect((await client.videos.retrieve(video.id)).status).toBe("in_progress")
    far.all({ status: "completed" })
    kit.clock.advance(60_000)
    await kit.gateway.videos.lookAfter()
    expect(await client.videos.retrieve(video.id)).toMatchObject({ status: "completed" })
    const film = await client.videos.downloadContent(video.id)
    expect(new Uint8Array(await film.arrayBuffer())).toEqual(BYTES)
    expect(last()).toMatchObject({ chargeNano: SHARE, upstreamNano: 0, developerNano: SHARE, platformNano: 0 })
    const anew = await client.videos.remix(video.id, { prompt: "at night" })
    expect(far.jobs.size).toBe(2)
    await client.videos.delete(video.id)
    expect(far.jobs.size).toBe(1)
    expect([...new Set(askedBy())]).toEqual([MINE[0]])
    expect([gone(), charges()]).toEqual([2 * SHARE, 1])
    expect(kit.gateway.providerKeys.askedFor(UserId(1), last().publicId)).toMatchObject([
      { outcome: "answered", key: { hint: "1111" } },
    ])
    expect(anew.remixed_from_video_id).toBe(video.id)
    books()
  })

  test("by a key of one's own at this house it costs nothing, with an empty wallet", async () => {
    await openOwn([MINE[0]], 0)
    const { videos } = clientOf((await kit.key()).secret)
    const video = await videos.create(ASK_OWN)
    far.all({ status: "completed" })
    wait()
    expect((await videos.retrieve(video.id)).status).toBe("completed")
    expect(last()).toMatchObject({ chargeNano: 0, upstreamNano: 0, status: 200 })
    expect([...new Set(askedBy())]).toEqual([MINE[0]])
    books()
  })

  test("deleted while its job runs: the video has failed and says why, what was held is back, no other key asks", async () => {
    for (const isLooked of [false, true]) {
      const [key] = await openOwn(MINE.slice(0, 1))
      const video = await client.videos.create(ASK_OWN)
      const before = far.asked.length
      await remove(key!)
      far.all({ status: "completed" })
      kit.clock.advance(60_000)
      if (isLooked) await kit.gateway.videos.lookAfter()
      expect(await client.videos.retrieve(video.id)).toMatchObject({
        status: "failed",
        error: { code: "own_key_removed" },
      })
      expect([far.asked.length - before, gone(), kit.ledger.held().holds]).toEqual([0, 0, 0])
      expect((await raw(`/${video.id}/content`)).status).toBe(404)
      books()
    }
  })

  test("deleted after it was done: its file is there no more, and nothing comes back", async () => {
    const [key] = await openOwn()
    const video = await client.videos.create(ASK_OWN)
    far.all({ status: "completed" })
    wait()
    await client.videos.retrieve(video.id)
    await remove(key!)
    const before = far.asked.length
    expect((await raw(`/${video.id}/content`)).status).toBe(404)
    expect(await failed(client.videos.remix(video.id, { prompt: "x" }))).toMatchObject({ status: 409 })
    expect((await raw(`/${video.id}`, { method: "DELETE" })).status).toBe(200)
    expect([far.asked.length - before, gone()]).toEqual([0, SHARE])
    books()
  })

  test("an answer that was lost is looked for with the same key; another person's job of the same words is not it", async () => {
    await openOwn()
    far.onSubmit = () => new Response("<html>")
    const video = await client.videos.create(ASK_OWN)
    far.onSubmit = null
    const [job] = far.jobs.values()
    far.jobs.set("video_other", { ...job!, id: "video_other", key: OPERATORS })
    far.all({ status: "completed" })
    for (let times = 0; times < 2; times++) {
      kit.clock.advance(60_000)
      await kit.gateway.videos.lookAfter()
    }
    expect((await client.videos.retrieve(video.id)).status).toBe("completed")
    expect([[...new Set(askedBy())], far.submits().length, gone()]).toEqual([[MINE[0]], 1, SHARE])
    books()
  })

  test("one that is refused gives way to the next; then the call is refused, free, and says which key", async () => {
    await openOwn(MINE)
    refusing(MINE[0])
    const video = await client.videos.create(ASK_OWN)
    far.all({ status: "completed" })
    wait()
    expect((await client.videos.retrieve(video.id)).status).toBe("completed")
    expect([askedBy(), gone()]).toEqual([[MINE[0], MINE[1], MINE[1]], SHARE])
    refusing(...MINE)
    const refusal = (await failed(client.videos.create(ASK_OWN))) as { status: number; code: string; message: string }
    expect(refusal).toMatchObject({ status: 403, code: "own_key_refused" })
    expect(refusal.message).toContain("…2222")
    expect(refusal.message).not.toContain("canary")
    expect([gone(), kit.ledger.held().holds]).toEqual([SHARE, 0])
    expect(askedBy()).not.toContain(OPERATORS)
    books()
  })

  test("credits pay where the person said so, at the operator's price and no other; limits count what it came to", async () => {
    await openOwn()
    await useCredits()
    await kit.limits.set(testCtx, { level: "everybody", subject: "", kind: "spend_day", amount: PRICE + SHARE })
    refusing(MINE[0])
    const video = await client.videos.create(ASK_OWN)
    expect([askedBy(), gone()]).toEqual([[MINE[0], OPERATORS], PRICE])
    // What stands in the books if this process ends now: the operator's account is to be paid.
    const hold = kit.store.read.get<Record<string, number>>("SELECT * FROM open_holds")!
    expect([hold.split_upstream, hold.split_developer, hold.split_platform]).toEqual([10_000, 5_000, 5_000])
    far.all({ status: "completed" })
    wait()
    expect((await client.videos.retrieve(video.id)).status).toBe("completed")
    expect(last()).toMatchObject({ chargeNano: PRICE, upstreamNano: PRICE / 2, developerNano: PRICE / 4 })
    expect([...new Set(askedBy().slice(1))]).toEqual([OPERATORS])
    // The day has the share's worth left: enough for the key, and not for credits.
    const more = await failed(client.videos.create(ASK_OWN))
    expect(more).toMatchObject({ code: "own_key_refused" })
    far.onSubmit = null
    far.makes = true
    await client.videos.create(ASK_OWN)
    expect([gone(), charges()]).toEqual([PRICE + SHARE, 2])
    expect(await failed(client.videos.create(ASK_OWN))).toMatchObject({ code: "spend_limit_exceeded" })
    books()
  })

  test("one that fails after it went to credits comes back whole, once, to the wallet and to the day", async () => {
    await openOwn()
    await useCredits()
    await kit.limits.set(testCtx, { level: "everybody", subject: "", kind: "spend_day", amount: PRICE })
    refusing(MINE[0])
    const video = await client.videos.create(ASK_OWN)
    far.all({ status: "failed", error: { code: "no", message: "" } })
    kit.clock.advance(60_000)
    const second = kit.another()
    await Promise.all([
      ...Array.from({ length: 10 }, () => client.videos.retrieve(video.id)),
      kit.gateway.videos.lookAfter(),
      second.videos.lookAfter(),
    ])
    expect([gone(), kit.ledger.held().holds]).toEqual([0, 0])
    await client.videos.create(ASK_OWN)
    expect(gone()).toBe(PRICE)
    books()
  })

  test("is not asked without the plan's right, in test mode, for another person, or for a name of the house", async () => {
    await openOwn()
    kit.keyTerms.byok = false
    await client.videos.create(ASK_OWN)
    kit.keyTerms.byok = true
    await kit.gateway.setHouseModel(testCtx, null, {
      name: "film",
      model: "theirs/sora-2",
      input1kNano: nano(0),
      output1kNano: nano(0),
      feeNano: nano(paid(1)),
      active: true,
    })
    await client.videos.create({ ...ASK, model: "film" } as never)
    expect(askedBy()).toEqual([OPERATORS, OPERATORS])
    expect(gone()).toBe(PRICE + paid(1))
    const trial = await (await kit.app({ mode: "test" })).token(1, { scope: "openid video-generation" })
    expect(await failed(clientOf(trial).videos.create(ASK_OWN))).toMatchObject({ status: 404 })
    expect(askedBy()).not.toContain(MINE[0])
  })
})
