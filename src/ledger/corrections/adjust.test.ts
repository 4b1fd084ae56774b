import { describe, expect, test } from "bun:test"
import { DAY_MS, HOUR_MS } from "../../app/index.ts"
import { ANN, BOB, balanceOf, expectHealthy, type Kit, kit, race } from "../testing.ts"
import { charged, figures, hundred, lotOf, untouched } from "./testing.ts"

const PAID = { paid: true, type: "topup", bucket: "purchase" } as const
const adjust = (k: Kit, amountNano: number, key = `adjust ${amountNano}`, owner = ANN) =>
  k.write.adjust({ owner, mode: "live", amountNano, key })
const set = (k: Kit, balanceNano: number, key = `set ${balanceNano}`) =>
  k.write.setBalance({ owner: ANN, mode: "live", balanceNano, key })

describe("adjustment", () => {
  test("up grants a promo lot of its bucket, down takes in the order of consumption, unheld only", async () => {
    const k = await kit()
    const paid = await k.grant(100, PAID)
    const first = await k.grant(40, { expiresMs: k.clock.now() + DAY_MS })
    await k.hold(10)
    expect(await adjust(k, -50)).toMatchObject({ amountNano: -50, balanceAfterNano: 80, already: false })
    expect(figures(k, first)).toEqual([40, 10, 0, 0, 30, 0])
    expect(figures(k, paid)).toEqual([100, 80, 0, 0, 20, 0])
    expect([balanceOf(k, "promo"), balanceOf(k, "breakage")]).toEqual(["-10", "20"])
    expect((await untouched(k, () => adjust(k, -81))).code).toBe("conflict")
    await adjust(k, 25)
    expect(k.ledger.lotsOf(ANN, "live", { limit: 1 })[0]).toMatchObject({
      bucket: "adjustment",
      paid: false,
      grantedNano: 25,
    })
    expect(balanceOf(k, "promo")).toBe("-35")
    expectHealthy(k.ledger)
  })

  test("credits that expire, are not effective yet or roll over count as they do for a hold", async () => {
    const k = await kit()
    await k.grant(50, { effectiveMs: k.clock.now() + DAY_MS })
    await k.grant(50, { expiresMs: k.clock.now() + HOUR_MS })
    await k.grant(50, {
      expiresMs: k.clock.now() + HOUR_MS, rollover: { maxNano: 20, capNano: null, lifetimeMs: HOUR_MS },
    }) // biome-ignore format: one grant
    k.clock.advance(HOUR_MS)
    expect((await untouched(k, () => adjust(k, -21))).code).toBe("conflict")
    expect(await adjust(k, -20)).toMatchObject({ balanceAfterNano: 0 })
    expectHealthy(k.ledger)
  })

  test("one key adjusts once; other content conflicts; 0 and fractions are a caller's defect", async () => {
    const k = await kit()
    await k.grant(100)
    for (const amountNano of [-30, 40]) {
      const answers = await hundred(() => adjust(k, amountNano))
      expect(answers.filter((answer) => !answer.already).length).toBe(1)
      for (const answer of answers) expect({ ...answer, already: true }).toEqual({ ...answers[0]!, already: true })
      expect((await untouched(k, () => adjust(k, 41, `adjust ${amountNano}`))).code).toBe("conflict")
      expect((await untouched(k, () => adjust(k, amountNano, `adjust ${amountNano}`, BOB))).code).toBe("conflict")
    }
    expect(k.free()).toBe(110)
    for (const bad of [0, 0.5, Number.NaN, -(2 ** 53)]) await expect(adjust(k, bad)).rejects.toThrow()
    expectHealthy(k.ledger)
  })

  test("a wallet that does not exist yet can be given to, not taken from", async () => {
    const k = await kit()
    expect((await untouched(k, () => adjust(k, -1, "a", BOB))).code).toBe("conflict")
    await adjust(k, 7, "b", BOB)
    expect(k.free(BOB)).toBe(7)
    expect((await untouched(k, () => adjust(k, Number.MAX_SAFE_INTEGER, "c", BOB))).code).toBe("validation_failed")
  })
})

describe("set balance", () => {
  test("posts the difference to what the wallet has, held credits included, and nothing when there is none", async () => {
    const k = await kit()
    await k.grant(100)
    await k.hold(30)
    expect(await set(k, 60)).toMatchObject({ amountNano: -40, balanceAfterNano: 30 })
    expect(await set(k, 90)).toMatchObject({ amountNano: 30, balanceAfterNano: 60 })
    const before = k.ledger.history(ANN, "live", { limit: 200 }).length
    expect(await set(k, 90, "again")).toMatchObject({ amountNano: 0, transactionId: null, already: false })
    expect(await set(k, 90, "again")).toMatchObject({ amountNano: 0, transactionId: null, already: true })
    expect(k.ledger.history(ANN, "live", { limit: 200 }).length).toBe(before)
    expect((await untouched(k, () => k.grant(5, { key: "again" }))).code).toBe("conflict")
    expect(k.ledger.wallet(ANN, "live")).toMatchObject({ balanceNano: 60, heldNano: 30 })
    expectHealthy(k.ledger)
  })

  test("is refused below open holds, and exact at them", async () => {
    const k = await kit()
    await k.grant(100)
    await k.hold(30)
    expect((await untouched(k, () => set(k, 29))).code).toBe("conflict")
    await set(k, 30)
    expect(k.ledger.wallet(ANN, "live")).toMatchObject({ balanceNano: 0, heldNano: 30 })
    expectHealthy(k.ledger)
  })

  test("100 at once with different keys leave exactly that balance", async () => {
    const k = await kit()
    await k.grant(100)
    await hundred((index) => set(k, 250, `set ${index}`))
    expect(k.free()).toBe(250)
    expectHealthy(k.ledger)
  })
})

describe("void", () => {
  test("takes the unheld rest, once; promo goes back to promo, paid becomes breakage", async () => {
    const k = await kit()
    const [promo, paid] = [await k.grant(100), await k.grant(100, { ...PAID, priority: 60 })]
    await charged(k, 10)
    const hold = await k.hold(20)
    const ids = [promo, paid].map((lot) => lotOf(k, lot).publicId)
    const voids = await hundred(() => k.write.voidLot({ lotId: ids[0]!, key: "v" }))
    expect(voids.filter((answer) => !answer.already).length).toBe(1)
    expect(voids[0]).toMatchObject({ voidedNano: 70 })
    expect(figures(k, promo)).toEqual([100, 20, 10, 0, 70, 0])
    expect((await untouched(k, () => k.write.voidLot({ lotId: ids[0]!, key: "w" }))).code).toBe("conflict")
    expect((await untouched(k, () => k.write.voidLot({ lotId: ids[1]!, key: "v" }))).code).toBe("conflict")
    const racing = Array.from({ length: 100 }, (_, index) => k.write.voidLot({ lotId: ids[1]!, key: `p${index}` }))
    expect(await race(racing)).toEqual({ ok: 1, conflict: 99 })
    expect([balanceOf(k, "promo"), balanceOf(k, "breakage")]).toEqual(["-30", "100"])
    await k.write.release(hold)
    expect(k.free()).toBe(20)
    expectHealthy(k.ledger)
  })

  test("an expired lot is not voided, a future one is; unknown ones are not found", async () => {
    const k = await kit()
    const lot = await k.grant(10, { expiresMs: k.clock.now() + HOUR_MS })
    const future = await k.grant(10, { effectiveMs: k.clock.now() + DAY_MS })
    k.clock.advance(HOUR_MS)
    const act = (lotId: string, key: string) => k.write.voidLot({ lotId, key })
    expect((await untouched(k, () => act(lotOf(k, lot).publicId, "a"))).code).toBe("conflict")
    expect((await untouched(k, () => act("lot_none", "b"))).code).toBe("not_found")
    await act(lotOf(k, future).publicId, "c")
    expect(figures(k, future)).toEqual([10, 0, 0, 0, 10, 0])
    expectHealthy(k.ledger)
  })
})
