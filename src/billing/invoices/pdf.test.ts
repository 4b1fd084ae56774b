// Papers: which figures stand below the lines, and a PDF that others can read.
import { expect, test } from "bun:test"
import { rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { creditPaper, invoicePaper, totalsOf } from "./paper.ts"
import { pdfOf } from "./pdf.ts"
import { line, openInvoices, usd } from "./testing.ts"

const URL = "https://ai.example.com"
const figures = (totals: readonly { label: string; amount: string }[]) =>
  totals.map(({ label, amount }) => [label, amount])

test("below the lines stand the figures that there are", async () => {
  const kit = await openInvoices()
  const lines = [line(1_000), line(234.5)]
  expect(figures(totalsOf(await kit.issue({ lines })))).toEqual([["Total", "$1,234.50"]])
  expect(figures(totalsOf(await kit.issue({ lines, discountNano: usd(34.5), taxNano: usd(228) })))).toEqual([
    ["Subtotal", "$1,234.50"],
    ["Discount", "−$34.50"],
    ["Tax", "$228.00"],
    ["Total", "$1,428.00"],
  ])
  expect(figures(totalsOf(await kit.issue({ lines: [line(119)], taxNano: usd(19), taxInclusive: true })))).toEqual([
    ["Subtotal", "$119.00"],
    ["Total", "$119.00"],
    ["Tax in it", "$19.00"],
    ["Without Tax", "$100.00"],
  ])
  const reverse = invoicePaper(await kit.issue({ reverseCharge: true, notes: ["Second."] }), URL)
  expect(reverse.notes).toEqual(["Reverse charge: the customer owes the tax on this invoice.", "Second."])
})

/** By poppler, which is not ours; null where it is not installed. */
function readBack(pdf: Uint8Array, command: string[]): string | null {
  if (!Bun.which(command[0]!)) return null
  const path = join(tmpdir(), `purser-paper-${process.pid}.pdf`)
  writeFileSync(path, pdf)
  try {
    const { stdout, stderr } = Bun.spawnSync([...command, path, ...(command[0] === "pdftotext" ? ["-"] : [])])
    return stdout.toString() + stderr.toString()
  } finally {
    rmSync(path)
  }
}

test("a PDF has its words, its fonts and its marks, on as many pages as it takes; the same paper is the same bytes", async () => {
  const kit = await openInvoices()
  const many = Array.from({ length: 45 }, (_, at) => ({
    ...line(at + 1, 2, `Line ${at + 1} Łódź Москва Αθήνα 王`),
    fromMs: 0,
    toMs: 1,
  }))
  const invoice = await kit.issue({ key: "order:p", lines: many, taxNano: usd(5) })
  const pdf = pdfOf(invoicePaper(invoice, URL))
  expect(Buffer.from(pdf.slice(0, 8)).toString()).toBe("%PDF-1.7")
  expect(Buffer.from(pdf.slice(-6)).toString()).toBe("%%EOF\n")
  expect(Buffer.compare(pdf, pdfOf(invoicePaper(invoice, URL)))).toBe(0)
  const text = readBack(pdf, ["pdftotext", "-layout"])
  if (text !== null) {
    for (const words of [
      "INV-2026-001",
      "Ada",
      "Line 45 Łódź Москва Αθήνα □",
      "$2,070.00",
      "$2,075.00",
      "cannot print",
    ])
      expect(text).toContain(words)
    expect(text.match(/^\f?Line \d+/gm)?.length).toBe(45)
    const info = readBack(pdf, ["pdfinfo"])!
    expect(info).toMatch(/Tagged: +yes/)
    expect(Number(/Pages: +(\d+)/.exec(info)?.[1])).toBeGreaterThan(2)
    expect(info).not.toMatch(/error|warning/i)
  }
  const note = await kit.credit({ invoiceKey: "order:p", amountNano: usd(415), reason: "Half of it" })
  const credit = creditPaper(invoice, note!, URL)
  expect([figures(credit.totals), credit.facts.at(-1)?.text]).toEqual([
    [
      ["Given back", "$415.00"],
      ["Tax in it", "$1.00"],
    ],
    "INV-2026-001 of 1 June 2026",
  ])
})
