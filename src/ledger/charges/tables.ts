// The tables of ledger/charges as TypeScript sees them, once. The migration is the truth; a test compares the two.

import { blob, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { AccountId, ClientId, KeyId, LotId, Nano, PrincipalId, RouteId, TransactionId } from "../../app/index.ts"
import type { Mode } from "../books/types.ts"
import type { EndReason, UsageSource } from "./types.ts"

export const charges = sqliteTable("charges", {
  id: integer().primaryKey().$type<TransactionId>(),
  callId: text("call_id").notNull(),
  atMs: integer("at_ms").notNull(),
  mode: text().notNull().$type<Mode>(),
  accountId: integer("account_id").notNull().$type<AccountId>(),
  lotId: integer("lot_id").$type<LotId>(),
  chargeNano: integer("charge_nano").notNull().$type<Nano>(),
  upstreamNano: integer("upstream_nano").notNull().$type<Nano>(),
  developerNano: integer("developer_nano").notNull().$type<Nano>(),
  collectedNano: integer("collected_nano").notNull().$type<Nano>(),
  pendingId: integer("pending_id").$type<AccountId>(),
  earnedNano: integer("earned_nano").notNull().$type<Nano>(),
  promoEarnedNano: integer("promo_earned_nano").notNull().$type<Nano>(),
  promoCapNano: integer("promo_cap_nano").notNull(),
  balanceAfterNano: integer("balance_after_nano").notNull().$type<Nano>(),
  hash: blob("hash", { mode: "buffer" }).notNull().$type<Uint8Array>(),
  developerId: integer("developer_id").$type<PrincipalId>(),
  callerId: integer("caller_id").notNull().$type<PrincipalId>(),
  clientId: integer("client_id").$type<ClientId>(),
  keyId: integer("key_id").$type<KeyId>(),
  scope: text().notNull(),
  heldDay: integer("held_day"),
  heldNano: integer("held_nano").notNull().$type<Nano>(),
  routeId: integer("route_id").$type<RouteId>(),
  stream: integer().notNull().$type<0 | 1>(),
  status: integer().notNull(),
  errorCode: text("error_code"),
  end: text("end_reason").notNull().$type<EndReason>(),
  latencyMs: integer("latency_ms").notNull(),
  firstTokenMs: integer("first_token_ms"),
  inputTokens: integer("input_tokens").notNull(),
  cachedTokens: integer("cached_tokens").notNull(),
  outputTokens: integer("output_tokens").notNull(),
  reasoningTokens: integer("reasoning_tokens").notNull(),
  units: text(),
  source: text("usage_source").notNull().$type<UsageSource>(),
})

export const chargeLots = sqliteTable(
  "charge_lots",
  {
    chargeId: integer("charge_id").notNull().$type<TransactionId>(),
    seq: integer().notNull(),
    lotId: integer("lot_id").notNull().$type<LotId>(),
    amountNano: integer("amount_nano").notNull().$type<Nano>(),
  },
  (table) => [primaryKey({ columns: [table.chargeId, table.seq] })],
)

export const chargeDays = sqliteTable(
  "charge_days",
  {
    day: integer().notNull(),
    accountId: integer("account_id").notNull().$type<AccountId>(),
    clientId: integer("client_id").notNull(),
    scope: text().notNull(),
    routeId: integer("route_id").notNull(),
    heldDay: integer("held_day").notNull(),
    callerId: integer("caller_id").notNull().$type<PrincipalId>(),
    calls: integer().notNull().default(0),
    errors: integer().notNull().default(0),
    inputTokens: integer("input_tokens").notNull().default(0),
    outputTokens: integer("output_tokens").notNull().default(0),
    latencyMs: integer("latency_ms").notNull().default(0),
    chargeNano: integer("charge_nano").notNull().default(0),
    upstreamNano: integer("upstream_nano").notNull().default(0),
    earnedNano: integer("earned_nano").notNull().default(0),
    collectedNano: integer("collected_nano").notNull().default(0),
    backNano: integer("back_nano").notNull().default(0),
  },
  (table) => [
    primaryKey({
      columns: [table.day, table.accountId, table.clientId, table.scope, table.routeId, table.heldDay, table.callerId],
    }),
  ],
)

export const chargeClientDays = sqliteTable(
  "charge_client_days",
  {
    clientId: integer("client_id").notNull(),
    day: integer().notNull(),
    calls: integer().notNull(),
    errors: integer().notNull(),
    inputTokens: integer("input_tokens").notNull(),
    outputTokens: integer("output_tokens").notNull(),
    latencyMs: integer("latency_ms").notNull(),
    chargeNano: integer("charge_nano").notNull().$type<Nano>(),
    upstreamNano: integer("upstream_nano").notNull().$type<Nano>(),
    earnedNano: integer("earned_nano").notNull().$type<Nano>(),
    collectedNano: integer("collected_nano").notNull().$type<Nano>(),
  },
  (table) => [primaryKey({ columns: [table.clientId, table.day] })],
)

/** What each person used of a wallet that is not theirs, less what came back. */
export const walletCallers = sqliteTable(
  "wallet_callers",
  {
    accountId: integer("account_id").notNull().$type<AccountId>(),
    callerId: integer("caller_id").notNull().$type<PrincipalId>(),
    usedNano: integer("used_nano").notNull().$type<Nano>(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.callerId] })],
)

export const chargeFold = sqliteTable("charge_fold", { through: integer().notNull().$type<TransactionId>() })

/** Up to and with this one, calls are forgotten by age. */
export const chargeClear = sqliteTable("charge_clear", { through: integer().notNull().$type<TransactionId>() })
