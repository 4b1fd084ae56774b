import { describe, expect, test } from "bun:test"
import { DAY_MS, HOUR_MS, nano } from "../../app/index.ts"
import type { ClawBackInput } from "../index.ts"
import { ANN, balanceOf, expectHealthy, type Kit, kit, race } from "../testing.ts"
import { charged, figures, hundred, untouched } from "./testing.ts"

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

  test("what rolled over is part of the purchase; what expired is owed", async () => {
    const k = await kit()
    await k.grant(100, {
      ...PAID, type: "subscription", bucket: "subscription", key: "order", expiresMs: k.clock.now() + HOUR_MS,
      rollover: { maxNano: 60, capNano: null, lifetimeMs: DAY_MS },
    }) // biome-ignore format: one grant
    k.clock.advance(HOUR_MS)
    expect(await claw(k, 90)).toMatchObject({ takenNano: 60, debtNano: 30 })
    expect(wallet(k)).toMatchObject({ balanceNano: 0, debtNano: 30 })
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
