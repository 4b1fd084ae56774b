// Invoices: numbers without gaps whatever is rolled back or happens side by side, figures that add up, documents that stay.
import { expect, test } from "bun:test"
import { nano } from "../../app/index.ts"
import { netOf, statusOf, taxWithin } from "./figures.ts"
import { creditNoteIn, failInvoiceIn, invoiceByKey, issueInvoiceIn, payInvoiceIn } from "./index.ts"
import { SELLER_ADDRESS, SELLER_NAME } from "./settings.ts"
import { line, openInvoices, usd } from "./testing.ts"

const DAY_MS = 86_400_000
const serials = (count: number, prefix: string, from = 1) =>
  Array.from({ length: count }, (_, at) => `${prefix}-${String(from + at).padStart(3, "0")}`)

/** The same sequence for the same seed. */
function chance(seed: number) {
  let state = seed
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

test("the first invoices of two years", async () => {
  const kit = await openInvoices("2026-12-31T23:59:59")
  expect((await kit.issue()).number).toBe("INV-2026-001")
  expect((await kit.issue()).number).toBe("INV-2026-002")
  kit.until("2027-01-01T00:00:00")
  expect(await kit.issue()).toMatchObject({ number: "INV-2027-001", year: 2027, serial: 1 })
})

test("the same key is the same invoice, whatever else is said", async () => {
  const kit = await openInvoices()
  const one = await kit.issue({ key: "order:x" })
  expect(await kit.issue({ key: "order:x", lines: [line(99)] })).toEqual(one)
  expect(kit.numbers("invoices")).toEqual(["INV-2026-001"])
  expect(invoiceByKey(kit.store.read, "order:x")).toEqual(one)
})

for (const seed of [1, 2, 3])
  test(`numbers have no gaps and none comes twice, with bodies that fail and writes side by side (seed ${seed})`, async () => {
    const kit = await openInvoices()
    const below = chance(seed)
    const years = ["2026-06-01T12:00:00", "2027-03-01T00:00:00", "2028-01-01T00:00:00"]
    const wanted: Record<string, number> = {}
    let key = 0
    for (const year of years) {
      if (year !== years[0]) kit.until(year)
      for (let round = 0; round < 6; round++) {
        const acts = Array.from({ length: 1 + below(40) }, () => ({
          key: `k:${++key}`,
          fails: below(4),
          again: below(3),
        }))
        const done = await Promise.allSettled(
          acts.flatMap(({ key, fails, again }) =>
            Array.from({ length: again + 1 }, () =>
              kit.write((tx) => {
                const invoice = issueInvoiceIn(kit.deps, tx, {
                  userId: kit.userId,
                  key,
                  kind: "package",
                  lines: [line(1 + below(50))],
                  discountNano: usd(0),
                  taxNano: usd(0),
                  taxInclusive: false,
                  reverseCharge: false,
                  paidMs: tx.now,
                })
                creditNoteIn(kit.deps, tx, { invoiceKey: key, key: `r:${key}`, amountNano: usd(1), reason: "Refund" })
                if (fails === 0) throw new Error("rolled back")
                return invoice
              }),
            ),
          ),
        )
        expect(done.some(({ status }) => status === "fulfilled" || acts.every(({ fails }) => fails === 0))).toBe(true)
        wanted[year.slice(0, 4)] = (wanted[year.slice(0, 4)] ?? 0) + acts.filter(({ fails }) => fails > 0).length
      }
    }
    const all = (prefix: string) => Object.entries(wanted).flatMap(([year, n]) => serials(n, `${prefix}-${year}`))
    expect(kit.numbers("invoices")).toEqual(all("INV"))
    expect(kit.numbers("credit_notes")).toEqual(all("CN"))
  })

test("figures: lines, a discount, tax on top of it or in it; what does not add up is not issued", async () => {
  const kit = await openInvoices()
  const lines = [line(10, 3, "Seats"), line(5.5)]
  expect(await kit.issue({ lines, discountNano: usd(5.5), taxNano: usd(5.7) })).toMatchObject({
    subtotalNano: usd(35.5),
    totalNano: usd(35.7),
  })
  const inside = await kit.issue({ lines, discountNano: usd(5.5), taxNano: usd(4.79), taxInclusive: true })
  expect([inside.totalNano, netOf(inside)]).toEqual([usd(30), usd(25.21)])
  const prorated = [line(40, 1, "Pro"), line(-12.5, 1, "Unused time on Starter")]
  expect(await kit.issue({ lines: prorated })).toMatchObject({ totalNano: usd(27.5) })
  expect(await kit.issue({ lines, discountNano: usd(35.5) })).toMatchObject({ totalNano: 0 })
  const wrong = [
    { lines: [] },
    { lines: [{ ...line(10, 3), amountNano: usd(29.99) }] },
    { lines: [{ ...line(10), unitNano: nano(10_000_000_001), amountNano: nano(10_000_000_001) }] },
    { lines: [{ ...line(10), quantity: 1.5, amountNano: usd(15) }] },
    { lines, discountNano: usd(35.51) },
    { lines, discountNano: nano(-10_000_000) },
    { lines, taxNano: nano(5) },
    { lines, taxNano: usd(1), reverseCharge: true },
    { lines, taxNano: usd(36), taxInclusive: true },
    { lines: [line(-1)] },
  ]
  for (const one of wrong) await expect(kit.issue(one)).rejects.toThrow("invariant broken")
  expect(kit.numbers("invoices")).toEqual(serials(4, "INV-2026"))
})

test("whatever is on it, its figures sum, and credit notes take back all of it and its tax, to the cent", async () => {
  const kit = await openInvoices()
  const below = chance(7)
  for (let round = 0; round < 60; round++) {
    const lines = Array.from({ length: 1 + below(4) }, () => line((1 + below(9_999)) / 100, 1 + below(5)))
    const subtotal = lines.reduce((sum, { amountNano }) => sum + amountNano, 0)
    const discountNano = usd(below(subtotal / 10_000_000 + 1) / 100)
    const net = subtotal - discountNano
    const taxNano = usd(below(net / 10_000_000 + 1) / 100)
    const taxInclusive = below(2) === 0
    const key = `sum:${round}`
    const invoice = await kit.issue({ key, lines, discountNano, taxNano, taxInclusive })
    expect([invoice.subtotalNano as number, invoice.totalNano as number]).toEqual([
      subtotal,
      taxInclusive ? net : net + taxNano,
    ])
    let [left, tax] = [invoice.totalNano as number, 0]
    while (left > 0) {
      const amountNano = usd((1 + below(left / 10_000_000)) / 100)
      const note = await kit.credit({ invoiceKey: key, amountNano })
      expect([note?.amountNano, note!.taxNano <= amountNano, note!.taxNano >= 0]).toEqual([amountNano, true, true])
      left -= amountNano
      tax += note!.taxNano
      expect(tax).toBe(taxWithin(invoice, invoice.totalNano - left))
    }
    expect([round, tax]).toEqual([round, taxNano])
    expect(await kit.credit({ invoiceKey: key })).toBeNull()
  }
})

test("credit notes: once a key, no more than is left, and none of what was never invoiced", async () => {
  const kit = await openInvoices()
  await kit.issue({ taxNano: usd(4.75) })
  const note = await kit.credit({ key: "stripe:re_1", amountNano: usd(10), reason: "Not what I wanted" })
  expect(note).toMatchObject({ number: "CN-2026-001", taxNano: usd(1.6), reason: "Not what I wanted" })
  expect(await kit.credit({ key: "stripe:re_1", amountNano: usd(10) })).toEqual(note)
  expect(await kit.credit({ amountNano: usd(500) })).toMatchObject({ amountNano: usd(19.75), taxNano: usd(3.15) })
  expect(await kit.credit({ amountNano: usd(1) })).toBeNull()
  expect(await kit.credit({ invoiceKey: "order:unknown" })).toBeNull()
  expect(invoiceByKey(kit.store.read, "order:1")!.creditedNano).toBe(usd(29.75))
})

test("a document is what it was on its day: names and settings change, the database refuses the rest", async () => {
  const kit = await openInvoices()
  const set = (name: string, address: string) =>
    kit.write((tx) => {
      kit.deps.settings.setIn(tx, SELLER_NAME, { value: name })
      kit.deps.settings.setIn(tx, SELLER_ADDRESS, { value: address })
    })
  await set("Lovelace Ltd", "1 Old Street\n\n London ")
  const before = await kit.issue({ key: "order:a", lines: [line(5, 1, "Credits\n\u0007 for\u2028you")] })
  expect(before.document).toMatchObject({
    seller: { name: "Lovelace Ltd", address: "1 Old Street\nLondon" },
    buyer: { name: "Ada", email: "ada@example.com" },
    lines: [{ text: "Credits for you" }],
  })
  await set("Babbage Ltd", "")
  expect(invoiceByKey(kit.store.read, "order:a")).toEqual(before)
  expect((await kit.issue()).document.seller.name).toBe("Babbage Ltd")
  await kit.credit({ invoiceKey: "order:a" })
  const refused = [
    "UPDATE invoices SET document = '{}'",
    "UPDATE invoices SET total_nano = 0",
    "UPDATE invoices SET number = 'INV-2026-009', serial = 9 WHERE id = 1",
    "UPDATE invoices SET paid_ms = NULL",
    "UPDATE invoices SET credited_nano = 0 WHERE id = 1",
    "DELETE FROM invoices",
    "UPDATE credit_notes SET amount_nano = 10000000",
    "DELETE FROM credit_notes",
  ]
  for (const sql of refused) await expect(kit.write((tx) => tx.run(sql))).rejects.toThrow(/stays as it is|is kept/)
})

test("a company is billed, with the name of who buys for it below", async () => {
  const kit = await openInvoices()
  await kit.company("Lovelace Ltd")
  const { buyer } = (await kit.issue()).document
  expect(buyer).toEqual({ name: "Lovelace Ltd", address: "Ada", taxId: "", email: "ada@example.com" })
  const given = (await kit.issue({ buyer: { name: "Ada L.", address: "1 Old Street", taxId: "EE100" } })).document.buyer
  expect(given).toMatchObject({ name: "Lovelace Ltd", address: "Ada L.\n1 Old Street", taxId: "EE100" })
  // The processor knows the company by its name already.
  expect((await kit.issue({ buyer: { name: "Lovelace Ltd" } })).document.buyer.address).toBe("")
})

test("the database takes no number out of turn", async () => {
  const kit = await openInvoices()
  await kit.issue()
  const columns =
    "key, user_id, kind, subtotal_nano, discount_nano, tax_nano, total_nano, tax_inclusive, reverse_charge, document, issued_ms, due_ms"
  const copy = (serial: number, year: number, document = "document") =>
    kit.write((tx) =>
      tx.run(
        `INSERT INTO invoices (number, year, serial, ${columns})
         SELECT printf('INV-%04d-%03d', ${year}, ${serial}), ${year}, ${serial}, ${columns.replace("key", "'k' || id").replace("document", document)} FROM invoices`,
      ),
    )
  for (const [serial, year] of [
    [3, 2026],
    [1, 2025],
  ] as const)
    await expect(copy(serial, year)).rejects.toThrow("one after the other")
  await expect(copy(2, 2026, "json_set(document, '$.lines[0].amountNano', 1)")).rejects.toThrow("add up")
})

test("what is still to be paid waits, is overdue, then paid or given up, once", async () => {
  const kit = await openInvoices()
  const waiting = await kit.issue({ key: "order:w", paidMs: null })
  const at = (days: number) => statusOf(waiting, waiting.issuedMs + days * DAY_MS)
  expect([waiting.dueMs - waiting.issuedMs, at(14), at(15)]).toEqual([14 * DAY_MS, "pending", "overdue"])
  const paidMs = waiting.issuedMs + DAY_MS
  const paid = await kit.write((tx) => payInvoiceIn(tx, { key: "order:w", paidMs }))
  expect([paid.paidMs, statusOf(paid, waiting.issuedMs + 99 * DAY_MS)]).toEqual([paidMs, "paid"])
  expect(await kit.write((tx) => payInvoiceIn(tx, { key: "order:w", paidMs: paidMs + 1 }))).toEqual(paid)
  await expect(kit.write((tx) => failInvoiceIn(tx, { key: "order:w" }))).rejects.toThrow("was paid")
  await kit.issue({ key: "order:f", paidMs: null, dueDays: 3 })
  const failed = await kit.write((tx) => failInvoiceIn(tx, { key: "order:f" }))
  expect([statusOf(failed, failed.issuedMs), failed.dueMs - failed.issuedMs]).toEqual(["failed", 3 * DAY_MS])
  await expect(kit.write((tx) => payInvoiceIn(tx, { key: "order:f", paidMs }))).rejects.toThrow("given up")
})
