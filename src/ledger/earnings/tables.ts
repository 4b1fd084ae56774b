// The tables of ledger/earnings as TypeScript sees them, once. The migration is the truth; a test compares the two.

import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import { type AccountId, type Nano, nano, type PrincipalId, type TransactionId } from "../../app/index.ts"
import type { Mode } from "../books/types.ts"
import type { EarningSource, PayoutState } from "./types.ts"

export const earningDays = sqliteTable(
  "earning_days",
  {
    accountId: integer("account_id").notNull().$type<AccountId>(),
    day: integer().notNull(),
    source: text().notNull().$type<EarningSource>(),
    earnedNano: integer("earned_nano").notNull().$type<Nano>(),
    clawedNano: integer("clawed_nano").notNull().$type<Nano>().default(nano(0)),
    matured: integer().notNull().$type<0 | 1>().default(0),
    maturedNano: integer("matured_nano").notNull().$type<Nano>().default(nano(0)),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.day, table.source] })],
)

export const earningTakes = sqliteTable("earning_takes", {
  id: integer().primaryKey(),
  chargeId: integer("charge_id").notNull().$type<TransactionId>(),
  accountId: integer("account_id").notNull().$type<AccountId>(),
  day: integer().notNull(),
  source: text().notNull().$type<EarningSource>(),
  amountNano: integer("amount_nano").notNull().$type<Nano>(),
  atMs: integer("at_ms").notNull(),
  late: integer().notNull().$type<0 | 1>().default(0),
})

export const earningMaturities = sqliteTable("earning_maturities", {
  transactionId: integer("transaction_id").primaryKey().$type<TransactionId>(),
  accountId: integer("account_id").notNull().$type<AccountId>(),
  paidDay: integer("paid_day").notNull(),
  promoDay: integer("promo_day").notNull(),
  amountNano: integer("amount_nano").notNull().$type<Nano>(),
  atMs: integer("at_ms").notNull(),
})

export const payouts = sqliteTable("payouts", {
  id: integer().primaryKey(),
  publicId: text("public_id").notNull(),
  ownerId: integer("owner_id").notNull().$type<PrincipalId>(),
  mode: text().notNull().$type<Mode>(),
  amountNano: integer("amount_nano").notNull().$type<Nano>(),
  state: text().notNull().$type<PayoutState>().default("requested"),
  requestedMs: integer("requested_ms").notNull(),
  resolvedMs: integer("resolved_ms"),
  requestId: integer("request_id").notNull().$type<TransactionId>(),
  resolveId: integer("resolve_id").$type<TransactionId>(),
  key: text().notNull(),
})
