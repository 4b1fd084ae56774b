// SQL of corrections, as fixed texts: keys and answers, what a transaction moved, what came back since. Decides nothing.
import type { AccountId, LotId, TransactionId } from "../../app/index.ts"
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import { transactionIdOf } from "../books/store.ts"
import { HELD_OF_LOT, LOT_ROW } from "../books/store-memory.ts"
import type { AccountKind, Mode, TransactionType } from "../books/types.ts"
import type { LotState } from "../lots/rules.ts"
import { corrections } from "./tables.ts"
import type { CorrectionVerb } from "./types.ts"

export const findCorrection = (sql: Reader, key: string) =>
  sql.get<Pick<Correction, "verb" | "request" | "result">>(
    "SELECT verb, request, result FROM corrections WHERE key = ?",
    key,
  )

type Correction = typeof corrections.$inferSelect

/** A claw-back or freeze, and what ended it. */
export interface Ended extends Pick<Correction, "verb" | "request" | "lotId" | "amountNano" | "transactionId"> {
  isReversed: 0 | 1
  /** Keys of what ended it. */
  restored: string | null
  settled: string | null
  thawed: string | null
}

const ENDED_BY = (verb: CorrectionVerb) =>
  `(SELECT e.key FROM corrections e WHERE e.of_key = c.key AND e.verb = '${verb}')`

export const correctionAndEnd = (sql: Reader, key: string) =>
  sql.get<Ended>(
    `SELECT c.verb, c.request, c.lot_id AS lotId, c.amount_nano AS amountNano, c.transaction_id AS transactionId,
            EXISTS (SELECT 1 FROM transactions r WHERE r.reverses = c.transaction_id) AS isReversed,
            ${ENDED_BY("restore_claw")} AS restored, ${ENDED_BY("settle_dispute")} AS settled, ${ENDED_BY("thaw_lot")} AS thawed
     FROM corrections c WHERE c.key = ?`,
    key,
  )

/** Is the transaction of this key the end of another correction, or ended by one? */
export const isCorrectedElsewhere = (sql: Reader, key: string | null): boolean =>
  key !== null &&
  sql.get("SELECT 1 FROM corrections WHERE (key = ?1 AND of_key IS NOT NULL) OR of_key = ?1", key) !== null

/** Its lots count it by the sale that it names (`BACK_OF_SALE`); its opposite would not be counted. */
export const isRefundOfSale = (sql: Reader, id: TransactionId): boolean =>
  sql.get(
    `SELECT 1 FROM corrections c JOIN transactions t ON t.id = c.transaction_id
     WHERE t.id = ? AND c.verb = 'refund_charge' AND t.charge_id IS NULL`,
    id,
  ) !== null

/** A claw-back of which its own lot paid something since, or such a payment with credits whose time was over. */
export const isRepaidClaw = (sql: Reader, { id, key }: { id: TransactionId; key: string | null }): boolean =>
  sql.get(
    `SELECT 1 FROM claw_repays WHERE transaction_id = ?1 AND late = 1
     UNION ALL SELECT 1 FROM claw_repays p WHERE p.claw_key = ?2
       AND NOT EXISTS (SELECT 1 FROM transactions r WHERE r.reverses = p.transaction_id)`,
    id,
    key,
  ) !== null

/** Its transaction is the one with its key; none when there was nothing to post. */
export function insertCorrection(tx: Tx, row: Omit<Correction, "transactionId" | "atMs">): void {
  const posted = tx.get<{ id: TransactionId }>("SELECT id FROM transactions WHERE key = ?", row.key)
  insertRow(tx, corrections, { ...row, transactionId: posted?.id ?? null, atMs: tx.now })
}

export interface TransactionRow {
  id: TransactionId
  publicId: string
  type: TransactionType
  mode: Mode
  key: string | null
  /** The charge that it is, or is about. */
  chargeId: TransactionId | null
  /** Row id and public id of the reversal, if there is one. */
  reversedBy: TransactionId | null
  reversedByPublicId: string | null
}

export function transactionByPublicId(sql: Reader, publicId: string): TransactionRow | null {
  const id = transactionIdOf(sql, publicId)
  return id === null
    ? null
    : sql.get<TransactionRow>(
        `SELECT t.id, t.public_id AS publicId, t.type, t.mode, t.key, t.charge_id AS chargeId,
                r.id AS reversedBy, r.public_id AS reversedByPublicId
         FROM v_transactions t LEFT JOIN transactions r ON r.reverses = t.id WHERE t.id = ?`,
        id,
      )
}

export interface EntryRow {
  accountId: AccountId
  kind: AccountKind
  lotId: LotId | null
  amountNano: number
}

export const entriesOf = (sql: Reader, transactionId: TransactionId): EntryRow[] =>
  sql.all<EntryRow>(
    `SELECT e.account_id AS accountId, (SELECT kind FROM accounts WHERE id = e.account_id) AS kind, e.lot_id AS lotId,
            e.amount_nano AS amountNano
     FROM v_entries e WHERE e.transaction_id = ? ORDER BY e.seq`,
    transactionId,
  )

/** What refunds and reversals moved after a call was charged, by account and lot. */
export const entriesAfterCharge = (sql: Reader, chargeId: TransactionId): EntryRow[] =>
  sql.all<EntryRow>(
    `SELECT e.account_id AS accountId, (SELECT kind FROM accounts WHERE id = e.account_id) AS kind, e.lot_id AS lotId,
            SUM(e.amount_nano) AS amountNano
     FROM transactions t INDEXED BY transactions_of_charge CROSS JOIN entries e ON e.transaction_id = t.id
     WHERE t.charge_id = ? GROUP BY e.account_id, e.lot_id`,
    chargeId,
  )

/** The same of a sale: corrections name it, since no row of the books hangs on it. */
export const entriesAfterSale = (sql: Reader, publicId: string): EntryRow[] =>
  sql.all<EntryRow>(
    `SELECT e.account_id AS accountId, (SELECT kind FROM accounts WHERE id = e.account_id) AS kind, e.lot_id AS lotId,
            SUM(e.amount_nano) AS amountNano
     FROM corrections c INDEXED BY corrections_of_charge CROSS JOIN entries e ON e.transaction_id = c.transaction_id
     WHERE c.verb = 'refund_charge' AND json_extract(c.request, '$.transactionId') = ? GROUP BY e.account_id, e.lot_id`,
    publicId,
  )

/** The platform's part of a sale. */
export const commissionOfSale = (sql: Reader, id: TransactionId): number =>
  sql.get<{ nano: number }>("SELECT commission_nano AS nano FROM sales WHERE transaction_id = ?", id)?.nano ?? 0

export interface LotFull extends LotState {
  publicId: string
  mode: Mode
  key: string
  grantedNano: number
  rolledFrom: LotId | null
}

const LOT_FULL = `SELECT ${LOT_ROW}, ${HELD_OF_LOT} AS heldNano, l.public_id AS publicId,
  (SELECT mode FROM accounts WHERE id = l.account_id) AS mode, l.key, l.granted_nano AS grantedNano,
  l.rolled_from AS rolledFrom FROM lots l`

export const lotById = (sql: Reader, id: LotId) => sql.get<LotFull>(`${LOT_FULL} WHERE id = ?`, id)

export const lotByKey = (sql: Reader, key: string) => sql.get<LotFull>(`${LOT_FULL} WHERE key = ?`, key)

export const lotByPublicId = (sql: Reader, id: string) => sql.get<LotFull>(`${LOT_FULL} WHERE public_id = ?`, id)

export const lotsRolledFrom = (sql: Reader, id: LotId) =>
  sql.all<LotFull>(`${LOT_FULL} WHERE rolled_from = ? ORDER BY id`, id)

/** All claw-backs of a lot, without those that were reversed or restored. */
export const clawedOf = (sql: Reader, lotId: LotId): number =>
  sql.get<{ nano: number }>(
    `SELECT COALESCE(SUM(CASE verb WHEN 'claw_back' THEN amount_nano ELSE -amount_nano END), 0) AS nano FROM corrections c
     WHERE lot_id = ? AND verb IN ('claw_back', 'restore_claw')
       AND NOT EXISTS (SELECT 1 FROM transactions r WHERE r.reverses = c.transaction_id)`,
    lotId,
  )!.nano

/**
 * What of a lot, and of what rolled over from it, nobody spent and nobody has any more: it expired, or of a paid one was voided. The house has
 * it in `breakage`, less what standing claw-backs gave back of it.
 */
export const BROKEN_OF_LOT = (lot: string) => `(
  SELECT COALESCE(SUM(f.expired_nano + f.paid * f.voided_nano - iif(f.id = ${lot}, 0, f.granted_nano)), 0)
  FROM lots f WHERE f.id = ${lot} OR f.rolled_from = ${lot})
  + COALESCE((
    SELECT SUM(e.amount_nano) FROM corrections c CROSS JOIN entries e ON e.transaction_id = c.transaction_id
    CROSS JOIN accounts a ON a.id = e.account_id
    WHERE c.lot_id = ${lot} AND c.verb IN ('claw_back', 'restore_claw') AND a.kind = 'breakage'
      AND NOT EXISTS (SELECT 1 FROM transactions r WHERE r.reverses = c.transaction_id)), 0)`

export const brokenLeft = (sql: Reader, id: LotId): number =>
  sql.get<{ nano: number }>(`SELECT ${BROKEN_OF_LOT("?1")} AS nano`, id)!.nano

/** Was the grant itself taken back by a reversal? */
export const isGrantReversed = (sql: Reader, key: string): boolean =>
  sql.get("SELECT 1 FROM transactions t JOIN transactions r ON r.reverses = t.id WHERE t.key = ?", key) !== null

export const reversedAtMs = (sql: Reader, transactionId: TransactionId): number =>
  sql.get<{ atMs: number }>("SELECT at_ms AS atMs FROM transactions WHERE id = ?", transactionId)?.atMs ?? 0
