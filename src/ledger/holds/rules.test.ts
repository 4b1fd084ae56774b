import { describe, expect, test } from "bun:test"
import { AccountId, LotId, nano, PrincipalId } from "../../app/index.ts"
import { assertAmount } from "../books/rules.ts"
import { chargeOf } from "../testing.ts"
import {
  assertCharge,
  bestKnownCost,
  decideHold,
  type HeldLot,
  planSettle,
  splitByWeights,
  splitCollected,
} from "./rules.ts"

const lot = (id: number, more: Partial<HeldLot> = {}): HeldLot => ({
  id: LotId(id),
  accountId: AccountId(101),
  priority: 50,
  expiresMs: null,
  paid: 0,
  createdMs: 0,
  effectiveMs: 0,
  restriction: null,
  remainingNano: 100,
  heldNano: 0,
  frozen: 0,
  allocatedNano: 0,
  ...more,
})
const hold = (lots: HeldLot[], amountNano: number, more = {}) =>
  decideHold({ lots, debtNano: 0, amountNano, scope: "llm", now: 1_000, limit: null, ...more })

describe("hold", () => {
  test("exactly the balance is enough, one more is not", () => {
    expect(hold([lot(1), lot(2)], 200)).toMatchObject({ ok: true, balanceAfterNano: 0 })
    expect(hold([lot(1), lot(2)], 201)).toMatchObject({ ok: false, why: "insufficient_credits", balanceNano: 200 })
  })
  test("says when it is other calls that keep the credits", () => {
    const lots = [lot(1, { heldNano: 60 })]
    expect(hold(lots, 100)).toMatchObject({ ok: false, why: "credits_on_hold", balanceNano: 40, heldNano: 60 })
    expect(hold(lots, 101)).toMatchObject({ ok: false, why: "insufficient_credits" })
  })
  test("a lot is expired from its very millisecond on, and effective from its very millisecond on", () => {
    expect(hold([lot(1, { expiresMs: 1_000 })], 1)).toMatchObject({ ok: false })
    expect(hold([lot(1, { expiresMs: 1_001 })], 1)).toMatchObject({ ok: true })
    expect(hold([lot(1, { effectiveMs: 1_001 })], 1)).toMatchObject({ ok: false })
    expect(hold([lot(1, { effectiveMs: 1_000 })], 1)).toMatchObject({ ok: true })
  })
  test("holds what fits when less than asked for will do, within balance and limit", () => {
    expect(hold([lot(1)], 500, { leastNano: 100 })).toMatchObject({ ok: true, amountNano: 100, balanceAfterNano: 0 })
    expect(hold([lot(1)], 500, { leastNano: 101 })).toMatchObject({ ok: false, why: "insufficient_credits" })
    const limit = { dailyNano: 100, usedNano: 50, heldNano: 30 }
    expect(hold([lot(1)], 500, { leastNano: 5, limit })).toMatchObject({
      ok: true,
      amountNano: 20,
      balanceAfterNano: 80,
    })
    expect(hold([lot(1)], 500, { leastNano: 21, limit })).toMatchObject({ ok: false, why: "app_daily_limit_exceeded" })
  })
  test("a free call passes a limit that an overrun has pushed below zero", () => {
    const limit = { dailyNano: 100, usedNano: 150, heldNano: 0 }
    expect(hold([lot(1)], 0, { limit })).toMatchObject({ ok: true, amountNano: 0 })
    expect(hold([lot(1)], 1, { limit })).toMatchObject({ ok: false })
  })
  test("a restricted lot serves its scope only", () => {
    expect(hold([lot(1, { restriction: "speech" })], 1)).toMatchObject({ ok: false, balanceNano: 0 })
    expect(hold([lot(1, { restriction: "llm" })], 1)).toMatchObject({ ok: true })
  })
  test("with debt nothing is spendable", () => {
    expect(hold([lot(1)], 1, { debtNano: 1 })).toMatchObject({ ok: false, why: "insufficient_credits" })
    expect(hold([lot(1)], 0, { debtNano: 1 })).toMatchObject({ ok: true, balanceAfterNano: 0 })
  })
  test("used and held count against the app's limit, to the last unit", () => {
    const limit = { dailyNano: 100, usedNano: 50, heldNano: 30 }
    expect(hold([lot(1)], 20, { limit })).toMatchObject({ ok: true })
    expect(hold([lot(1)], 21, { limit })).toMatchObject({ ok: false, why: "app_daily_limit_exceeded", leftNano: 20 })
    expect(hold([lot(1)], 1, { limit: { ...limit, usedNano: 90 } })).toMatchObject({ ok: false, leftNano: 0 })
  })
})

describe("settle", () => {
  const moves = (plan: ReturnType<typeof planSettle>) =>
    plan.moves.map((move) => [move.lot.id, move.unheldNano, move.consumedNano, move.expiredNano])

  test("below the hold spends in order and gives the rest back", () => {
    const lots = [
      lot(2, { createdMs: 2, heldNano: 50, allocatedNano: 50 }),
      lot(1, { heldNano: 100, allocatedNano: 100 }),
    ]
    const plan = planSettle(lots, 110, "llm", 1_000)
    expect(moves(plan)).toEqual([
      [1, 100, 100, 0],
      [2, 50, 10, 0],
    ])
    expect(plan).toMatchObject({ collectedNano: 110, balanceAfterNano: 90 })
  })
  test("above the hold takes what is free, never what others hold", () => {
    const lots = [lot(1, { heldNano: 100, allocatedNano: 40 }), lot(2, { createdMs: 1, heldNano: 90 })]
    const plan = planSettle(lots, 70, "llm", 1_000)
    expect(moves(plan)).toEqual([
      [1, 40, 40, 0],
      [2, 0, 10, 0],
    ])
    expect(plan).toMatchObject({ collectedNano: 50, balanceAfterNano: 0 })
  })
  test("a lot that expired while held pays first and breaks with what is left of it", () => {
    const plan = planSettle([lot(1, { expiresMs: 900, heldNano: 60, allocatedNano: 60 })], 20, "llm", 1_000)
    // 40 were never held and are due as well.
    expect(moves(plan)).toEqual([[1, 60, 20, 80]])
    expect(plan.balanceAfterNano).toBe(0)
  })
  test("another hold's credits on an expired lot stay", () => {
    const plan = planSettle([lot(1, { expiresMs: 900, heldNano: 100, allocatedNano: 60 })], 0, "llm", 1_000)
    expect(moves(plan)).toEqual([[1, 60, 0, 60]])
  })
})

describe("parts of a charge", () => {
  const charge = chargeOf(100)
  test("what is missing hurts the platform first, then the developer; the upstream is owed in full", () => {
    const parts = [100, 80, 75, 60, 50, 20, 0].map((collected) => splitCollected(charge, collected))
    expect(parts.map((one) => one.developerNano)).toEqual([25, 25, 25, 10, 0, 0, 0])
    expect(parts.map((one) => one.upstreamNano)).toEqual([50, 50, 50, 50, 50, 50, 50])
    for (const [index, collected] of [100, 80, 75, 60, 50, 20, 0].entries()) {
      const { upstreamNano, developerNano, revenueNano, uncollectedNano } = parts[index]!
      expect(upstreamNano + developerNano + revenueNano).toBe(collected + uncollectedNano)
    }
  })
  test("parts must add up, and a developer's part needs a developer", () => {
    expect(() =>
      assertCharge({ ...charge, platformNano: nano(24) }, { kind: "principal", id: PrincipalId(1) }),
    ).toThrow("add up")
    expect(() => assertCharge(charge, null)).toThrow("needs a developer")
    for (const bad of [-1, 0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY]) {
      expect(() => assertAmount(bad, "x")).toThrow(RangeError)
    }
    expect(() => assertAmount(2 ** 53 - 1, "x")).not.toThrow()
  })
  test("weights split exactly, also at the edge of 2^53", () => {
    expect(splitByWeights(nano(10), { upstream: 2, developer: 1, platform: 1 })).toMatchObject({
      upstreamNano: 5,
      developerNano: 3,
      platformNano: 2,
    })
    expect(splitByWeights(nano(7), { upstream: 0, developer: 0, platform: 0 }).upstreamNano).toBe(7)
    const max = Number.MAX_SAFE_INTEGER
    const parts = splitByWeights(nano(max), { upstream: max, developer: max - 1, platform: 3 })
    expect(BigInt(parts.upstreamNano) + BigInt(parts.developerNano) + BigInt(parts.platformNano)).toBe(BigInt(max))
  })
  test("best-known cost: unsent nothing, sent its input, streaming its last mark", () => {
    const known = { inputCostNano: nano(30), knownCostNano: nano(70) }
    expect(bestKnownCost({ stage: "held", ...known })).toBe(0)
    expect(bestKnownCost({ stage: "sent", inputCostNano: nano(30), knownCostNano: nano(0) })).toBe(30)
    expect(bestKnownCost({ stage: "streaming", ...known })).toBe(70)
  })
})
