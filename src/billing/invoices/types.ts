// The nouns of invoices: what was paid, to whom, for what, and what of it was given back. Amounts in n$, whole cents.
import type { Nano, UserId } from "../../app/index.ts"
import type { Identity } from "../../identity/index.ts"
import type { Settings } from "../../settings/index.ts"

export type InvoiceKind = "package" | "recharge" | "manual" | "plan" | "product"

export interface InvoiceLine {
  text: string
  /** A whole number. */
  quantity: number
  unitNano: Nano
  /** Quantity × unit; below zero for what is given back of a period. */
  amountNano: Nano
  /** The period it is for. */
  fromMs?: number
  toMs?: number
}

/** Who sells, who buys; what is not known is empty. */
export interface Party {
  name: string
  /** Lines of a letter. */
  address: string
  taxId: string
  email: string
}

/** What stood on it on the day it was issued, whatever became of names and settings since. */
export interface InvoiceDocument {
  seller: Party
  buyer: Party
  lines: InvoiceLine[]
  /** What tax is called there: "VAT", "GST". */
  taxLabel: string
  /** Sentences below the figures, such as that of the reverse charge. */
  notes: string[]
}

export interface Invoice {
  id: number
  /** INV-2026-001 */
  number: string
  year: number
  serial: number
  key: string
  userId: UserId
  kind: InvoiceKind
  /** Lines together. */
  subtotalNano: Nano
  discountNano: Nano
  taxNano: Nano
  /** What is to be paid: subtotal − discount, and tax where it comes on top. */
  totalNano: Nano
  taxInclusive: boolean
  reverseCharge: boolean
  document: InvoiceDocument
  issuedMs: number
  dueMs: number
  paidMs: number | null
  /** Given up: it will not be paid. */
  failedMs: number | null
  /** What credit notes took back, together, but for those that are cancelled. */
  creditedNano: Nano
}

export type InvoiceStatus = "paid" | "pending" | "overdue" | "failed"

export interface CreditNote {
  id: number
  /** CN-2026-001 */
  number: string
  year: number
  serial: number
  key: string
  invoiceId: number
  /** What was given back, tax included. */
  amountNano: Nano
  /** The tax in it. */
  taxNano: Nano
  reason: string
  issuedMs: number
}

/** Cancels a credit note: what it says did not go back after all. */
export interface DebitNote {
  id: number
  /** DN-2026-001 */
  number: string
  year: number
  serial: number
  creditNoteId: number
  invoiceId: number
  /** Those of the credit note. */
  amountNano: Nano
  taxNano: Nano
  reason: string
  issuedMs: number
}

export interface IssueInput {
  userId: UserId
  /** What it is for: `order:<public id>`, `stripe:<in_…>`. The same key is the same invoice. */
  key: string
  kind: InvoiceKind
  lines: readonly InvoiceLine[]
  /** Off the lines together, by a coupon. */
  discountNano: Nano
  taxNano: Nano
  /** Tax is part of the prices; else it comes on top. */
  taxInclusive: boolean
  reverseCharge: boolean
  /** null = it is still to be paid. */
  paidMs: number | null
  /** Days until it is to be paid; default: what the operator set. */
  dueDays?: number
  /** What the processor of payments knows of the buyer; the rest is what the person's account says. */
  buyer?: Partial<Party>
  /** More sentences below the figures. */
  notes?: readonly string[]
}

export interface CreditInput {
  /** Of the invoice. */
  invoiceKey: string
  /** Of the refund: the same one is the same note. */
  key: string
  /** What went back, tax included. */
  amountNano: Nano
  reason: string
}

export interface CancelCreditInput {
  /** Of the credit note. */
  key: string
  reason: string
}

export interface InvoiceDeps {
  settings: Pick<Settings, "get">
  buyers: Pick<Identity, "userById">
}
