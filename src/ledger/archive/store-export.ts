// SQL of exporting the books: every row that is not a projection, by key, a page at a time. Read-only, no statement's cost
// grows with how far the export has come.

import type { AccountId, HoldId, LotId, Nano, TransactionId } from "../../app/index.ts"
import type { AccountKind, Mode, Sql } from "../books/types.ts"
import type { claims } from "../claims/tables.ts"
import type { corrections } from "../corrections/tables.ts"
import type { earningMaturities, earningTakes, payouts } from "../earnings/tables.ts"
import type { holds } from "../holds/tables.ts"
import type { lots } from "../lots/tables.ts"
import type { ChainPageRow } from "../proof/store-walk.ts"

const PAGE_ROWS = 1_000

/** All rows of a statement that takes (after id, limit) and answers by id. */
function* byId<R extends { id: number }>(sql: Sql, text: string, afterId: number): Generator<R> {
  for (let last = afterId; ; ) {
    const rows = sql.all<R>(text, last, PAGE_ROWS)
    yield* rows
    if (rows.length < PAGE_ROWS) return
    last = rows.at(-1)!.id
  }
}

export interface AccountLine {
  id: AccountId
  owner: number
  mode: Mode
  account: AccountKind
  createdMs: number
}

/** Accounts of principals; the platform's are the same in every database. */
export const accountLines = (sql: Sql): Generator<AccountLine> =>
  byId(
    sql,
    `SELECT id, owner_id AS owner, mode, kind AS account, created_ms AS createdMs
     FROM accounts WHERE id > ? ORDER BY id LIMIT ?`,
    100,
  )

export interface TransactionRowFull extends ChainPageRow {
  actor: string
  onBehalfOf: string | null
  requestId: string
  reason: string
  reversesId: string | null
}

export const transactionRows = (sql: Sql): Generator<TransactionRowFull> =>
  byId(
    sql,
    `SELECT id, public_id AS publicId, type, mode, at_ms AS atMs, actor, on_behalf_of AS onBehalfOf,
            request_id AS requestId, reason, key, reverses,
            (SELECT r.public_id FROM transactions r WHERE r.id = t.reverses) AS reversesId,
            hold_id AS holdId, usage_id AS usageId, prev_hash AS prevHash, hash
     FROM transactions t WHERE id > ? ORDER BY id LIMIT ?`,
    0,
  )

export interface EntryLine {
  account: AccountId
  kind: AccountKind
  /** Principal; absent for the platform's accounts. */
  owner: number
  nano: number
  lot: string | null
  lotRow: LotId | null
}

export const entryLines = (sql: Sql, transactionId: TransactionId): EntryLine[] =>
  sql.all<EntryLine>(
    `SELECT account_id AS account, (SELECT kind FROM accounts WHERE id = e.account_id) AS kind,
            (SELECT owner_id FROM accounts WHERE id = e.account_id) AS owner, amount_nano AS nano,
            (SELECT public_id FROM lots WHERE id = e.lot_id) AS lot, lot_id AS lotRow
     FROM entries e WHERE transaction_id = ? ORDER BY seq`,
    transactionId,
  )

type Lot = typeof lots.$inferSelect
export interface LotLine
  extends Pick<Lot, "id" | "publicId" | "bucket" | "paid" | "priority" | "restriction" | "grantedNano" | "effectiveMs">,
    Pick<Lot, "expiresMs" | "createdMs" | "rolloverMaxNano" | "rolloverCapNano" | "rolloverLifetimeMs" | "rolledFrom"> {
  account: Lot["accountId"]
}

/** The terms of the lot that a transaction with this key granted. */
export const lotLine = (sql: Sql, key: string): LotLine | null =>
  sql.get<LotLine>(
    `SELECT id, public_id AS publicId, account_id AS account, bucket, paid, priority, restriction,
            granted_nano AS grantedNano, effective_ms AS effectiveMs, expires_ms AS expiresMs, created_ms AS createdMs,
            rollover_max_nano AS rolloverMaxNano, rollover_cap_nano AS rolloverCapNano,
            rollover_lifetime_ms AS rolloverLifetimeMs, rolled_from AS rolledFrom
     FROM lots WHERE key = ?`,
    key,
  )

type Hold = typeof holds.$inferSelect
export interface HoldLine
  extends Omit<
    Hold,
    "accountId" | "transactionId" | "chargeUpstreamNano" | "chargeDeveloperNano" | "chargePlatformNano"
  > {
  account: Hold["accountId"]
  upstreamNano: Hold["chargeUpstreamNano"]
  developerNano: Hold["chargeDeveloperNano"]
  platformNano: Hold["chargePlatformNano"]
}

const HOLD = `SELECT id, account_id AS account, call_id AS callId, boot_id AS bootId, reason, client_id AS clientId, scope,
    limit_scope AS limitScope, day, amount_nano AS amountNano, stage, input_cost_nano AS inputCostNano,
    known_cost_nano AS knownCostNano, split_upstream AS splitUpstream, split_developer AS splitDeveloper,
    split_platform AS splitPlatform, developer_id AS developerId, lease_until_ms AS leaseUntilMs,
    created_ms AS createdMs, raised_ms AS raisedMs, promo_cap_nano AS promoCapNano, state, resolved_ms AS resolvedMs,
    charge_nano AS chargeNano, charge_upstream_nano AS upstreamNano, charge_developer_nano AS developerNano,
    charge_platform_nano AS platformNano, collected_nano AS collectedNano, uncollected_nano AS uncollectedNano,
    promo_earned_nano AS promoEarnedNano FROM holds`

export const holdLine = (sql: Sql, id: number) => sql.get<HoldLine>(`${HOLD} WHERE id = ?`, id)

/** Holds that no transaction tells of: open, released, or settled at nothing. */
export const loneHoldLines = (sql: Sql): Generator<HoldLine> =>
  byId(sql, `${HOLD} WHERE id > ? AND transaction_id IS NULL ORDER BY id LIMIT ?`, 0)

export interface HoldPartLine {
  lot: LotId
  seq: number
  nano: Nano
}
export const holdPartLines = (sql: Sql, holdId: HoldId): HoldPartLine[] =>
  sql.all<HoldPartLine>(
    "SELECT lot_id AS lot, seq, amount_nano AS nano FROM hold_lots WHERE hold_id = ? ORDER BY seq, lot_id",
    holdId,
  )

type Claim = typeof claims.$inferSelect
export interface ClaimLine extends Pick<Claim, "atMs" | "streak" | "budgetNano" | "auto"> {
  account: Claim["accountId"]
  nano: Claim["amountNano"]
}
export const claimLine = (sql: Sql, transactionId: TransactionId) =>
  sql.get<ClaimLine>(
    `SELECT account_id AS account, at_ms AS atMs, amount_nano AS nano, streak, budget_nano AS budgetNano, auto
     FROM claims WHERE transaction_id = ?`,
    transactionId,
  )

type Correction = typeof corrections.$inferSelect
export interface CorrectionLine extends Pick<Correction, "key" | "verb" | "request" | "result" | "atMs"> {
  lot: Correction["lotId"]
  nano: Correction["amountNano"]
}
const CORRECTION = `SELECT key, verb, request, result, lot_id AS lot, amount_nano AS nano, at_ms AS atMs FROM corrections`
export const correctionLine = (sql: Sql, transactionId: TransactionId) =>
  sql.get<CorrectionLine>(`${CORRECTION} WHERE transaction_id = ?`, transactionId)

/** Corrections that had nothing to change; few. */
export function* loneCorrectionLines(sql: Sql): Generator<CorrectionLine> {
  for (let last = ""; ; ) {
    const rows = sql.all<CorrectionLine>(
      `${CORRECTION} WHERE key > ? AND transaction_id IS NULL ORDER BY key LIMIT ?`,
      last,
      PAGE_ROWS,
    )
    yield* rows
    if (rows.length < PAGE_ROWS) return
    last = rows.at(-1)!.key
  }
}

type Maturity = typeof earningMaturities.$inferSelect
export interface MaturityLine extends Pick<Maturity, "paidDay" | "promoDay"> {
  account: Maturity["accountId"]
  nano: Maturity["amountNano"]
}
export const maturityLine = (sql: Sql, transactionId: TransactionId) =>
  sql.get<MaturityLine>(
    `SELECT account_id AS account, paid_day AS paidDay, promo_day AS promoDay, amount_nano AS nano
     FROM earning_maturities WHERE transaction_id = ?`,
    transactionId,
  )

type Take = typeof earningTakes.$inferSelect
export interface TakeLine extends Pick<Take, "id" | "day" | "source" | "atMs"> {
  account: Take["accountId"]
  nano: Take["amountNano"]
}
/** What was taken back later of what a usage earned. */
export const takeLines = (sql: Sql, transactionId: TransactionId): TakeLine[] =>
  sql.all<TakeLine>(
    `SELECT id, account_id AS account, day, source, amount_nano AS nano, at_ms AS atMs
     FROM earning_takes WHERE transaction_id = ? ORDER BY id`,
    transactionId,
  )

type Payout = typeof payouts.$inferSelect
export interface PayoutLine
  extends Pick<Payout, "id" | "publicId" | "mode" | "key" | "state" | "requestedMs" | "resolvedMs"> {
  owner: Payout["ownerId"]
  nano: Payout["amountNano"]
}
const PAYOUT = `SELECT id, public_id AS publicId, owner_id AS owner, mode, amount_nano AS nano, key, state,
    requested_ms AS requestedMs, resolved_ms AS resolvedMs FROM payouts`
export const requestedPayout = (sql: Sql, transactionId: TransactionId) =>
  sql.get<PayoutLine>(`${PAYOUT} WHERE request_id = ?`, transactionId)
export const resolvedPayout = (sql: Sql, transactionId: TransactionId) =>
  sql.get<PayoutLine>(`${PAYOUT} WHERE resolve_id = ?`, transactionId)

export const booksSize = (sql: Sql) =>
  sql.get<{ transactions: number; head: Uint8Array | null }>(
    `SELECT COUNT(*) AS transactions, (SELECT hash FROM transactions ORDER BY id DESC LIMIT 1) AS head FROM transactions`,
  )!
