// SQL of earnings and payouts, as fixed texts. What charges earn moves with the sums of a commit: they are brought in before anything
// here is read inside a mutation. Decides nothing.
import { type AccountId, invariant, type PrincipalId, type TransactionId } from "../../app/index.ts"
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import { bringSums } from "../books/memory.ts"
import type { Mode, Owner } from "../books/types.ts"
import { type earningDays, earningMaturities, earningTakes, payouts } from "./tables.ts"
import type { EarningSource, PayoutState } from "./types.ts"

type DayRow = Pick<typeof earningDays.$inferSelect, "earnedNano" | "clawedNano" | "matured">

export function dayRow(sql: Reader, accountId: AccountId, day: number, source: EarningSource): DayRow | null {
  bringSums(sql)
  return sql.get<DayRow>(
    `SELECT earned_nano AS earnedNano, clawed_nano AS clawedNano, matured FROM earning_days
     WHERE account_id = ? AND day = ? AND source = ?`,
    accountId,
    day,
    source,
  )
}

/** What a charge or a sale credited to `pending`, by source; null when it earned nothing. */
export const earningOfCharge = (sql: Reader, chargeId: TransactionId) =>
  sql.get<{ accountId: AccountId; day: number; paid: number; promo: number }>(
    `SELECT pending_id AS accountId, at_ms / 86400000 AS day, earned_nano - promo_earned_nano AS paid,
            promo_earned_nano AS promo
     FROM charges WHERE id = ?1 AND earned_nano > 0
     UNION ALL
     SELECT pending_id, at_ms / 86400000, amount_nano - commission_nano, 0
     FROM sales WHERE transaction_id = ?1 AND amount_nano > commission_nano`,
    chargeId,
  )

export const takenOfCharge = (sql: Reader, chargeId: TransactionId): Record<EarningSource, number> =>
  sql.get<Record<EarningSource, number>>(
    `SELECT COALESCE(SUM(CASE source WHEN 'paid' THEN amount_nano END), 0) AS paid,
            COALESCE(SUM(CASE source WHEN 'promo' THEN amount_nano END), 0) AS promo
     FROM earning_takes WHERE charge_id = ?`,
    chargeId,
  )!

export type NewTake = Omit<typeof earningTakes.$inferInsert, "id" | "atMs">

export function addClaw(tx: Tx, take: NewTake): void {
  const { accountId, day, source, amountNano } = take
  insertRow(tx, earningTakes, { ...take, atMs: tx.now })
  if (take.late === 1) return
  const { changes } = tx.run(
    `UPDATE earning_days SET clawed_nano = clawed_nano + ?
     WHERE account_id = ? AND day = ? AND source = ? AND matured = 0`,
    amountNano,
    accountId,
    day,
    source,
  )
  invariant(changes === 1, "what is taken back is of a day that is still pending")
}

function accountOf(sql: Reader, owner: Owner, mode: Mode, kind: "pending" | "payable") {
  bringSums(sql)
  return sql.get<{ id: AccountId; nano: number }>(
    `SELECT id, balance_nano AS nano FROM accounts
     WHERE owner_kind = 'principal' AND owner_id = ? AND mode = ? AND kind = ? AND asset = 'usd_nano'`,
    owner.id,
    mode,
    kind,
  )
}

export const pendingIdOf = (sql: Reader, owner: Owner, mode: Mode): AccountId | null =>
  accountOf(sql, owner, mode, "pending")?.id ?? null

export const payableOf = (sql: Reader, owner: Owner, mode: Mode): number =>
  accountOf(sql, owner, mode, "payable")?.nano ?? 0

export function earningTotals(sql: Reader, owner: Owner, mode: Mode) {
  const pending = accountOf(sql, owner, mode, "pending")
  const out = sql.get<{ requested: number; paid: number }>(
    `SELECT COALESCE(SUM(CASE state WHEN 'requested' THEN amount_nano END), 0) AS requested,
            COALESCE(SUM(CASE state WHEN 'paid' THEN amount_nano END), 0) AS paid
     FROM payouts WHERE owner_id = ? AND mode = ?`,
    owner.id,
    mode,
  )!
  const clawed = sql.get<{ nano: number }>(
    "SELECT COALESCE(SUM(clawed_nano), 0) AS nano FROM earning_days WHERE account_id = ?",
    pending?.id ?? 0,
  )!
  return {
    pendingId: pending?.id ?? null,
    pendingNano: pending?.nano ?? 0,
    payableNano: payableOf(sql, owner, mode),
    requestedNano: out.requested,
    paidNano: out.paid,
    clawedNano: clawed.nano,
  }
}

export const immatureRows = (sql: Reader, accountId: AccountId) =>
  sql.all<{ day: number; source: EarningSource; leftNano: number }>(
    `SELECT day, source, earned_nano - clawed_nano AS leftNano FROM earning_days
     WHERE account_id = ? AND matured = 0 AND earned_nano > clawed_nano ORDER BY day, source`,
    accountId,
  )

const DUE = "matured = 0 AND earned_nano > clawed_nano AND day <= CASE source WHEN 'paid' THEN ? ELSE ? END"

/** Pending accounts with a day that is due. */
export const dueAccounts = (sql: Reader, paidDay: number, promoDay: number, afterId: AccountId, limit: number) =>
  sql
    .all<{ id: AccountId }>(
      `SELECT DISTINCT account_id AS id FROM earning_days INDEXED BY earning_days_due
       WHERE day <= ? AND ${DUE} AND account_id > ? ORDER BY account_id LIMIT ?`,
      Math.max(paidDay, promoDay),
      paidDay,
      promoDay,
      afterId,
      limit,
    )
    .map((row) => row.id)

export function dueNano(sql: Reader, accountId: AccountId, paidDay: number, promoDay: number): number {
  bringSums(sql)
  return sql.get<{ nano: number }>(
    `SELECT COALESCE(SUM(earned_nano - clawed_nano), 0) AS nano FROM earning_days WHERE account_id = ? AND ${DUE}`,
    accountId,
    paidDay,
    promoDay,
  )!.nano
}

export const ownerOfAccount = (sql: Reader, accountId: AccountId): { ownerId: PrincipalId; mode: Mode } | null =>
  sql.get("SELECT owner_id AS ownerId, mode FROM accounts WHERE id = ? AND kind = 'pending'", accountId)

/** Closes every due day of the account, also those of which nothing is left. */
export function closeDays(
  tx: Tx,
  run: Omit<typeof earningMaturities.$inferInsert, "atMs"> & { transactionId: TransactionId },
): void {
  tx.run(
    `UPDATE earning_days SET matured = 1, matured_nano = earned_nano - clawed_nano
     WHERE account_id = ? AND matured = 0 AND day <= CASE source WHEN 'paid' THEN ? ELSE ? END`,
    run.accountId,
    run.paidDay,
    run.promoDay,
  )
  insertRow(tx, earningMaturities, { ...run, atMs: tx.now })
}

export type PayoutRow = Omit<typeof payouts.$inferSelect, "requestId" | "resolveId">

const PAYOUT = `id, public_id AS publicId, owner_id AS ownerId, mode, amount_nano AS amountNano, state,
  requested_ms AS requestedMs, resolved_ms AS resolvedMs, key`

export const payoutByKey = (sql: Reader, key: string): PayoutRow | null =>
  sql.get<PayoutRow>(`SELECT ${PAYOUT} FROM payouts WHERE key = ?`, key)

export const payoutByPublicId = (sql: Reader, publicId: string): PayoutRow | null =>
  sql.get<PayoutRow>(`SELECT ${PAYOUT} FROM payouts WHERE public_id = ?`, publicId)

export const payoutRows = (sql: Reader, owner: Owner, mode: Mode, limit: number): PayoutRow[] =>
  sql.all<PayoutRow>(
    `SELECT ${PAYOUT} FROM payouts WHERE owner_id = ? AND mode = ? ORDER BY id DESC LIMIT ?`,
    owner.id,
    mode,
    limit,
  )

export function insertPayout(tx: Tx, row: Omit<typeof payouts.$inferInsert, "id" | "requestedMs">): void {
  insertRow(tx, payouts, { ...row, requestedMs: tx.now })
}

export function resolvePayout(tx: Tx, id: number, state: PayoutState, transactionId: TransactionId): void {
  const { changes } = tx.run(
    "UPDATE payouts SET state = ?, resolved_ms = ?, resolve_id = ? WHERE id = ? AND state = 'requested'",
    state,
    tx.now,
    transactionId,
    id,
  )
  invariant(changes === 1, "a payout resolves once")
}
