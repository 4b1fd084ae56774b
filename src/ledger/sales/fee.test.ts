// Fees of sellers: from what is available, else from paid credits, else owed; once a key; in the statement; and the books prove.
import { expect, test } from "bun:test"
import { DAY_MS, nano } from "../../app/index.ts"
import { ANN, balanceOf, ctx, DEV, expectHealthy, type Kit, kit, race } from "../testing.ts"

const PAID = { paid: true, type: "topup", bucket: "purchase" } as const
const WEEK = { paidDays: 7, promoDays: 30 }
const charge = (k: Kit, key: string, amount = 30) =>
  k.store.write(ctx, (tx) => k.ledger.chargeSellerIn(tx, { seller: DEV, mode: "live", amountNano: nano(amount), key }))
const has = (k: Kit) => [Number(balanceOf(k, "payable") ?? 0), k.free(DEV), Number(balanceOf(k, "revenue"))]

async function earning(amountNano: number) {
  const k = await kit()
  await k.grant(amountNano, { ...PAID, owner: ANN })
  await k.write.sell({ owner: ANN, mode: "live", seller: DEV, amountNano, commissionNano: 0, key: "sale" })
  k.clock.advance(8 * DAY_MS)
  await k.ledger.matureDue(WEEK)
  return k
}

test("of what is available, and the statement says it", async () => {
  const k = await earning(100)
  await k.grant(500, { ...PAID, owner: DEV })
  expect(await charge(k, "a")).toMatchObject({ amountNano: 30, from: "earnings", already: false })
  expect(has(k)).toEqual([70, 500, 30])
  const day = Math.floor(k.clock.now() / DAY_MS)
  const { opening, closing, lines } = k.ledger.statementOf(DEV, "live", day * DAY_MS, (day + 1) * DAY_MS)
  const moved = lines.reduce((sum, { payableNano }) => sum + payableNano, Number(opening.payableNano))
  expect([moved, lines.map(({ kind }) => kind)]).toEqual([Number(closing.payableNano), ["matured", "fee"]])
  expectHealthy(k.ledger)
})

test("of paid credits where earnings do not reach, never of a gift; else it is owed", async () => {
  const k = await earning(20)
  await k.grant(1_000, { owner: DEV })
  await k.grant(40, { ...PAID, owner: DEV })
  expect(await charge(k, "a")).toMatchObject({ from: "credits" })
  expect(has(k)).toEqual([20, 1_010, 30])
  expect(await charge(k, "b")).toMatchObject({ from: "earnings" })
  expect(has(k)).toEqual([-10, 1_010, 60])
  expectHealthy(k.ledger)
})

test("once a key, however many ask", async () => {
  const k = await earning(100)
  expect(await race(Array.from({ length: 20 }, () => charge(k, "same")))).toEqual({ ok: 20 })
  expect(has(k)).toEqual([70, 0, 30])
  expect(k.ledger.feeOfSeller("same")).toMatchObject({ amountNano: 30, from: "earnings" } as never)
  expect(k.ledger.feeOfSeller("other")).toBeNull()
  expectHealthy(k.ledger)
})

test("proof finds a fee that stands nowhere", async () => {
  const k = await earning(100)
  await charge(k, "a")
  await k.store.write(ctx, (tx) => {
    for (const { name } of tx.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'trigger'"))
      tx.run(`DROP TRIGGER ${name}`)
    tx.run("UPDATE transactions SET type = 'adjustment' WHERE type = 'fee'")
  })
  const broken = k.ledger.verify().checks.filter(({ violations }) => violations > 0)
  expect(broken.map(({ name }) => name)).toContain("pending_payable")
})
