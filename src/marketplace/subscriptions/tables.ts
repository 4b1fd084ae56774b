// The tables of subscriptions beside the shared one, as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { Nano, UserId } from "../../app/index.ts"
import type { BillKind, BillState, RefundBy } from "./types.ts"

export const marketBills = sqliteTable("market_bills", {
  id: integer().primaryKey(),
  subscriptionId: integer("subscription_id").notNull(),
  kind: text().notNull().$type<BillKind>(),
  startMs: integer("start_ms").notNull(),
  endMs: integer("end_ms").notNull(),
  planId: integer("plan_id").notNull(),
  termsId: integer("terms_id").notNull(),
  amountNano: integer("amount_nano").notNull().$type<Nano>(),
  commissionNano: integer("commission_nano").notNull().$type<Nano>(),
  state: text().notNull().$type<BillState>(),
  dueMs: integer("due_ms").notNull(),
  paidMs: integer("paid_ms"),
  tries: integer().notNull().default(0),
  nextTryMs: integer("next_try_ms"),
  told: integer().notNull().$type<0 | 1 | 2>().default(0),
  saleId: text("sale_id"),
  invoice: text(),
})

export const marketRefunds = sqliteTable("market_refunds", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  billId: integer("bill_id").notNull(),
  key: text().notNull(),
  amountNano: integer("amount_nano").notNull().$type<Nano>(),
  commissionNano: integer("commission_nano").notNull().$type<Nano>(),
  earnedNano: integer("earned_nano").notNull().$type<Nano>(),
  byWhom: text("by_whom").notNull().$type<RefundBy>(),
  reason: text().notNull(),
  note: text().notNull(),
  createdMs: integer("created_ms").notNull(),
})

export const marketSubscribeKeys = sqliteTable(
  "market_subscribe_keys",
  {
    userId: integer("user_id").notNull().$type<UserId>(),
    formKey: text("form_key").notNull(),
    subscriptionId: integer("subscription_id").notNull(),
    createdMs: integer("created_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.formKey] })],
)
