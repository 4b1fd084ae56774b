import { describe, expect, test } from "bun:test"
import { ClientId, DAY_MS, HOUR_MS } from "../../app/index.ts"
import { expectTruth } from "../books/testing.ts"
import { figures, untouched } from "../corrections/testing.ts"
import { ANN, chargeOf, DEV, expectHealthy, type Kit, kit, race } from "../testing.ts"
import type { HoldRef } from "./types.ts"

const parts = (k: Kit, { id }: HoldRef) =>
  k.store.read
    .all<{ lot: number; nano: number }>(
      "SELECT lot_id AS lot, amount_nano AS nano FROM v_open_hold_lots WHERE hold_id = ? ORDER BY seq",
      id,
    )
    .map((part) => [part.lot, part.nano])

describe("raise", () => {
  test("reserves more, also of a lot it has and of one that comes first, and spends in the order of consumption", async () => {
    const k = await kit()
    const [a, b] = [await k.grant(50, { priority: 40 }), await k.grant(50)]
    const hold = await k.hold(60)
    expect(parts(k, hold)).toEqual([[a, 50], [b, 10]]) // biome-ignore format: two parts
    k.clock.advance(1)
    const early = await k.grant(5, { priority: 0 })
    expect(await k.write.raise(hold, 15)).toMatchObject({ amountNano: 75, balanceAfterNano: 30 })
    expect(parts(k, hold)).toEqual([[early, 5], [a, 50], [b, 20]]) // biome-ignore format: three parts
    expect(k.ledger.holdsOf(ANN, "live")).toMatchObject([{ amountNano: 75, lots: [{}, {}, {}] }])
    expectHealthy(k.ledger)
    await k.write.settle({ hold, charge: chargeOf(70), developer: DEV })
    expect([figures(k, early)[1], figures(k, a)[1], figures(k, b)[1]]).toEqual([0, 0, 35])
    expectHealthy(k.ledger)
  })

  test("another hold may have been in between", async () => {
    const k = await kit()
    await k.grant(50)
    const hold = await k.hold(20)
    const other = await k.hold(30)
    k.clock.advance(1)
    await k.grant(50, { priority: 90 })
    await k.write.raise(hold, 10)
    await k.write.release(other)
    expectHealthy(k.ledger)
    await k.write.settle({ hold, charge: chargeOf(30), developer: DEV })
    expectHealthy(k.ledger)
  })

  test("is refused like a hold, and writes nothing then", async () => {
    const k = await kit()
    await k.grant(100)
    const hold = await k.hold(60)
    expect((await untouched(k, () => k.write.raise(hold, 101))).code).toBe("insufficient_credits")
    expect((await untouched(k, () => k.write.raise(hold, 41))).code).toBe("credits_on_hold")
    const racing = Array.from({ length: 100 }, () => k.write.raise(hold, 15))
    expect(await race(racing)).toEqual({ ok: 2, credits_on_hold: 98 })
    await k.write.release(hold)
    expect((await untouched(k, () => k.write.raise(hold, 1))).code).toBe("conflict")
    expect(k.free()).toBe(100)
    expectHealthy(k.ledger)
  })

  test("is refused while there is debt", async () => {
    const k = await kit()
    await k.grant(100, { paid: true, type: "topup", bucket: "purchase", key: "order" })
    const hold = await k.hold(60)
    await k.write.clawBack({ lotKey: "order", amountNano: 50, through: "cash", key: "c" })
    await k.grant(500)
    expect((await untouched(k, () => k.write.raise(hold, 1))).code).toBe("insufficient_credits")
    expectHealthy(k.ledger)
  })

  test("counts on the app's day of the hold, under the limit it is given", async () => {
    const k = await kit()
    await k.grant(1_000)
    const limit = { clientId: ClientId(3), dailyNano: 100 }
    k.clock.advance(DAY_MS - 1)
    const hold = await k.hold(60, limit)
    k.clock.advance(1)
    expect((await untouched(k, () => k.write.raise(hold, 41, 100))).code).toBe("app_daily_limit_exceeded")
    await k.write.raise(hold, 40, 100)
    expect(k.ledger.usedToday(ANN, ClientId(3), "llm")).toEqual({ usedNano: 0, heldNano: 0 } as never)
    await k.hold(100, limit)
    await k.write.settle({ hold, charge: chargeOf(100), developer: DEV })
    expectHealthy(k.ledger)
  })

  test("holds as much more as fits when all does not, never below the least, within balance and the day's limit", async () => {
    const k = await kit()
    await k.grant(100)
    const hold = await k.hold(60)
    expect((await untouched(k, () => k.write.raise(hold, 90, null, 41))).code).toBe("credits_on_hold")
    expect(await k.write.raise(hold, 90, null, 40)).toMatchObject({ amountNano: 100, balanceAfterNano: 0 })
    expectHealthy(k.ledger)
    await k.write.release(hold)
    const limit = { clientId: ClientId(3), dailyNano: 50 }
    const limited = await k.hold(20, limit)
    expect((await untouched(k, () => k.write.raise(limited, 90, 50, 31))).code).toBe("app_daily_limit_exceeded")
    expect(await k.write.raise(limited, 90, 50, 10)).toMatchObject({ amountNano: 50, balanceAfterNano: 50 })
    expect(k.ledger.usedToday(ANN, ClientId(3), "llm")).toEqual({ usedNano: 0, heldNano: 50 } as never)
    expectHealthy(k.ledger)
  })

  test("a raised hold is resolved whole after a crash, and a raise that comes late holds nothing", async () => {
    const k = await kit()
    await k.grant(100)
    const limit = { clientId: ClientId(3), dailyNano: 100, stage: "sent", inputCostNano: 7 } as const
    const hold = await k.hold(20, limit)
    await k.write.raise(hold, 50, 100)
    expect(await k.reboot("boot-2").recoverHolds()).toMatchObject({ resolved: 1, chargedNano: 7 })
    expect((await untouched(k, () => k.write.raise(hold, 10, 100))).code).toBe("conflict")
    expect([k.free(), k.ledger.usedToday(ANN, ClientId(3), "llm").usedNano]).toEqual([93, 7])
    expectHealthy(k.ledger)
  })

  test("marks, raises and renewals stand in the row as they do in memory", async () => {
    const k = await kit()
    await k.grant(50, { priority: 10 })
    await k.grant(50)
    const hold = await k.hold(40, { leaseMs: 1_000, inputCostNano: 3, clientId: 3, dailyNano: null })
    const row = () =>
      k.store.read.get<Record<string, unknown>>(
        `SELECT amount_nano AS nano, lot_id IS NULL AS more, stage, input_cost_nano AS input, known_cost_nano AS known,
                lease_until_ms - created_ms AS lease FROM open_holds`,
      )
    const steps: [act: () => Promise<unknown>, row: unknown][] = [
      [async () => {}, { nano: 40, more: 0, stage: "held", input: 3, known: 0, lease: 1_000 }],
      [() => k.write.mark(hold, { stage: "sent", knownCostNano: 5 }), { stage: "sent", known: 5, lease: 1_000 }],
      [
        () => k.write.mark(hold, { stage: "streaming", knownCostNano: 9, leaseMs: 2_000 }),
        { stage: "streaming", known: 9, lease: 2_000 },
      ],
      [
        () => k.write.mark(hold, { stage: "sent", knownCostNano: 1, leaseMs: 1 }),
        { stage: "streaming", known: 9, lease: 2_000 },
      ],
      [() => k.write.renew(hold, 9_000), { lease: 9_000 }],
      [() => k.write.raise(hold, 30), { nano: 70, more: 1, stage: "streaming", known: 9, lease: 9_000 }],
      [() => k.write.raise(hold, 0), { nano: 70 }],
    ]
    for (const [act, expected] of steps) {
      await act()
      expect(row()).toMatchObject(expected as object)
      await expectTruth(k)
    }
    expect(parts(k, hold).map(([, nano]) => nano)).toEqual([50, 20])
    await k.write.release(hold)
    for (const late of [k.write.mark(hold, { stage: "sent", knownCostNano: 1 }), k.write.renew(hold, 1)]) {
      expect(await late).toBe(false)
    }
    expect(row()).toBeNull()
    await expectTruth(k)
    expectHealthy(k.ledger)
  })

  test("a lease is renewed while the call lives, never shortened", async () => {
    const k = await kit()
    await k.grant(100)
    const hold = await k.hold(60, { leaseMs: HOUR_MS })
    expect(await k.write.renew(hold, 10)).toBe(true)
    expect(k.ledger.holdsOf(ANN, "live")[0]!.leaseUntilMs).toBe(k.clock.now() + HOUR_MS)
    expect(await k.write.renew(hold, DAY_MS)).toBe(true)
    k.clock.advance(HOUR_MS)
    expect((await k.ledger.sweep(() => false)).resolved).toBe(0)
    k.clock.advance(DAY_MS)
    expect((await k.ledger.sweep(() => false)).resolved).toBe(1)
    expect(await k.write.renew(hold, DAY_MS)).toBe(false)
    expectHealthy(k.ledger)
  })
})
