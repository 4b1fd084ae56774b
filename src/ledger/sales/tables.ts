// The table of ledger/sales as TypeScript sees it, once. The migration is the truth; a test compares the two.
import { integer, sqliteTable } from "drizzle-orm/sqlite-core"
import type { AccountId, Nano, TransactionId } from "../../app/index.ts"

export const sales = sqliteTable("sales", {
  transactionId: integer("transaction_id").primaryKey().$type<TransactionId>(),
  accountId: integer("account_id").notNull().$type<AccountId>(),
  pendingId: integer("pending_id").notNull().$type<AccountId>(),
  amountNano: integer("amount_nano").notNull().$type<Nano>(),
  commissionNano: integer("commission_nano").notNull().$type<Nano>(),
  commissionId: integer("commission_id").$type<TransactionId>(),
  atMs: integer("at_ms").notNull(),
})
