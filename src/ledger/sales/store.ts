// SQL of sales. Decides nothing.
import type { AccountId, LotId, Nano, TransactionId } from "../../app/index.ts"
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import type { LotTake } from "../lots/types.ts"
import { sales } from "./tables.ts"
import type { SellerFee } from "./types.ts"

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

/** A fee of a seller by its key. */
export const feeOfSeller = (sql: Reader, key: string): Omit<SellerFee, "already"> | null =>
  sql.get<Omit<SellerFee, "already">>(
    `SELECT t.public_id AS transactionId, -SUM(e.amount_nano) AS amountNano, iif(MAX(e.lot_id) IS NULL, 'earnings', 'credits') AS "from"
     FROM transactions t JOIN entries e ON e.transaction_id = t.id
     WHERE t.key = ? AND t.type = 'fee' AND e.account_id > 100 GROUP BY t.id`,
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
