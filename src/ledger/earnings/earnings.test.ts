import { describe, expect, test } from "bun:test"
import { DAY_MS, dayOf, TransactionId } from "../../app/index.ts"
import type { GrantInput } from "../lots/types.ts"
import {
  ANN,
  BOB,
  balanceOf,
  chargeOf,
  ctx,
  DEV,
  everything,
  expectHealthy,
  type Kit,
  kit,
  person,
  race,
  seeded,
} from "../testing.ts"
import { splitEarning } from "./rules.ts"
import { CYD, call, takeBack, WEEK } from "./testing.ts"

const PAID: Partial<GrantInput> = { paid: true, type: "topup", bucket: "purchase" }
const earned = (k: Kit, owner = DEV) => k.ledger.earningsOf(owner, "live", WEEK)
const figures = (k: Kit) => {
  const { pendingNano, payableNano, paidNano, clawedNano, requestedNano } = earned(k)
  return [pendingNano, payableNano, requestedNano, paidNano, clawedNano] as number[]
}
/** [day from today, source, n$] */
const upcoming = (k: Kit) =>
  earned(k).upcoming.map(({ day, source, amountNano }) => [day - dayOf(k.clock.now()), source, amountNano])

describe("what a call earns", () => {
  test("is split by the lots that paid, exactly, largest remainder first", async () => {
    expect(splitEarning(3, { paidNano: 5, promoNano: 5 })).toEqual({ paidNano: 2, promoNano: 1 })
    expect(splitEarning(10, { paidNano: 1, promoNano: 2 })).toEqual({ paidNano: 3, promoNano: 7 })
    expect(splitEarning(10, { paidNano: 2, promoNano: 1 })).toEqual({ paidNano: 7, promoNano: 3 })
    const most = Number.MAX_SAFE_INTEGER
    expect(splitEarning(most - 1, { paidNano: 1, promoNano: most - 1 })).toEqual({ paidNano: 1, promoNano: most - 2 })
    const random = seeded(7)
    for (let i = 0; i < 2_000; i++) {
      const part = Math.floor(random() * 2 ** (1 + random() * 50))
      const lots = { paidNano: Math.floor(random() * 2 ** 51), promoNano: 1 + Math.floor(random() * 2 ** 51) }
      const split = splitEarning(part, lots)
      expect(split.paidNano + split.promoNano).toBe(part)
      // Within half a unit of the exact share.
      const total = BigInt(lots.paidNano) + BigInt(lots.promoNano)
      const off = BigInt(split.promoNano) * total - BigInt(part) * BigInt(lots.promoNano)
      expect(off * 2n <= total && -off * 2n <= total).toBe(true)
    }
  })

  test("over paid and promo lots stands in two days' rows and adds up", async () => {
    const k = await kit()
    await k.grant(333)
    await k.grant(10_000, PAID)
    const settled = await call(k, 1_001)
    // Developer's part 250: 250 × 333 / 1001 = 83.2 promo.
    expect(settled.earnedNano as number).toBe(250)
    expect(upcoming(k)).toEqual([[7, "paid", 167], [30, "promo", 83]]) // biome-ignore format: one row each
    expect(figures(k)).toEqual([250, 0, 0, 0, 0])
    expect(balanceOf(k, "revenue")).toBe("250")
    expectHealthy(k.ledger)
  })

  test("from the developer's own account counts for paid lots and never for promo lots", async () => {
    const k = await kit()
    await k.grant(1_000, { owner: DEV })
    const promo = await call(k, 400, { owner: DEV })
    expect(promo.earnedNano as number).toBe(0)
    expect(balanceOf(k, "revenue")).toBe("200")
    await call(k, 600, { owner: DEV })
    await k.grant(1_000, { owner: DEV, ...PAID })
    const paid = await call(k, 400, { owner: DEV })
    expect(paid.earnedNano as number).toBe(100)
    expect(figures(k)).toEqual([100, 0, 0, 0, 0])
    expectHealthy(k.ledger)
  })

  test("from a user without a verified email counts for paid lots only", async () => {
    const k = await kit()
    await k.grant(300)
    await k.grant(1_000, PAID)
    const settled = await call(k, 400, { promoEligible: false })
    expect(settled.earnedNano as number).toBe(25)
    expect(upcoming(k)).toEqual([[7, "paid", 25]])
    expect(balanceOf(k, "revenue")).toBe("175")
    expectHealthy(k.ledger)
  })

  test("of promo lots stops at the cap of the UTC day, to the unit, and goes on the next day", async () => {
    const k = await kit()
    await k.grant(10_000)
    await k.grant(10_000, { owner: BOB })
    const cap = { promoCapNano: 150 }
    expect((await call(k, 400, cap)).earnedNano as number).toBe(100)
    // Another user, the same developer: 50 are left.
    expect((await call(k, 400, { ...cap, owner: BOB })).earnedNano as number).toBe(50)
    expect((await call(k, 400, cap)).earnedNano as number).toBe(0)
    // Another developer has their own.
    expect((await call(k, 400, cap, person(8))).earnedNano as number).toBe(100)
    // Paid lots know no cap; what was taken back does not make room.
    await k.grant(400, { ...PAID, priority: 0 })
    const paid = await call(k, 400, cap)
    expect(paid.earnedNano as number).toBe(100)
    expect(await takeBack(k, paid.transactionId, 100)).toBe(100)
    expect((await call(k, 400, cap)).earnedNano as number).toBe(0)
    k.clock.advance(DAY_MS)
    expect((await call(k, 400, cap)).earnedNano as number).toBe(100)
    expectHealthy(k.ledger)
  })

  test("100 parallel settles never pass the cap", async () => {
    const k = await kit()
    await k.grant(100_000)
    const holds = await Promise.all(
      Array.from({ length: 100 }, () => k.hold(400, { developer: DEV, promoCapNano: 3_333 })),
    )
    const settles = await Promise.all(
      holds.map((hold) => k.write.settle({ hold, charge: chargeOf(400), developer: DEV })),
    )
    expect(settles.reduce((sum, settled) => sum + settled.earnedNano, 0)).toBe(3_333)
    expect(figures(k)[0]).toBe(3_333)
    expectHealthy(k.ledger)
  })

  test("when the wallet is short is split by what was truly collected", async () => {
    const k = await kit()
    await k.grant(50)
    await k.grant(100, PAID)
    // 150 of 200 are there: upstream 100, developer 50, of which a third is promo.
    const hold = await k.hold(150, { developer: DEV })
    const settled = await k.write.settle({ hold, charge: chargeOf(200), developer: DEV })
    expect(settled).toMatchObject({ collectedNano: 150, uncollectedNano: 50, earnedNano: 50 })
    expect(upcoming(k)).toEqual([[7, "paid", 33], [30, "promo", 17]]) // biome-ignore format: one row each
    expectHealthy(k.ledger)
  })

  test("a settle that is answered again says what was earned, and earns nothing more", async () => {
    const k = await kit()
    await k.grant(1_000)
    const hold = await k.hold(400, { developer: DEV, promoCapNano: 70 })
    const settle = () => k.write.settle({ hold, charge: chargeOf(400), developer: DEV })
    const answers = await Promise.all(Array.from({ length: 100 }, settle))
    expect(answers.map((answer) => answer.earnedNano as number)).toEqual(Array(100).fill(70))
    expect(figures(k)[0]).toBe(70)
    expectHealthy(k.ledger)
  })

  test("recovery and sweeper follow the terms that stand on the hold", async () => {
    const k = await kit()
    await k.grant(1_000)
    await k.grant(1_000, { owner: DEV })
    await k.grant(1_000, { owner: CYD, ...PAID })
    const left = {
      developer: DEV,
      split: { upstream: 2, developer: 1, platform: 1 },
      stage: "sent",
      inputCostNano: 400,
    } as const
    await k.hold(400, { ...left, promoCapNano: 30, leaseMs: 1 })
    await k.hold(400, { ...left, promoEligible: false })
    await k.hold(400, { ...left, owner: DEV })
    await k.hold(400, { ...left, owner: CYD, promoEligible: false })
    k.clock.advance(1)
    await k.ledger.sweep(() => false)
    expect(figures(k)[0]).toBe(30)
    await k.reboot("boot-2").recoverHolds()
    expect(figures(k)[0]).toBe(130)
    expect(upcoming(k)).toEqual([[7, "paid", 100], [30, "promo", 30]]) // biome-ignore format: one row each
    expectHealthy(k.ledger)
  })
})

describe("maturity", () => {
  test("comes with the start of the UTC day n days on, not a millisecond before", async () => {
    const k = await kit()
    k.clock.advance(DAY_MS - 1 - (k.clock.now() % DAY_MS))
    await k.grant(400)
    await k.grant(400, PAID)
    await call(k, 800)
    const startOfNext = k.clock.now() + 1
    k.clock.advance(startOfNext + 6 * DAY_MS - 1 - k.clock.now())
    expect(await k.ledger.matureDue(WEEK)).toEqual({ developers: 0, maturedNano: 0 } as never)
    k.clock.advance(1)
    expect(await k.ledger.matureDue(WEEK)).toEqual({ developers: 1, maturedNano: 100 } as never)
    expect(figures(k)).toEqual([100, 100, 0, 0, 0])
    k.clock.advance(23 * DAY_MS - 1)
    expect(await k.ledger.matureDue(WEEK)).toEqual({ developers: 0, maturedNano: 0 } as never)
    k.clock.advance(1)
    expect(await k.ledger.matureDue(WEEK)).toEqual({ developers: 1, maturedNano: 100 } as never)
    expect(figures(k)).toEqual([0, 200, 0, 0, 0])
    expectHealthy(k.ledger)
  })

  test("a late run after the server was off gives what daily runs give", async () => {
    const run = async (daily: boolean) => {
      const k = await kit()
      await k.grant(50_000)
      await k.grant(50_000, { ...PAID, priority: 40 })
      for (let day = 0; day < 12; day++) {
        await call(k, 400 + day * 10)
        await call(k, 404, { owner: ANN, promoCapNano: 500 })
        if (daily) await k.ledger.matureDue({ paidDays: 3, promoDays: 8 })
        k.clock.advance(DAY_MS)
      }
      await k.ledger.matureDue({ paidDays: 3, promoDays: 8 })
      expectHealthy(k.ledger)
      return k
    }
    const [daily, late] = [await run(true), await run(false)]
    expect(figures(late)).toEqual(figures(daily))
    expect(upcoming(late)).toEqual(upcoming(daily))
  })

  test("happens once under repeats, parallel runs and another process", async () => {
    const k = await kit()
    await k.grant(10_000, PAID)
    await call(k, 400)
    await call(k, 400, {}, person(8))
    k.clock.advance(7 * DAY_MS)
    const runs = await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 ? k.ledger : k.reboot(`boot-${i}`)).matureDue(WEEK)),
    )
    expect(runs.reduce((sum, run) => sum + run.maturedNano, 0)).toBe(200)
    expect(await k.ledger.matureDue(WEEK)).toEqual({ developers: 0, maturedNano: 0 } as never)
    const posted = k.store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM transactions WHERE type = 'adjustment'")
    expect(posted?.n).toBe(2)
    expect(figures(k)).toEqual([0, 100, 0, 0, 0])
    expectHealthy(k.ledger)
  })

  test("a matured day is final in the schema too, and terms of less than a day are refused", async () => {
    const k = await kit()
    await k.grant(10_000, PAID)
    await call(k, 400)
    k.clock.advance(7 * DAY_MS)
    await k.ledger.matureDue(WEEK)
    const more = k.store.write(ctx, (tx) => {
      tx.run("UPDATE earning_days SET earned_nano = earned_nano + 1, matured_nano = matured_nano + 1")
    })
    await expect(more).rejects.toThrow("a matured day is final")
    expect(() => k.ledger.earningsOf(DEV, "live", { paidDays: 0, promoDays: 1 })).toThrow(RangeError)
    expectHealthy(k.ledger)
  })

  test("more developers than one round all mature", async () => {
    const k = await kit()
    await k.grant(1_000_000, PAID)
    for (let id = 100; id < 310; id++) await call(k, 8, {}, person(id))
    k.clock.advance(7 * DAY_MS)
    expect(await k.ledger.matureDue(WEEK)).toEqual({ developers: 210, maturedNano: 420 } as never)
    expectHealthy(k.ledger)
  })
})

describe("taking back", () => {
  test("before maturity takes promo first, in parts, never more than was earned", async () => {
    const k = await kit()
    await k.grant(400)
    await k.grant(10_000, PAID)
    const settled = await call(k, 800)
    await call(k, 4_000)
    expect(await takeBack(k, settled.transactionId, 150)).toBe(150)
    expect(upcoming(k)).toEqual([[7, "paid", 1_050]])
    expect(await takeBack(k, settled.transactionId, 150)).toBe(50)
    expect(await takeBack(k, settled.transactionId, 150)).toBe(0)
    expect(figures(k)).toEqual([1_000, 0, 0, 0, 200])
    expectHealthy(k.ledger)
  })

  test("after maturity takes nothing of what has matured, and the rest of what has not", async () => {
    const k = await kit()
    await k.grant(400)
    await k.grant(10_000, PAID)
    const settled = await call(k, 800)
    k.clock.advance(7 * DAY_MS)
    await k.ledger.matureDue(WEEK)
    expect(await takeBack(k, settled.transactionId, 200)).toBe(100)
    expect(figures(k)).toEqual([0, 100, 0, 0, 100])
    k.clock.advance(30 * DAY_MS)
    expect(await k.ledger.matureDue(WEEK)).toEqual({ developers: 0, maturedNano: 0 } as never)
    expectHealthy(k.ledger)
  })

  test("of something that earned nothing takes nothing", async () => {
    const k = await kit()
    await k.grant(1_000)
    const settled = await call(k, 400, { promoEligible: false })
    expect(await takeBack(k, settled.transactionId, 50)).toBe(0)
    expect(
      await k.store.write(ctx, (tx) => k.ledger.takeBackEarningIn(tx, { chargeId: TransactionId(1), amountNano: 5 })),
    ).toEqual({
      takenNano: 0,
      lateNano: 0,
      accountId: null,
    })
    expectHealthy(k.ledger)
  })

  test("100 takes at once take it once", async () => {
    const k = await kit()
    await k.grant(1_000, PAID)
    const settled = await call(k, 400)
    const takes = await Promise.all(Array.from({ length: 100 }, () => takeBack(k, settled.transactionId, 60)))
    expect(takes.reduce((sum, taken) => sum + taken, 0)).toBe(100)
    expect(figures(k)).toEqual([0, 0, 0, 0, 100])
    expectHealthy(k.ledger)
  })
})

describe("corrections", () => {
  test("a refund is paid by the developer while pending, and by the platform afterwards", async () => {
    const k = await kit()
    await k.grant(10_000, PAID)
    const [early, late] = [await call(k, 400), await call(k, 400)]
    await k.write.refundCharge({ transactionId: early.transactionId!, key: "r1" })
    expect(figures(k)).toEqual([100, 0, 0, 0, 100])
    k.clock.advance(7 * DAY_MS)
    await k.ledger.matureDue(WEEK)
    const refund = await k.write.refundCharge({ transactionId: late.transactionId!, key: "r2" })
    expect(refund.fromDeveloperNano as number).toBe(0)
    expect(figures(k)).toEqual([0, 100, 0, 0, 100])
    expectHealthy(k.ledger)
  })

  test("what has matured, and maturity and payouts themselves, cannot be reversed", async () => {
    const k = await kit()
    await k.grant(10_000, PAID)
    const settled = await call(k, 400)
    k.clock.advance(7 * DAY_MS)
    await k.ledger.matureDue(WEEK)
    await k.write.requestPayout({ owner: DEV, mode: "live", amountNano: 60, minimumNano: 1, key: "p" })
    const before = everything(k.store.read)
    const types = ["adjustment", "payout"].map(
      (type) => k.store.read.get<{ id: string }>("SELECT public_id AS id FROM transactions WHERE type = ?", type)!.id,
    )
    const tries = [settled.transactionId!, ...types].map((transactionId) => k.write.reverse({ transactionId }))
    expect(await race(tries)).toEqual({ conflict: 3 })
    expect(everything(k.store.read)).toBe(before)
    expectHealthy(k.ledger)
  })
})

test("modes never mix: test calls earn test money", async () => {
  const k = await kit()
  await k.grant(1_000, { mode: "test", ...PAID })
  await call(k, 400, { mode: "test" })
  expect(figures(k)).toEqual([0, 0, 0, 0, 0])
  expect(k.ledger.earningsOf(DEV, "test", WEEK).pendingNano as number).toBe(100)
  k.clock.advance(7 * DAY_MS)
  await k.ledger.matureDue(WEEK)
  const ask = k.write.requestPayout({ owner: DEV, mode: "live", amountNano: 1, minimumNano: 1, key: "p" })
  expect(await race([ask])).toEqual({ validation_failed: 1 })
  expectHealthy(k.ledger)
})
