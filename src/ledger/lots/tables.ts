// The tables of ledger/lots as TypeScript sees them, once. The migration is the truth; a test compares the two.

import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import { type AccountId, type LotId, type Nano, nano, type TransactionId } from "../../app/index.ts"
import type { Bucket } from "../books/types.ts"

export const lots = sqliteTable("lots", {
  id: integer().primaryKey().$type<LotId>(),
  publicId: text("public_id").notNull(),
  accountId: integer("account_id").notNull().$type<AccountId>(),
  bucket: text().notNull().$type<Bucket>(),
  paid: integer().notNull().$type<0 | 1>(),
  priority: integer().notNull(),
  restriction: text(),
  grantedNano: integer("granted_nano").notNull().$type<Nano>(),
  consumedNano: integer("consumed_nano").notNull().$type<Nano>().default(nano(0)),
  expiredNano: integer("expired_nano").notNull().$type<Nano>().default(nano(0)),
  voidedNano: integer("voided_nano").notNull().$type<Nano>().default(nano(0)),
  clawedNano: integer("clawed_nano").notNull().$type<Nano>().default(nano(0)),
  remainingNano: integer("remaining_nano").notNull().$type<Nano>(),
  unspent: integer().notNull().$type<0 | 1>().default(1),
  effectiveMs: integer("effective_ms").notNull(),
  expiresMs: integer("expires_ms"),
  createdMs: integer("created_ms").notNull(),
  key: text().notNull(),
  rolloverMaxNano: integer("rollover_max_nano").$type<Nano>(),
  rolloverCapNano: integer("rollover_cap_nano").$type<Nano>(),
  rolloverLifetimeMs: integer("rollover_lifetime_ms"),
  rolledFrom: integer("rolled_from").$type<LotId>(),
  frozen: integer().notNull().$type<0 | 1>().default(0),
})

export const clawRepays = sqliteTable(
  "claw_repays",
  {
    clawKey: text("claw_key").notNull(),
    transactionId: integer("transaction_id").notNull().$type<TransactionId>(),
    lotId: integer("lot_id").notNull().$type<LotId>(),
    amountNano: integer("amount_nano").notNull().$type<Nano>(),
    late: integer().notNull().$type<0 | 1>(),
  },
  (table) => [primaryKey({ columns: [table.clawKey, table.transactionId, table.lotId] })],
)
