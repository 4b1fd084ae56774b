// Statements: what is printed adds up to the books, to the nano-dollar, month by month and over the year.
import { afterEach, beforeEach, expect, test } from "bun:test"
import { rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DAY_MS } from "../app/index.ts"
import { monthsSince, paperOf, spanOf } from "./statement.ts"
import { DEV, openPayouts, type PayoutKit } from "./testing.ts"

let k: PayoutKit
beforeEach(async () => {
  k = await openPayouts()
})
afterEach(() => k.close())

const USD = 1_000_000_000
const SELLER = { name: "Purser GmbH", address: "1 Quay", taxId: "", email: "" }

/** "$1,234.5678", "−$3.00" → n$. */
const nanoOf = (text: string): bigint => {
  const [, sign, whole, part] = /^(−?)\$([\d,]+)\.(\d{2,9})$/.exec(text)!
  return BigInt(`${sign ? "-" : ""}${whole!.replaceAll(",", "")}${part!.padEnd(9, "0")}`)
}

async function quarter(): Promise<void> {
  await k.ready(40.123456789 * USD)
  const one = await k.ask(12.5 * USD, "a")
  await k.write((tx) => k.payouts.approveIn(tx, one.publicId))
  await k.write((tx) => k.payouts.payIn(tx, { publicId: one.publicId, reference: "R1" }))
  for (let month = 0; month < 3; month++) {
    k.clock.advance(22 * DAY_MS)
    await k.earn((10 + month) * USD + 7)
    const order = await k.ask(10 * USD, `m${month}`)
    if (month === 1) await k.write((tx) => k.payouts.rejectIn(tx, { publicId: order.publicId, because: "x" }))
  }
}

test("printed lines lead from the beginning to the end, months join, and the year is their sum", async () => {
  await quarter()
  const months = monthsSince(Date.UTC(2026, 10, 1), k.clock.now()).toReversed()
  expect(months.length).toBeGreaterThanOrEqual(3)
  let before: bigint[] | null = null
  for (const period of months) {
    const { lines } = paperOf(k.payouts.statementOf(DEV, period), { seller: SELLER, buyer: [], baseUrl: "https://x" })
    const figures = lines.map(({ quantity, unit, amount }) => [quantity, unit, amount].map(nanoOf))
    const [first, last] = [figures[0]!, figures.at(-1)!]
    for (const column of [0, 1, 2])
      expect(figures.slice(0, -1).reduce((sum, row) => sum + row[column]!, 0n)).toBe(last[column]!)
    if (before) expect(first).toEqual(before)
    before = last
  }
  const { pendingNano, payableNano } = k.payouts.earningsOf(DEV)
  expect(before!.slice(0, 2)).toEqual([BigInt(pendingNano), BigInt(payableNano)])
  const year = k.payouts.statementOf(DEV, "2026").sums
  const sumOf = (kinds: string[]) =>
    year.filter(({ kind }) => kinds.includes(kind)).reduce((sum, { payableNano: one }) => sum + one, 0)
  const orders = k.payouts.ordersOf(DEV).filter(({ requestedMs }) => requestedMs < Date.UTC(2027, 0, 1))
  expect(orders.length).toBeGreaterThan(1)
  expect(sumOf(["payout_requested"])).toBe(-orders.reduce((sum, { amountNano }) => sum + amountNano, 0))
})

test("only months and years that have begun", () => {
  expect(spanOf("2026-02")).toEqual({ fromMs: Date.UTC(2026, 1, 1), toMs: Date.UTC(2026, 2, 1) })
  for (const wrong of ["2026-13", "2026-1", "26-01", "2026-01-01", "", "1999"]) expect(spanOf(wrong)).toBeNull()
  expect(() => k.payouts.statementOf(DEV, "2027-01")).toThrow()
  expect(monthsSince(Date.UTC(2026, 8, 30), Date.UTC(2026, 10, 5))).toEqual(["2026-11", "2026-10", "2026-09"])
})

test("the paper can be read by others, and equal statements are equal bytes", async () => {
  await quarter()
  const pdf = await k.payouts.statementPdf(DEV, "2026-11")
  expect(Buffer.from(pdf).equals(Buffer.from(await k.payouts.statementPdf(DEV, "2026-11")))).toBe(true)
  if (!Bun.which("pdftotext")) return
  const path = join(tmpdir(), `purser-statement-${process.pid}.pdf`)
  writeFileSync(path, pdf)
  const text = Bun.spawnSync(["pdftotext", "-layout", path, "-"]).stdout.toString()
  rmSync(path)
  for (const words of [
    "Statement of earnings",
    "November 2026",
    "Analytical Engines",
    "At the beginning",
    "$40.123456789",
    "−$12.50",
  ])
    expect(text).toContain(words)
})
