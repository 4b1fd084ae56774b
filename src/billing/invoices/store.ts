// SQL of invoices. Decides nothing.
import type { UserId } from "../../app/index.ts"
import {
  columnsOf,
  findRow,
  insertRow,
  type KeysetPage,
  keyset,
  type Place,
  pageOf,
  type Reader,
  type SqlValue,
  type Tx,
} from "../../store/index.ts"
import { creditNotes, debitNotes, invoices } from "./tables.ts"
import type { CreditNote, DebitNote, Invoice, InvoiceDocument, InvoiceStatus } from "./types.ts"

type Row = typeof invoices.$inferSelect

const parsed = (row: Row): Invoice => ({ ...row, document: JSON.parse(row.document) as InvoiceDocument })

/** The serial after the last one of a year: in the same write, so that nobody else has it. */
const SERIALS = {
  invoices: "SELECT COALESCE(MAX(serial), 0) + 1 AS serial FROM invoices WHERE year = ?",
  creditNotes: "SELECT COALESCE(MAX(serial), 0) + 1 AS serial FROM credit_notes WHERE year = ?",
  debitNotes: "SELECT COALESCE(MAX(serial), 0) + 1 AS serial FROM debit_notes WHERE year = ?",
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

export const insertDebitNote = (tx: Tx, note: Omit<DebitNote, "id">): DebitNote => ({
  id: insertRow(tx, debitNotes, note),
  ...note,
})

export const debitNoteOf = (reader: Reader, creditNoteId: number): DebitNote | null =>
  findRow(reader, debitNotes, "credit_note_id = ?", creditNoteId)

/** The tax in what was given back so far. */
export const creditedTaxOf = (reader: Reader, invoiceId: number): number =>
  reader.get<{ nano: number }>(
    `SELECT COALESCE((SELECT SUM(tax_nano) FROM credit_notes WHERE invoice_id = ?1), 0)
       - COALESCE((SELECT SUM(tax_nano) FROM debit_notes WHERE invoice_id = ?1), 0) AS nano`,
    invoiceId,
  )!.nano

const INVOICE = columnsOf(invoices)
const NOTE = columnsOf(creditNotes)
const DEBIT = columnsOf(debitNotes)

/** What each state is in rows; `?` is the present moment where one stands. */
const STATES: Readonly<Record<InvoiceStatus, string>> = {
  paid: "paid_ms IS NOT NULL",
  failed: "failed_ms IS NOT NULL",
  pending: "paid_ms IS NULL AND failed_ms IS NULL AND due_ms >= ?",
  overdue: "paid_ms IS NULL AND failed_ms IS NULL AND due_ms < ?",
}

type Flags = "taxInclusive" | "reverseCharge"
type Raw = Omit<Row, Flags> & Record<Flags, 0 | 1>

export interface InvoicesQuery {
  /** null = of everybody. */
  userId: UserId | null
  status: InvoiceStatus | null
  place: Place | null
  limit: number
  nowMs: number
}

/** Newest first. */
export function invoicesBy(reader: Reader, query: InvoicesQuery): KeysetPage<Invoice> {
  const { userId, status, place, limit, nowMs } = query
  const state = status === null ? "TRUE" : STATES[status]
  const page = keyset({ key: "issued_ms", id: "id", descending: true }, place)
  const params: SqlValue[] = [
    ...(userId === null ? [] : [userId]),
    ...(state.includes("?") ? [nowMs] : []),
    ...page.params,
  ]
  const found = reader.all<Raw>(
    `SELECT ${INVOICE} FROM invoices
     WHERE ${userId === null ? "TRUE" : "user_id = ?"} AND ${state} AND ${page.where} ORDER BY ${page.order} LIMIT ?`,
    ...params,
    limit + 1,
  )
  const rows = found.map((row) =>
    parsed({ ...row, taxInclusive: row.taxInclusive === 1, reverseCharge: row.reverseCharge === 1 }),
  )
  return pageOf(rows, limit, place, ({ issuedMs, id }) => ({ key: issuedMs, id }))
}

/** Oldest first. */
export const notesOf = (reader: Reader, invoiceId: number): CreditNote[] =>
  reader.all<CreditNote>(`SELECT ${NOTE} FROM credit_notes WHERE invoice_id = ? ORDER BY id`, invoiceId)

export const debitsOf = (reader: Reader, invoiceId: number): DebitNote[] =>
  reader.all<DebitNote>(`SELECT ${DEBIT} FROM debit_notes WHERE invoice_id = ? ORDER BY id`, invoiceId)
