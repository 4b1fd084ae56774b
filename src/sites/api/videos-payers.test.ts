// Who pays for a video: a person within their limits, or an app's pool; and what names of the house cost.
import { describe, expect, test } from "bun:test"
import { nano, UserId } from "../../app/index.ts"
import { testCtx } from "../../store/index.ts"
import { books, kit, last, rested } from "./testing.ts"
import { ASK, client, failed, far, filming, gone, open, PRICE, paid, post, raw, wait } from "./videos.testing.ts"
import { ASK_OWN, MINE, openOwn, refusing, SHARE, useCredits } from "./videos-own.testing.ts"

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

/** Without what its developer would earn. */
const POOLED = (PRICE / 4) * 3

describe("an app's pool", () => {
  test("pays all of it, to the last nano-dollar of what one person may have; then the person does", async () => {
    await open({ balance: PRICE })
    const pool = await kit.pool(filming, { amountNano: 10 * POOLED, capNano: 2 * POOLED })
    await kit.limits.set(testCtx, { level: "everybody", subject: "", kind: "spend_day", amount: PRICE })
    const first = await client.videos.create(ASK)
    const second = await client.videos.create(ASK)
    expect([pool().heldNano as number, kit.balance()]).toEqual([2 * POOLED, PRICE] as never)
    // Its cap is held: the person pays, with the developer's share.
    const third = await client.videos.create(ASK)
    expect(kit.balance() as number).toBe(0)
    expect(await failed(client.videos.create(ASK))).toMatchObject({ code: "spend_limit_exceeded" })
    far.all({ status: "completed" })
    wait()
    for (const { id } of [first, second, third])
      expect(await client.videos.retrieve(id)).toMatchObject({ status: "completed" })
    const calls = kit.usage.recent(UserId(1), 3)
    expect(calls.map(({ chargeNano, developerNano }) => [chargeNano, developerNano]).sort()).toEqual(
      [
        [POOLED, 0],
        [POOLED, 0],
        [PRICE, PRICE / 4],
      ].sort() as never,
    )
    expect(pool()).toMatchObject({ usedNano: 2 * POOLED, heldNano: 0, leftNano: 8 * POOLED } as never)
    expect(
      kit.usage.sponsoredOf(
        UserId(1),
        calls.map(({ publicId }) => publicId),
      ).size,
    ).toBe(2)
    books()
  })

  test("has it back once when it fails, whoever looks; the person's limits never knew of it", async () => {
    await open({ balance: 0 })
    const pool = await kit.pool(filming, { amountNano: POOLED, capNano: POOLED })
    const video = await client.videos.create(ASK)
    expect(await failed(client.videos.create(ASK))).toMatchObject({ status: 402 })
    far.all({ status: "failed", error: { code: "no", message: "" } })
    kit.clock.advance(60_000)
    const second = kit.another()
    await Promise.all([
      ...Array.from({ length: 10 }, () => client.videos.retrieve(video.id)),
      kit.gateway.videos.lookAfter(),
      second.videos.lookAfter(),
    ])
    expect(pool()).toMatchObject({ usedNano: 0, heldNano: 0, leftNano: POOLED } as never)
    // All of it is there for the next.
    const next = await client.videos.create(ASK)
    far.all({ status: "completed" })
    kit.clock.advance(60_000)
    await kit.gateway.videos.lookAfter()
    expect((await client.videos.retrieve(next.id)).status).toBe("completed")
    expect(pool()).toMatchObject({ usedNano: POOLED, heldNano: 0, leftNano: 0 } as never)
    books()
  })

  test("a nano-dollar short pays none of it, and nobody hears what a pool has", async () => {
    await open({ balance: PRICE })
    const pool = await kit.pool(filming, { amountNano: 10 * POOLED, capNano: POOLED - 1 })
    const answer = await post(ASK)
    expect([answer.status, answer.headers.get("x-credits-remaining")]).toEqual([200, "0"])
    expect([kit.balance() as number, pool().heldNano as number]).toEqual([0, 0])
    const other = await kit.app()
    await kit.pool(other, { amountNano: POOLED, capNano: POOLED })
    const paidFor = await raw(
      "",
      { method: "POST", body: JSON.stringify(ASK) },
      await other.token(1, { scope: "openid video-generation" }),
    )
    expect([paidFor.status, paidFor.headers.get("x-credits-remaining")]).toEqual([200, "0"])
    books()
  })

  test("pays nothing for its person's own key; where that goes to credits, the pool pays all of it or none of it", async () => {
    for (const [cap, pooled] of [
      [POOLED, POOLED],
      [POOLED - 1, 0],
    ] as const) {
      await openOwn()
      await useCredits()
      const pool = await kit.pool(filming, { amountNano: 10 * POOLED, capNano: cap })
      await client.videos.create(ASK_OWN)
      // With a pool that pays for them nobody earns; without one the share is the person's to pay.
      expect([pool().heldNano as number, gone()]).toEqual([0, pooled === 0 ? SHARE : 0])
      refusing(MINE[0])
      const video = await client.videos.create(ASK_OWN)
      far.all({ status: "completed" })
      wait()
      expect((await client.videos.retrieve(video.id)).status).toBe("completed")
      expect([pool().usedNano as number, last().chargeNano as number]).toEqual([pooled, pooled || PRICE])
      await rested()
      books()
    }
  })
})

describe("a name of the house", () => {
  const sell = (feeNano: number, name = "film") =>
    kit.gateway.setHouseModel(testCtx, kit.gateway.houseModels()[0]?.publicId ?? null, {
      name,
      model: "far/sora-2",
      input1kNano: nano(0),
      output1kNano: nano(0),
      feeNano: nano(feeNano),
      active: true,
    })

  test("sells videos at its own price: upstream and developer have theirs, the house what remains; answers say its name", async () => {
    await open()
    await sell(paid(0.5))
    const video = await client.videos.create({ ...ASK, model: "film" } as never)
    expect([String(video.model), gone()]).toEqual(["film", paid(0.5)])
    far.all({ status: "completed" })
    wait()
    expect(await client.videos.retrieve(video.id)).toMatchObject({ status: "completed", model: "film" } as never)
    expect(last()).toMatchObject({
      chargeNano: paid(0.5),
      upstreamNano: 400_000_000,
      developerNano: 200_000_000,
      platformNano: 400_000_000,
    })
    expect(far.submits()[0]!.body).toMatchObject({ model: "sora-2" })
    await client.videos.remix(video.id, { prompt: "at night" })
    expect(gone()).toBe(2 * paid(0.5))
    books()
  })

  test("is not sold below what it costs with its developer's share: one that is too long is refused before anything is held", async () => {
    await open()
    // $0.40 and its half, to the nano-dollar.
    await sell(600_000_000)
    expect((await post({ ...ASK, model: "film" })).status).toBe(200)
    expect((await post({ ...ASK, model: "film", seconds: "8" })).status).toBe(503)
    await sell(599_999_999)
    expect((await post({ ...ASK, model: "film" })).status).toBe(503)
    expect([far.submits().length, gone()]).toEqual([1, 600_000_000])
    books()
  })
})
