// SQL of the processor's statement. Decides nothing.
import type { UserId } from "../../app/index.ts"
import { columnsOf, findRow, insertRow, type Reader, type Tx } from "../../store/index.ts"
import { billingMovements } from "./tables.ts"
import type { MovementRow } from "./types.ts"

const ROW = columnsOf(billingMovements)
const PAYMENTS = "type IN ('charge', 'payment')"

/** When the first buyer was made known to the processor: nothing before is ours. */
export const firstCustomerMs = (reader: Reader): number | null =>
  reader.get<{ ms: number | null }>("SELECT MIN(created_ms) AS ms FROM billing_customers")!.ms

export const isKnown = (reader: Reader, movementId: string): boolean =>
  findRow(reader, billingMovements, "movement_id = ?", movementId) !== null

export const insertMovement = (tx: Tx, row: Omit<MovementRow, "id">): void => void insertRow(tx, billingMovements, row)

/** Whether it is of somebody, or of an order, that we know. */
export const isOfOurs = (reader: Reader, row: Pick<MovementRow, "customerId" | "orderId" | "chargeId" | "intentId">) =>
  reader.get(
    `SELECT 1 FROM billing_customers WHERE customer_id = ?1
     UNION ALL SELECT 1 FROM billing_orders WHERE public_id = ?2 OR charge_id = ?3 OR payment_intent_id = ?4`,
    row.customerId,
    row.orderId,
    row.chargeId,
    row.intentId,
  ) !== null

/** What belongs to a payment of ours is ours, whichever of them was read first. */
export const adoptMovements = (tx: Tx): void =>
  void tx.run(
    `UPDATE billing_movements SET is_ours = 1
     WHERE is_ours = 0 AND charge_id IN (SELECT charge_id FROM billing_movements WHERE is_ours = 1 AND ${PAYMENTS})`,
  )

export const unbookedFees = (reader: Reader, limit: number): { movementId: string; usdFeeCents: number }[] =>
  reader.all(
    `SELECT movement_id AS movementId, usd_fee_cents AS usdFeeCents FROM billing_movements
     WHERE transaction_id IS NULL AND is_ours = 1 AND usd_fee_cents <> 0 ORDER BY id LIMIT ?`,
    limit,
  )

export const saveBooked = (tx: Tx, movementId: string, transactionId: string): void =>
  void tx.run("UPDATE billing_movements SET transaction_id = ? WHERE movement_id = ?", transactionId, movementId)

type Raw = Omit<MovementRow, "isOurs"> & { isOurs: number }
const read = (rows: Raw[]): MovementRow[] => rows.map((row) => ({ ...row, isOurs: row.isOurs === 1 }))

/** Oldest first. */
export const movementsIn = (reader: Reader, fromMs: number, toMs: number): MovementRow[] =>
  read(
    reader.all<Raw>(
      `SELECT ${ROW} FROM billing_movements WHERE created_ms >= ? AND created_ms < ? ORDER BY created_ms, id`,
      fromMs,
      toMs,
    ),
  )

export const movementsOfSource = (reader: Reader, sourceId: string): MovementRow[] =>
  read(reader.all<Raw>(`SELECT ${ROW} FROM billing_movements WHERE source_id = ? ORDER BY created_ms, id`, sourceId))

/** The order or the invoice of a plan that a payment is for. */
export const paidFor = (reader: Reader, row: Pick<MovementRow, "orderId" | "chargeId" | "intentId">): string | null =>
  reader.get<{ ref: string }>(
    `SELECT 'order:' || public_id AS ref FROM billing_orders WHERE public_id = ?1 OR charge_id = ?2 OR payment_intent_id = ?3
     UNION ALL SELECT 'stripe:' || invoice_id FROM billing_plan_invoices WHERE payment_intent_id = ?3`,
    row.orderId,
    row.chargeId,
    row.intentId,
  )?.ref ?? null

/** Payments of an order. */
export const sourcesOfOrder = (reader: Reader, publicId: string): string[] =>
  reader
    .all<{ id: string }>(
      `SELECT DISTINCT source_id AS id FROM billing_movements WHERE ${PAYMENTS} AND (order_id = ?1
         OR charge_id = (SELECT charge_id FROM billing_orders WHERE public_id = ?1))`,
      publicId,
    )
    .map(({ id }) => id)

/** Payments of an invoice of a plan. */
export const sourcesOfInvoice = (reader: Reader, invoiceId: string): string[] =>
  reader
    .all<{ id: string }>(
      `SELECT DISTINCT source_id AS id FROM billing_movements WHERE ${PAYMENTS} AND charge_id IS NOT NULL
         AND intent_id = (SELECT payment_intent_id FROM billing_plan_invoices WHERE invoice_id = ?)`,
      invoiceId,
    )
    .map(({ id }) => id)

/** Paid, or given back, outside of the processor: an admin wrote it down. */
export const isByHand = (reader: Reader, ref: string): boolean => {
  const id = ref.slice(ref.indexOf(":") + 1)
  return (
    reader.get(
      `SELECT 1 FROM billing_orders WHERE public_id = ?1 AND kind = 'manual'
     UNION ALL SELECT 1 FROM billing_refunds WHERE public_id = ?1`,
      id,
    ) !== null
  )
}

/** The payment that a refund or a dispute is of, as the processor or we call it. */
export const paymentOf = (reader: Reader, id: string): string | null =>
  reader.get<{ ref: string | null }>(
    `SELECT payment_key AS ref FROM billing_refunds WHERE refund_id = ?1 OR public_id = ?1
     UNION ALL SELECT payment_key FROM billing_disputes WHERE dispute_id = ?1`,
    id,
  )?.ref ?? null

/** By the public id of an order, the id of an invoice of a plan, or a customer's at the processor. */
export const ownerOf = (reader: Reader, id: string): UserId | null =>
  reader.get<{ userId: UserId }>(
    `SELECT user_id AS userId FROM billing_orders WHERE public_id = ?1
     UNION ALL SELECT user_id FROM billing_plan_invoices WHERE invoice_id = ?1
     UNION ALL SELECT user_id FROM billing_customers WHERE customer_id = ?1`,
    id,
  )?.userId ?? null
