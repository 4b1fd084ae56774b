// SQL of the export, second half: what hangs on a transaction or a charge, and corrections that changed nothing. Read-only.
import type { TransactionId } from "../../app/index.ts"
import type { Sql } from "../books/types.ts"
import type { claims } from "../claims/tables.ts"
import type { clawedCalls, corrections } from "../corrections/tables.ts"
import type { earningMaturities, earningTakes, payouts } from "../earnings/tables.ts"
import type { clawRepays, lots } from "../lots/tables.ts"
import type { sales } from "../sales/tables.ts"
import { PAGE_ROWS } from "./store-export.ts"

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
  /** The correction that this one ends. */
  ofKey?: string
}
interface CorrectionRow extends Omit<CorrectionLine, "ofKey"> {
  ofKey: string | null
}
const lineOf = ({ ofKey, ...row }: CorrectionRow): CorrectionLine => ({ ...row, ...(ofKey !== null && { ofKey }) })
const CORRECTION = `SELECT key, verb, request, result, lot_id AS lot, amount_nano AS nano, at_ms AS atMs, of_key AS ofKey FROM corrections`
export function correctionLine(sql: Sql, transactionId: TransactionId): CorrectionLine | null {
  const row = sql.get<CorrectionRow>(`${CORRECTION} WHERE transaction_id = ?`, transactionId)
  return row && lineOf(row)
}

type Clawed = typeof clawedCalls.$inferSelect
export interface ClawedLine {
  charge: Clawed["chargeId"]
  credits: Clawed["creditsNano"]
  earned: Clawed["earnedNano"]
}
/** Calls whose developers bore a part of a claw-back. */
export const clawedLines = (sql: Sql, clawKey: string): ClawedLine[] =>
  sql.all<ClawedLine>(
    `SELECT charge_id AS charge, credits_nano AS credits, earned_nano AS earned FROM clawed_calls
     WHERE claw_key = ? ORDER BY charge_id`,
    clawKey,
  )

type Repay = typeof clawRepays.$inferSelect
export interface RepayLine extends Pick<Repay, "late"> {
  claw: Repay["clawKey"]
  lot: Repay["lotId"]
  nano: Repay["amountNano"]
}
/** What of claw-backs of its own lots a posting of type `debt` paid. */
export const repayLines = (sql: Sql, transactionId: TransactionId): RepayLine[] =>
  sql.all<RepayLine>(
    `SELECT claw_key AS claw, lot_id AS lot, amount_nano AS nano, late FROM claw_repays
     WHERE transaction_id = ? ORDER BY claw_key, lot_id`,
    transactionId,
  )

/** Corrections that had nothing to change; few. */
export function* loneCorrectionLines(sql: Sql): Generator<CorrectionLine> {
  for (let last = ""; ; ) {
    const rows = sql.all<CorrectionRow>(
      `${CORRECTION} WHERE key > ? AND transaction_id IS NULL ORDER BY key LIMIT ?`,
      last,
      PAGE_ROWS,
    )
    yield* rows.map(lineOf)
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
export interface TakeLine extends Pick<Take, "id" | "day" | "source" | "atMs" | "late"> {
  account: Take["accountId"]
  nano: Take["amountNano"]
}
/** What was taken back later of what a charge earned. */
export const takeLines = (sql: Sql, chargeId: TransactionId): TakeLine[] =>
  sql.all<TakeLine>(
    `SELECT id, account_id AS account, day, source, amount_nano AS nano, at_ms AS atMs, late
     FROM earning_takes WHERE charge_id = ? ORDER BY id`,
    chargeId,
  )

type Sale = typeof sales.$inferSelect
export interface SaleLine {
  account: Sale["accountId"]
  pending: Sale["pendingId"]
  nano: Sale["amountNano"]
  commission: Sale["commissionNano"]
  /** Row id of the transaction behind it. */
  commissionId: Sale["commissionId"]
}
export const saleLine = (sql: Sql, transactionId: TransactionId): SaleLine | null =>
  sql.get<SaleLine>(
    `SELECT account_id AS account, pending_id AS pending, amount_nano AS nano, commission_nano AS commission,
            commission_id AS commissionId FROM sales WHERE transaction_id = ?`,
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
