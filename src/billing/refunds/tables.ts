// The tables of refunds and disputes as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { Nano } from "../../app/index.ts"
import type { ClawThrough } from "../../ledger/index.ts"
import type { DisputeKind, DisputeState, Holdback, RefundState } from "./types.ts"

const whole = (name: string) => integer(name).notNull()
const amount = (name: string) => integer(name).notNull().$type<Nano>()

export const billingRefunds = sqliteTable("billing_refunds", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  refundId: text("refund_id"),
  paymentKey: text("payment_key"),
  paymentIntentId: text("payment_intent_id"),
  chargeId: text("charge_id"),
  amountNano: amount("amount_nano"),
  state: text().notNull().$type<RefundState>(),
  reason: text(),
  note: text(),
  formKey: text("form_key"),
  told: text(),
  createdMs: whole("created_ms"),
  updatedMs: whole("updated_ms"),
  askedMs: whole("asked_ms"),
})

export const billingDisputes = sqliteTable("billing_disputes", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  disputeId: text("dispute_id").notNull(),
  kind: text().notNull().$type<DisputeKind>(),
  paymentKey: text("payment_key"),
  paymentIntentId: text("payment_intent_id"),
  chargeId: text("charge_id"),
  amountNano: amount("amount_nano"),
  withdrawnNano: amount("withdrawn_nano"),
  state: text().notNull().$type<DisputeState>(),
  reason: text().notNull(),
  dueMs: integer("due_ms"),
  releasedMs: integer("released_ms"),
  told: text(),
  createdMs: whole("created_ms"),
  updatedMs: whole("updated_ms"),
  askedMs: whole("asked_ms"),
})

export const billingHoldbacks = sqliteTable("billing_holdbacks", {
  id: integer().primaryKey(),
  paymentKey: text("payment_key").notNull(),
  source: text().notNull(),
  kind: text().notNull().$type<Holdback["kind"]>(),
  lotKey: text("lot_key").notNull(),
  through: text().notNull().$type<ClawThrough | "">(),
  amountNano: amount("amount_nano"),
  takenNano: amount("taken_nano"),
  debtNano: amount("debt_nano"),
  developersNano: amount("developers_nano"),
  key: text().notNull(),
  state: text().notNull().$type<Holdback["state"]>(),
  createdMs: whole("created_ms"),
  updatedMs: whole("updated_ms"),
  brokenNano: integer("broken_nano")
    .notNull()
    .default(0 as Nano)
    .$type<Nano>(),
})
