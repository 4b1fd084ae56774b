// Invoices and what became of them, as rows; and payments that have none yet.
import type { Children } from "@kitajs/html"
import type { Nano } from "../../src/app/units.ts"
import { usdText } from "../ui/format.ts"
import { Badge, type Column, RowLink, When } from "../ui/index.ts"

export type InvoiceState = "paid" | "pending" | "overdue" | "failed"

export interface InvoiceRow {
  /** Its page; of a payment without an invoice, that of the order. */
  href: string
  /** INV-2026-001; null = none was issued. */
  number: string | null
  what: string
  /** Whom it is billed to, where it is not the reader. */
  who?: string
  state: InvoiceState
  /** What went back of it. */
  credited: Nano
  total: Nano
  atMs: number
}

const STATES: Readonly<Record<InvoiceState, { text: string; tone: "ok" | "warn" | "bad" | "neutral" }>> = {
  paid: { text: "Paid", tone: "ok" },
  pending: { text: "Pending", tone: "warn" },
  overdue: { text: "Overdue", tone: "bad" },
  failed: { text: "Failed", tone: "neutral" },
}

export function InvoiceBadge({
  state,
  credited,
  total,
}: Pick<InvoiceRow, "state" | "credited" | "total">): JSX.Element {
  if (credited === 0) return <Badge {...STATES[state]} />
  return <Badge tone="neutral" text={credited === total ? "Given back" : "Given back in part"} />
}

export const invoiceColumns = (withWho: boolean): Column[] => [
  { label: "Number" },
  { label: "For" },
  ...(withWho ? [{ label: "Billed to" }] : []),
  { label: "State" },
  { label: "Date" },
  { label: "Total", numeric: true },
]

export const invoiceCells = (row: InvoiceRow, now: number): Children[] => [
  <RowLink href={row.href} label={row.number ?? "Not invoiced"} />,
  <bdi safe>{row.what}</bdi>,
  ...(row.who === undefined ? [] : [<bdi safe>{row.who}</bdi>]),
  <InvoiceBadge {...row} />,
  <When ms={row.atMs} now={now} />,
  <span class="num" safe>
    {usdText(row.total)}
  </span>,
]

export const STATE_LINKS = [
  { state: null, label: "All" },
  { state: "paid", label: "Paid" },
  { state: "pending", label: "Pending" },
  { state: "overdue", label: "Overdue" },
  { state: "failed", label: "Failed" },
] as const
