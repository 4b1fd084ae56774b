// SQL of the walk over the books: transactions and entries in the order they were posted, accounts by id, a page at a time.
// Read-only, by primary key: nothing is sorted.
import type { AccountId, LotId, TransactionId } from "../../app/index.ts"
import type { transactions } from "../books/tables.ts"
import type { Mode, Sql } from "../books/types.ts"

/** What the chain hashes, and the hashes. */
export type ChainPageRow = Omit<typeof transactions.$inferSelect, "actor" | "onBehalfOf" | "requestId" | "reason">

export const chainPage = (sql: Sql, afterId: number, limit: number): ChainPageRow[] =>
  sql.all<ChainPageRow>(
    `SELECT id, public_id AS publicId, type, mode, at_ms AS atMs, key, reverses, hold_id AS holdId, usage_id AS usageId,
            prev_hash AS prevHash, hash
     FROM transactions WHERE id > ? ORDER BY id LIMIT ?`,
    afterId,
    limit,
  )

/** A figure of 64 bits in two numbers that JavaScript holds exactly: `high` × 2^26 + `low`, 0 ≤ low < 2^26. */
const halves = (column: string, name: string) => `${column} >> 26 AS ${name}High, ${column} & 67108863 AS ${name}Low`

export interface WalkEntry {
  transactionId: TransactionId
  seq: number
  accountId: AccountId
  amountNano: number
  lotId: LotId | null
  /** What the entry says that its account has after it. */
  shownHigh: number
  shownLow: number
}

/** After one transaction, up to and with another. */
export const entriesBetween = (sql: Sql, afterId: number, toId: number): WalkEntry[] =>
  sql.all<WalkEntry>(
    `SELECT transaction_id AS transactionId, seq, account_id AS accountId, amount_nano AS amountNano, lot_id AS lotId,
            ${halves("balance_after_nano", "shown")}
     FROM entries WHERE transaction_id > ? AND transaction_id <= ? ORDER BY transaction_id, seq`,
    afterId,
    toId,
  )

/** Entries past the last transaction: none in whole books. */
export const orphanPage = (sql: Sql, afterId: number, limit: number): { transactionId: TransactionId }[] =>
  sql.all(
    `SELECT DISTINCT transaction_id AS transactionId FROM entries WHERE transaction_id > ? ORDER BY transaction_id LIMIT ?`,
    afterId,
    limit,
  )

export interface WalkAccount {
  id: AccountId
  mode: Mode
  asset: string
  balanceHigh: number
  balanceLow: number
}

export const accountPage = (sql: Sql, afterId: number, limit: number): WalkAccount[] =>
  sql.all<WalkAccount>(
    `SELECT id, mode, asset, ${halves("balance_nano", "balance")} FROM accounts WHERE id > ? ORDER BY id LIMIT ?`,
    afterId,
    limit,
  )

export const lastAccountId = (sql: Sql): number =>
  sql.get<{ id: number }>("SELECT COALESCE(MAX(id), 0) AS id FROM accounts")?.id ?? 0
