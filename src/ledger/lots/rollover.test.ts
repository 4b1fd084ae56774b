import { describe, expect, test } from "bun:test"
import { DAY_MS, HOUR_MS, LotId, nano } from "../../app/index.ts"
import { charged, figures, untouched } from "../corrections/testing.ts"
import type { GrantInput } from "../index.ts"
import { ANN, balanceOf, chargeOf, ctx, DEV, everything, expectHealthy, type Kit, kit, type Plain } from "../testing.ts"
import { planRollovers } from "./rules-rollover.ts"

const CYCLE = 30 * DAY_MS
const monthly = (k: Kit, more: Partial<Plain<GrantInput>> = {}): Partial<Plain<GrantInput>> => ({
  type: "subscription",
  bucket: "subscription",
  paid: true,
  expiresMs: k.clock.now() + CYCLE,
  rollover: { maxNano: 60, capNano: null, lifetimeMs: CYCLE },
  ...more,
})
const rolled = (k: Kit) =>
  k.ledger.lotsOf(ANN, "live", { dead: true, limit: 200 }).filter((lot) => lot.rolledFrom !== null)

describe("rollover", () => {
  test("the unheld rest moves on up to its maximum, the rest is breakage, and it never rolls again", async () => {
    const k = await kit()
    const start = k.clock.now()
    const lot = await k.grant(100, monthly(k, { priority: 20, restriction: "llm" }))
    await charged(k, 10)
    k.clock.advance(CYCLE - 1)
    expect(k.free()).toBe(90)
    k.clock.advance(1)
    expect(await k.ledger.expireDue()).toEqual({ wallets: 1, expiredNano: 30 } as never)
    expect(figures(k, lot)).toEqual([100, 0, 10, 90, 0, 0])
    expect(rolled(k)).toMatchObject([
      {
        bucket: "subscription", paid: true, priority: 20, restriction: "llm", grantedNano: 60, remainingNano: 60,
        effectiveMs: start + CYCLE, expiresMs: start + 2 * CYCLE, rollover: null,
      },
    ]) // biome-ignore format: one lot
    expect(balanceOf(k, "breakage")).toBe("30")
    const [, moved] = k.ledger.transactionsOf(ANN, "live", { limit: 2 })
    expect(moved).toMatchObject({ type: "subscription", entries: [{ amountNano: -60 }, { amountNano: 60 }] })
    expectHealthy(k.ledger)
    k.clock.advance(CYCLE)
    await k.ledger.expireDue()
    expect(k.free()).toBe(0)
    expect(rolled(k).length).toBe(1)
    expect(balanceOf(k, "breakage")).toBe("90")
    expectHealthy(k.ledger)
  })

  for (const by of ["job", "hold", "read", "settle"] as const) {
    test(`weeks late, by ${by}, changes nothing: the new lot counts from the old expiry`, async () => {
      const k = await kit()
      const start = k.clock.now()
      await k.grant(100, monthly(k, { rollover: { maxNano: 60, capNano: null, lifetimeMs: 40 * DAY_MS } }))
      await k.grant(1, { priority: 0 })
      const early = await k.hold(1)
      k.clock.advance(CYCLE + 21 * DAY_MS)
      expect(k.ledger.wallet(ANN, "live")).toMatchObject({ balanceNano: 60 })
      if (by === "job") await k.ledger.expireDue()
      if (by === "hold")
        expect((await k.write.hold({ ...holdAll(), amountNano: 60 })).balanceAfterNano as number).toBe(0)
      if (by === "read") await k.store.write(ctx, (tx) => k.ledger.walletIn(tx, ANN, "live"))
      if (by === "settle") {
        // A settle above its hold finds the rolled-over credits.
        const settled = await k.write.settle({ hold: early, charge: chargeOf(21), developer: DEV })
        expect(settled).toMatchObject({ collectedNano: 21, uncollectedNano: 0, balanceAfterNano: 40 })
      }
      expect(rolled(k)).toMatchObject([{ grantedNano: 60, expiresMs: start + CYCLE + 40 * DAY_MS }])
      expect(balanceOf(k, "breakage")).toBe("40")
      expectHealthy(k.ledger)
    })
  }

  test("noticed when even the new lot's time is over, both are posted and gone in the same mutation", async () => {
    const k = await kit()
    await k.grant(100, monthly(k))
    k.clock.advance(3 * CYCLE)
    expect(k.free()).toBe(0)
    expect(await k.ledger.expireDue()).toEqual({ wallets: 1, expiredNano: 100 } as never)
    expect(rolled(k)).toMatchObject([{ grantedNano: 60, remainingNano: 0, expiredNano: 60 }])
    expectHealthy(k.ledger)
  })

  test("the cap counts all rolled-over lots that outlive the expiry, also after months off", async () => {
    const outcome = async (late: boolean) => {
      const k = await kit()
      const terms = { maxNano: 80, capNano: 100, lifetimeMs: 2 * CYCLE }
      await k.grant(90, monthly(k, { rollover: terms }))
      await k.grant(90, monthly(k, { rollover: terms, expiresMs: k.clock.now() + CYCLE + DAY_MS }))
      await k.grant(90, monthly(k, { rollover: terms, expiresMs: k.clock.now() + 3 * CYCLE }))
      for (let step = 0; step < 4 * 30; step++) {
        k.clock.advance(DAY_MS)
        if (!late) await k.ledger.expireDue()
      }
      await k.ledger.expireDue()
      expectHealthy(k.ledger)
      return rolled(k).map((lot) => [lot.grantedNano as number, lot.expiresMs, lot.remainingNano as number])
    }
    const onTime = await outcome(false)
    // 80 fit, then 20 up to the cap; when the third expires the first is just over, the second a day short of it.
    expect(onTime.map(([granted]) => granted)).toEqual([80, 20, 80])
    expect(await outcome(true)).toEqual(onTime)
  })

  test("a rolled-over lot that is over by now still counts under the cap of what expired before it", async () => {
    for (const late of [false, true]) {
      const k = await kit()
      const terms = { maxNano: 80, capNano: 100, lifetimeMs: CYCLE }
      await k.grant(80, monthly(k, { rollover: terms }))
      await k.grant(80, monthly(k, { rollover: terms, expiresMs: k.clock.now() + CYCLE + 15 * DAY_MS }))
      k.clock.advance(CYCLE)
      await k.ledger.expireDue()
      k.clock.advance(15 * DAY_MS)
      if (!late) await k.ledger.expireDue()
      k.clock.advance(30 * DAY_MS)
      await k.ledger.expireDue()
      expect(rolled(k).map((lot) => lot.grantedNano as number)).toEqual([20, 80])
      expect(k.free()).toBe(0)
      expectHealthy(k.ledger)
    }
  })

  test("what was held at the expiry and comes free later rolls over too, never beyond the maximum", async () => {
    const k = await kit()
    const lot = await k.grant(100, monthly(k))
    const hold = await k.hold(70)
    k.clock.advance(CYCLE)
    await k.ledger.expireDue()
    expect(rolled(k).map((one) => one.grantedNano as number)).toEqual([30])
    const released = await k.write.settle({ hold, charge: chargeOf(20), developer: DEV })
    expect(released).toMatchObject({ collectedNano: 20, balanceAfterNano: 60 })
    expect(rolled(k).map((one) => one.grantedNano as number)).toEqual([30, 30])
    expect(figures(k, lot)).toEqual([100, 0, 20, 80, 0, 0])
    expect(balanceOf(k, "breakage")).toBe("20")
    expectHealthy(k.ledger)
  })

  test("a future lot is neither spent nor expired before its time, then rolls like any other", async () => {
    const k = await kit()
    const from = k.clock.now() + CYCLE
    await k.grant(100, monthly(k, { effectiveMs: from, expiresMs: from + HOUR_MS }))
    await k.ledger.expireDue()
    expect(k.free()).toBe(0)
    expect((await untouched(k, () => k.hold(1))).code).toBe("insufficient_credits")
    k.clock.set(from)
    expect(k.free()).toBe(100)
    k.clock.set(from + HOUR_MS)
    expect(k.free()).toBe(60)
    await k.hold(60)
    expectHealthy(k.ledger)
  })

  test("odd terms are a caller's defect", async () => {
    const k = await kit()
    const terms = { maxNano: 10, capNano: null, lifetimeMs: HOUR_MS }
    const before = everything(k.store.read)
    for (const bad of [
      { rollover: terms, expiresMs: null },
      { rollover: { ...terms, lifetimeMs: 0 } },
      { rollover: { ...terms, maxNano: -1 } },
      { rollover: { ...terms, capNano: 0.5 } },
    ]) {
      await expect(k.grant(100, monthly(k, bad))).rejects.toThrow()
    }
    expect(everything(k.store.read)).toBe(before)
  })

  test("the plan: in order of expiry, room under the cap as it was then", () => {
    const lot = (id: number, expiresMs: number, capNano: number | null) => ({
      id: LotId(id), expiresMs, freeNano: 50, maxNano: nano(40), capNano: capNano === null ? null : nano(capNano), lifetimeMs: 100, rolledBeforeNano: id === 3 ? 35 : 0,
    }) // biome-ignore format: one lot
    const plan = planRollovers(
      [lot(2, 20, 45), lot(1, 10, 45), lot(3, 30, null)],
      [{ expiresMs: 15, remainingNano: 30 }],
    )
    expect(plan.map(({ fromLotId, amountNano, expiresMs }) => [fromLotId, amountNano, expiresMs])).toEqual([
      [1, 15, 110],
      [2, 30, 120],
      [3, 5, 130],
    ])
  })
})

const holdAll = () => ({
  owner: ANN, mode: "live" as const, callId: "req_all", scope: "llm", leaseMs: 60_000, inputCostNano: 0,
}) // biome-ignore format: one hold
