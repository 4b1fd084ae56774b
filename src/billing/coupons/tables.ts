// The tables of coupons as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { Nano, UserId } from "../../app/index.ts"
import type { CouponKind, UseState } from "./types.ts"

export const coupons = sqliteTable("coupons", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  code: text().notNull(),
  codeKey: text("code_key").notNull(),
  kind: text().notNull().$type<CouponKind>(),
  amountNano: integer("amount_nano").notNull().$type<Nano>(),
  creditDays: integer("credit_days"),
  percent: integer(),
  planCode: text("plan_code"),
  note: text().notNull(),
  maxUses: integer("max_uses"),
  perPerson: integer("per_person"),
  minimumNano: integer("minimum_nano").notNull().$type<Nano>(),
  onlyFor: text("only_for").notNull(),
  expiresMs: integer("expires_ms"),
  endedMs: integer("ended_ms"),
  taken: integer().notNull(),
  redeemed: integer().notNull(),
  costNano: integer("cost_nano").notNull().$type<Nano>(),
  createdMs: integer("created_ms").notNull(),
  updatedMs: integer("updated_ms").notNull(),
})

export const couponUses = sqliteTable("coupon_uses", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  couponId: integer("coupon_id").notNull(),
  userId: integer("user_id").notNull().$type<UserId>(),
  state: text().notNull().$type<UseState>(),
  ref: text().notNull(),
  subject: text(),
  costNano: integer("cost_nano").notNull().$type<Nano>(),
  transactionId: text("transaction_id"),
  createdMs: integer("created_ms").notNull(),
  decidedMs: integer("decided_ms"),
})

export const couponTries = sqliteTable(
  "coupon_tries",
  {
    rule: text().notNull(),
    keyHash: text("key_hash").notNull(),
    startMs: integer("start_ms").notNull(),
    used: integer().notNull(),
    atMs: integer("at_ms").notNull(),
    tat: text(),
    forgetAtMs: integer("forget_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.rule, table.keyHash] })],
)
