// What the projections should be, as SQL over what never changes: entries, holds, claims. Verification compares with these
// sums and rebuild writes them, so that what is proven and what is rebuilt are the same thing. Also reads the chain.
import type { Sql } from "./types.ts"

/** Which entries of a lot count as what; the same table rebuilds the projection. */
export const LOT_SUMS = `
  SELECT e.lot_id, SUM(e.amount_nano) AS remaining,
         SUM(CASE WHEN e.amount_nano > 0 THEN e.amount_nano ELSE 0 END) AS granted,
         SUM(e.amount_nano > 0) AS grants,
         SUM(CASE WHEN e.amount_nano < 0 AND t.type IN ('usage', 'sale', 'overage', 'fee') THEN -e.amount_nano ELSE 0 END)
           AS consumed,
         SUM(CASE WHEN e.amount_nano < 0 AND t.type = 'expiry' THEN -e.amount_nano ELSE 0 END) AS expired,
         SUM(CASE WHEN e.amount_nano < 0 AND t.type = 'adjustment' THEN -e.amount_nano ELSE 0 END) AS voided,
         SUM(CASE WHEN e.amount_nano < 0 AND t.type IN ('reversal', 'refund', 'debt') THEN -e.amount_nano ELSE 0 END)
           AS clawed
  FROM entries e JOIN transactions t ON t.id = e.transaction_id WHERE e.lot_id IS NOT NULL GROUP BY e.lot_id`

export const OPEN_HELD = `
  SELECT p.lot_id, SUM(p.amount_nano) AS held
  FROM hold_lots p JOIN holds h ON h.id = p.hold_id WHERE h.state = 'open' GROUP BY p.lot_id`

/** Entries are grouped first: joined to accounts as they are, each account would scan them all. */
export const ACCOUNT_SUMS = `
  SELECT a.id, COALESCE(s.balance, 0) AS balance FROM accounts a
  LEFT JOIN (SELECT account_id, SUM(amount_nano) AS balance FROM entries GROUP BY account_id) s ON s.account_id = a.id`

/** limit_day as the holds tell it. */
export const LIMIT_SUMS = `
  SELECT account_id, client_id, limit_scope AS scope, day, SUM(collected_nano) AS used,
         SUM(CASE state WHEN 'open' THEN amount_nano ELSE 0 END) AS held
  FROM holds WHERE client_id IS NOT NULL GROUP BY account_id, client_id, limit_scope, day`

/** free_budget_day as the claims tell it. */
export const BUDGET_SUMS = `
  SELECT a.mode, c.at_ms / 86400000 AS day, SUM(c.amount_nano) AS granted, c.budget_nano AS budget, MAX(t.id) AS last
  FROM claims c JOIN accounts a ON a.id = c.account_id JOIN transactions t ON t.id = c.transaction_id
  WHERE c.budget_nano IS NOT NULL GROUP BY a.mode, c.at_ms / 86400000`

export interface ChainPageRow {
  id: number
  publicId: string
  type: string
  mode: string
  atMs: number
  key: string | null
  reverses: number | null
  holdId: number | null
  usageId: number | null
  prevHash: Uint8Array
  hash: Uint8Array
}

export const chainPage = (sql: Sql, afterId: number, limit: number): ChainPageRow[] =>
  sql.all<ChainPageRow>(
    `SELECT id, public_id AS publicId, type, mode, at_ms AS atMs, key, reverses, hold_id AS holdId, usage_id AS usageId,
            prev_hash AS prevHash, hash
     FROM transactions WHERE id > ? ORDER BY id LIMIT ?`,
    afterId,
    limit,
  )

export const entriesBetween = (sql: Sql, fromId: number, toId: number) =>
  sql.all<{ transactionId: number; accountId: number; amountNano: number; lotId: number | null }>(
    `SELECT transaction_id AS transactionId, account_id AS accountId, amount_nano AS amountNano, lot_id AS lotId
     FROM entries WHERE transaction_id BETWEEN ? AND ? ORDER BY transaction_id, seq`,
    fromId,
    toId,
  )
