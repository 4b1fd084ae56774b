import { describe, expect, test } from "bun:test"
import { DAY_MS, HOUR_MS, nano } from "../../app/index.ts"
import type { ClawBackInput } from "../index.ts"
import { ANN, balanceOf, ctx, expectHealthy, type Kit, kit, race } from "../testing.ts"
import { charged, figures, hundred, lotOf, untouched } from "./testing.ts"

const PAID = { paid: true, type: "topup", bucket: "purchase" } as const
const claw = (k: Kit, amountNano: number, more: Partial<ClawBackInput> = {}) =>
  k.write.clawBack({ lotKey: "order", amountNano, through: "cash", key: `claw ${amountNano}`, ...more })
const wallet = (k: Kit) => k.ledger.wallet(ANN, "live")

describe("claw-back and debt", () => {
  test("takes what is unheld of that lot, the rest is owed; with debt nothing can be spent", async () => {
    const k = await kit()
    const lot = await k.grant(100, { ...PAID, key: "order" })
    const other = await k.grant(500, { ...PAID, priority: 60 })
    await charged(k, 30)
    const hold = await k.hold(20)
    const answer = await claw(k, 90)
    expect(answer).toMatchObject({ takenNano: 50, debtNano: 40, already: false })
    expect(figures(k, lot)).toEqual([100, 20, 30, 0, 0, 50])
    expect(figures(k, other)).toEqual([500, 500, 0, 0, 0, 0])
    expect(balanceOf(k, "cash")).toBe("-510")
    expect(wallet(k)).toMatchObject({ balanceNano: 500, heldNano: 20, debtNano: 40, spendableNano: 0 })
    expect((await untouched(k, () => k.hold(1))).code).toBe("insufficient_credits")
    expectHealthy(k.ledger)
    // The call in progress is safe.
    await k.write.settle({
      hold,
      charge: { totalNano: 20, upstreamNano: 20, developerNano: 0, platformNano: 0 },
      developer: null,
    })
    expect(figures(k, lot)).toEqual([100, 0, 50, 0, 0, 50])
    expectHealthy(k.ledger)
  })

  test("promo credits never repay; a paid grant does, with paid lots in the order of consumption", async () => {
    const k = await kit()
    await k.grant(100, { ...PAID, key: "order" })
    await charged(k, 100)
    await claw(k, 100)
    const promo = await k.grant(1_000, { priority: 0 })
    await k.claim(50)
    expect(wallet(k)).toMatchObject({ balanceNano: 1_050, debtNano: 100, spendableNano: 0 })
    const small = await k.grant(30, PAID)
    expect(figures(k, small)).toEqual([30, 0, 0, 0, 0, 30])
    expect(wallet(k).debtNano as number).toBe(70)
    expect((await untouched(k, () => k.hold(1))).code).toBe("insufficient_credits")
    const large = await k.grant(90, PAID)
    expect(figures(k, large)).toEqual([90, 20, 0, 0, 0, 70])
    expect(figures(k, promo)).toEqual([1_000, 1_000, 0, 0, 0, 0])
    expect(wallet(k)).toMatchObject({ balanceNano: 1_070, debtNano: 0, spendableNano: 1_070 })
    expect(k.ledger.history(ANN, "live", { limit: 1 })[0]).toMatchObject({ type: "debt", amountNano: -70 })
    await k.hold(1_070)
    expectHealthy(k.ledger)
  })

  test("older paid credits repay before the new ones, and only what is unheld", async () => {
    const k = await kit()
    await k.grant(10, { ...PAID, key: "order" })
    await charged(k, 10)
    const old = await k.grant(40, PAID)
    await k.hold(15)
    await claw(k, 10)
    k.clock.advance(1)
    expect((await k.write.repayDebt(ANN, "live")) as number).toBe(10)
    expect((await k.write.repayDebt(ANN, "live")) as number).toBe(0)
    expect(figures(k, old)).toEqual([40, 30, 0, 0, 0, 10])
    expectHealthy(k.ledger)
  })

  test("a paid grant that is effective later repays, too; a repeat of the grant repays nothing more", async () => {
    const k = await kit()
    await k.grant(100, { ...PAID, key: "order" })
    await charged(k, 100)
    await claw(k, 60)
    const later = { ...PAID, key: "next", effectiveMs: k.clock.now() + DAY_MS }
    const lot = await k.grant(80, later)
    await claw(k, 40)
    await k.grant(80, later)
    expect(figures(k, lot)).toEqual([80, 20, 0, 0, 0, 60])
    expect(wallet(k).debtNano as number).toBe(40)
    expectHealthy(k.ledger)
  })

  test("what rolled over is part of the purchase; what expired comes back from breakage, first of all", async () => {
    const k = await kit()
    await k.grant(100, {
      ...PAID, type: "subscription", bucket: "subscription", key: "order", expiresMs: k.clock.now() + HOUR_MS,
      rollover: { maxNano: 60, capNano: null, lifetimeMs: DAY_MS },
    }) // biome-ignore format: one grant
    k.clock.advance(HOUR_MS)
    expect(await claw(k, 30)).toMatchObject({ brokenNano: 30, takenNano: 0, debtNano: 0 })
    expect(wallet(k)).toMatchObject({ balanceNano: 60, debtNano: 0 })
    expect(await claw(k, 60)).toMatchObject({ brokenNano: 10, takenNano: 50, debtNano: 0 })
    expect(wallet(k)).toMatchObject({ balanceNano: 10, debtNano: 0 })
    expect([balanceOf(k, "breakage"), balanceOf(k, "cash")]).toEqual(["0", "-10"])
    expectHealthy(k.ledger)
  })

  test("only what was spent is owed: of a lot that is over, what of it broke goes back from there", async () => {
    const k = await kit()
    const lot = await k.grant(100, { ...PAID, key: "order", expiresMs: k.clock.now() + HOUR_MS })
    await charged(k, 30)
    const hold = await k.hold(20)
    k.clock.advance(HOUR_MS)
    // 50 broke, 30 were spent, 20 are held by a call.
    expect(await claw(k, 90)).toMatchObject({ brokenNano: 50, takenNano: 0, debtNano: 40 })
    expect(figures(k, lot)).toEqual([100, 20, 30, 50, 0, 0])
    expect(balanceOf(k, "breakage")).toBe("0")
    expect(wallet(k)).toMatchObject({ balanceNano: 0, debtNano: 40 })
    await k.write.settle({
      hold,
      charge: { totalNano: 20, upstreamNano: 20, developerNano: 0, platformNano: 0 },
      developer: null,
    })
    expect(await claw(k, 10)).toMatchObject({ brokenNano: 0, takenNano: 0, debtNano: 10 })
    expectHealthy(k.ledger)
  })

  test("what an admin took away is not owed either", async () => {
    const k = await kit()
    const lot = await k.grant(100, { ...PAID, key: "order" })
    await charged(k, 30)
    await k.write.voidLot({ lotId: lotOf(k, lot).publicId, key: "void" })
    expect(await claw(k, 100)).toMatchObject({ brokenNano: 70, takenNano: 0, debtNano: 30 })
    expect(balanceOf(k, "breakage")).toBe("0")
    expectHealthy(k.ledger)
  })

  test("of a gift that is over, what broke goes back to promo", async () => {
    const k = await kit()
    await k.grant(100, { key: "order:bonus", expiresMs: k.clock.now() + HOUR_MS })
    await charged(k, 30)
    k.clock.advance(HOUR_MS)
    await k.ledger.expireDue()
    const gift = { lotKey: "order:bonus", through: "promo" } as const
    expect(await claw(k, 100, gift)).toMatchObject({ brokenNano: 70, takenNano: 0, debtNano: 0 })
    expect([balanceOf(k, "breakage"), balanceOf(k, "promo")]).toEqual(["0", "-30"])
    expect(await claw(k, 30, { ...gift, key: "rest" })).toMatchObject({ transactionId: null, brokenNano: 0 })
    expectHealthy(k.ledger)
  })

  test("undone, what had expired is breakage again, and only once", async () => {
    const k = await kit()
    await k.grant(100, { ...PAID, key: "order", expiresMs: k.clock.now() + HOUR_MS })
    await charged(k, 30)
    k.clock.advance(HOUR_MS)
    await claw(k, 60)
    await k.write.restoreClaw({ clawKey: "claw 60", key: "back" })
    expect([balanceOf(k, "breakage"), balanceOf(k, "cash")]).toEqual(["70", "-100"])
    const reversed = await claw(k, 50)
    await k.write.reverse({ transactionId: reversed.transactionId! })
    expect([balanceOf(k, "breakage"), balanceOf(k, "cash")]).toEqual(["70", "-100"])
    expect(await claw(k, 80)).toMatchObject({ brokenNano: 70, debtNano: 10 })
    expect(await k.store.write(ctx, (tx) => k.ledger.rebuildProjectionsIn(tx))).toEqual({ changed: 0 })
    expectHealthy(k.ledger)
  })

  test("one key claws once; all claw-backs of a lot together never exceed it", async () => {
    const k = await kit()
    await k.grant(100, { ...PAID, key: "order" })
    const answers = await hundred(() => claw(k, 30))
    expect(answers.filter((answer) => !answer.already).length).toBe(1)
    expect(wallet(k).balanceNano as number).toBe(70)
    const racing = Array.from({ length: 100 }, (_, index) => claw(k, 30, { key: `other ${index}` }))
    expect(await race(racing)).toEqual({ ok: 2, conflict: 98 })
    expect(wallet(k)).toMatchObject({ balanceNano: 10, debtNano: 0 })
    for (const other of [{ amountNano: nano(31) }, { through: "disputes" as const }, { lotKey: "another" }]) {
      expect((await untouched(k, () => claw(k, 30, { ...other, key: "claw 30" }))).code).toBe("conflict")
    }
    expectHealthy(k.ledger)
  })

  test("promo lots, unknown lots and reversed purchases are refused, and nothing is written", async () => {
    const k = await kit()
    await k.grant(100, { key: "gift" })
    expect((await untouched(k, () => claw(k, 10, { lotKey: "gift" }))).code).toBe("conflict")
    expect((await untouched(k, () => claw(k, 10, { lotKey: "none" }))).code).toBe("not_found")
    await k.grant(100, { ...PAID, key: "order" })
    expect((await untouched(k, () => claw(k, 101))).code).toBe("conflict")
    await k.write.reverse({ transactionId: k.ledger.history(ANN, "live", { limit: 1 })[0]!.transactionId })
    expect((await untouched(k, () => claw(k, 10))).code).toBe("conflict")
    expectHealthy(k.ledger)
  })
})
