// Sales: paid lots to a seller's pending, the commission behind, exactly once, however many ask; and what of it claw-backs take.
import { describe, expect, test } from "bun:test"
import { DAY_MS, PrincipalId } from "../../app/index.ts"
import { importBooksIn } from "../archive/import.ts"
import { exportBooks } from "../index.ts"
import {
  ANN,
  balanceOf,
  ctx,
  DEV,
  everything,
  expectHealthy,
  type Kit,
  kit,
  type Plain,
  race,
  refused,
} from "../testing.ts"
import type { SaleInput } from "./types.ts"

const PAID = { paid: true, type: "topup", bucket: "purchase" } as const
const WEEK = { paidDays: 7, promoDays: 30 }
let keys = 0
const sell = (k: Kit, amountNano: number, commissionNano = 0, more: Partial<Plain<SaleInput>> = {}) =>
  k.write.sell({ owner: ANN, mode: "live", seller: DEV, amountNano, commissionNano, key: `sale:${++keys}`, ...more })
const earnings = (k: Kit) => k.ledger.earningsOf(DEV, "live", WEEK)

describe("a sale", () => {
  test("takes paid lots in their order, never promo ones, credits the seller and takes the commission off", async () => {
    const k = await kit()
    await k.grant(1_000, { priority: 0 })
    await k.grant(60, { ...PAID, priority: 10 })
    await k.grant(100, PAID)
    const sold = await sell(k, 90, 9)
    expect(sold.lots.map(({ amountNano, paid }) => [Number(amountNano), paid])).toEqual([
      [60, true],
      [30, true],
    ])
    expect([Number(sold.earnedNano), sold.already]).toEqual([81, false])
    expect([k.free(), balanceOf(k, "pending"), balanceOf(k, "revenue")]).toEqual([1_070, "81", "9"])
    expect(Number(k.ledger.paidSpendableOf(ANN, "live"))).toBe(70)
    expectHealthy(k.ledger)
  })

  test("is refused where paid credits are short, owed, frozen or for other calls, and nothing is written", async () => {
    const k = await kit()
    await k.grant(1_000)
    await k.grant(50, { ...PAID, restriction: "llm" })
    await k.grant(89, { ...PAID, key: "order" })
    const before = everything(k.store.read)
    const error = await refused(sell(k, 90, 9))
    expect([error.code, error.extra.fields]).toEqual([
      "insufficient_credits",
      { balance: { nano: "89", credits: "0.000089" }, need: { nano: "90", credits: "0.00009" } },
    ])
    expect(everything(k.store.read)).toBe(before)
    await k.write.freezeLot({ lotKey: "order", key: "freeze" })
    expect((await refused(sell(k, 1))).code).toBe("insufficient_credits")
    expect(Number(k.ledger.paidSpendableOf(ANN, "live"))).toBe(0)
    expectHealthy(k.ledger)
  })

  test("of one key is one sale; with other terms it is a conflict", async () => {
    const k = await kit()
    await k.grant(100, PAID)
    const one = await sell(k, 40, 4, { key: "same" })
    expect(await sell(k, 40, 4, { key: "same" })).toEqual({ ...one, already: true })
    expect((await refused(sell(k, 41, 4, { key: "same" }))).code).toBe("conflict")
    expect(
      (await refused(sell(k, 40, 4, { key: "same", seller: { kind: "principal", id: PrincipalId(8) } }))).code,
    ).toBe("conflict")
    expect(k.free()).toBe(60)
    expectHealthy(k.ledger)
  })

  test("with credits for one, of 50 at once one goes through", async () => {
    const k = await kit()
    await k.grant(1_000)
    await k.grant(100, PAID)
    expect(await race(Array.from({ length: 50 }, () => sell(k, 60, 6)))).toEqual({ ok: 1, insufficient_credits: 49 })
    expect([k.free(), balanceOf(k, "pending")]).toEqual([1_040, "54"])
    expectHealthy(k.ledger)
  })

  test("waits for what calls hold; a hold that takes paid lots alone leaves the others", async () => {
    const k = await kit()
    await k.grant(500, { priority: 0 })
    await k.grant(100, PAID)
    expect((await refused(k.hold(101, { paidOnly: true }))).code).toBe("insufficient_credits")
    const hold = await k.hold(80, { paidOnly: true, developer: DEV, split: { upstream: 0, developer: 9, platform: 1 } })
    expect((await refused(sell(k, 90))).code).toBe("credits_on_hold")
    const charge = { totalNano: 80, upstreamNano: 0, developerNano: 72, platformNano: 8 }
    const settled = await k.write.settle({ hold, charge, developer: DEV, withinHold: true })
    expect([Number(settled.earnedNano), Number(settled.collectedNano), k.free()]).toEqual([72, 80, 520])
    expectHealthy(k.ledger)
  })

  test("all of it may be commission, or none", async () => {
    const k = await kit()
    await k.grant(100, PAID)
    await sell(k, 10, 10)
    await sell(k, 20, 0)
    expect([balanceOf(k, "pending"), balanceOf(k, "revenue")]).toEqual(["20", "10"])
    expectHealthy(k.ledger)
  })
})

describe("what a sale earned", () => {
  test("matures like other earnings, and the statement adds up", async () => {
    const k = await kit()
    await k.grant(1_000, PAID)
    const day = Math.floor(k.clock.now() / DAY_MS)
    await sell(k, 100, 10)
    await sell(k, 50, 5)
    expect(earnings(k).upcoming.map(({ day: at, amountNano }) => [at - day, Number(amountNano)])).toEqual([[7, 135]])
    k.clock.advance(7 * DAY_MS)
    await k.ledger.matureDue(WEEK)
    expect([balanceOf(k, "pending"), balanceOf(k, "payable")]).toEqual(["0", "135"])
    await sell(k, 10, 1)
    const statement = k.ledger.statementOf(DEV, "live", (day + 1) * DAY_MS, (day + 9) * DAY_MS)
    expect([Number(statement.opening.pendingNano), Number(statement.closing.pendingNano)]).toEqual([135, 9])
    const moved = statement.lines.reduce((sum, line) => sum + line.pendingNano, Number(statement.opening.pendingNano))
    expect(moved).toBe(Number(statement.closing.pendingNano))
    expectHealthy(k.ledger)
  })

  test("is taken back by a claw-back of its lot while it is immature, newest first, and comes back with it", async () => {
    const k = await kit()
    await k.grant(200, { ...PAID, key: "order" })
    await sell(k, 100, 10)
    k.clock.advance(1)
    await sell(k, 100, 10)
    const claw = (amountNano: number, key: string) =>
      k.write.clawBack({ lotKey: "order", amountNano, through: "cash", key })
    // Half of the newest sale.
    expect(await claw(50, "claw 1")).toMatchObject({ takenNano: 0, debtNano: 50, fromDevelopersNano: 45 })
    expect([balanceOf(k, "pending"), balanceOf(k, "revenue")]).toEqual(["135", "65"])
    expectHealthy(k.ledger)
    // The rest of it, and a part of the older one.
    expect(await claw(100, "claw 2")).toMatchObject({ debtNano: 100, fromDevelopersNano: 90 })
    expect(balanceOf(k, "pending")).toBe("45")
    expectHealthy(k.ledger)
    expect(await k.write.restoreClaw({ clawKey: "claw 1", key: "back" })).toMatchObject({ toDevelopersNano: 45 })
    expect(balanceOf(k, "pending")).toBe("90")
    expect((await refused(sell(k, 1))).code).toBe("insufficient_credits")
    expectHealthy(k.ledger)
  })

  test("has matured: it is the seller's, and the platform bears the claw-back", async () => {
    const k = await kit()
    await k.grant(100, { ...PAID, key: "order" })
    await sell(k, 100, 10)
    k.clock.advance(8 * DAY_MS)
    await k.ledger.matureDue(WEEK)
    const input = { lotKey: "order", amountNano: 100, through: "cash", key: "claw" } as const
    expect(await k.write.clawBack(input)).toMatchObject({ debtNano: 100, fromDevelopersNano: 0 })
    expect(balanceOf(k, "payable")).toBe("90")
    expectHealthy(k.ledger)
  })

  test("between calls: the newest of both go first", async () => {
    const k = await kit()
    await k.grant(300, { ...PAID, key: "order" })
    const call = async () => {
      const hold = await k.hold(100, { developer: DEV })
      const charge = { totalNano: 100, upstreamNano: 50, developerNano: 25, platformNano: 25 }
      await k.write.settle({ hold, charge, developer: DEV })
      k.clock.advance(1)
    }
    await call()
    await sell(k, 100, 10)
    k.clock.advance(1)
    await call()
    const input = { lotKey: "order", amountNano: 150, through: "cash", key: "claw" } as const
    expect(await k.write.clawBack(input)).toMatchObject({ fromDevelopersNano: 25 + 45 })
    expectHealthy(k.ledger)
  })

  test("cannot be reversed by hand", async () => {
    const k = await kit()
    await k.grant(100, PAID)
    const { transactionId } = await sell(k, 50, 5)
    expect((await refused(k.write.reverse({ transactionId }))).code).toBe("conflict")
  })
})

test("books with sales rebuild from nothing, and travel as a file", async () => {
  const k = await kit()
  await k.grant(500, { ...PAID, key: "order" })
  await sell(k, 100, 10)
  await sell(k, 100, 0)
  await k.write.clawBack({ lotKey: "order", amountNano: 400, through: "cash", key: "claw" })
  k.clock.advance(DAY_MS)
  await k.grant(900, PAID)
  await sell(k, 300, 30)
  await k.store.write(ctx, (tx) => void tx.run("DELETE FROM earning_days"))
  await k.store.write(ctx, (tx) => k.ledger.rebuildProjectionsIn(tx))
  expectHealthy(k.ledger)
  const lines = [...exportBooks(k.store.read)].map((line) => line.trimEnd())
  const other = await kit()
  other.clock.advance(2 * DAY_MS)
  await other.store.write(ctx, (tx) => importBooksIn(tx, lines))
  expectHealthy(other.ledger)
  expect([...exportBooks(other.store.read)].map((line) => line.trimEnd())).toEqual(lines)
})

const CORRUPTIONS: [check: string, sql: string][] = [
  ["sales", "UPDATE sales SET amount_nano = amount_nano + 1"],
  ["sales", "UPDATE sales SET commission_nano = commission_nano - 1"],
  ["sales", "DELETE FROM sales"],
  ["sales", "UPDATE lots SET paid = 0"],
  ["sales", "UPDATE sales SET commission_id = transaction_id"],
  ["earning_days", "UPDATE earning_days SET earned_nano = earned_nano + 1"],
  ["earning_takes", "UPDATE earning_takes SET charge_id = charge_id + 1"],
  ["clawed_calls", "UPDATE clawed_calls SET credits_nano = credits_nano + 1000"],
]
test.each(CORRUPTIONS)("verification finds in %s: %s", async (check, sql) => {
  const k = await kit()
  await k.grant(100, { ...PAID, key: "order" })
  await sell(k, 100, 10)
  await k.write.clawBack({ lotKey: "order", amountNano: 40, through: "cash", key: "claw" })
  expectHealthy(k.ledger)
  await k.store.write(ctx, (tx) => {
    for (const { name } of tx.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'trigger'"))
      tx.run(`DROP TRIGGER ${name}`)
    tx.run(sql)
  })
  expect(
    k.ledger
      .verify()
      .checks.filter(({ violations }) => violations > 0)
      .map(({ name }) => name),
  ).toContain(check)
})
