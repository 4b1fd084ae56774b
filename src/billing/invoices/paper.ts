// An invoice or a credit note as it is printed: words and figures in their places, before anything is drawn. Pure.
import { type Nano, nano, usdDecimal } from "../../app/index.ts"
import { netOf } from "./figures.ts"
import type { CreditNote, DebitNote, Invoice, InvoiceLine, Party } from "./types.ts"

export interface PaperLine {
  text: string
  /** The period it is for. */
  period: string | null
  quantity: string
  unit: string
  amount: string
}

export interface PaperTotal {
  label: string
  amount: string
  strong?: boolean
}

export interface Paper {
  title: "Invoice" | "Credit note" | "Debit note" | "Statement of earnings"
  number: string
  issuedMs: number
  facts: readonly { label: string; text: string }[]
  seller: readonly string[]
  buyer: readonly string[]
  lines: readonly PaperLine[]
  totals: readonly PaperTotal[]
  notes: readonly string[]
  /** Where the same is read in a browser. */
  url: string
  /** What stands above its parties and figures. Default: those of an invoice. */
  heads?: { seller: string; buyer: string; figures: readonly [string, string, string] }
}

const INVOICE_HEADS = { seller: "From", buyer: "Billed to", figures: ["Quantity", "Price", "Amount"] } as const

export const headsOf = ({ heads }: Paper): NonNullable<Paper["heads"]> => heads ?? INVOICE_HEADS

export function invoicePaper(invoice: Invoice, baseUrl: string): Paper {
  const { document, issuedMs, dueMs, paidMs } = invoice
  const facts = [
    { label: "Number", text: invoice.number },
    { label: "Issued", text: dayText(issuedMs) },
    { label: "Due", text: dayText(dueMs) },
  ]
  if (paidMs !== null) facts.push({ label: "Paid", text: dayText(paidMs) })
  return {
    title: "Invoice",
    number: invoice.number,
    issuedMs,
    facts,
    ...partiesOf(invoice),
    lines: document.lines.map(lineOf),
    totals: totalsOf(invoice),
    notes: document.notes,
    url: urlOf(invoice, baseUrl),
  }
}

export function creditPaper(invoice: Invoice, note: CreditNote, baseUrl: string): Paper {
  const amount = dollarsText(note.amountNano)
  const { taxLabel } = invoice.document
  const totals: PaperTotal[] = [{ label: "Given back", amount, strong: true }]
  if (note.taxNano > 0) totals.push({ label: `${taxLabel} in it`, amount: dollarsText(note.taxNano) })
  return {
    title: "Credit note",
    number: note.number,
    issuedMs: note.issuedMs,
    facts: [
      { label: "Number", text: note.number },
      { label: "Issued", text: dayText(note.issuedMs) },
      { label: "For invoice", text: `${invoice.number} of ${dayText(invoice.issuedMs)}` },
    ],
    ...partiesOf(invoice),
    lines: [{ text: note.reason, period: null, quantity: "1", unit: amount, amount }],
    totals,
    notes: invoice.reverseCharge ? invoice.document.notes.slice(0, 1) : [],
    url: urlOf(invoice, baseUrl),
  }
}

/** @param note the one that it cancels */
export function debitPaper(invoice: Invoice, debit: DebitNote, note: CreditNote, baseUrl: string): Paper {
  const amount = dollarsText(debit.amountNano)
  const { taxLabel } = invoice.document
  const totals: PaperTotal[] = [{ label: "Not given back", amount, strong: true }]
  if (debit.taxNano > 0) totals.push({ label: `${taxLabel} in it`, amount: dollarsText(debit.taxNano) })
  return {
    title: "Debit note",
    number: debit.number,
    issuedMs: debit.issuedMs,
    facts: [
      { label: "Number", text: debit.number },
      { label: "Issued", text: dayText(debit.issuedMs) },
      { label: "Cancels", text: `${note.number} of ${dayText(note.issuedMs)}` },
      { label: "For invoice", text: `${invoice.number} of ${dayText(invoice.issuedMs)}` },
    ],
    ...partiesOf(invoice),
    lines: [{ text: debit.reason, period: null, quantity: "1", unit: amount, amount }],
    totals,
    notes: [
      `The credit note ${note.number} no longer holds: what it gave back did not arrive, and the invoice stands for it.`,
      ...(invoice.reverseCharge ? invoice.document.notes.slice(0, 1) : []),
    ],
    url: urlOf(invoice, baseUrl),
  }
}

/** What is below the lines: each figure that there is, and the sum. */
export function totalsOf(invoice: Invoice): PaperTotal[] {
  const { subtotalNano, discountNano, taxNano, totalNano, taxInclusive, document } = invoice
  const found: PaperTotal[] = []
  const add = (label: string, amount: number, strong = false) =>
    found.push({ label, amount: dollarsText(amount as Nano), ...(strong ? { strong } : {}) })
  const isPlain = discountNano === 0 && taxNano === 0
  if (!isPlain) add("Subtotal", subtotalNano)
  if (discountNano > 0) add("Discount", -discountNano)
  if (taxNano > 0 && !taxInclusive) add(document.taxLabel, taxNano)
  add("Total", totalNano, true)
  if (taxNano > 0 && taxInclusive) {
    add(`${document.taxLabel} in it`, taxNano)
    add(`Without ${document.taxLabel}`, netOf(invoice))
  }
  return found
}

const urlOf = ({ number }: Invoice, baseUrl: string): string => `${baseUrl}/credits/invoices/${number}`

const partiesOf = ({ document: { seller, buyer } }: Invoice) => ({
  seller: partyLines(seller),
  buyer: partyLines(buyer),
})

/** A party as lines of a letter. */
export function partyLines({ name, address, taxId, email }: Party): string[] {
  return [name, ...address.split("\n"), email, taxId === "" ? "" : `Tax id ${taxId}`].filter(Boolean)
}

export const lineOf = ({ text, quantity, unitNano, amountNano, fromMs, toMs }: InvoiceLine): PaperLine => ({
  text,
  period: fromMs === undefined || toMs === undefined ? null : `${dayText(fromMs)} – ${dayText(toMs)}`,
  quantity: quantity.toLocaleString("en-US"),
  unit: dollarsText(unitNano),
  amount: dollarsText(amountNano),
})

const MONTHS = ["January", "February", "March", "April", "May", "June"].concat([
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
])

/** "1 June 2026", UTC: days of the books. */
export function dayText(ms: number): string {
  const date = new Date(ms)
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`
}

/** "$1,234.50", "−$12.50"; a unit of a product may cost less than a cent: "$0.0005". */
export function dollarsText(amount: Nano): string {
  const [whole = "0", part = ""] = usdDecimal(nano(Math.abs(amount))).split(".")
  return `${amount < 0 ? "−" : ""}$${Number(whole).toLocaleString("en-US")}.${part.padEnd(2, "0")}`
}
