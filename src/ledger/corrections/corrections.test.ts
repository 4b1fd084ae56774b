// What all corrections have in common: a refusal caught inside a mutation leaves that mutation nothing to commit, due credits or not.
import { describe, expect, test } from "bun:test"
import { AppError, HOUR_MS, nano } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import type { Ledger } from "../index.ts"
import { ANN, ctx, everything, expectHealthy, kit } from "../testing.ts"
import { charged, lotOf, txnOf } from "./testing.ts"

const live = { owner: ANN, mode: "live" } as const

describe("a refusal inside a mutation", () => {
  test("writes nothing, also with credits that are due", async () => {
    const k = await kit()
    const gone = await k.grant(100, { key: "gone", expiresMs: k.clock.now() + HOUR_MS })
    const order = await k.grant(100, { key: "order", paid: true, type: "topup", bucket: "purchase", priority: 10 })
    const { transactionId } = await charged(k, 30)
    const hold = await k.hold(20)
    k.clock.advance(HOUR_MS)
    const before = everything(k.store.read)
    const acts: Record<string, (ledger: Ledger, tx: Tx) => unknown> = {
      "more than was collected": (l, tx) =>
        l.refundChargeIn(tx, { transactionId: transactionId!, amountNano: nano(31), key: "x" }),
      "a refund of a grant": (l, tx) => l.refundChargeIn(tx, { transactionId: txnOf(k, order), key: "x" }),
      "a reversal of what is spent": (l, tx) => l.reverseIn(tx, { transactionId: txnOf(k, order) }),
      "a reversal of what is over": (l, tx) => l.reverseIn(tx, { transactionId: txnOf(k, gone) }),
      "more than was bought": (l, tx) =>
        l.clawBackIn(tx, { lotKey: "order", amountNano: nano(101), through: "cash", key: "x" }),
      "a claw-back of a gift": (l, tx) =>
        l.clawBackIn(tx, { lotKey: "gone", amountNano: nano(1), through: "cash", key: "x" }),
      "more than is unheld": (l, tx) => l.adjustIn(tx, { ...live, amountNano: nano(-51), key: "x" }),
      "below what is held": (l, tx) => l.setBalanceIn(tx, { ...live, balanceNano: nano(19), key: "x" }),
      "a void of what is over": (l, tx) => l.voidLotIn(tx, { lotId: lotOf(k, gone).publicId, key: "x" }),
      "a key of a grant": (l, tx) => l.voidLotIn(tx, { lotId: lotOf(k, order).publicId, key: "gone" }),
      "a raise above the balance": (l, tx) => l.raiseIn(tx, hold, 51),
      "too much for a wallet": (l, tx) =>
        l.adjustIn(tx, { ...live, amountNano: nano(Number.MAX_SAFE_INTEGER), key: "x" }),
    }
    const codes = await k.store.write(ctx, (tx) =>
      Object.entries(acts).map(([name, act]) => {
        try {
          act(k.ledger, tx)
        } catch (error) {
          if (error instanceof AppError) return `${name}: ${error.code}`
          throw error
        }
        return `${name}: done`
      }),
    )
    expect(
      codes.filter((code) => !/: (conflict|insufficient_credits|credits_on_hold|validation_failed)$/.test(code)),
    ).toEqual([])
    expect(everything(k.store.read)).toBe(before)
    expectHealthy(k.ledger)
  })
})
