// The table of billing/statement as TypeScript sees it, once. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"

export const billingMovements = sqliteTable("billing_movements", {
  id: integer().primaryKey(),
  movementId: text("movement_id").notNull(),
  type: text().notNull(),
  sourceId: text("source_id"),
  chargeId: text("charge_id"),
  intentId: text("intent_id"),
  customerId: text("customer_id"),
  orderId: text("order_id"),
  currency: text().notNull(),
  amountCents: integer("amount_cents").notNull(),
  feeCents: integer("fee_cents").notNull(),
  usdCents: integer("usd_cents"),
  usdFeeCents: integer("usd_fee_cents"),
  isOurs: integer("is_ours", { mode: "boolean" }).notNull(),
  transactionId: text("transaction_id"),
  text: text(),
  createdMs: integer("created_ms").notNull(),
})
