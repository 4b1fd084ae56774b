import { describe, expect, test } from "bun:test"
import { DAY_MS, dayOf } from "../../app/index.ts"
import { balanceOf, everything, expectHealthy, type Kit, kit, refused } from "../testing.ts"

const PAID = { paid: true, type: "topup", bucket: "purchase" } as const
const fee = (k: Kit, amountNano: number, key = `stripe:txn_${amountNano}:fee`) =>
  k.write.bookFee({ mode: "live", amountNano, key })
const always = (k: Kit) => ({ mode: "live", fromMs: 0, toMs: k.clock.now() + DAY_MS }) as const

describe("what the processor keeps", () => {
  test("processor_fees −, cash +; and back", async () => {
    const k = await kit()
    await k.grant(1_000, PAID)
    await fee(k, 59)
    expect([balanceOf(k, "processor_fees"), balanceOf(k, "cash")]).toEqual(["-59", "-941"])
    await fee(k, -15)
    expect([balanceOf(k, "processor_fees"), balanceOf(k, "cash")]).toEqual(["-44", "-956"])
    expectHealthy(k.ledger)
  })

  test("once a key, however often and however parallel; with other content it is a conflict", async () => {
    const k = await kit()
    const all = await Promise.all(Array.from({ length: 50 }, () => fee(k, 59, "stripe:txn_1:fee")))
    expect(all.filter(({ already }) => !already).length).toBe(1)
    expect(new Set(all.map(({ transactionId }) => transactionId)).size).toBe(1)
    await k.grant(10, { ...PAID, key: "order:1" })
    const before = everything(k.store.read)
    for (const asked of [fee(k, 60, "stripe:txn_1:fee"), fee(k, 59, "order:1")])
      expect((await refused(asked)).code).toBe("conflict")
    await expect(fee(k, 0)).rejects.toThrow()
    await expect(fee(k, 0.5)).rejects.toThrow()
    expect(everything(k.store.read)).toBe(before)
    expectHealthy(k.ledger)
  })
})

describe("what is paid beyond credits", () => {
  const income = (
    k: Kit,
    revenueNano: number,
    taxNano: number,
    key: string,
    type: "topup" | "refund" | "subscription" = "topup",
  ) => k.write.bookIncome({ mode: "live", type, revenueNano, taxNano, key })

  test("tax is the state's, the rest the platform's; and back; once a key", async () => {
    const k = await kit()
    await k.grant(1_000, { ...PAID, key: "order:a" })
    for (const _ of [1, 2, 3]) await income(k, 40, 190, "order:a:rest")
    const held = () => ["cash", "tax_payable", "revenue"].map((kind) => balanceOf(k, kind))
    expect(held()).toEqual(["-1230", "190", "40"])
    await income(k, -40, -190, "stripe:re_1:rest", "refund")
    await income(k, 0, 5, "stripe:re_2:rest", "subscription")
    expect(held()).toEqual(["-1005", "5", "0"])
    expect(k.ledger.moneyOfKey("live", "order:a").map(({ inNano }) => inNano) as number[]).toEqual([1_000, 230])
    // Within the price: the house bears it.
    for (const _ of [1, 2]) await income(k, -7, 7, "order:b:rest")
    expect(held()).toEqual(["-1005", "12", "-7"])
    for (const wrong of [
      income(k, 40, 191, "order:a:rest"),
      income(k, 41, 190, "order:a:rest"),
      income(k, 1_000, 0, "order:a"),
    ])
      expect((await refused(wrong)).code).toBe("conflict")
    expectHealthy(k.ledger)
  })
})

describe("money", () => {
  test("by day and account: purchases, refunds and fees, and nothing of calls or gifts", async () => {
    const k = await kit()
    const day = dayOf(k.clock.now())
    await k.grant(500, { ...PAID, key: "order:a" })
    await k.grant(700, { ...PAID, key: "order:b" })
    await k.grant(70)
    await fee(k, 30)
    k.clock.advance(DAY_MS)
    await k.write.clawBack({ lotKey: "order:a", amountNano: 200, through: "cash", key: "stripe:re_1" })
    await k.write.clawBack({ lotKey: "order:b", amountNano: 700, through: "disputes", key: "stripe:dp_1:withdrawn" })
    expect(k.ledger.moneyDays(always(k)) as unknown).toEqual([
      { day, account: "cash", type: "fee", amountNano: 30 },
      { day, account: "cash", type: "topup", amountNano: -1_200 },
      { day: day + 1, account: "cash", type: "refund", amountNano: 200 },
      { day, account: "processor_fees", type: "fee", amountNano: -30 },
      { day: day + 1, account: "disputes", type: "refund", amountNano: 700 },
    ])
    expect(k.ledger.moneyDays({ ...always(k), fromMs: (day + 1) * DAY_MS }).length).toBe(2)
    expect(k.ledger.moneyMoves(always(k)).map(({ key, inNano }) => [key, inNano]) as unknown).toEqual([
      ["order:a", 500],
      ["order:b", 700],
      ["stripe:re_1", -200],
      ["stripe:dp_1:withdrawn", -700],
    ])
    expect(k.ledger.moneyIn("live", "disputes") as number).toBe(700)
  })

  test("of a key and what goes on from it, never of one that only begins alike", async () => {
    const k = await kit()
    for (const key of ["stripe:re_1", "stripe:re_1:rest", "stripe:re_10", "stripe:re_1x", "stripe:re_"])
      await k.grant(10, { ...PAID, key })
    const keysOf = (key: string) => k.ledger.moneyOfKey("live", key).map((one) => one.key)
    expect(keysOf("stripe:re_1")).toEqual(["stripe:re_1", "stripe:re_1:rest"])
    expect(keysOf("stripe:re_2")).toEqual([])
  })
})
