// The tables of ledger/corrections as TypeScript sees them, once. The migration is the truth; a test compares the two.

import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { LotId, Nano, TransactionId } from "../../app/index.ts"
import type { CorrectionVerb } from "./types.ts"

export const corrections = sqliteTable("corrections", {
  key: text().primaryKey(),
  verb: text().notNull().$type<CorrectionVerb>(),
  request: text().notNull(),
  result: text().notNull(),
  lotId: integer("lot_id").$type<LotId>(),
  amountNano: integer("amount_nano").notNull().$type<Nano>(),
  transactionId: integer("transaction_id").$type<TransactionId>(),
  atMs: integer("at_ms").notNull(),
  ofKey: text("of_key"),
})

export const clawedCalls = sqliteTable(
  "clawed_calls",
  {
    clawKey: text("claw_key").notNull(),
    chargeId: integer("charge_id").notNull().$type<TransactionId>(),
    creditsNano: integer("credits_nano").notNull().$type<Nano>(),
    earnedNano: integer("earned_nano").notNull().$type<Nano>(),
  },
  (table) => [primaryKey({ columns: [table.clawKey, table.chargeId] })],
)
