// SQL of sponsoring: what moved under a key. Decides nothing.
import type { AccountId, LotId, Nano } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"

export interface MoveRow {
  transactionId: string
  fromId: AccountId
  toId: AccountId
  lotId: LotId
  amountNano: Nano
  bucket: string
}

/** One lot's part of what moved under a key; null = there is none of that number. */
export const moveByKey = (sql: Reader, key: string): MoveRow | null =>
  sql.get<MoveRow>(
    `SELECT t.public_id AS transactionId, f.account_id AS fromId, l.account_id AS toId, l.id AS lotId,
            l.granted_nano AS amountNano, l.bucket
     FROM transactions t JOIN lots l ON l.key = t.key
     JOIN entries f ON f.transaction_id = t.id AND f.lot_id <> l.id AND f.amount_nano = -l.granted_nano
     WHERE t.key = ? AND t.type = 'sponsor'`,
    key,
  )

export interface LotTermsRow {
  priority: number
  expiresMs: number | null
}

export const lotTerms = (sql: Reader, lotId: LotId): LotTermsRow =>
  sql.get<LotTermsRow>("SELECT priority, expires_ms AS expiresMs FROM lots WHERE id = ?", lotId)!
