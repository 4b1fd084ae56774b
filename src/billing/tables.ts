// The tables of billing as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { Nano, UserId } from "../app/index.ts"
import type { EventState, OrderKind, OrderState } from "./types.ts"

export const creditPackages = sqliteTable("credit_packages", {
  id: integer().primaryKey(),
  slug: text().notNull(),
  name: text().notNull(),
  priceNano: integer("price_nano").notNull().$type<Nano>(),
  bonusNano: integer("bonus_nano")
    .notNull()
    .default(0 as Nano)
    .$type<Nano>(),
  bonusDays: integer("bonus_days"),
  active: integer({ mode: "boolean" }).notNull(),
  sortOrder: integer("sort_order").notNull(),
  createdMs: integer("created_ms").notNull(),
  updatedMs: integer("updated_ms").notNull(),
})

export const billingCustomers = sqliteTable(
  "billing_customers",
  {
    userId: integer("user_id").notNull().$type<UserId>(),
    isTest: integer("is_test", { mode: "boolean" }).notNull(),
    accountId: text("account_id").notNull(),
    customerId: text("customer_id").notNull(),
    createdMs: integer("created_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.isTest, table.accountId] })],
)

export const billingOrders = sqliteTable("billing_orders", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  userId: integer("user_id").notNull().$type<UserId>(),
  packageSlug: text("package_slug").notNull(),
  packageName: text("package_name").notNull(),
  priceNano: integer("price_nano").notNull().$type<Nano>(),
  bonusNano: integer("bonus_nano").notNull().$type<Nano>(),
  bonusDays: integer("bonus_days"),
  formKey: text("form_key").notNull(),
  state: text().notNull().$type<OrderState>(),
  sessionId: text("session_id"),
  payUrl: text("pay_url"),
  paymentIntentId: text("payment_intent_id"),
  chargeId: text("charge_id"),
  transactionId: text("transaction_id"),
  createdMs: integer("created_ms").notNull(),
  updatedMs: integer("updated_ms").notNull(),
  askedMs: integer("asked_ms"),
  paidMs: integer("paid_ms"),
  kind: text().notNull().default("package").$type<OrderKind>(),
  discountNano: integer("discount_nano")
    .notNull()
    .default(0 as Nano)
    .$type<Nano>(),
  taxNano: integer("tax_nano")
    .notNull()
    .default(0 as Nano)
    .$type<Nano>(),
  refundedNano: integer("refunded_nano")
    .notNull()
    .default(0 as Nano)
    .$type<Nano>(),
  taxInclusive: integer("tax_inclusive", { mode: "boolean" }).notNull().default(false),
  reverseCharge: integer("reverse_charge", { mode: "boolean" }).notNull().default(false),
  paper: text(),
})

export const billingEvents = sqliteTable("billing_events", {
  id: integer().primaryKey(),
  eventId: text("event_id").notNull(),
  type: text().notNull(),
  objectId: text("object_id").notNull(),
  state: text().notNull().$type<EventState>(),
  note: text(),
  createdMs: integer("created_ms").notNull(),
  receivedMs: integer("received_ms").notNull(),
})
