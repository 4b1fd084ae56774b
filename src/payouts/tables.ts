// The tables of payouts as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { Nano, PrincipalId } from "../app/index.ts"
import type { Mode } from "../ledger/index.ts"
import type { CheckState, DocumentFormat, DocumentKind } from "./documents/types.ts"
import type { TaxKind } from "./tax/types.ts"
import type { FileFormat, MethodKind, OrderState } from "./types.ts"

const whole = (name: string) => integer(name).notNull()

export const payoutMethods = sqliteTable("payout_methods", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  ownerId: whole("owner_id").$type<PrincipalId>(),
  kind: text().notNull().$type<MethodKind>(),
  currency: text().notNull(),
  country: text(),
  hint: text().notNull(),
  sealed: text(),
  createdMs: whole("created_ms"),
  usableMs: whole("usable_ms"),
  confirmedMs: integer("confirmed_ms"),
  codeHash: text("code_hash"),
  codeTries: whole("code_tries").default(0),
  codeUntilMs: integer("code_until_ms"),
  endedMs: integer("ended_ms"),
})

export const payoutFiles = sqliteTable("payout_files", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  format: text().notNull().$type<FileFormat>(),
  createdMs: whole("created_ms"),
  actor: text().notNull(),
  debtor: text().notNull(),
  withdrawnMs: integer("withdrawn_ms"),
})

export const payoutOrders = sqliteTable("payout_orders", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  key: text().notNull(),
  ownerId: whole("owner_id").$type<PrincipalId>(),
  mode: text().notNull().$type<Mode>(),
  amountNano: whole("amount_nano").$type<Nano>(),
  methodId: integer("method_id"),
  state: text().notNull().$type<OrderState>().default("requested"),
  currency: text(),
  rateMicro: integer("rate_micro"),
  paidMinor: integer("paid_minor"),
  bySchedule: whole("by_schedule").$type<0 | 1>().default(0),
  requestedMs: whole("requested_ms"),
  approvedMs: integer("approved_ms"),
  resolvedMs: integer("resolved_ms"),
  fileId: integer("file_id"),
  because: text(),
  reference: text(),
})

export const payoutHolds = sqliteTable("payout_holds", {
  id: integer().primaryKey(),
  ownerId: whole("owner_id").$type<PrincipalId>(),
  reason: text().notNull(),
  heldMs: whole("held_ms"),
  releasedMs: integer("released_ms"),
})

export const payoutTransfers = sqliteTable("payout_transfers", {
  orderId: integer("order_id").primaryKey(),
  askedMs: whole("asked_ms"),
  transferId: text("transfer_id"),
  refusedMs: integer("refused_ms"),
})

export const payoutChecks = sqliteTable("payout_checks", {
  ownerId: integer("owner_id").primaryKey().$type<PrincipalId>(),
  state: text().notNull().$type<CheckState>(),
  because: text(),
  askedMs: whole("asked_ms"),
  decidedMs: integer("decided_ms"),
})

export const payoutDocuments = sqliteTable("payout_documents", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  ownerId: whole("owner_id").$type<PrincipalId>(),
  kind: text().notNull().$type<DocumentKind>(),
  format: text().notNull().$type<DocumentFormat>(),
  bytes: whole("bytes"),
  sealed: text().notNull(),
  createdMs: whole("created_ms"),
  endsMs: integer("ends_ms"),
})

export const payoutTaxNumbers = sqliteTable("payout_tax_numbers", {
  ownerId: integer("owner_id").primaryKey().$type<PrincipalId>(),
  publicId: text("public_id").notNull(),
  country: text().notNull(),
  kind: text().notNull().$type<TaxKind>(),
  hint: text().notNull(),
  sealed: text().notNull(),
  setMs: whole("set_ms"),
})

export const payoutSchedules = sqliteTable("payout_schedules", {
  ownerId: integer("owner_id").primaryKey().$type<PrincipalId>(),
  sinceMs: whole("since_ms"),
  doneMonth: whole("done_month"),
})
