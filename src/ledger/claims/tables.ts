// The tables of ledger/claims as TypeScript sees them, once. The migration is the truth; a test compares the two.

import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { AccountId, Nano, TransactionId } from "../../app/index.ts"
import type { Mode } from "../books/types.ts"

export const claims = sqliteTable(
  "claims",
  {
    accountId: integer("account_id").notNull().$type<AccountId>(),
    atMs: integer("at_ms").notNull(),
    amountNano: integer("amount_nano").notNull().$type<Nano>(),
    streak: integer().notNull(),
    budgetNano: integer("budget_nano").$type<Nano>(),
    auto: integer().notNull().$type<0 | 1>(),
    transactionId: integer("transaction_id").notNull().$type<TransactionId>(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.atMs] })],
)

export const freeBudgetDays = sqliteTable(
  "free_budget_day",
  {
    mode: text().notNull().$type<Mode>(),
    day: integer().notNull(),
    grantedNano: integer("granted_nano").notNull().$type<Nano>(),
    budgetNano: integer("budget_nano").notNull().$type<Nano>(),
  },
  (table) => [primaryKey({ columns: [table.mode, table.day] })],
)
