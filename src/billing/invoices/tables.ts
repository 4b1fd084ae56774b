// The tables of invoices as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { Nano, UserId } from "../../app/index.ts"
import type { InvoiceKind } from "./types.ts"

export const invoices = sqliteTable("invoices", {
  id: integer().primaryKey(),
  number: text().notNull(),
  year: integer().notNull(),
  serial: integer().notNull(),
  key: text().notNull(),
  userId: integer("user_id").notNull().$type<UserId>(),
  kind: text().notNull().$type<InvoiceKind>(),
  subtotalNano: integer("subtotal_nano").notNull().$type<Nano>(),
  discountNano: integer("discount_nano").notNull().$type<Nano>(),
  taxNano: integer("tax_nano").notNull().$type<Nano>(),
  totalNano: integer("total_nano").notNull().$type<Nano>(),
  taxInclusive: integer("tax_inclusive", { mode: "boolean" }).notNull(),
  reverseCharge: integer("reverse_charge", { mode: "boolean" }).notNull(),
  document: text().notNull(),
  issuedMs: integer("issued_ms").notNull(),
  dueMs: integer("due_ms").notNull(),
  paidMs: integer("paid_ms"),
  failedMs: integer("failed_ms"),
  creditedNano: integer("credited_nano")
    .notNull()
    .default(0 as Nano)
    .$type<Nano>(),
})

export const creditNotes = sqliteTable("credit_notes", {
  id: integer().primaryKey(),
  number: text().notNull(),
  year: integer().notNull(),
  serial: integer().notNull(),
  key: text().notNull(),
  invoiceId: integer("invoice_id").notNull(),
  amountNano: integer("amount_nano").notNull().$type<Nano>(),
  taxNano: integer("tax_nano").notNull().$type<Nano>(),
  reason: text().notNull(),
  issuedMs: integer("issued_ms").notNull(),
})

export const debitNotes = sqliteTable("debit_notes", {
  id: integer().primaryKey(),
  number: text().notNull(),
  year: integer().notNull(),
  serial: integer().notNull(),
  creditNoteId: integer("credit_note_id").notNull(),
  invoiceId: integer("invoice_id").notNull(),
  amountNano: integer("amount_nano").notNull().$type<Nano>(),
  taxNano: integer("tax_nano").notNull().$type<Nano>(),
  reason: text().notNull(),
  issuedMs: integer("issued_ms").notNull(),
})
