// SQL of sales. Decides nothing.
import type { AccountId, LotId, Nano, TransactionId } from "../../app/index.ts"
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import type { LotTake } from "../lots/types.ts"
import { sales } from "./tables.ts"

export interface SaleRow {
  id: TransactionId
  publicId: string
  accountId: AccountId
  pendingId: AccountId
  amountNano: Nano
  commissionNano: Nano
}

export const saleByKey = (sql: Reader, key: string): SaleRow | null =>
  sql.get<SaleRow>(
    `SELECT t.id, t.public_id AS publicId, s.account_id AS accountId, s.pending_id AS pendingId, s.amount_nano AS amountNano,
            s.commission_nano AS commissionNano
     FROM transactions t JOIN sales s ON s.transaction_id = t.id WHERE t.key = ?`,
    key,
  )

export const lotsOfSale = (sql: Reader, id: TransactionId): LotTake[] =>
  sql
    .all<{ lotId: LotId; amountNano: Nano }>(
      `SELECT lot_id AS lotId, -amount_nano AS amountNano FROM entries WHERE transaction_id = ? AND lot_id IS NOT NULL ORDER BY seq`,
      id,
    )
    .map((take) => ({ ...take, paid: true }))

export const insertSale = (tx: Tx, row: Omit<typeof sales.$inferInsert, "atMs">): void =>
  void insertRow(tx, sales, { ...row, atMs: tx.now })
