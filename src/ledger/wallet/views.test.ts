import { describe, expect, test } from "bun:test"
import { ClientId, HOUR_MS, RouteId } from "../../app/index.ts"
import { charged, txnOf } from "../corrections/testing.ts"
import { ANN, BOB, balanceOf, DEV, kit } from "../testing.ts"

describe("reads for pages", () => {
  test("lots, unspent or all, newest first, in pages", async () => {
    const k = await kit()
    const rollover = { maxNano: 5, capNano: null, lifetimeMs: HOUR_MS }
    const ids = [
      await k.grant(10, { expiresMs: k.clock.now() + HOUR_MS, rollover }),
      await k.grant(20, { key: "order" }),
      await k.grant(30, { owner: BOB }),
      await k.grant(40, { mode: "test" }),
      await k.grant(50),
    ]
    k.clock.advance(HOUR_MS)
    await k.ledger.expireDue()
    const unspent = k.ledger.lotsOf(ANN, "live", { limit: 10 })
    expect(unspent.map((lot) => lot.grantedNano as number)).toEqual([5, 50, 20])
    const all = k.ledger.lotsOf(ANN, "live", { dead: true, limit: 2 })
    expect(all.map((lot) => lot.id)).toEqual([unspent[0]!.id, ids[4]!])
    const next = k.ledger.lotsOf(ANN, "live", { dead: true, limit: 2, beforeId: all[1]!.publicId })
    expect(next).toMatchObject([
      { id: ids[1], key: "order", rollover: null, rolledFrom: null },
      { id: ids[0], expiredNano: 10, remainingNano: 0, rollover },
    ])
    expect(unspent[0]!.rolledFrom).toBe(next[1]!.publicId)
    expect(k.ledger.lotsOf(DEV, "live", { limit: 10 })).toEqual([])
    expect(k.ledger.holdsOf(DEV, "live")).toEqual([])
  })

  test("a transaction with every entry, whose account it is, and what it left there", async () => {
    const k = await kit()
    const lot = await k.grant(100)
    const { transactionId } = await charged(k, 80, { callId: "req_test", routeId: 7, clientId: 3 })
    const lotId = k.ledger.lotsOf(ANN, "live", { limit: 1 })[0]!.publicId
    const platform = { kind: "platform", id: 0 } as const
    expect(k.ledger.transactionOf(transactionId!)).toMatchObject({
      type: "usage", mode: "live", actor: "system:gateway", reason: "call", requestId: "req_test", key: null,
      reverses: null, reversedBy: null, callId: "req_test", scope: "llm", clientId: ClientId(3), callerId: ANN.id,
      routeId: RouteId(7),
      entries: [
        { account: "wallet", owner: ANN, lotId, amountNano: -80, balanceAfterNano: "20" },
        { account: "upstream_payable", owner: platform, lotId: null, amountNano: 40, balanceAfterNano: null },
        { account: "pending", owner: DEV, lotId: null, amountNano: 20, balanceAfterNano: null },
        { account: "revenue", owner: platform, lotId: null, amountNano: 20, balanceAfterNano: null },
      ],
    }) // biome-ignore format: one transaction
    expect(k.ledger.transactionOf("txn_none")).toBeNull()
    const all = k.ledger.transactionsOf(ANN, "live", { limit: 10 })
    expect(all.map((row) => row.transactionId)).toEqual([transactionId!, txnOf(k, lot)])
    expect(k.ledger.transactionsOf(ANN, "live", { limit: 10, beforeId: transactionId! })).toEqual([all[1]!])
    // A developer's charges are told by days; what corrects one stands among their transactions.
    expect(k.ledger.transactionsOf(DEV, "live", { limit: 10 })).toEqual([])
    expect(balanceOf(k, "pending")).toBe("20")
    const refund = await k.write.refundCharge({ transactionId: transactionId!, key: "r" })
    expect(k.ledger.transactionsOf(DEV, "live", { limit: 10 })).toMatchObject([
      { transactionId: refund.transactionId, refundOf: transactionId!, callId: "req_test" },
    ])
    expect(k.ledger.transactionOf(transactionId!)!.givenBackNano as number).toBe(80)
    expect(k.ledger.transactionsOf(BOB, "live", { limit: 10 })).toEqual([])
  })

  test("sums past 2^53 on the platform's side are exact texts", async () => {
    const k = await kit()
    await k.grant(Number.MAX_SAFE_INTEGER)
    const lot = await k.grant(Number.MAX_SAFE_INTEGER, { owner: BOB })
    const balance = k.ledger.transactionOf(txnOf(k, lot))!.entries[0]!.balanceAfterNano
    expect(balance).toBe((-2n * BigInt(Number.MAX_SAFE_INTEGER)).toString())
  })
})
