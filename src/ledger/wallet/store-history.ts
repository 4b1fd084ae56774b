// SQL of history: ids of one page by key, then the rows of that page. No statement's cost grows with the wallet's past.
import type { AccountId, ClientId, UsageId } from "../../app/index.ts"
import { firstIdSince, type Reader } from "../../store/index.ts"
import type { Bucket, TransactionType } from "../books/types.ts"

const lastId = (sql: Reader): number =>
  sql.get<{ id: number }>("SELECT id FROM transactions ORDER BY id DESC LIMIT 1")?.id ?? 0

/** Transactions are posted forwards in time (a check of verification), so a moment is a place between two ids. */
export const transactionSince = (sql: Reader, ms: number): number =>
  firstIdSince(sql, "SELECT at_ms AS atMs FROM transactions WHERE id >= ? ORDER BY id LIMIT 1", lastId(sql), ms)

export const transactionIdOf = (sql: Reader, publicId: string): number | null =>
  sql.get<{ id: number }>("SELECT id FROM transactions WHERE public_id = ?", publicId)?.id ?? null

/** Both ends excluded. */
export interface Span {
  above: number
  below: number
}

/** Newest first, or oldest first when the page above a row is asked for. */
export type Direction = "DESC" | "ASC"

export const anyIds = (sql: Reader, accountId: AccountId, span: Span, direction: Direction, limit: number): number[] =>
  idsOf(
    sql.all(
      `SELECT transaction_id AS id FROM entries INDEXED BY entries_of_owner
       WHERE account_id = ? AND account_id > 100 AND transaction_id > ? AND transaction_id < ?
       GROUP BY transaction_id ORDER BY transaction_id ${direction} LIMIT ?`,
      accountId,
      span.above,
      span.below,
      limit,
    ),
  )

/** Nearly all that a busy wallet has are charges: they are walked, and what is not one is left out. */
export const chargeIds = (
  sql: Reader,
  accountId: AccountId,
  span: Span,
  direction: Direction,
  limit: number,
): number[] =>
  idsOf(
    sql.all(
      `SELECT e.transaction_id AS id FROM entries e INDEXED BY entries_of_owner
         CROSS JOIN transactions t ON t.id = e.transaction_id
       WHERE e.account_id = ? AND e.account_id > 100 AND e.transaction_id > ? AND e.transaction_id < ? AND t.type = 'usage'
       GROUP BY e.transaction_id ORDER BY e.transaction_id ${direction} LIMIT ?`,
      accountId,
      span.above,
      span.below,
      limit,
    ),
  )

export const otherIds = (
  sql: Reader,
  accountId: AccountId,
  type: TransactionType,
  span: Span,
  direction: Direction,
  limit: number,
): number[] =>
  idsOf(
    sql.all(
      `SELECT transaction_id AS id FROM wallet_other
       WHERE account_id = ? AND type = ? AND transaction_id > ? AND transaction_id < ?
       ORDER BY transaction_id ${direction} LIMIT ?`,
      accountId,
      type,
      span.above,
      span.below,
      limit,
    ),
  )

/** Ids of the wallet's own among these public ids. */
export const ownIds = (sql: Reader, accountId: AccountId, publicIds: readonly string[]): number[] =>
  idsOf(
    sql.all(
      `SELECT t.id FROM json_each(?) j CROSS JOIN transactions t ON t.public_id = j.value
       WHERE EXISTS (SELECT 1 FROM entries e WHERE e.transaction_id = t.id AND e.account_id = ?)`,
      JSON.stringify(publicIds),
      accountId,
    ),
  )

const idsOf = (rows: { id: number }[]): number[] => rows.map((row) => row.id)

export interface HistorySqlRow {
  id: number
  transactionId: string
  type: TransactionType
  atMs: number
  actor: string
  reason: string
  amountNano: number
  balanceAfterNano: number
  callId: string | null
  clientId: ClientId | null
  scope: string | null
  usageId: UsageId | null
}

/** One row per transaction; the bare `balance_after_nano` is that of the row with the highest `seq` (SQLite's max rule). */
export const historyRows = (sql: Reader, accountId: AccountId, ids: readonly number[]): HistorySqlRow[] =>
  sql
    .all<HistorySqlRow & { lastSeq: number }>(
      `SELECT t.id, t.public_id AS transactionId, t.type, t.at_ms AS atMs, t.actor, t.reason, t.usage_id AS usageId,
              h.call_id AS callId, h.client_id AS clientId, h.scope,
              SUM(e.amount_nano) AS amountNano, MAX(e.seq) AS lastSeq, e.balance_after_nano AS balanceAfterNano
       FROM json_each(?) j CROSS JOIN transactions t ON t.id = j.value
         CROSS JOIN entries e ON e.transaction_id = t.id AND e.account_id = ?
         LEFT JOIN holds h ON h.id = t.hold_id
       GROUP BY t.id`,
      JSON.stringify(ids),
      accountId,
    )
    .map(({ lastSeq: _, ...row }) => row)

export interface HistoryLotRow {
  id: number
  publicId: string
  bucket: Bucket
  amountNano: number
  expiresMs: number | null
}

export const historyLots = (sql: Reader, accountId: AccountId, ids: readonly number[]): HistoryLotRow[] =>
  sql.all<HistoryLotRow>(
    `SELECT e.transaction_id AS id, l.public_id AS publicId, l.bucket, e.amount_nano AS amountNano, l.expires_ms AS expiresMs
     FROM json_each(?) j CROSS JOIN entries e ON e.transaction_id = j.value AND e.account_id = ?
       CROSS JOIN lots l ON l.id = e.lot_id
     ORDER BY e.transaction_id, e.seq`,
    JSON.stringify(ids),
    accountId,
  )
