// What becomes of a claw-back: it is restored, or its dispute is lost; meanwhile developers bear what they have pending, and what is left is frozen.
import { describe, expect, test } from "bun:test"
import { DAY_MS, HOUR_MS } from "../../app/index.ts"
import type { ClawBackInput } from "../index.ts"
import { memoryDifferences } from "../proof/memory.ts"
import { ANN, BOB, balanceOf, ctx, DEV, expectHealthy, type Kit, kit, race, refused } from "../testing.ts"
import { charged, chargedAlone, figures, hundred, untouched } from "./testing.ts"

const PAID = { paid: true, type: "topup", bucket: "purchase" } as const
const MATURITY = { paidDays: 7, promoDays: 30 }
const claw = (k: Kit, amountNano: number, more: Partial<ClawBackInput> = {}) =>
  k.write.clawBack({ lotKey: "order", amountNano, through: "cash", key: "claw", ...more })
const restore = (k: Kit, clawKey = "claw", key = "back") => k.write.restoreClaw({ clawKey, key })
const wallet = (k: Kit) => k.ledger.wallet(ANN, "live")
const moneyOf = (k: Kit) => ({
  cash: balanceOf(k, "cash"),
  disputes: balanceOf(k, "disputes"),
  revenue: balanceOf(k, "revenue"),
  pending: balanceOf(k, "pending"),
  payable: balanceOf(k, "payable"),
})

async function expectTrue(k: Kit): Promise<void> {
  await k.store.write(ctx, (tx) => expect(memoryDifferences(tx)).toEqual([]))
  expectHealthy(k.ledger)
  expect(await k.store.write(ctx, (tx) => k.ledger.rebuildProjectionsIn(tx))).toEqual({ changed: 0 })
}

describe("a claw-back is restored", () => {
  test("to its lot, and what was owed is owed no more: as if nothing had happened", async () => {
    const k = await kit()
    const lot = await k.grant(100, { ...PAID, key: "order" })
    await charged(k, 30)
    const before = { wallet: wallet(k), lot: figures(k, lot), money: moneyOf(k) }
    await claw(k, 90)
    expect(wallet(k)).toMatchObject({ balanceNano: 0, debtNano: 20 })
    expect(await restore(k)).toMatchObject({ restoredNano: 70, debtLiftedNano: 20, grantedNano: 0, already: false })
    expect({ wallet: wallet(k), lot: figures(k, lot), money: moneyOf(k) }).toEqual(before)
    await expectTrue(k)
  })

  test("its debt was repaid meanwhile: as much is given anew, for ever, and counts as paid", async () => {
    const k = await kit()
    await k.grant(100, { ...PAID, key: "order" })
    await charged(k, 100)
    await claw(k, 100)
    const next = await k.grant(150, { ...PAID, key: "next", expiresMs: k.clock.now() + HOUR_MS })
    expect(figures(k, next)).toEqual([150, 50, 0, 0, 0, 100])
    k.clock.advance(HOUR_MS)
    expect(await restore(k)).toMatchObject({ restoredNano: 0, debtLiftedNano: 0, grantedNano: 100 })
    expect(wallet(k)).toMatchObject({ balanceNano: 100, debtNano: 0 })
    expect(wallet(k).lots).toMatchObject([{ bucket: "purchase", paid: true, grantedNano: 100, expiresMs: null }])
    expect(balanceOf(k, "cash")).toBe("-250")
    await expectTrue(k)
  })

  test("half repaid: that half anew, the other half is lifted; other debt is repaid at once", async () => {
    const k = await kit()
    await k.grant(100, { ...PAID, key: "order" })
    await k.grant(40, { ...PAID, key: "other" })
    await charged(k, 140)
    await claw(k, 100)
    await k.grant(60, PAID)
    expect(wallet(k).debtNano as number).toBe(40)
    await claw(k, 40, { lotKey: "other", key: "claw 2" })
    expect(wallet(k).debtNano as number).toBe(80)
    expect(await restore(k)).toMatchObject({ debtLiftedNano: 80, grantedNano: 20, repaidNano: 0 })
    expect(wallet(k)).toMatchObject({ balanceNano: 20, debtNano: 0 })
    await expectTrue(k)
  })

  test("what comes back to a lot repays what is owed for another", async () => {
    const k = await kit()
    await k.grant(100, { ...PAID, key: "order" })
    await k.grant(40, { ...PAID, key: "other", priority: 40 })
    await charged(k, 40)
    await claw(k, 100)
    await claw(k, 40, { lotKey: "other", key: "claw 2" })
    expect(wallet(k)).toMatchObject({ balanceNano: 0, debtNano: 40 })
    expect(await restore(k)).toMatchObject({ restoredNano: 100, repaidNano: 40 })
    expect(wallet(k)).toMatchObject({ balanceNano: 60, debtNano: 0 })
    await expectTrue(k)
  })

  test("once, whatever is asked side by side; then the lot may be clawed again", async () => {
    const k = await kit()
    await k.grant(100, { ...PAID, key: "order" })
    await claw(k, 100)
    const answers = await hundred(() => restore(k))
    expect(answers.filter(({ already }) => !already).length).toBe(1)
    expect(await race(Array.from({ length: 20 }, (_, at) => restore(k, "claw", `other ${at}`)))).toEqual({
      conflict: 20,
    })
    expect((await claw(k, 100, { key: "claw 2" })).takenNano as number).toBe(100)
    expect((await untouched(k, () => claw(k, 1, { key: "claw 3" }))).code).toBe("conflict")
    expect((await untouched(k, () => restore(k, "none", "x"))).code).toBe("not_found")
    await expectTrue(k)
  })

  test("to a lot whose time is over, it expires at once", async () => {
    const k = await kit()
    await k.grant(100, { ...PAID, key: "order", expiresMs: k.clock.now() + HOUR_MS })
    await claw(k, 60)
    k.clock.advance(HOUR_MS)
    expect(await restore(k)).toMatchObject({ restoredNano: 60, expiredNano: 60 })
    expect(wallet(k).balanceNano as number).toBe(0)
    await expectTrue(k)
  })

  test("neither it nor a lost dispute is undone by a reversal, and a reversed claw-back is not restored", async () => {
    const k = await kit()
    await k.grant(100, { ...PAID, key: "order" })
    const first = await claw(k, 50)
    const back = await restore(k)
    for (const id of [first.transactionId, back.transactionId])
      expect((await untouched(k, () => k.write.reverse({ transactionId: id! }))).code).toBe("conflict")
    const second = await claw(k, 50, { key: "claw 2" })
    await k.write.reverse({ transactionId: second.transactionId! })
    expect((await untouched(k, () => restore(k, "claw 2", "back 2"))).code).toBe("conflict")
    await expectTrue(k)
  })
})

describe("a dispute", () => {
  test("lost: from disputes to cash, once; the credits stay away", async () => {
    const k = await kit()
    await k.grant(100, { ...PAID, key: "order" })
    await claw(k, 100, { through: "disputes" })
    expect(moneyOf(k)).toMatchObject({ cash: "-100", disputes: "100" })
    const settle = (key = "lost") => k.write.settleDispute({ clawKey: "claw", key })
    expect(await settle()).toMatchObject({ lostNano: 100, already: false })
    expect(await settle()).toMatchObject({ lostNano: 100, already: true })
    expect((await untouched(k, () => settle("again"))).code).toBe("conflict")
    expect(moneyOf(k)).toMatchObject({ cash: "0", disputes: "0" })
    const posted = (await settle()).transactionId
    expect((await untouched(k, () => k.write.reverse({ transactionId: posted }))).code).toBe("conflict")
    await expectTrue(k)
  })

  test("lost, and given to us after all: it comes from cash", async () => {
    const k = await kit()
    await k.grant(100, { ...PAID, key: "order" })
    await claw(k, 100, { through: "disputes" })
    await k.write.settleDispute({ clawKey: "claw", key: "lost" })
    await restore(k)
    expect(moneyOf(k)).toMatchObject({ cash: "-100", disputes: "0" })
    expect(wallet(k).balanceNano as number).toBe(100)
    await expectTrue(k)
  })

  test("of a refund there is nothing to settle", async () => {
    const k = await kit()
    await k.grant(100, { ...PAID, key: "order" })
    await claw(k, 100)
    expect((await untouched(k, () => k.write.settleDispute({ clawKey: "claw", key: "lost" }))).code).toBe("conflict")
  })
})

describe("what was given on top", () => {
  test("goes back to promo as far as it is there; nobody owes the rest, and it comes back", async () => {
    const k = await kit()
    const gift = await k.grant(50, { key: "order:bonus" })
    await chargedAlone(k, 30)
    const of = { lotKey: "order:bonus", through: "promo" as const }
    expect(await claw(k, 50, of)).toMatchObject({ takenNano: 20, debtNano: 0, fromDevelopersNano: 0 })
    expect(figures(k, gift)).toEqual([50, 0, 30, 0, 0, 20])
    expect(wallet(k)).toMatchObject({ balanceNano: 0, debtNano: 0 })
    expect(await restore(k)).toMatchObject({ restoredNano: 20, debtLiftedNano: 0, grantedNano: 0 })
    expect(figures(k, gift)).toEqual([50, 20, 30, 0, 0, 0])
    await expectTrue(k)
  })

  test("nothing left: nothing is posted, and nothing comes back", async () => {
    const k = await kit()
    await k.grant(50, { key: "order:bonus" })
    await chargedAlone(k, 50)
    const of = { lotKey: "order:bonus", through: "promo" as const }
    expect(await claw(k, 50, of)).toMatchObject({ transactionId: null, takenNano: 0, debtNano: 0 })
    expect(await restore(k)).toMatchObject({ transactionId: null, restoredNano: 0 })
    await k.grant(10, { ...PAID, key: "order" })
    expect((await untouched(k, () => claw(k, 10, { through: "promo", key: "p" }))).code).toBe("conflict")
    await expectTrue(k)
  })
})

describe("developers", () => {
  test("bear what they have pending of the spent part: newest calls first, in proportion, exact in sum", async () => {
    const k = await kit()
    await k.grant(1_000, { ...PAID, key: "order" })
    await charged(k, 400)
    await charged(k, 400)
    expect(balanceOf(k, "pending")).toBe("200")
    // 200 are left; 150 of the newest call are missing: its developer's part of 100, times 150 / 400.
    expect(await claw(k, 350)).toMatchObject({ takenNano: 200, debtNano: 150, fromDevelopersNano: 37 })
    expect(await claw(k, 250, { key: "claw 2" })).toMatchObject({ debtNano: 250, fromDevelopersNano: 63 })
    expect(balanceOf(k, "pending")).toBe("100")
    expect(await claw(k, 400, { key: "claw 3" })).toMatchObject({ fromDevelopersNano: 100 })
    expect(balanceOf(k, "pending")).toBe("0")
    await expectTrue(k)
  })

  test("only for that lot's share of a call, never for promo's", async () => {
    const k = await kit()
    await k.grant(300, { priority: 10 })
    await k.grant(100, { ...PAID, priority: 20 })
    await k.grant(200, { ...PAID, key: "order" })
    await charged(k, 600)
    // 150 for the developer: 75 for promo, 25 for the other paid lot, 50 for this one.
    expect(await claw(k, 200)).toMatchObject({ debtNano: 200, fromDevelopersNano: 50 })
    await expectTrue(k)
  })

  test("not for what was refunded, nor for what has matured", async () => {
    const k = await kit()
    await k.grant(400, { ...PAID, key: "order" })
    await charged(k, 100)
    k.clock.advance(7 * DAY_MS)
    const call = await charged(k, 200)
    await k.ledger.matureDue(MATURITY)
    await k.write.refundCharge({ transactionId: call.transactionId!, amountNano: 100, key: "r" })
    expect(balanceOf(k, "pending")).toBe("25")
    expect(await claw(k, 400)).toMatchObject({ takenNano: 200, debtNano: 200, fromDevelopersNano: 25 })
    expect([balanceOf(k, "pending"), balanceOf(k, "payable")]).toEqual(["0", "25"])
    await expectTrue(k)
  })

  test("get it back with the restore: pending, or payable where the day has matured meanwhile", async () => {
    const k = await kit()
    await k.grant(400, { ...PAID, key: "order" })
    await charged(k, 200)
    await k.grant(40, { ...PAID, owner: BOB })
    await charged(k, 40, { owner: BOB })
    k.clock.advance(DAY_MS)
    await charged(k, 200)
    expect(await claw(k, 400)).toMatchObject({ fromDevelopersNano: 100 })
    k.clock.advance(6 * DAY_MS)
    await k.ledger.matureDue(MATURITY)
    expect(await restore(k)).toMatchObject({ toDevelopersNano: 100 })
    expect([balanceOf(k, "pending"), balanceOf(k, "payable")]).toEqual(["50", "60"])
    const from = Math.floor(k.clock.now() / DAY_MS) * DAY_MS
    const statement = k.ledger.statementOf(DEV, "live", from, from + DAY_MS)
    expect(statement.lines).toContainEqual(expect.objectContaining({ kind: "restored", pendingNano: 50 }))
    expect(statement.lines).toContainEqual(expect.objectContaining({ kind: "restored_late", payableNano: 50 }))
    for (const of of ["pendingNano", "payableNano"] as const)
      expect(statement.opening[of] + statement.lines.reduce((sum, line) => sum + line[of], 0)).toBe(
        statement.closing[of],
      )
    k.clock.advance(DAY_MS)
    await k.ledger.matureDue(MATURITY)
    expect([balanceOf(k, "pending"), balanceOf(k, "payable")]).toEqual(["0", "110"])
    await expectTrue(k)
  })
})

describe("a freeze", () => {
  const freeze = (k: Kit, key = "freeze", lotKey = "order") => k.write.freezeLot({ lotKey, key })
  const thaw = (k: Kit, freezeKey = "freeze", key = `thaw ${freezeKey}`) => k.write.thawLot({ freezeKey, key })

  test("keeps what is left from being spent; calls in progress go on within their hold", async () => {
    const k = await kit()
    const lot = await k.grant(100, { ...PAID, key: "order" })
    const hold = await k.hold(30)
    expect(await freeze(k)).toMatchObject({ frozenNano: 70, already: false })
    expect(wallet(k)).toMatchObject({ balanceNano: 0, heldNano: 30, frozenNano: 70, spendableNano: 0 })
    expect((await untouched(k, () => k.hold(1))).code).toBe("insufficient_credits")
    await expectTrue(k)
    const charge = { totalNano: 50, upstreamNano: 50, developerNano: 0, platformNano: 0 }
    expect(await k.write.settle({ hold, charge, developer: null })).toMatchObject({ collectedNano: 30 })
    expect(figures(k, lot)).toEqual([100, 70, 30, 0, 0, 0])
    expect((await refused(k.write.adjust({ owner: ANN, mode: "live", amountNano: -1, key: "a" }))).code).toBe(
      "conflict",
    )
    await expectTrue(k)
    await thaw(k)
    expect(wallet(k)).toMatchObject({ balanceNano: 70, frozenNano: 0, spendableNano: 70 })
    await k.hold(70)
    await expectTrue(k)
  })

  test("what a call gives back stays frozen; a claw-back takes it all the same", async () => {
    const k = await kit()
    await k.grant(100, { ...PAID, key: "order" })
    const hold = await k.hold(30)
    await freeze(k)
    await k.write.release(hold)
    expect(wallet(k)).toMatchObject({ balanceNano: 0, frozenNano: 100 })
    expect(await claw(k, 80)).toMatchObject({ takenNano: 80, debtNano: 0 })
    expect(wallet(k).frozenNano as number).toBe(20)
    await expectTrue(k)
  })

  test("frozen credits repay no debt until they thaw, then at once", async () => {
    const k = await kit()
    await k.grant(100, { ...PAID, key: "order" })
    await k.grant(50, { ...PAID, key: "other", priority: 10 })
    await charged(k, 50)
    await freeze(k)
    await claw(k, 50, { lotKey: "other" })
    expect((await k.write.repayDebt(ANN, "live")) as number).toBe(0)
    expect(wallet(k)).toMatchObject({ debtNano: 50, frozenNano: 100 })
    expect(await thaw(k)).toMatchObject({ isFrozen: false, repaidNano: 50 })
    expect(wallet(k)).toMatchObject({ balanceNano: 50, debtNano: 0 })
    await expectTrue(k)
  })

  test("of two the last one that ends thaws it; each ends once", async () => {
    const k = await kit()
    await k.grant(100, { ...PAID, key: "order" })
    await freeze(k)
    expect(await freeze(k)).toMatchObject({ already: true })
    await freeze(k, "second")
    expect(await thaw(k)).toMatchObject({ isFrozen: true })
    expect(wallet(k).spendableNano as number).toBe(0)
    expect(await thaw(k)).toMatchObject({ already: true })
    expect((await untouched(k, () => thaw(k, "freeze", "again"))).code).toBe("conflict")
    expect(await thaw(k, "second")).toMatchObject({ isFrozen: false })
    expect(wallet(k).spendableNano as number).toBe(100)
    await expectTrue(k)
  })

  test("goes along with what rolls over, and its time goes on", async () => {
    const k = await kit()
    const rollover = { maxNano: 60, capNano: null, lifetimeMs: DAY_MS }
    await k.grant(100, { ...PAID, key: "order", expiresMs: k.clock.now() + HOUR_MS, rollover })
    await freeze(k)
    k.clock.advance(HOUR_MS)
    expect(wallet(k)).toMatchObject({ balanceNano: 0, frozenNano: 60 })
    await k.ledger.expireDue()
    expect(wallet(k)).toMatchObject({ balanceNano: 0, frozenNano: 60 })
    await expectTrue(k)
    await thaw(k)
    expect(wallet(k)).toMatchObject({ balanceNano: 60, frozenNano: 0 })
    await expectTrue(k)
  })
})
