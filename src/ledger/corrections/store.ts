// SQL of corrections, as fixed texts: keys and answers, what a transaction moved, what came back since. Decides nothing.
import type { AccountId, HoldId, LotId, TransactionId, UsageId } from "../../app/index.ts"
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import type { AccountKind, Mode, TransactionType } from "../books/types.ts"
import type { LotState } from "../lots/rules.ts"
import { corrections } from "./tables.ts"

export const findCorrection = (sql: Reader, key: string) =>
  sql.get<Pick<Correction, "verb" | "request" | "result">>(
    "SELECT verb, request, result FROM corrections WHERE key = ?",
    key,
  )

type Correction = typeof corrections.$inferSelect

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
  holdId: HoldId | null
  usageId: UsageId | null
  /** Row id and public id of the reversal, if there is one. */
  reversedBy: TransactionId | null
  reversedByPublicId: string | null
}

export const transactionByPublicId = (sql: Reader, publicId: string): TransactionRow | null =>
  sql.get<TransactionRow>(
    `SELECT t.id, t.public_id AS publicId, t.type, t.mode, t.key, t.hold_id AS holdId, t.usage_id AS usageId,
            r.id AS reversedBy, r.public_id AS reversedByPublicId
     FROM transactions t LEFT JOIN transactions r ON r.reverses = t.id WHERE t.public_id = ?`,
    publicId,
  )

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
     FROM entries e WHERE e.transaction_id = ? ORDER BY e.seq`,
    transactionId,
  )

/** What refunds and reversals moved after a call was settled, by account and lot. */
export const entriesAfterHold = (sql: Reader, holdId: HoldId): EntryRow[] =>
  sql.all<EntryRow>(
    `SELECT e.account_id AS accountId, (SELECT kind FROM accounts WHERE id = e.account_id) AS kind, e.lot_id AS lotId,
            SUM(e.amount_nano) AS amountNano
     FROM transactions t JOIN entries e ON e.transaction_id = t.id
     WHERE t.hold_id = ? AND t.type <> 'usage' GROUP BY e.account_id, e.lot_id`,
    holdId,
  )

export interface LotFull extends LotState {
  publicId: string
  accountId: AccountId
  mode: Mode
  key: string
  grantedNano: number
  rolledFrom: LotId | null
}

const LOT_FULL = `SELECT id, public_id AS publicId, account_id AS accountId,
  (SELECT mode FROM accounts WHERE id = account_id) AS mode, key, granted_nano AS grantedNano, rolled_from AS rolledFrom,
  priority, expires_ms AS expiresMs, paid, created_ms AS createdMs, effective_ms AS effectiveMs, restriction,
  remaining_nano AS remainingNano, held_nano AS heldNano FROM lots`

export const lotById = (sql: Reader, id: LotId) => sql.get<LotFull>(`${LOT_FULL} WHERE id = ?`, id)

export const lotByKey = (sql: Reader, key: string) => sql.get<LotFull>(`${LOT_FULL} WHERE key = ?`, key)

export const lotByPublicId = (sql: Reader, id: string) => sql.get<LotFull>(`${LOT_FULL} WHERE public_id = ?`, id)

export const lotsRolledFrom = (sql: Reader, id: LotId) =>
  sql.all<LotFull>(`${LOT_FULL} WHERE rolled_from = ? ORDER BY id`, id)

/** All claw-backs of a lot, without those that were reversed. */
export const clawedOf = (sql: Reader, lotId: LotId): number =>
  sql.get<{ nano: number }>(
    `SELECT COALESCE(SUM(amount_nano), 0) AS nano FROM corrections c
     WHERE lot_id = ? AND verb = 'claw_back'
       AND NOT EXISTS (SELECT 1 FROM transactions r WHERE r.reverses = c.transaction_id)`,
    lotId,
  )!.nano

/** Was the grant itself taken back by a reversal? */
export const isGrantReversed = (sql: Reader, key: string): boolean =>
  sql.get("SELECT 1 FROM transactions t JOIN transactions r ON r.reverses = t.id WHERE t.key = ?", key) !== null

/** `usedNano` below 0 gives back to the app's day that a call belongs to. */
export function shiftLimit(tx: Tx, holdId: HoldId, usedNano: number): void {
  tx.run(
    `UPDATE limit_day SET used_nano = used_nano + ?
     WHERE (account_id, client_id, scope, day) = (SELECT account_id, client_id, limit_scope, day FROM holds WHERE id = ?)`,
    usedNano,
    holdId,
  )
}

export const reversedAtMs = (sql: Reader, transactionId: TransactionId): number =>
  sql.get<{ atMs: number }>("SELECT at_ms AS atMs FROM transactions WHERE id = ?", transactionId)?.atMs ?? 0
