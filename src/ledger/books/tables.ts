// The tables of ledger/books as TypeScript sees them, once. The migration is the truth; a test compares the two.

import { blob, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type {
  AccountId,
  ClientId,
  HoldId,
  KeyId,
  LotId,
  Nano,
  PrincipalId,
  RouteId,
  TransactionId,
} from "../../app/index.ts"
import type { AccountKind, HoldStage, Mode, Owner, TransactionType } from "./types.ts"

export const accounts = sqliteTable("accounts", {
  id: integer().primaryKey().$type<AccountId>(),
  ownerKind: text("owner_kind").notNull().$type<Owner["kind"]>(),
  ownerId: integer("owner_id").notNull(),
  mode: text().notNull().$type<Mode>(),
  kind: text().notNull().$type<AccountKind>(),
  asset: text().notNull().default("usd_nano"),
  balanceNano: integer("balance_nano"),
  createdMs: integer("created_ms").notNull(),
})

export const transactions = sqliteTable("transactions", {
  id: integer().primaryKey().$type<TransactionId>(),
  publicId: text("public_id").notNull(),
  type: text().notNull().$type<TransactionType>(),
  mode: text().notNull().$type<Mode>(),
  atMs: integer("at_ms").notNull(),
  actor: text().notNull(),
  onBehalfOf: text("on_behalf_of"),
  requestId: text("request_id").notNull(),
  reason: text().notNull(),
  key: text(),
  reverses: integer().$type<TransactionId>(),
  chargeId: integer("charge_id").$type<TransactionId>(),
  hash: blob("hash", { mode: "buffer" }).notNull().$type<Uint8Array>(),
})

export const entries = sqliteTable(
  "entries",
  {
    transactionId: integer("transaction_id").notNull().$type<TransactionId>(),
    seq: integer().notNull(),
    accountId: integer("account_id").notNull().$type<AccountId>(),
    amountNano: integer("amount_nano").notNull().$type<Nano>(),
    lotId: integer("lot_id").$type<LotId>(),
    balanceAfterNano: integer("balance_after_nano").notNull(),
  },
  (table) => [primaryKey({ columns: [table.transactionId, table.seq] })],
)

export const openHolds = sqliteTable(
  "open_holds",
  {
    id: integer().notNull().$type<HoldId>(),
    accountId: integer("account_id").notNull().$type<AccountId>(),
    callId: text("call_id").notNull(),
    bootId: text("boot_id").notNull(),
    callerId: integer("caller_id").notNull().$type<PrincipalId>(),
    clientId: integer("client_id").$type<ClientId>(),
    keyId: integer("key_id").$type<KeyId>(),
    scope: text().notNull(),
    limited: integer().notNull().$type<0 | 1>(),
    routeId: integer("route_id").$type<RouteId>(),
    stream: integer().notNull().$type<0 | 1>(),
    amountNano: integer("amount_nano").notNull().$type<Nano>(),
    lotId: integer("lot_id").$type<LotId>(),
    lots: text(),
    stage: text().notNull().$type<HoldStage>(),
    inputCostNano: integer("input_cost_nano").notNull().$type<Nano>(),
    knownCostNano: integer("known_cost_nano").notNull().$type<Nano>(),
    splitUpstream: integer("split_upstream").notNull(),
    splitDeveloper: integer("split_developer").notNull(),
    splitPlatform: integer("split_platform").notNull(),
    developerId: integer("developer_id").$type<PrincipalId>(),
    promoCapNano: integer("promo_cap_nano").notNull(),
    leaseUntilMs: integer("lease_until_ms").notNull(),
    createdMs: integer("created_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.id] })],
)
