// The tables of saved cards and auto-recharge as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { Nano, UserId } from "../../app/index.ts"
import type { OffWhy, Trouble } from "./types.ts"

export const billingCards = sqliteTable("billing_cards", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  userId: integer("user_id").notNull().$type<UserId>(),
  methodId: text("method_id").notNull(),
  brand: text().notNull(),
  last4: text().notNull(),
  expMonth: integer("exp_month").notNull(),
  expYear: integer("exp_year").notNull(),
  createdMs: integer("created_ms").notNull(),
  removedMs: integer("removed_ms"),
  warnedMs: integer("warned_ms"),
  customerId: text("customer_id"),
})

export const billingAutoRecharges = sqliteTable("billing_auto_recharges", {
  userId: integer("user_id").primaryKey().$type<UserId>(),
  active: integer({ mode: "boolean" }).notNull(),
  offWhy: text("off_why").$type<OffWhy>(),
  paused: integer({ mode: "boolean" }).notNull().default(false),
  belowNano: integer("below_nano").notNull().$type<Nano>(),
  amountNano: integer("amount_nano").notNull().$type<Nano>(),
  monthNano: integer("month_nano").notNull().$type<Nano>(),
  failures: integer().notNull().default(0),
  notBeforeMs: integer("not_before_ms"),
  toldMonthMs: integer("told_month_ms"),
  createdMs: integer("created_ms").notNull(),
  updatedMs: integer("updated_ms").notNull(),
})

export const billingRecharges = sqliteTable("billing_recharges", {
  orderId: integer("order_id").primaryKey(),
  cardId: integer("card_id").notNull(),
  attemptedMs: integer("attempted_ms"),
  trouble: text().$type<Trouble>(),
  code: text(),
  pages: integer().notNull().default(0),
})
