// The tables of ledger/books as TypeScript sees them, once. The migration is the truth; a test compares the two.

import { blob, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { AccountId, HoldId, LotId, Nano, TransactionId, UsageId } from "../../app/index.ts"
import type { AccountKind, Mode, Owner, TransactionType } from "./types.ts"

export const accounts = sqliteTable("accounts", {
  id: integer().primaryKey().$type<AccountId>(),
  ownerKind: text("owner_kind").notNull().$type<Owner["kind"]>(),
  ownerId: integer("owner_id").notNull(),
  mode: text().notNull().$type<Mode>(),
  kind: text().notNull().$type<AccountKind>(),
  asset: text().notNull().default("usd_nano"),
  balanceNano: integer("balance_nano").notNull().default(0),
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
  holdId: integer("hold_id").$type<HoldId>(),
  usageId: integer("usage_id").$type<UsageId>(),
  prevHash: blob("prev_hash", { mode: "buffer" }).notNull().$type<Uint8Array>(),
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
