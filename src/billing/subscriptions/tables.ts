// The tables of subscriptions as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { Nano, UserId } from "../../app/index.ts"
import type { PlanChoice } from "../../plans/index.ts"
import type { SubscriptionStatus } from "../stripe/index.ts"
import type { SignupState } from "./types.ts"

const whole = (name: string) => integer(name).notNull()
const amount = (name: string) => integer(name).notNull().$type<Nano>()

export const billingPrices = sqliteTable("billing_prices", {
  id: integer().primaryKey(),
  planId: whole("plan_id"),
  months: whole("months").$type<1 | 12>(),
  priceNano: amount("price_nano"),
  tax: text().notNull().$type<"off" | "exclusive" | "inclusive">(),
  productId: text("product_id").notNull(),
  priceId: text("price_id").notNull(),
  isTest: integer("is_test", { mode: "boolean" }).notNull(),
  createdMs: whole("created_ms"),
})

export const billingSignups = sqliteTable("billing_signups", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  userId: whole("user_id").$type<UserId>(),
  planId: whole("plan_id"),
  months: whole("months").$type<1 | 12>(),
  choice: text().$type<PlanChoice>(),
  formKey: text("form_key").notNull(),
  state: text().notNull().$type<SignupState>(),
  sessionId: text("session_id"),
  payUrl: text("pay_url"),
  createdMs: whole("created_ms"),
  updatedMs: whole("updated_ms"),
  askedMs: integer("asked_ms"),
})

export const billingSubscriptions = sqliteTable("billing_subscriptions", {
  id: integer().primaryKey(),
  subscriptionId: text("subscription_id").notNull(),
  userId: whole("user_id").$type<UserId>(),
  itemId: text("item_id").notNull(),
  priceId: text("price_id").notNull(),
  status: text().notNull().$type<SubscriptionStatus>(),
  periodStartMs: whole("period_start_ms"),
  periodEndMs: whole("period_end_ms"),
  endsMs: integer("ends_ms"),
  scheduleId: text("schedule_id"),
  nextPriceId: text("next_price_id"),
  paidUntilMs: whole("paid_until_ms"),
  unpaidInvoice: text("unpaid_invoice"),
  remindedMs: integer("reminded_ms"),
  restedMs: integer("rested_ms"),
  createdMs: whole("created_ms"),
  askedMs: whole("asked_ms"),
  updatedMs: whole("updated_ms"),
  pausedMs: integer("paused_ms"),
})

export const billingPlanInvoices = sqliteTable("billing_plan_invoices", {
  id: integer().primaryKey(),
  invoiceId: text("invoice_id").notNull(),
  userId: whole("user_id").$type<UserId>(),
  subscriptionId: text("subscription_id").notNull(),
  grossNano: amount("gross_nano"),
  discountNano: amount("discount_nano"),
  taxNano: amount("tax_nano"),
  paidNano: amount("paid_nano"),
  refundedNano: integer("refunded_nano")
    .notNull()
    .default(0 as Nano)
    .$type<Nano>(),
  grantedNano: amount("granted_nano"),
  paymentIntentId: text("payment_intent_id"),
  paidMs: whole("paid_ms"),
})
