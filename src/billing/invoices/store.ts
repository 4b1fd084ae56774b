// SQL of invoices. Decides nothing.
import { findRow, insertRow, type Reader, type Tx } from "../../store/index.ts"
import { creditNotes, invoices } from "./tables.ts"
import type { CreditNote, Invoice, InvoiceDocument } from "./types.ts"

type Row = typeof invoices.$inferSelect

const parsed = (row: Row): Invoice => ({ ...row, document: JSON.parse(row.document) as InvoiceDocument })

/** The serial after the last one of a year: in the same write, so that nobody else has it. */
const SERIALS = {
  invoices: "SELECT COALESCE(MAX(serial), 0) + 1 AS serial FROM invoices WHERE year = ?",
  creditNotes: "SELECT COALESCE(MAX(serial), 0) + 1 AS serial FROM credit_notes WHERE year = ?",
} as const

export const nextSerial = (tx: Tx, of: keyof typeof SERIALS, year: number): number =>
  tx.get<{ serial: number }>(SERIALS[of], year)!.serial

export function insertInvoice(tx: Tx, invoice: Omit<Invoice, "id">): Invoice {
  const id = insertRow(tx, invoices, { ...invoice, document: JSON.stringify(invoice.document) })
  return { id, ...invoice }
}

export function invoiceByKey(reader: Reader, key: string): Invoice | null {
  const row = findRow(reader, invoices, "key = ?", key)
  return row && parsed(row)
}

export function invoiceByNumber(reader: Reader, number: string): Invoice | null {
  const row = findRow(reader, invoices, "number = ?", number)
  return row && parsed(row)
}

export const markPaid = (tx: Tx, id: number, paidMs: number): void =>
  void tx.run("UPDATE invoices SET paid_ms = ? WHERE id = ?", paidMs, id)

export const markFailed = (tx: Tx, id: number, failedMs: number): void =>
  void tx.run("UPDATE invoices SET failed_ms = ? WHERE id = ?", failedMs, id)

export const insertCreditNote = (tx: Tx, note: Omit<CreditNote, "id">): CreditNote => ({
  id: insertRow(tx, creditNotes, note),
  ...note,
})

export const creditNoteByKey = (reader: Reader, key: string): CreditNote | null =>
  findRow(reader, creditNotes, "key = ?", key)
