// Refunds of sales: the same lots get the credits back, the seller and the platform give back what they had, to the last unit; a seller who was
// paid already owes it from what they earn next.
import { describe, expect, test } from "bun:test"
import { DAY_MS } from "../../app/index.ts"
import { importBooksIn } from "../archive/import.ts"
import { figures, hundred, untouched } from "../corrections/testing.ts"
import { exportBooks } from "../index.ts"
import { ANN, balanceOf, ctx, DEV, expectHealthy, type Kit, kit, race, seeded } from "../testing.ts"

const PAID = { paid: true, type: "topup", bucket: "purchase" } as const
const WEEK = { paidDays: 7, promoDays: 30 }
const ACCOUNTS = ["pending", "payable", "revenue", "promo"]
const balances = (k: Kit) => ACCOUNTS.map((kind) => Number(balanceOf(k, kind) ?? 0))

async function sold(amountNano = 100, commissionNano = 10) {
  const k = await kit()
  const lots = [await k.grant(60, { ...PAID, key: "one" }), await k.grant(1_000, { ...PAID, key: "two" })]
  const sale = await k.write.sell({ owner: ANN, mode: "live", seller: DEV, amountNano, commissionNano, key: "sale" })
  const refund = (key: string, part?: number) =>
    k.write.refundCharge({
      transactionId: sale.transactionId,
      key,
      ...(part === undefined ? {} : { amountNano: part }),
    })
  return { k, lots, sale, refund }
}

describe("a refund of a sale", () => {
  test("whole: everything stands as before it", async () => {
    const { k, lots, refund } = await sold()
    expect(balances(k)).toEqual([90, 0, 10, 0])
    const back = await refund("r")
    expect(back).toMatchObject({ refundedNano: 100, expiredNano: 0, fromDeveloperNano: 90, fromPlatformNano: 10 })
    expect(back.lots.map(({ lotId, amountNano }) => [lotId, Number(amountNano)]) as unknown).toEqual([
      [lots[1], 40],
      [lots[0], 60],
    ])
    expect(balances(k)).toEqual([0, 0, 0, 0])
    expect([figures(k, lots[0]!), figures(k, lots[1]!)]).toEqual([
      [60, 60, 0, 0, 0, 0],
      [1_000, 1_000, 0, 0, 0, 0],
    ])
    expect((await untouched(k, () => refund("again"))).code).toBe("conflict")
    expectHealthy(k.ledger)
  })

  test("in any pieces gives each its part to the last unit, and no more than was paid", async () => {
    const random = seeded(3)
    for (let round = 0; round < 8; round++) {
      const amount = 1 + Math.floor(random() * 97)
      const commission = Math.floor(random() * (amount + 1))
      const { k, refund } = await sold(amount, commission)
      let left = amount
      for (let n = 0; left > 0; n++) {
        const part = 1 + Math.floor(random() * left)
        await refund(`r${n}`, part)
        left -= part
        const [pending, , revenue] = balances(k) as [number, number, number]
        expect([pending + revenue, pending >= 0 && pending <= amount - commission]).toEqual([left, true])
      }
      expect(balances(k)).toEqual([0, 0, 0, 0])
      expect((await untouched(k, () => refund("more", 1))).code).toBe("conflict")
      expectHealthy(k.ledger)
    }
  })

  test("of one key is one; of many at once no more than was paid", async () => {
    const { k, refund } = await sold()
    const answers = await hundred(() => refund("same", 30))
    expect(answers.filter(({ already }) => !already)).toHaveLength(1)
    expect(k.free()).toBe(990)
    expect(await race(Array.from({ length: 50 }, (_, n) => refund(`r${n}`, 30)))).toEqual({ ok: 2, conflict: 48 })
    expect((await untouched(k, () => refund("same", 31))).code).toBe("conflict")
    expectHealthy(k.ledger)
  })

  test("after the earning matured comes from what is available", async () => {
    const { k, refund } = await sold()
    k.clock.advance(8 * DAY_MS)
    await k.ledger.matureDue(WEEK)
    expect(balances(k)).toEqual([0, 90, 10, 0])
    expect(await refund("r", 50)).toMatchObject({ fromDeveloperNano: 45, fromPlatformNano: 5 })
    expect(balances(k)).toEqual([0, 45, 5, 0])
    const day = Math.floor(k.clock.now() / DAY_MS)
    const { opening, closing, lines } = k.ledger.statementOf(DEV, "live", (day - 9) * DAY_MS, (day + 1) * DAY_MS)
    const moved = lines.reduce((sum, { payableNano }) => sum + payableNano, Number(opening.payableNano))
    expect([moved, Number(closing.payableNano)]).toEqual([45, 45])
    expectHealthy(k.ledger)
  })

  test("after it was paid out is owed, and what is earned next fills it", async () => {
    const { k, refund } = await sold()
    k.clock.advance(8 * DAY_MS)
    await k.ledger.matureDue(WEEK)
    const payout = await k.write.requestPayout({ owner: DEV, mode: "live", amountNano: 90, minimumNano: 1, key: "pay" })
    await k.store.write(ctx, (tx) => k.ledger.completePayoutIn(tx, payout.id))
    await refund("r")
    expect(balances(k)).toEqual([0, -90, 0, 0])
    expect(Number(k.ledger.earningsOf(DEV, "live", WEEK).payableNano)).toBe(-90)
    expectHealthy(k.ledger)
    await k.write.sell({ owner: ANN, mode: "live", seller: DEV, amountNano: 200, commissionNano: 20, key: "next" })
    k.clock.advance(8 * DAY_MS)
    await k.ledger.matureDue(WEEK)
    expect(balances(k)).toEqual([0, 90, 20, 0])
    const ask = () => k.write.requestPayout({ owner: DEV, mode: "live", amountNano: 91, minimumNano: 1, key: "pay 2" })
    expect((await untouched(k, ask)).code).toBe("validation_failed")
    expectHealthy(k.ledger)
  })

  test("and a claw-back of the lot that paid take each credit once", async () => {
    const { k, refund } = await sold(1_060, 106)
    await refund("r", 530)
    expect(balances(k)).toEqual([477, 0, 53, 0])
    const claw = await k.write.clawBack({ lotKey: "two", amountNano: 1_000, through: "cash", key: "claw" })
    // 530 came back to it; the other 470 were spent, and are owed.
    expect(claw).toMatchObject({ takenNano: 530, debtNano: 470, fromDevelopersNano: 423 })
    expect(balances(k)).toEqual([54, 0, 106 - 53 + 423, 0])
    expectHealthy(k.ledger)
    // What the claw-back took of the seller is not taken again: the house bears it.
    expect(await refund("rest")).toMatchObject({ refundedNano: 530, fromDeveloperNano: 54 })
    expect(Number(balanceOf(k, "pending"))).toBe(0)
    expectHealthy(k.ledger)
  })

  test("stays as it is: what it gave back is counted by the sale, so it is not reversed", async () => {
    const { k, lots, refund } = await sold(100, 100)
    const { transactionId } = await refund("r", 50)
    expect((await untouched(k, () => k.write.reverse({ transactionId }))).code).toBe("conflict")
    expect([figures(k, lots[0]!), figures(k, lots[1]!)]).toEqual([
      [60, 10, 50, 0, 0, 0],
      [1_000, 1_000, 0, 0, 0, 0],
    ])
    expectHealthy(k.ledger)
  })

  test("of a call takes what matured too where its seller bears it, and promo where not", async () => {
    for (const bySeller of [true, false]) {
      const k = await kit()
      await k.grant(100, PAID)
      const hold = await k.hold(80, {
        paidOnly: true,
        developer: DEV,
        split: { upstream: 0, developer: 9, platform: 1 },
      })
      const charge = { totalNano: 80, upstreamNano: 0, developerNano: 72, platformNano: 8 }
      const { transactionId } = await k.write.settle({ hold, charge, developer: DEV, withinHold: true })
      k.clock.advance(8 * DAY_MS)
      await k.ledger.matureDue(WEEK)
      await k.write.refundCharge({ transactionId: transactionId!, amountNano: 40, key: "r1", bySeller })
      expect(balances(k)).toEqual(bySeller ? [0, 36, 4, 0] : [0, 72, 4, -36])
      await k.write.refundCharge({ transactionId: transactionId!, key: "r2", bySeller })
      expect(balances(k)).toEqual(bySeller ? [0, 0, 0, 0] : [0, 72, 0, -72])
      expectHealthy(k.ledger)
    }
  })
})

test("books with refunded sales rebuild from nothing, and travel as a file", async () => {
  const { k, refund } = await sold()
  await refund("r1", 30)
  k.clock.advance(8 * DAY_MS)
  await k.ledger.matureDue(WEEK)
  await refund("r2", 20)
  await k.store.write(ctx, (tx) => void tx.run("DELETE FROM earning_days"))
  await k.store.write(ctx, (tx) => k.ledger.rebuildProjectionsIn(tx))
  expectHealthy(k.ledger)
  const lines = [...exportBooks(k.store.read)].map((line) => line.trimEnd())
  const other = await kit()
  other.clock.advance(9 * DAY_MS)
  await other.store.write(ctx, (tx) => importBooksIn(tx, lines))
  expectHealthy(other.ledger)
  expect([...exportBooks(other.store.read)].map((line) => line.trimEnd())).toEqual(lines)
})

const CORRUPTIONS: [check: string, sql: string][] = [
  [
    "refunds_bounded",
    "UPDATE entries SET amount_nano = amount_nano + 100 WHERE lot_id IS NOT NULL AND transaction_id = (SELECT max(id) FROM transactions)",
  ],
  ["earning_takes", "UPDATE earning_takes SET amount_nano = amount_nano + 1 WHERE late = 1"],
  ["pending_payable", "DELETE FROM earning_takes WHERE late = 1"],
  ["lot_entries", "DELETE FROM corrections"],
]
test.each(CORRUPTIONS)("verification finds in %s: %s", async (check, sql) => {
  const { k, refund } = await sold()
  k.clock.advance(8 * DAY_MS)
  await k.ledger.matureDue(WEEK)
  await refund("r", 50)
  expectHealthy(k.ledger)
  await k.store.write(ctx, (tx) => {
    for (const { name } of tx.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'trigger'"))
      tx.run(`DROP TRIGGER ${name}`)
    tx.run(sql)
  })
  const broken = k.ledger.verify().checks.filter(({ violations }) => violations > 0)
  expect(broken.map(({ name }) => name)).toContain(check)
})
