// SQL of lots, as fixed texts: grants, moves, what is due. Decides nothing.
import { type AccountId, invariant, type LotId } from "../../app/index.ts"
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import { booksIf, booksOf } from "../books/memory.ts"
import { HELD_OF_LOT, LOT_ROW } from "../books/store-memory.ts"
import type { Mode, TransactionType } from "../books/types.ts"
import type { LotMove, LotState } from "./rules.ts"
import { lots } from "./tables.ts"
import type { RolloverTerms } from "./types.ts"

type Lot = typeof lots.$inferSelect

const UNSPENT_LOTS = `SELECT ${LOT_ROW}, ${HELD_OF_LOT} AS heldNano FROM lots l INDEXED BY lots_of_wallet
  WHERE l.account_id = ? AND l.unspent = 1`

/** The list is the caller's own. */
export function unspentLots(sql: Reader, accountId: AccountId): LotState[] {
  const writer = booksIf(sql)
  if (!writer) return sql.all<LotState>(UNSPENT_LOTS, accountId)
  return writer.books.lotsOf(writer.tx, writer.books.wallet(writer.tx, accountId)).slice()
}

export type NewLot = Omit<
  typeof lots.$inferInsert,
  "id" | "paid" | "remainingNano" | "createdMs" | "rolloverMaxNano" | "rolloverCapNano" | "rolloverLifetimeMs"
> & { paid: boolean; rollover: RolloverTerms | null }

export function insertLot(tx: Tx, { rollover, ...lot }: NewLot): LotId {
  booksOf(tx).touchLots(tx, lot.accountId)
  return insertRow(tx, lots, {
    ...lot,
    paid: lot.paid ? 1 : 0,
    remainingNano: lot.grantedNano,
    createdMs: tx.now,
    rolloverMaxNano: rollover?.maxNano ?? null,
    rolloverCapNano: rollover?.capNano ?? null,
    rolloverLifetimeMs: rollover?.lifetimeMs ?? null,
  })
}

export interface GrantRow extends Pick<Lot, "accountId" | "bucket" | "paid"> {
  lotId: LotId
  amountNano: number
  type: TransactionType
  transactionId: string
}

export const grantByKey = (sql: Reader, key: string): GrantRow | null =>
  sql.get<GrantRow>(
    `SELECT l.id AS lotId, l.account_id AS accountId, l.bucket, l.paid, l.granted_nano AS amountNano, t.type,
            t.public_id AS transactionId
     FROM lots l JOIN transactions t ON t.key = l.key WHERE l.key = ?`,
    key,
  )

/** Is a key used by any transaction, or by a correction that had nothing to post? */
export const isKeyTaken = (sql: Reader, key: string): boolean =>
  sql.get("SELECT 1 FROM transactions WHERE key = ? UNION ALL SELECT 1 FROM corrections WHERE key = ?", key, key) !==
  null

/** Moves a lot's figures; the text that empties a lot also takes it out of the indexes of unspent lots. */
export function moveLot(tx: Tx, { lot, unheldNano, consumedNano, expiredNano }: LotMove<LotState>): void {
  const books = booksOf(tx)
  const goneNano = consumedNano + expiredNano
  books.moved(books.wallet(tx, lot.accountId), lot.id, unheldNano, goneNano)
  if (goneNano === 0) return
  const empties = goneNano === lot.remainingNano
  tx.run(empties ? EMPTY_LOT : SPEND_LOT, consumedNano, expiredNano, goneNano, lot.id)
}

const GONE = "consumed_nano = consumed_nano + ?, expired_nano = expired_nano + ?, remaining_nano = remaining_nano - ?"
const SPEND_LOT = `UPDATE lots SET ${GONE} WHERE id = ?`
const EMPTY_LOT = `UPDATE lots SET ${GONE}, unspent = 0 WHERE id = ?`

export interface LotShift {
  consumedNano?: number
  expiredNano?: number
  voidedNano?: number
  clawedNano?: number
}

/** Moves credits between what remains of a lot and why the rest is gone; below 0 = they come back. */
export function shiftLot(tx: Tx, lotId: LotId, shift: LotShift): void {
  const { consumedNano = 0, expiredNano = 0, voidedNano = 0, clawedNano = 0 } = shift
  const goneNano = consumedNano + expiredNano + voidedNano + clawedNano
  const lot = tx.get<{ accountId: AccountId }>("SELECT account_id AS accountId FROM lots WHERE id = ?", lotId)
  invariant(lot, `there is no lot ${lotId}`)
  booksOf(tx).touchLots(tx, lot.accountId)
  tx.run(
    `UPDATE lots SET consumed_nano = consumed_nano + ?, expired_nano = expired_nano + ?, voided_nano = voided_nano + ?,
                     clawed_nano = clawed_nano + ?, remaining_nano = remaining_nano - ?, unspent = remaining_nano > ?
     WHERE id = ?`,
    consumedNano,
    expiredNano,
    voidedNano,
    clawedNano,
    goneNano,
    goneNano,
    lotId,
  )
}

/** Wallets with due credits that no hold keeps. */
export const dueWallets = (sql: Reader, now: number, afterId: number, limit: number): { id: AccountId; mode: Mode }[] =>
  sql.all(
    `SELECT DISTINCT a.id, a.mode FROM lots l INDEXED BY lots_due JOIN accounts a ON a.id = l.account_id
     WHERE l.unspent = 1 AND l.expires_ms IS NOT NULL AND l.expires_ms <= ? AND l.remaining_nano > ${HELD_OF_LOT} AND a.id > ?
     ORDER BY a.id LIMIT ?`,
    now,
    afterId,
    limit,
  )
