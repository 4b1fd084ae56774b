// SQL of the ledger's pages and jobs: indexed, read-only.
import type { Reader } from "../store/index.ts"
import type { LotState } from "./rules.ts"
import type { Bucket, Mode, Owner, TransactionType } from "./types.ts"

/** For reads outside a body: never before the newest posting, should the machine's clock have jumped back. */
export const latestMs = (sql: Reader, clockMs: number): number =>
  Math.max(
    clockMs,
    sql.get<{ atMs: number }>("SELECT at_ms AS atMs FROM transactions ORDER BY id DESC LIMIT 1")?.atMs ?? 0,
  )

export interface LotRow extends LotState {
  publicId: string
  bucket: Bucket
  grantedNano: number
}

export const lotRows = (sql: Reader, accountId: number): LotRow[] =>
  sql.all<LotRow>(
    `SELECT id, public_id AS publicId, bucket, granted_nano AS grantedNano, priority, expires_ms AS expiresMs, paid,
            created_ms AS createdMs, effective_ms AS effectiveMs, restriction, remaining_nano AS remainingNano,
            held_nano AS heldNano
     FROM lots WHERE account_id = ? AND live = 1`,
    accountId,
  )

export const walletIdsOf = (sql: Reader, owner: Owner): number[] =>
  sql
    .all<{ id: number }>(
      `SELECT id FROM accounts WHERE owner_kind = ? AND owner_id = ? AND mode IN ('live', 'test') AND kind = 'wallet'
         AND asset = 'usd_nano'`,
      owner.kind,
      owner.id,
    )
    .map((row) => row.id)

/** Wallets with due credits that no hold keeps. */
export const dueWallets = (sql: Reader, now: number, afterId: number, limit: number): { id: number; mode: Mode }[] =>
  sql.all(
    `SELECT DISTINCT a.id, a.mode FROM lots l INDEXED BY lots_due JOIN accounts a ON a.id = l.account_id
     WHERE l.live = 1 AND l.expires_ms IS NOT NULL AND l.expires_ms <= ? AND l.remaining_nano > l.held_nano AND a.id > ?
     ORDER BY a.id LIMIT ?`,
    now,
    afterId,
    limit,
  )

export const strangeHolds = (sql: Reader, bootId: string, afterId: number, limit: number) =>
  sql.all<{ id: number; callId: string }>(
    `SELECT id, call_id AS callId FROM holds INDEXED BY holds_open WHERE state = 'open' AND boot_id <> ? AND id > ? ORDER BY id LIMIT ?`,
    bootId,
    afterId,
    limit,
  )

export const overdueHolds = (sql: Reader, now: number, afterId: number, limit: number) =>
  sql.all<{ id: number; callId: string }>(
    `SELECT id, call_id AS callId FROM holds INDEXED BY holds_open WHERE state = 'open' AND lease_until_ms <= ? AND id > ? ORDER BY id LIMIT ?`,
    now,
    afterId,
    limit,
  )

export interface HistorySqlRow {
  transactionId: string
  type: TransactionType
  atMs: number
  actor: string
  reason: string
  amountNano: number
  balanceAfterNano: number
  callId: string | null
  clientId: number | null
  scope: string | null
  usageId: number | null
}

/** One row per transaction; the bare `balance_after_nano` is that of the row with the highest `seq` (SQLite's max rule). */
export const historyRows = (
  sql: Reader,
  accountId: number,
  beforeId: string | null,
  types: readonly TransactionType[] | null,
  limit: number,
): HistorySqlRow[] =>
  sql
    .all<HistorySqlRow & { lastSeq: number }>(
      `SELECT t.public_id AS transactionId, t.type, t.at_ms AS atMs, t.actor, t.reason, t.usage_id AS usageId,
              h.call_id AS callId, h.client_id AS clientId, h.scope,
              SUM(e.amount_nano) AS amountNano, MAX(e.seq) AS lastSeq, e.balance_after_nano AS balanceAfterNano
       FROM entries e JOIN transactions t ON t.id = e.transaction_id LEFT JOIN holds h ON h.id = t.hold_id
       WHERE e.account_id = ? AND e.account_id > 100
         AND e.transaction_id < COALESCE((SELECT id FROM transactions WHERE public_id = ?), 9007199254740991)
         AND (? IS NULL OR t.type IN (SELECT value FROM json_each(?)))
       GROUP BY e.transaction_id ORDER BY e.transaction_id DESC LIMIT ?`,
      accountId,
      beforeId,
      types && 1,
      types && JSON.stringify(types),
      limit,
    )
    .map(({ lastSeq: _, ...row }) => row)
