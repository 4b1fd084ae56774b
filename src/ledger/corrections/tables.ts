// The tables of ledger/corrections as TypeScript sees them, once. The migration is the truth; a test compares the two.

import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
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
})
