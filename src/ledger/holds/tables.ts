// The tables of ledger/holds as TypeScript sees them, once. The migration is the truth; a test compares the two.

import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import {
  type AccountId,
  type ClientId,
  type HoldId,
  type LotId,
  type Nano,
  nano,
  type PrincipalId,
  type TransactionId,
} from "../../app/index.ts"
import type { HoldStage } from "./types.ts"

export const holds = sqliteTable("holds", {
  id: integer().primaryKey().$type<HoldId>(),
  accountId: integer("account_id").notNull().$type<AccountId>(),
  callId: text("call_id").notNull(),
  bootId: text("boot_id").notNull(),
  reason: text().notNull(),
  clientId: integer("client_id").$type<ClientId>(),
  scope: text().notNull(),
  limitScope: text("limit_scope"),
  day: integer().notNull(),
  amountNano: integer("amount_nano").notNull().$type<Nano>(),
  stage: text().notNull().$type<HoldStage>(),
  inputCostNano: integer("input_cost_nano").notNull().$type<Nano>(),
  knownCostNano: integer("known_cost_nano").notNull().$type<Nano>(),
  splitUpstream: integer("split_upstream").notNull(),
  splitDeveloper: integer("split_developer").notNull(),
  splitPlatform: integer("split_platform").notNull(),
  developerId: integer("developer_id").$type<PrincipalId>(),
  leaseUntilMs: integer("lease_until_ms").notNull(),
  createdMs: integer("created_ms").notNull(),
  state: text().notNull().$type<"open" | "settled" | "released">().default("open"),
  resolvedMs: integer("resolved_ms"),
  transactionId: integer("transaction_id").$type<TransactionId>(),
  chargeNano: integer("charge_nano").notNull().$type<Nano>().default(nano(0)),
  chargeUpstreamNano: integer("charge_upstream_nano").notNull().$type<Nano>().default(nano(0)),
  chargeDeveloperNano: integer("charge_developer_nano").notNull().$type<Nano>().default(nano(0)),
  chargePlatformNano: integer("charge_platform_nano").notNull().$type<Nano>().default(nano(0)),
  collectedNano: integer("collected_nano").notNull().$type<Nano>().default(nano(0)),
  uncollectedNano: integer("uncollected_nano").notNull().$type<Nano>().default(nano(0)),
  raisedMs: integer("raised_ms"),
  promoCapNano: integer("promo_cap_nano").notNull().default(-1),
  promoEarnedNano: integer("promo_earned_nano").notNull().$type<Nano>().default(nano(0)),
})

export const holdLots = sqliteTable(
  "hold_lots",
  {
    holdId: integer("hold_id").notNull().$type<HoldId>(),
    lotId: integer("lot_id").notNull().$type<LotId>(),
    seq: integer().notNull(),
    amountNano: integer("amount_nano").notNull().$type<Nano>(),
  },
  (table) => [primaryKey({ columns: [table.holdId, table.lotId] })],
)

export const limitDays = sqliteTable(
  "limit_day",
  {
    accountId: integer("account_id").notNull().$type<AccountId>(),
    clientId: integer("client_id").notNull().$type<ClientId>(),
    scope: text().notNull(),
    day: integer().notNull(),
    usedNano: integer("used_nano").notNull().$type<Nano>(),
    heldNano: integer("held_nano").notNull().$type<Nano>(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.clientId, table.scope, table.day] })],
)
