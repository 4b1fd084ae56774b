import { describe, expect, test } from "bun:test"
import { ClientId, DAY_MS, HOUR_MS, RouteId } from "../../app/index.ts"
import { ANN, balanceOf, chargeOf, DEV, expectHealthy, kit, refused } from "../testing.ts"

describe("settle and release", () => {
  test("below the hold gives the rest back and shares the charge", async () => {
    const k = await kit()
    const lots = [await k.grant(60, { paid: true, type: "topup" }), await k.grant(100)]
    const limit = { clientId: ClientId(3), dailyNano: 1_000 }
    const hold = await k.hold(150, { ...limit, callId: "req_test", routeId: RouteId(77) })
    const settled = await k.write.settle({ hold, charge: chargeOf(120), developer: DEV })
    expect(settled).toMatchObject({ collectedNano: 120, uncollectedNano: 0, balanceAfterNano: 40, already: false })
    expect(settled.lots as unknown).toEqual([
      { lotId: lots[1], amountNano: 100, paid: false },
      { lotId: lots[0], amountNano: 20, paid: true },
    ])
    expect(k.ledger.wallet(ANN, "live")).toMatchObject({ balanceNano: 40, heldNano: 0 })
    expect(k.ledger.usedToday(ANN, ClientId(3), "llm")).toEqual({ usedNano: 120, heldNano: 0 } as never)
    expect([balanceOf(k, "upstream_payable"), balanceOf(k, "pending"), balanceOf(k, "revenue")]).toEqual([
      "60",
      "30",
      "30",
    ])
    expect(k.ledger.history(ANN, "live", { limit: 1 })[0]).toMatchObject({
      transactionId: settled.transactionId!, type: "usage", amountNano: -120, balanceBeforeNano: 160,
      balanceAfterNano: 40, callId: "req_test", clientId: ClientId(3),
    }) // biome-ignore format: one row
    expect(k.ledger.transactionOf(settled.transactionId!)).toMatchObject({ routeId: RouteId(77), callerId: ANN.id })
    expectHealthy(k.ledger)
  })

  test("above the hold collects what is there; the rest is uncollected and hurts the platform first", async () => {
    const k = await kit()
    await k.grant(100)
    const limit = { clientId: ClientId(3), dailyNano: 1_000 }
    const [first, other] = [await k.hold(50, limit), await k.hold(30)]
    const settled = await k.write.settle({ hold: first, charge: chargeOf(120), developer: DEV })
    expect(settled).toMatchObject({ collectedNano: 70, uncollectedNano: 50, balanceAfterNano: 0 })
    expect(k.ledger.usedToday(ANN, ClientId(3), "llm")).toEqual({ usedNano: 70, heldNano: 0 } as never)
    expect(balanceOf(k, "upstream_payable")).toBe("60")
    expect(balanceOf(k, "pending")).toBe("10")
    expect(balanceOf(k, "uncollected")).toBe("-50")
    expect(k.ledger.wallet(ANN, "live").heldNano as number).toBe(30)
    await k.write.settle({ hold: other, charge: chargeOf(30), developer: DEV })
    expectHealthy(k.ledger)
  })

  test("above the hold collects the hold alone when the rest is not the owner's doing", async () => {
    const k = await kit()
    await k.grant(100)
    const limit = { clientId: ClientId(3), dailyNano: 50 }
    const hold = await k.hold(50, limit)
    const settled = await k.write.settle({ hold, charge: chargeOf(120), developer: DEV, withinHold: true })
    expect(settled).toMatchObject({ collectedNano: 50, uncollectedNano: 70, balanceAfterNano: 50 })
    expect(k.ledger.usedToday(ANN, ClientId(3), "llm")).toEqual({ usedNano: 50, heldNano: 0 } as never)
    expect(balanceOf(k, "uncollected")).toBe("-70")
    expectHealthy(k.ledger)
  })

  test("100 settles and 100 releases of one hold: one effect, and every settle the same answer", async () => {
    const k = await kit()
    await k.grant(100)
    const hold = await k.hold(50)
    const settles = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        if (index % 2) await k.write.release(hold)
        return k.write.settle({ hold, charge: chargeOf(40), developer: DEV })
      }),
    )
    const { already: _, ...answer } = settles[0]!
    expect(settles.filter((settled) => !settled.already).length).toBe(settles[0]!.collectedNano === 0 ? 0 : 1)
    for (const settled of settles) expect(settled).toMatchObject(answer)
    expect(k.free()).toBe(100 - answer.collectedNano)
    expectHealthy(k.ledger)
  })

  test("a release gives everything back, once; a settle after it charges nothing", async () => {
    const k = await kit()
    await k.grant(100)
    const hold = await k.hold(50, { clientId: ClientId(1), dailyNano: 50 })
    expect(await k.write.release(hold)).toMatchObject({ releasedNano: 50, balanceAfterNano: 100, already: false })
    expect(await k.write.release(hold)).toMatchObject({ releasedNano: 0, already: true })
    expect(await k.write.settle({ hold, charge: chargeOf(40), developer: DEV })).toMatchObject({
      collectedNano: 0, transactionId: null, already: true,
    }) // biome-ignore format: one answer
    expect(k.ledger.usedToday(ANN, ClientId(1), "llm")).toEqual({ usedNano: 0, heldNano: 0 } as never)
    expect(k.free()).toBe(100)
    expectHealthy(k.ledger)
  })

  test("lots that expired while held still pay, and the rest of them breaks at once", async () => {
    const k = await kit()
    await k.grant(100, { expiresMs: k.clock.now() + HOUR_MS })
    await k.grant(10)
    const hold = await k.hold(80)
    k.clock.advance(HOUR_MS)
    expect(await k.ledger.expireDue()).toEqual({ wallets: 1, expiredNano: 20 } as never)
    const settled = await k.write.settle({ hold, charge: chargeOf(30), developer: DEV })
    expect(settled).toMatchObject({ collectedNano: 30, balanceAfterNano: 10 })
    expect(k.ledger.history(ANN, "live", { limit: 1 })[0]).toMatchObject({ type: "expiry", amountNano: -50 })
    expect(k.ledger.wallet(ANN, "live")).toMatchObject({ balanceNano: 10, heldNano: 0, nextExpiryMs: null })
    expectHealthy(k.ledger)
  })

  test("a call belongs to the day of its hold", async () => {
    const k = await kit()
    await k.grant(1_000)
    k.clock.advance(DAY_MS - 1)
    const limit = { clientId: ClientId(1), dailyNano: 100 }
    const hold = await k.hold(100, limit)
    k.clock.advance(1)
    expect(k.ledger.usedToday(ANN, ClientId(1), "llm")).toEqual({ usedNano: 0, heldNano: 0 } as never)
    await k.hold(100, limit)
    await k.write.settle({ hold, charge: chargeOf(90), developer: DEV })
    expect(k.ledger.usedToday(ANN, ClientId(1), "llm")).toEqual({ usedNano: 0, heldNano: 100 } as never)
    expectHealthy(k.ledger)
  })

  test("a clock that jumps back grants nothing twice", async () => {
    const k = await kit()
    await k.claim(100)
    await k.grant(100, { expiresMs: k.clock.now() + HOUR_MS })
    k.clock.advance(HOUR_MS)
    await k.ledger.expireDue()
    const hold = await k.hold(50)
    k.clock.advance(-3 * DAY_MS)
    expect((await refused(k.claim(100))).code).toBe("claim_not_due")
    await k.write.settle({ hold, charge: chargeOf(50), developer: DEV })
    expect(k.free()).toBe(50)
    expectHealthy(k.ledger)
  })
})
