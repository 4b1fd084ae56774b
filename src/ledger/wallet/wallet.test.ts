import { describe, expect, test } from "bun:test"
import { HOUR_MS } from "../../app/index.ts"
import { ANN, BOB, chargeOf, ctx, DEV, everything, expectHealthy, kit } from "../testing.ts"

describe("wallet and history", () => {
  test("a page after a page, filtered, each with its balance", async () => {
    const k = await kit()
    for (let index = 1; index <= 7; index++) await k.grant(index)
    const hold = await k.hold(5)
    await k.write.settle({ hold, charge: chargeOf(5), developer: DEV })
    const first = k.ledger.history(ANN, "live", { limit: 3 })
    const second = k.ledger.history(ANN, "live", { limit: 3, beforeId: first[2]!.transactionId })
    const balances = [...first, ...second].map((row) => row.balanceAfterNano as number)
    expect(balances).toEqual([23, 28, 21, 15, 10, 6])
    for (const row of [...first, ...second]) expect(row.balanceBeforeNano + row.amountNano).toBe(row.balanceAfterNano)
    expect(k.ledger.history(ANN, "live", { limit: 9, types: ["usage"] }).length).toBe(1)
    expect(k.ledger.history(BOB, "live", { limit: 9 })).toEqual([])
    expect(k.ledger.history(BOB, "live", { limit: 9, beforeId: first[0]!.transactionId })).toEqual([])
  })

  test("reading never writes; walletIn posts what is due", async () => {
    const k = await kit()
    await k.grant(100, { expiresMs: k.clock.now() + HOUR_MS })
    k.clock.advance(HOUR_MS)
    const before = everything(k.store.read)
    expect(k.ledger.wallet(ANN, "live")).toMatchObject({ balanceNano: 0, lots: [] })
    expect(everything(k.store.read)).toBe(before)
    await k.store.write(ctx, (tx) => {
      expect(k.ledger.walletIn(tx, ANN, "live")).toMatchObject({ balanceNano: 0, lots: [] })
    })
    expect(k.ledger.history(ANN, "live", { limit: 1 })[0]!.type).toBe("expiry")
    expectHealthy(k.ledger)
  })
})
