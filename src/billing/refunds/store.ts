// SQL of refunds and disputes. Decides nothing.
import { eq } from "drizzle-orm"
import type { UserId } from "../../app/index.ts"
import { columnsOf, findRow, insertRow, type Reader, type Tx } from "../../store/index.ts"
import { billingDisputes, billingHoldbacks, billingRefunds } from "./tables.ts"
import type { Dispute, Holdback, Refund } from "./types.ts"

const REFUND = columnsOf(billingRefunds)
const DISPUTE = columnsOf(billingDisputes)
const HOLDBACK = columnsOf(billingHoldbacks)

export const refundById = (reader: Reader, publicId: string): Refund | null =>
  findRow(reader, billingRefunds, "public_id = ?", publicId)
export const refundByRefundId = (reader: Reader, refundId: string): Refund | null =>
  findRow(reader, billingRefunds, "refund_id = ?", refundId)
export const refundByForm = (reader: Reader, formKey: string): Refund | null =>
  findRow(reader, billingRefunds, "form_key = ?", formKey)
export const refundsOf = (reader: Reader, paymentKey: string): Refund[] =>
  reader.all<Refund>(`SELECT ${REFUND} FROM billing_refunds WHERE payment_key = ? ORDER BY id`, paymentKey)
export const insertRefund = (tx: Tx, row: Omit<Refund, "id">): number => insertRow(tx, billingRefunds, row)
export function saveRefund(tx: Tx, { id, publicId: _, createdMs: __, ...rest }: Refund): void {
  tx.drizzle.update(billingRefunds).set(rest).where(eq(billingRefunds.id, id)).run()
}

export const disputeById = (reader: Reader, publicId: string): Dispute | null =>
  findRow(reader, billingDisputes, "public_id = ?", publicId)
export const disputeByDisputeId = (reader: Reader, disputeId: string): Dispute | null =>
  findRow(reader, billingDisputes, "dispute_id = ?", disputeId)
export const disputesOf = (reader: Reader, paymentKey: string): Dispute[] =>
  reader.all<Dispute>(`SELECT ${DISPUTE} FROM billing_disputes WHERE payment_key = ? ORDER BY id`, paymentKey)
export const insertDispute = (tx: Tx, row: Omit<Dispute, "id">): number => insertRow(tx, billingDisputes, row)
export function saveDispute(tx: Tx, { id, publicId: _, disputeId: __, createdMs: ___, ...rest }: Dispute): void {
  tx.drizzle.update(billingDisputes).set(rest).where(eq(billingDisputes.id, id)).run()
}

/** Those whose end is open, asked longest ago first. */
export const openRefunds = (reader: Reader, before: number, limit: number): Refund[] =>
  reader.all<Refund>(
    `SELECT ${REFUND} FROM billing_refunds WHERE state IN ('asked', 'pending') AND asked_ms <= ? ORDER BY asked_ms LIMIT ?`,
    before,
    limit,
  )
export const openDisputes = (reader: Reader, before: number, limit: number): Dispute[] =>
  reader.all<Dispute>(
    `SELECT ${DISPUTE} FROM billing_disputes WHERE state = 'open' AND asked_ms <= ? ORDER BY asked_ms LIMIT ?`,
    before,
    limit,
  )
/** Payments whose claw-backs left a debt since then. */
export const owingSince = (reader: Reader, sinceMs: number, limit: number): string[] =>
  reader
    .all<{ key: string }>(
      `SELECT DISTINCT payment_key AS key FROM billing_holdbacks
       WHERE created_ms >= ? AND debt_nano > 0 AND state <> 'over' LIMIT ?`,
      sinceMs,
      limit,
    )
    .map(({ key }) => key)

/** Payments with a credit note for a refund that came to nothing, or a dispute that was won, which nothing cancels yet. */
export const wronglyCredited = (reader: Reader, limit: number): string[] =>
  reader
    .all<{ key: string }>(
      `SELECT DISTINCT r.payment_key AS key FROM (
         SELECT payment_key, 'stripe:' || COALESCE(refund_id, public_id) AS note_key FROM billing_refunds
         WHERE state IN ('failed', 'canceled', 'refused')
         UNION ALL SELECT payment_key, 'stripe:' || dispute_id FROM billing_disputes WHERE state = 'won') r
       JOIN credit_notes n ON n.key = r.note_key
       WHERE r.payment_key IS NOT NULL AND NOT EXISTS (SELECT 1 FROM debit_notes d WHERE d.credit_note_id = n.id) LIMIT ?`,
      limit,
    )
    .map(({ key }) => key)

/** When the newest event came. */
export const lastHeardMs = (reader: Reader): number | null =>
  reader.get<{ ms: number | null }>("SELECT received_ms AS ms FROM billing_events ORDER BY id DESC LIMIT 1")?.ms ?? null

/** What came before its payment was known, is the payment's from now on. */
export function adopt(tx: Tx, paymentKey: string, paymentIntentId: string | null, chargeId: string | null): void {
  for (const table of ["billing_refunds", "billing_disputes"])
    tx.run(
      `UPDATE ${table} SET payment_key = ?1 WHERE payment_key IS NULL AND (payment_intent_id = ?2 OR charge_id = ?3)`,
      paymentKey,
      paymentIntentId,
      chargeId,
    )
}

export const holdbacksOf = (reader: Reader, paymentKey: string): Holdback[] =>
  reader.all<Holdback>(`SELECT ${HOLDBACK} FROM billing_holdbacks WHERE payment_key = ? ORDER BY id`, paymentKey)
export const insertHoldback = (tx: Tx, row: Omit<Holdback, "id">): number => insertRow(tx, billingHoldbacks, row)
export const endHoldback = (tx: Tx, id: number, state: Holdback["state"]): void =>
  void tx.run("UPDATE billing_holdbacks SET state = ?, updated_ms = ? WHERE id = ?", state, tx.now, id)

const keysOf = (condition: string) => `
  SELECT 'order:' || public_id FROM billing_orders WHERE ${condition}
  UNION ALL SELECT 'stripe:' || invoice_id FROM billing_plan_invoices WHERE ${condition}`

/** Newest first. */
export const refundsOfUser = (reader: Reader, userId: UserId, limit: number): Refund[] =>
  reader.all<Refund>(
    `SELECT ${REFUND} FROM billing_refunds WHERE payment_key IN (${keysOf("user_id = ?1")}) ORDER BY id DESC LIMIT ?2`,
    userId,
    limit,
  )
export const disputesOfUser = (reader: Reader, userId: UserId, limit: number): Dispute[] =>
  reader.all<Dispute>(
    `SELECT ${DISPUTE} FROM billing_disputes WHERE payment_key IN (${keysOf("user_id = ?1")}) ORDER BY id DESC LIMIT ?2`,
    userId,
    limit,
  )

export const setOrderRefunded = (tx: Tx, publicId: string, nano: number): void =>
  void tx.run("UPDATE billing_orders SET refunded_nano = ? WHERE public_id = ?", nano, publicId)
export const setInvoiceRefunded = (tx: Tx, invoiceId: string, nano: number): void =>
  void tx.run("UPDATE billing_plan_invoices SET refunded_nano = ? WHERE invoice_id = ?", nano, invoiceId)
export const orderIdOf = (reader: Reader, column: "payment_intent_id" | "charge_id", value: string): string | null =>
  reader.get<{ id: string }>(`SELECT public_id AS id FROM billing_orders WHERE ${column} = ?`, value)?.id ?? null
