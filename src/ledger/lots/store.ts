// SQL of lots, as fixed texts: grants, moves, what is due. Decides nothing.
import { type AccountId, invariant, type LotId } from "../../app/index.ts"
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import type { Mode, TransactionType } from "../books/types.ts"
import type { LotMove, LotState } from "./rules.ts"
import { lots } from "./tables.ts"
import type { RolloverTerms } from "./types.ts"

type Lot = typeof lots.$inferSelect

/** Columns of `LotState`. */
export const LOT_STATE = `l.id, l.priority, l.expires_ms AS expiresMs, l.paid, l.created_ms AS createdMs,
  l.effective_ms AS effectiveMs, l.restriction, l.remaining_nano AS remainingNano, l.held_nano AS heldNano`

const UNSPENT_LOTS = `SELECT ${LOT_STATE} FROM lots l WHERE l.account_id = ? AND l.unspent = 1`

export const unspentLots = (sql: Reader, accountId: AccountId): LotState[] => sql.all<LotState>(UNSPENT_LOTS, accountId)

export type NewLot = Omit<
  typeof lots.$inferInsert,
  "id" | "paid" | "remainingNano" | "createdMs" | "rolloverMaxNano" | "rolloverCapNano" | "rolloverLifetimeMs"
> & { paid: boolean; rollover: RolloverTerms | null }

export const insertLot = (tx: Tx, { rollover, ...lot }: NewLot): LotId =>
  insertRow(tx, lots, {
    ...lot,
    paid: lot.paid ? 1 : 0,
    remainingNano: lot.grantedNano,
    createdMs: tx.now,
    rolloverMaxNano: rollover?.maxNano ?? null,
    rolloverCapNano: rollover?.capNano ?? null,
    rolloverLifetimeMs: rollover?.lifetimeMs ?? null,
  })

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
  const goneNano = consumedNano + expiredNano
  const empties = goneNano === lot.remainingNano
  tx.run(
    empties
      ? `UPDATE lots SET held_nano = held_nano - ?, consumed_nano = consumed_nano + ?, expired_nano = expired_nano + ?,
                         remaining_nano = remaining_nano - ?, unspent = 0 WHERE id = ?`
      : `UPDATE lots SET held_nano = held_nano - ?, consumed_nano = consumed_nano + ?, expired_nano = expired_nano + ?,
                         remaining_nano = remaining_nano - ? WHERE id = ?`,
    unheldNano,
    consumedNano,
    expiredNano,
    goneNano,
    lot.id,
  )
}

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
  const { changes } = tx.run(
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
  invariant(changes === 1, `there is no lot ${lotId}`)
}

/** Wallets with due credits that no hold keeps. */
export const dueWallets = (sql: Reader, now: number, afterId: number, limit: number): { id: AccountId; mode: Mode }[] =>
  sql.all(
    `SELECT DISTINCT a.id, a.mode FROM lots l INDEXED BY lots_due JOIN accounts a ON a.id = l.account_id
     WHERE l.unspent = 1 AND l.expires_ms IS NOT NULL AND l.expires_ms <= ? AND l.remaining_nano > l.held_nano AND a.id > ?
     ORDER BY a.id LIMIT ?`,
    now,
    afterId,
    limit,
  )
