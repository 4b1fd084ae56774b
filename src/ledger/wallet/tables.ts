// The tables of ledger/wallet as TypeScript sees them, once. The migration is the truth; a test compares the two.

import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { AccountId, TransactionId } from "../../app/index.ts"
import type { TransactionType } from "../books/types.ts"

export const walletOther = sqliteTable(
  "wallet_other",
  {
    accountId: integer("account_id").notNull().$type<AccountId>(),
    type: text().notNull().$type<TransactionType>(),
    transactionId: integer("transaction_id").notNull().$type<TransactionId>(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.type, table.transactionId] })],
)
