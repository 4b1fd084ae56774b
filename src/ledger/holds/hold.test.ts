import { describe, expect, test } from "bun:test"
import { ClientId, DAY_MS, HOUR_MS, nano } from "../../app/index.ts"
import {
  ANN,
  BOB,
  balanceOf,
  chargeOf,
  ctx,
  DEV,
  everything,
  expectHealthy,
  holdOf,
  kit,
  race,
  refused,
} from "../testing.ts"
import type { HoldInput } from "./types.ts"

describe("hold", () => {
  test("funds for 10 and 200 in parallel: exactly 10", async () => {
    const k = await kit()
    for (const amount of [333, 333, 334]) await k.grant(amount)
    const counts = await race(Array.from({ length: 200 }, () => k.hold(100)))
    expect(counts).toEqual({ ok: 10, credits_on_hold: 190 })
    expect(k.ledger.wallet(ANN, "live")).toMatchObject({ balanceNano: 0, heldNano: 1_000 })
    expectHealthy(k.ledger)
  })

  test("an app's daily limit for 10 and 200 in parallel: exactly 10, another scope and app untouched", async () => {
    const k = await kit()
    await k.grant(1_000_000)
    const limit = { clientId: ClientId(3), dailyNano: 1_000 }
    const counts = await race(Array.from({ length: 200 }, () => k.hold(100, limit)))
    expect(counts).toEqual({ ok: 10, app_daily_limit_exceeded: 190 })
    expect(k.ledger.usedToday(ANN, ClientId(3), "llm")).toEqual({ usedNano: 0, heldNano: 1_000 } as never)
    await k.hold(100, { ...limit, scope: "speech" })
    await k.hold(100, { ...limit, clientId: ClientId(4) })
    await k.hold(100, { ...limit, dailyNano: null })
    expectHealthy(k.ledger)
  })

  test("refusals say balance, need and when to come back", async () => {
    const k = await kit()
    await k.grant(1_900_000)
    const poor = await refused(k.hold(2_000_000))
    expect(poor.code).toBe("insufficient_credits")
    expect(poor.extra.fields).toMatchObject({ balance: { nano: "1900000", credits: "1.9" }, need: { credits: "2" } })
    k.clock.advance(DAY_MS - 10_500)
    const limit = { clientId: ClientId(3), dailyNano: 5 }
    const late = await refused(k.hold(6, limit))
    expect(late.code).toBe("app_daily_limit_exceeded")
    expect(late.extra.retryAfterSeconds).toBe(11)
  })

  test("a refused operation leaves every table as it was, also when its caller catches the refusal", async () => {
    const k = await kit()
    await k.grant(100, { expiresMs: k.clock.now() + HOUR_MS })
    await k.grant(50)
    const open = await k.hold(10)
    await k.claim(100, { freeBudgetNano: 150 })
    k.clock.advance(2 * HOUR_MS)
    const before = everything(k.store.read)
    const limit = { clientId: ClientId(3), dailyNano: 5 }
    await refused(k.hold(1_000))
    await refused(k.hold(6, limit))
    await refused(k.hold(6, { owner: BOB }))
    await refused(k.claim(100))
    await refused(k.claim(100, { owner: BOB, freeBudgetNano: 150 }))
    await expect(
      k.write.settle({ hold: open, charge: { ...chargeOf(9), totalNano: 8 }, developer: DEV }),
    ).rejects.toThrow()
    const nowhere = { ...open, accountId: 999 }
    await expect(k.write.settle({ hold: nowhere, charge: chargeOf(9), developer: DEV })).rejects.toThrow()
    await k.store.write(ctx, (tx) => {
      expect(() => k.ledger.holdIn(tx, holdOf(1_000) as HoldInput)).toThrow()
      expect(() => k.ledger.holdIn(tx, holdOf(6, limit) as HoldInput)).toThrow()
      expect(() =>
        k.ledger.claimDailyIn(tx, { owner: ANN, mode: "live", amountNano: nano(1), freeBudgetNano: null, auto: true }),
      ).toThrow()
    })
    expect(everything(k.store.read)).toBe(before)
  })

  test("a free call holds nothing, also for someone who never had credits", async () => {
    const k = await kit()
    const hold = await k.hold(0)
    const settled = await k.write.settle({ hold, charge: chargeOf(0), developer: null })
    expect(settled).toMatchObject({ collectedNano: 0, transactionId: null, already: false })
    expectHealthy(k.ledger)
  })

  test("expiry comes first, in the same mutation", async () => {
    const k = await kit()
    await k.grant(100, { expiresMs: k.clock.now() + HOUR_MS })
    await k.grant(30)
    k.clock.advance(HOUR_MS)
    expect(k.free()).toBe(30)
    await k.hold(30)
    expect(k.ledger.history(ANN, "live", { limit: 1 })[0]).toMatchObject({ type: "expiry", amountNano: -100 })
    expect(balanceOf(k, "breakage")).toBe("100")
    expectHealthy(k.ledger)
  })

  test("live and test credits never mix", async () => {
    const k = await kit()
    await k.grant(100, { mode: "test" })
    expect((await refused(k.hold(1))).code).toBe("insufficient_credits")
    const hold = await k.hold(100, { mode: "test" })
    await k.write.settle({ hold, charge: chargeOf(80), developer: DEV })
    expect(balanceOf(k, "pending", "live")).toBeUndefined()
    expect(balanceOf(k, "pending", "test")).toBe("20")
    expect(balanceOf(k, "revenue", "live")).toBe("0")
    expectHealthy(k.ledger)
  })
})
