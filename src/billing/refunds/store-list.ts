// SQL of the list of payments: orders and invoices of plans, newest first. Decides nothing.
import type { Nano, UserId } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"
import type { OrderState } from "../types.ts"
import type { DisputeState } from "./types.ts"

export type PaymentFilter = "paid" | "unpaid" | "refunded" | "disputed"

export interface PaymentRow {
  key: string
  /** `ord_…` or `in_…`. */
  id: string
  kind: "order" | "plan"
  name: string
  userId: UserId
  paidNano: Nano
  refundedNano: Nano
  state: OrderState
  /** Of the dispute or warning that is open, else of the newest one. */
  dispute: DisputeState | null
  atMs: number
}

export interface PaymentsQuery {
  state: PaymentFilter | null
  /** Of this person only. */
  userId: UserId | null
  /** An id of ours, or one of the processor's. */
  id: string | null
  /** Older than this one. */
  before: { atMs: number; id: string } | null
  limit: number
}

const WHERE: Record<PaymentFilter, string> = {
  paid: "state = 'paid'",
  unpaid: "state <> 'paid'",
  refunded: "refundedNano > 0",
  disputed: "dispute IS NOT NULL",
}

const PAYMENTS = `
  SELECT 'order:' || public_id AS key, public_id AS id, 'order' AS kind, package_name AS name, user_id AS userId,
         price_nano - discount_nano + iif(tax_inclusive, 0, tax_nano) AS paidNano, refunded_nano AS refundedNano, state, created_ms AS atMs,
         public_id || ' ' || COALESCE(session_id, '') || ' ' || COALESCE(payment_intent_id, '') || ' ' || COALESCE(charge_id, '') AS ids
  FROM billing_orders
  UNION ALL
  SELECT 'stripe:' || invoice_id, invoice_id, 'plan', 'Plan', user_id, paid_nano, refunded_nano, 'paid', paid_ms,
         invoice_id || ' ' || subscription_id || ' ' || COALESCE(payment_intent_id, '')
  FROM billing_plan_invoices`

export const paymentRows = (reader: Reader, { state, userId, id, before, limit }: PaymentsQuery): PaymentRow[] =>
  reader.all<PaymentRow>(
    `SELECT key, id, kind, name, userId, paidNano, refundedNano, state, dispute, atMs FROM (
       SELECT p.*, (SELECT d.state FROM billing_disputes d WHERE d.payment_key = p.key
                    ORDER BY d.state = 'open' DESC, d.id DESC LIMIT 1) AS dispute FROM (${PAYMENTS}) p)
     WHERE (?1 IS NULL OR userId = ?1) AND (?2 IS NULL OR instr(' ' || ids || ' ', ' ' || ?2 || ' ') > 0)
       AND (?3 IS NULL OR (atMs, id) < (?3, ?4)) ${state === null ? "" : `AND ${WHERE[state]}`}
     ORDER BY atMs DESC, id DESC LIMIT ?5`,
    userId,
    id,
    before?.atMs ?? null,
    before?.id ?? null,
    limit,
  )

/** Disputes that wait for an answer, and when the first is due. */
export const openDisputeCount = (reader: Reader): { count: number; dueMs: number | null } =>
  reader.get<{ count: number; dueMs: number | null }>(
    "SELECT COUNT(*) AS count, MIN(due_ms) AS dueMs FROM billing_disputes WHERE state = 'open' AND released_ms IS NULL",
  )!
