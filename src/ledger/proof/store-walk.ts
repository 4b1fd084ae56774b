// SQL of the walk over the books: charges, transactions and their entries in the order of their ids, accounts by id, a page at a
// time. Read-only, by primary key: nothing is sorted.
import type { AccountId, LotId, TransactionId } from "../../app/index.ts"
import type { transactions } from "../books/tables.ts"
import type { AccountKind, EarningSource, Mode, Sql } from "../books/types.ts"

/** Where the books go on after an id; null at their end. */
export function nextId(sql: Sql, after: number): number | null {
  const { charge, other, entry } = sql.get<{ charge: number | null; other: number | null; entry: number | null }>(
    `SELECT (SELECT MIN(id) FROM charges WHERE id > ?) AS charge, (SELECT MIN(id) FROM transactions WHERE id > ?) AS other,
            (SELECT MIN(transaction_id) FROM entries WHERE transaction_id > ?) AS entry`,
    after,
    after,
    after,
  )!
  const ids = [charge, other, entry].filter((id) => id !== null)
  return ids.length === 0 ? null : Math.min(...ids)
}

/** Of the newest row of the books; 0 while they are empty. */
export const lastId = (sql: Sql): number =>
  sql.get<{ id: number }>(
    "SELECT MAX(COALESCE((SELECT MAX(id) FROM charges), 0), COALESCE((SELECT MAX(id) FROM transactions), 0)) AS id",
  )!.id

/** What the chain hashes, and the hashes. */
export type TransactionLink = Omit<
  typeof transactions.$inferSelect,
  "actor" | "onBehalfOf" | "requestId" | "reason" | "hash"
> & {
  /** Hex. */
  hash: string
}

/** Of ids from one to another, both included; so are the others. */
export const transactionsBetween = (sql: Sql, from: number, to: number): TransactionLink[] =>
  sql.all<TransactionLink>(
    `SELECT id, public_id AS publicId, type, mode, at_ms AS atMs, key, reverses, charge_id AS chargeId, lower(hex(hash)) AS hash
     FROM transactions WHERE id >= ? AND id <= ? ORDER BY id`,
    from,
    to,
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

export const entriesBetween = (sql: Sql, from: number, to: number): WalkEntry[] =>
  sql.all<WalkEntry>(
    `SELECT transaction_id AS transactionId, seq, account_id AS accountId, amount_nano AS amountNano, lot_id AS lotId,
            ${halves("balance_after_nano", "shown")}
     FROM entries WHERE transaction_id >= ? AND transaction_id <= ? ORDER BY transaction_id, seq`,
    from,
    to,
  )

/** `text`: what the chain hashes of it after the hash before; the rest is what sums need. */
export interface ChargeLink {
  id: TransactionId
  callId: string
  mode: Mode
  atMs: number
  accountId: AccountId
  chargeNano: number
  upstreamNano: number
  collectedNano: number
  pendingId: AccountId | null
  earnedNano: number
  promoEarnedNano: number
  promoCapNano: number
  balanceAfterNano: number
  text: string
  /** Hex. */
  hash: string
}

const SPENT = `CASE WHEN lot_id IS NOT NULL THEN json_array(json_array(lot_id, collected_nano)) ELSE
  json((SELECT json_group_array(json_array(lot_id, amount_nano)) FROM (
    SELECT lot_id, amount_nano FROM charge_lots WHERE charge_id = c.id ORDER BY seq))) END`

/** SQL twin of the text that `chargeHash` hashes, without the hash before: SQLite writes it at half the time. The hashes agree or not. */
const TEXT = `json_array(id, call_id, 'usage', mode, at_ms, account_id, ${SPENT}, charge_nano, upstream_nano,
  developer_nano, collected_nano, pending_id, earned_nano, promo_earned_nano)`

export const chargesBetween = (sql: Sql, from: number, to: number): ChargeLink[] =>
  sql.all<ChargeLink>(
    `SELECT id, call_id AS callId, mode, at_ms AS atMs, account_id AS accountId, charge_nano AS chargeNano,
            upstream_nano AS upstreamNano, collected_nano AS collectedNano, pending_id AS pendingId, earned_nano AS earnedNano,
            promo_earned_nano AS promoEarnedNano, promo_cap_nano AS promoCapNano, balance_after_nano AS balanceAfterNano,
            ${TEXT} AS text, lower(hex(hash)) AS hash
     FROM charges c WHERE id >= ? AND id <= ? ORDER BY id`,
    from,
    to,
  )

/** What a developer's days say was earned on one of them, by source. */
export const earnedOf = (sql: Sql, accountId: AccountId, day: number) =>
  sql.all<{ source: EarningSource; earnedNano: number }>(
    "SELECT source, earned_nano AS earnedNano FROM earning_days WHERE account_id = ? AND day = ?",
    accountId,
    day,
  )

export const countEarningDays = (sql: Sql): number =>
  sql.get<{ n: number }>("SELECT COUNT(*) AS n FROM earning_days")!.n

export interface WalkAccount {
  id: AccountId
  mode: Mode
  asset: string
  kind: AccountKind
  /** Has a balance of its own. */
  isKept: 0 | 1
  balanceHigh: number
  balanceLow: number
}

/** With what each has: a wallet by what remains of its lots, any other by its row. */
export const accountPage = (sql: Sql, afterId: number, limit: number): WalkAccount[] =>
  sql.all<WalkAccount>(
    `SELECT id, mode, asset, kind, isKept, ${halves("balance", "balance")} FROM (
       SELECT id, mode, asset, kind, balance_nano IS NOT NULL AS isKept, COALESCE(CASE kind WHEN 'wallet' THEN
         (SELECT SUM(l.remaining_nano) FROM lots l WHERE l.account_id = a.id AND l.unspent = 1) ELSE balance_nano END, 0) AS balance
       FROM accounts a WHERE id > ? ORDER BY id LIMIT ?)`,
    afterId,
    limit,
  )

export const lastAccountId = (sql: Sql): number =>
  sql.get<{ id: number }>("SELECT COALESCE(MAX(id), 0) AS id FROM accounts")?.id ?? 0
