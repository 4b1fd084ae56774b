import { describe, expect, test } from "bun:test"
import { ClientId, DAY_MS, HOUR_MS } from "../../app/index.ts"
import { ANN, balanceOf, ctx, expectHealthy, type Kit, kit } from "../testing.ts"
import { charged, chargedAlone, figures, hundred, txnOf, untouched } from "./testing.ts"

const reverse = (k: Kit, transactionId: string | null) => k.write.reverse({ transactionId: transactionId! })
const PAID = { paid: true, type: "topup", bucket: "purchase" } as const

describe("reversal", () => {
  test("a grant nobody touched goes back whole, once", async () => {
    const k = await kit()
    const lot = await k.grant(100, PAID)
    const answers = await hundred(() => reverse(k, txnOf(k, lot)))
    expect(answers.filter((answer) => !answer.already).length).toBe(1)
    expect(new Set(answers.map((answer) => answer.transactionId)).size).toBe(1)
    expect(figures(k, lot)).toEqual([100, 0, 0, 0, 0, 100])
    expect([k.free(), balanceOf(k, "cash")]).toEqual([0, "0"])
    expect(k.ledger.transactionOf(answers[0]!.transactionId)).toMatchObject({
      reverses: txnOf(k, lot),
      reversedBy: null,
    })
    expect(k.ledger.transactionOf(txnOf(k, lot))!.reversedBy).toBe(answers[0]!.transactionId)
    expectHealthy(k.ledger)
  })

  test("a grant that is spent, held or expired in part stays", async () => {
    const k = await kit()
    const spent = await k.grant(100)
    await charged(k, 1)
    const gone = await k.grant(50, { priority: 90, expiresMs: k.clock.now() + HOUR_MS })
    const held = await k.grant(50, { priority: 0 })
    const hold = await k.hold(1)
    for (const lot of [spent, held]) {
      expect((await untouched(k, () => reverse(k, txnOf(k, lot)))).code).toBe("conflict")
    }
    await k.write.release(hold)
    await reverse(k, txnOf(k, held))
    k.clock.advance(HOUR_MS)
    expect((await untouched(k, () => reverse(k, txnOf(k, gone)))).code).toBe("conflict")
    await k.ledger.expireDue()
    const expiry = k.ledger.history(ANN, "live", { limit: 1 })[0]!
    expect(expiry.type).toBe("expiry")
    expect((await untouched(k, () => reverse(k, expiry.transactionId))).code).toBe("conflict")
    expectHealthy(k.ledger)
  })

  test("a charge: the exact opposite on every account, the app's day and the developer's earning", async () => {
    const k = await kit()
    const lot = await k.grant(100)
    const limit = { clientId: ClientId(3), dailyNano: 1_000 }
    const { transactionId } = await charged(k, 80, limit)
    const kinds = ["upstream_payable", "pending", "revenue", "uncollected"]
    await reverse(k, transactionId)
    expect(kinds.map((kind) => balanceOf(k, kind))).toEqual(["0", "0", "0", "0"])
    expect(figures(k, lot)).toEqual([100, 100, 0, 0, 0, 0])
    expect(k.ledger.usedToday(ANN, ClientId(3), "llm")).toEqual({ usedNano: 0, heldNano: 0 } as never)
    expectHealthy(k.ledger)
    const refund = () => k.write.refundCharge({ transactionId: transactionId!, key: "r" })
    expect((await untouched(k, refund)).code).toBe("conflict")
    expect(await k.store.write(ctx, (tx) => k.ledger.rebuildProjectionsIn(tx))).toEqual({ changed: 0 })
  })

  test("a charge of a lot that has expired: what comes back expires at once, and a repeat says so", async () => {
    const k = await kit()
    await k.grant(100, { expiresMs: k.clock.now() + HOUR_MS })
    const { transactionId } = await charged(k, 80)
    k.clock.advance(2 * HOUR_MS)
    expect(await reverse(k, transactionId)).toMatchObject({ expiredNano: 80, already: false })
    expect(await reverse(k, transactionId)).toMatchObject({ expiredNano: 80, already: true })
    expect(k.free()).toBe(0)
    expectHealthy(k.ledger)
  })

  test("a charge that is refunded in part or earned for good stays", async () => {
    const k = await kit()
    await k.grant(200)
    const [one, two] = [await charged(k, 80), await charged(k, 80)]
    await k.write.refundCharge({ transactionId: one.transactionId!, amountNano: 1, key: "r" })
    expect((await untouched(k, () => reverse(k, one.transactionId))).code).toBe("conflict")
    k.clock.advance(60 * DAY_MS)
    await k.ledger.matureDue({ paidDays: 7, promoDays: 30 })
    expect((await untouched(k, () => reverse(k, two.transactionId))).code).toBe("conflict")
    expectHealthy(k.ledger)
  })

  test("a refund that only the platform paid can be undone, and the call refunded anew", async () => {
    const k = await kit()
    const lot = await k.grant(100)
    const limit = { clientId: ClientId(3), dailyNano: 1_000 }
    const hold = await k.hold(40, limit)
    const charge = { totalNano: 40, upstreamNano: 30, developerNano: 0, platformNano: 10 }
    const { transactionId } = await k.write.settle({ hold, charge, developer: null })
    const refund = await k.write.refundCharge({ transactionId: transactionId!, key: "r1" })
    await reverse(k, refund.transactionId)
    expect(figures(k, lot)).toEqual([100, 60, 40, 0, 0, 0])
    expect(k.ledger.usedToday(ANN, ClientId(3), "llm").usedNano as number).toBe(40)
    expectHealthy(k.ledger)
    await k.write.refundCharge({ transactionId: transactionId!, key: "r2" })
    expect([k.free(), balanceOf(k, "revenue"), balanceOf(k, "promo")]).toEqual([100, "0", "-130"])
    expectHealthy(k.ledger)
  })

  test("a refund that took from a developer stays; so do reversals, rollovers and what does not exist", async () => {
    const k = await kit()
    await k.grant(100, {
      expiresMs: k.clock.now() + HOUR_MS, rollover: { maxNano: 10, capNano: null, lifetimeMs: DAY_MS },
    }) // biome-ignore format: one grant
    const { transactionId } = await charged(k, 80)
    const refund = await k.write.refundCharge({ transactionId: transactionId!, amountNano: 40, key: "r" })
    expect(refund.fromDeveloperNano as number).toBe(10)
    expect((await untouched(k, () => reverse(k, refund.transactionId))).code).toBe("conflict")
    const back = await reverse(k, txnOf(k, await k.grant(5)))
    expect((await untouched(k, () => reverse(k, back.transactionId))).code).toBe("conflict")
    k.clock.advance(HOUR_MS)
    await k.ledger.expireDue()
    const rollover = k.ledger.history(ANN, "live", { limit: 2 }).find((row) => row.type === "subscription")!
    expect((await untouched(k, () => reverse(k, rollover.transactionId))).code).toBe("conflict")
    expect((await untouched(k, () => reverse(k, "txn_none"))).code).toBe("not_found")
    expectHealthy(k.ledger)
  })

  test("adjustments, voids and claw-backs come back; a claw-back only while its debt is owed", async () => {
    const k = await kit()
    const lot = await k.grant(100, { ...PAID, key: "order" })
    await chargedAlone(k, 30)
    const taken = await k.write.adjust({ owner: ANN, mode: "live", amountNano: -20, key: "a" })
    await reverse(k, taken.transactionId)
    expect(figures(k, lot)).toEqual([100, 70, 30, 0, 0, 0])
    const lotId = k.ledger.lotsOf(ANN, "live", { limit: 1 })[0]!.publicId
    await reverse(k, (await k.write.voidLot({ lotId, key: "v" })).transactionId)
    expect(figures(k, lot)).toEqual([100, 70, 30, 0, 0, 0])
    const clawed = await k.write.clawBack({ lotKey: "order", amountNano: 100, through: "disputes", key: "c" })
    expect(clawed).toMatchObject({ takenNano: 70, debtNano: 30 })
    await reverse(k, clawed.transactionId!)
    expect(k.ledger.wallet(ANN, "live")).toMatchObject({ balanceNano: 70, debtNano: 0 })
    expect([balanceOf(k, "disputes"), balanceOf(k, "breakage")]).toEqual(["0", "0"])
    expectHealthy(k.ledger)
    const again = await k.write.clawBack({ lotKey: "order", amountNano: 100, through: "disputes", key: "c2" })
    await k.grant(50, PAID)
    const repaid = k.ledger.history(ANN, "live", { limit: 1 })[0]!
    expect(repaid.type).toBe("debt")
    expect((await untouched(k, () => reverse(k, again.transactionId!))).code).toBe("conflict")
    await reverse(k, repaid.transactionId)
    expect(k.ledger.wallet(ANN, "live")).toMatchObject({ balanceNano: 50, debtNano: 30, spendableNano: 0 })
    await reverse(k, again.transactionId!)
    expect(k.ledger.wallet(ANN, "live")).toMatchObject({ balanceNano: 120, debtNano: 0, spendableNano: 120 })
    expectHealthy(k.ledger)
    expect(await k.store.write(ctx, (tx) => k.ledger.rebuildProjectionsIn(tx))).toEqual({ changed: 0 })
  })
})
