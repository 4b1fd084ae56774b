// SQL of refunds of bills. Decides nothing.
import type { Nano } from "../../app/index.ts"
import { findRow, insertRow, type Reader, type Tx } from "../../store/index.ts"
import { SUBSCRIPTION_LIMITS as L } from "./limits.ts"
import { marketBills, marketRefunds } from "./tables.ts"
import type { Bill, BillRefund } from "./types.ts"

export const billById = (reader: Reader, id: number): Bill | null => findRow(reader, marketBills, "id = ?", id)

export const billByInvoice = (reader: Reader, invoice: string): Bill | null =>
  findRow(reader, marketBills, "invoice = ?", invoice)

export const refundByKey = (reader: Reader, key: string): BillRefund | null =>
  findRow(reader, marketRefunds, "key = ?", key)

export function insertRefund(tx: Tx, row: Omit<BillRefund, "id">): BillRefund {
  return { id: insertRow(tx, marketRefunds, row), ...row }
}

export const refundedOf = (reader: Reader, billId: number): number =>
  reader.get<{ nano: number }>(
    "SELECT COALESCE(SUM(amount_nano), 0) AS nano FROM market_refunds WHERE bill_id = ?",
    billId,
  )!.nano

/** By bill, in the order in which they were made. */
export function refundsOf(reader: Reader, subscriptionId: number): Map<number, { amountNano: Nano; note: string }[]> {
  const found = reader.all<{ billId: number; amountNano: Nano; note: string }>(
    `SELECT r.bill_id AS billId, r.amount_nano AS amountNano, r.note FROM market_bills b JOIN market_refunds r ON r.bill_id = b.id
     WHERE b.subscription_id = ? ORDER BY r.id LIMIT 1000`,
    subscriptionId,
  )
  return Map.groupBy(found, ({ billId }) => billId)
}

/** Calls of a bill's time that cost something beside the plan, newest first, with what was not given back of each. */
export const chargedCalls = (
  reader: Reader,
  subscriptionId: number,
  { startMs, endMs }: Bill,
  limit: number,
): { transactionId: string; leftNano: number }[] =>
  reader
    .all<{ transactionId: string; leftNano: number }>(
      `SELECT transactionId, nano - COALESCE((
         SELECT SUM(c.amount_nano) FROM corrections c INDEXED BY corrections_of_charge
         WHERE c.verb = 'refund_charge' AND json_extract(c.request, '$.transactionId') = transactionId), 0) AS leftNano
       FROM (SELECT 'txn_' || substr(request_id, 5) AS transactionId, charged_nano AS nano, id
         FROM market_calls INDEXED BY market_calls_charged
         WHERE subscription_id = ? AND charged_nano > 0 AND at_ms >= ? AND at_ms < ? ORDER BY id DESC LIMIT ?)`,
      subscriptionId,
      startMs,
      endMs + L.overageLeewayMs,
      limit,
    )
    .filter(({ leftNano }) => leftNano > 0)
