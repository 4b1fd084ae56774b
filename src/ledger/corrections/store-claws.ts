// SQL of claw-backs and freezes: calls that were paid with what cannot be taken any more, and which lots are frozen. Decides nothing.
import type { AccountId, LotId, TransactionId } from "../../app/index.ts"
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import { booksOf } from "../books/memory.ts"
import { clawedCalls } from "./tables.ts"

/** A call, what it took of the lots that are asked about, and of paid lots in all; both less what was given back. */
export interface CallRow {
  id: TransactionId
  ofLotsNano: number
  ofPaidNano: number
}

const isOf = (lotIds: readonly LotId[], column: string) => `${column} IN (${lotIds.join(", ")})`

/**
 * Calls of a wallet that these lots paid for, newest first: those after `afterId`, charged at `sinceMs` or later.
 * Time runs forwards with ids, so that only what is new is looked at.
 */
export function callsPaidBy(
  sql: Reader,
  accountId: AccountId,
  lotIds: readonly LotId[],
  afterId: TransactionId,
  limit: number,
): CallRow[] {
  const back = (lots: string) => `COALESCE((
    SELECT SUM(e.amount_nano) FROM transactions t INDEXED BY transactions_of_charge CROSS JOIN entries e ON e.transaction_id = t.id
    WHERE t.charge_id = c.id AND e.lot_id IS NOT NULL AND ${lots}), 0)`
  const isPaid = (lot: string) => `(SELECT paid FROM lots WHERE id = ${lot}) = 1`
  const took = (lots: (column: string) => string) => `(
    CASE WHEN c.lot_id IS NOT NULL THEN (${lots("c.lot_id")}) * c.collected_nano
         ELSE COALESCE((SELECT SUM(k.amount_nano) FROM charge_lots k WHERE k.charge_id = c.id AND ${lots("k.lot_id")}), 0) END
    - ${back(lots("e.lot_id"))})`
  return sql.all<CallRow>(
    `SELECT c.id, ${took((column) => isOf(lotIds, column))} AS ofLotsNano, ${took(isPaid)} AS ofPaidNano
     FROM charges c INDEXED BY charges_of_app
     WHERE c.account_id = ? AND c.collected_nano > 0 AND c.id > ?
       AND (${isOf(lotIds, "c.lot_id")}
         OR (c.lot_id IS NULL AND EXISTS (SELECT 1 FROM charge_lots k WHERE k.charge_id = c.id AND ${isOf(lotIds, "k.lot_id")})))
     ORDER BY c.id DESC LIMIT ?`,
    accountId,
    afterId,
    limit,
  )
}

/** What refunds gave back of a sale, of these lots. */
const backOfSale = (lots: string) => `COALESCE((
  SELECT SUM(b.amount_nano) FROM corrections c INDEXED BY corrections_of_charge CROSS JOIN entries b ON b.transaction_id = c.transaction_id
  WHERE c.verb = 'refund_charge' AND b.lot_id IS NOT NULL AND ${lots}
    AND json_extract(c.request, '$.transactionId') = (SELECT public_id FROM transactions WHERE id = s.transaction_id)), 0)`

/** Sales that these lots paid for, newest first; a sale is paid by paid lots alone. */
export const salesPaidBy = (
  sql: Reader,
  accountId: AccountId,
  lotIds: readonly LotId[],
  sinceMs: number,
  limit: number,
): CallRow[] =>
  sql.all<CallRow>(
    `SELECT s.transaction_id AS id, s.amount_nano - ${backOfSale("true")} AS ofPaidNano,
            -SUM(e.amount_nano) - ${backOfSale(isOf(lotIds, "b.lot_id"))} AS ofLotsNano
     FROM sales s INDEXED BY sales_of_wallet CROSS JOIN entries e ON e.transaction_id = s.transaction_id
     WHERE s.account_id = ? AND s.at_ms >= ? AND ${isOf(lotIds, "e.lot_id")}
     GROUP BY s.transaction_id ORDER BY s.transaction_id DESC LIMIT ?`,
    accountId,
    sinceMs,
    limit,
  )

/** Credits of a call that claw-backs which stand have counted already. */
export const countedOf = (sql: Reader, chargeId: TransactionId): number =>
  sql.get<{ nano: number }>(
    `SELECT COALESCE(SUM(k.credits_nano), 0) AS nano FROM clawed_calls k
     WHERE k.charge_id = ? AND NOT EXISTS (SELECT 1 FROM corrections e WHERE e.of_key = k.claw_key AND e.verb = 'restore_claw')`,
    chargeId,
  )!.nano

export const insertClawedCall = (tx: Tx, row: typeof clawedCalls.$inferInsert): number =>
  insertRow(tx, clawedCalls, row)

/** What a claw-back took from developers. */
export const earnedOfClaw = (sql: Reader, clawKey: string) =>
  sql.all<{ chargeId: TransactionId; earnedNano: number }>(
    `SELECT charge_id AS chargeId, earned_nano AS earnedNano FROM clawed_calls
     WHERE claw_key = ? AND earned_nano > 0 ORDER BY charge_id DESC`,
    clawKey,
  )

/** The oldest UTC day of which something may be pending; null = none. */
export const firstPendingDay = (sql: Reader): number | null =>
  sql.get<{ day: number | null }>("SELECT MIN(day) AS day FROM earning_days WHERE matured = 0")!.day

export const grantIdOf = (sql: Reader, key: string): TransactionId | null =>
  sql.get<{ id: TransactionId }>("SELECT id FROM transactions WHERE key = ?", key)?.id ?? null

/** The next charge from an id on. */
export const chargeFrom = (sql: Reader, id: number) =>
  sql.get<{ id: TransactionId; atMs: number }>(
    "SELECT id, at_ms AS atMs FROM charges WHERE id >= ? ORDER BY id LIMIT 1",
    id,
  )
export const lastChargeId = (sql: Reader): number =>
  sql.get<{ id: number | null }>("SELECT MAX(id) AS id FROM charges")!.id ?? 0

/** Freezes of a lot that nothing ended. */
export const freezesOf = (sql: Reader, lotId: LotId): number =>
  sql.get<{ n: number }>(
    `SELECT COUNT(*) AS n FROM corrections c WHERE c.lot_id = ? AND c.verb = 'freeze_lot'
       AND NOT EXISTS (SELECT 1 FROM corrections e WHERE e.of_key = c.key AND e.verb = 'thaw_lot')`,
    lotId,
  )!.n

/** A lot and what rolled over from it. */
export function setFrozen(tx: Tx, lotId: LotId, accountId: AccountId, frozen: 0 | 1): void {
  booksOf(tx).touchLots(tx, accountId)
  tx.run("UPDATE lots SET frozen = ? WHERE (id = ? OR rolled_from = ?) AND frozen <> ?", frozen, lotId, lotId, frozen)
}
