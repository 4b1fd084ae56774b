// SQL of history: ids of one page by key, then the rows of that page. No statement's cost grows with the wallet's past.
import type { AccountId, ClientId } from "../../app/index.ts"
import { firstIdSince, type Reader } from "../../store/index.ts"
import { transactionIdOf } from "../books/store.ts"
import { lastLink } from "../books/store-memory.ts"
import type { Bucket, TransactionType } from "../books/types.ts"
import { APPS_OF_WALLET } from "../charges/store.ts"

/** Both halves of the books are posted forwards in time (a check of verification), so a moment is a place between two ids. */
export const transactionSince = (sql: Reader, ms: number): number =>
  firstIdSince(
    sql,
    `SELECT at_ms AS atMs FROM (
       SELECT * FROM (SELECT id, at_ms FROM charges WHERE id >= ?1 ORDER BY id LIMIT 1)
       UNION ALL SELECT * FROM (SELECT id, at_ms FROM transactions WHERE id >= ?1 ORDER BY id LIMIT 1))
     ORDER BY id LIMIT 1`,
    lastLink(sql)?.id ?? 0,
    ms,
  )

/** Both ends excluded. */
export interface Span {
  above: number
  below: number
}

/** Newest first, or oldest first when the page above a row is asked for. */
export type Direction = "DESC" | "ASC"

/** Apps that a wallet was ever charged through; null: calls without an app. */
export const callersApps = (sql: Reader, accountId: AccountId): (ClientId | null)[] =>
  sql.all<{ id: ClientId | null }>(`${APPS_OF_WALLET} SELECT id FROM app`, accountId).map((row) => row.id)

/** Charges of all apps of a wallet: the merge of one range an app. What was not collected moved nothing. */
export const chargeIds = (
  sql: Reader,
  accountId: AccountId,
  span: Span,
  direction: Direction,
  limit: number,
): number[] =>
  callersApps(sql, accountId).flatMap((clientId) => chargeIdsOfApp(sql, accountId, clientId, span, direction, limit))

const chargeIdsOfApp = (
  sql: Reader,
  accountId: AccountId,
  clientId: ClientId | null,
  span: Span,
  direction: Direction,
  limit: number,
): number[] =>
  idsOf(
    sql.all(
      `SELECT id FROM charges INDEXED BY charges_of_app
       WHERE account_id = ? AND client_id IS ? AND (collected_nano > 0) = 1 AND id > ? AND id < ?
       ORDER BY id ${direction} LIMIT ?`,
      accountId,
      clientId,
      span.above,
      span.below,
      limit,
    ),
  )

/** What is no charge: a few a day and person. @param type null: of any type */
export const otherIds = (
  sql: Reader,
  accountId: AccountId,
  type: TransactionType | null,
  span: Span,
  direction: Direction,
  limit: number,
): number[] =>
  idsOf(
    sql.all(
      `SELECT e.transaction_id AS id FROM entries e INDEXED BY entries_of_owner
         CROSS JOIN transactions t ON t.id = e.transaction_id
       WHERE e.account_id = ? AND e.account_id > 100 AND e.transaction_id > ? AND e.transaction_id < ?
         AND t.type = COALESCE(?, t.type)
       GROUP BY e.transaction_id ORDER BY e.transaction_id ${direction} LIMIT ?`,
      accountId,
      span.above,
      span.below,
      type,
      limit,
    ),
  )

/** Ids of the wallet's own among these public ids. */
export const ownIds = (sql: Reader, accountId: AccountId, publicIds: readonly string[]): number[] =>
  publicIds.flatMap((publicId) => {
    const id = transactionIdOf(sql, publicId)
    const own =
      id !== null && sql.get("SELECT 1 FROM v_entries WHERE transaction_id = ? AND account_id = ?", id, accountId)
    return own ? [id] : []
  })

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
}

const CHARGE_ROWS = `SELECT c.id, 'txn_' || substr(c.call_id, 5) AS transactionId, 'usage' AS type, c.at_ms AS atMs,
    CASE c.end_reason WHEN 'recovered' THEN 'system:recovery' ELSE 'system:gateway' END AS actor, 'call' AS reason,
    c.call_id AS callId, c.client_id AS clientId, c.scope, -c.collected_nano AS amountNano,
    c.balance_after_nano AS balanceAfterNano
  FROM json_each(?) j CROSS JOIN charges c ON c.id = j.value`
/** The bare `balance_after_nano` is that of the row with the highest `seq` (SQLite's max rule). */
const OTHER_ROWS = `SELECT t.id, t.public_id AS transactionId, t.type, t.at_ms AS atMs, t.actor, t.reason,
    c.call_id AS callId, c.client_id AS clientId, c.scope, SUM(e.amount_nano) AS amountNano, MAX(e.seq) AS lastSeq,
    e.balance_after_nano AS balanceAfterNano
  FROM json_each(?) j CROSS JOIN transactions t ON t.id = j.value
    CROSS JOIN entries e ON e.transaction_id = t.id AND e.account_id = ?
    LEFT JOIN charges c ON c.id = t.charge_id
  GROUP BY t.id`

/** One row per charge or transaction, in no order. */
export function historyRows(sql: Reader, accountId: AccountId, ids: readonly number[]): HistorySqlRow[] {
  const list = JSON.stringify(ids)
  const others = sql.all<HistorySqlRow & { lastSeq: number }>(OTHER_ROWS, list, accountId)
  return [...sql.all<HistorySqlRow>(CHARGE_ROWS, list), ...others.map(({ lastSeq: _, ...row }) => row)]
}

export interface HistoryLotRow {
  id: number
  publicId: string
  bucket: Bucket
  amountNano: number
  expiresMs: number | null
}

export const historyLots = (sql: Reader, accountId: AccountId, ids: readonly number[]): HistoryLotRow[] =>
  sql.all<HistoryLotRow>(
    `SELECT m.id, l.public_id AS publicId, l.bucket, m.nano AS amountNano, l.expires_ms AS expiresMs FROM (
       SELECT e.transaction_id AS id, e.seq, e.lot_id, e.amount_nano AS nano
       FROM json_each(?1) j CROSS JOIN entries e ON e.transaction_id = j.value AND e.account_id = ?2
       UNION ALL
       SELECT c.id, 0, c.lot_id, -c.collected_nano
       FROM json_each(?1) j CROSS JOIN charges c ON c.id = j.value WHERE c.lot_id IS NOT NULL
       UNION ALL
       SELECT k.charge_id, k.seq, k.lot_id, -k.amount_nano
       FROM json_each(?1) j CROSS JOIN charge_lots k ON k.charge_id = j.value) m
     CROSS JOIN lots l ON l.id = m.lot_id ORDER BY m.id, m.seq`,
    JSON.stringify(ids),
    accountId,
  )
