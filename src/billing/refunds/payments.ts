// What was paid, once: orders and invoices of plans, in one form. By what a refund or dispute names.
import type { Reader } from "../../store/index.ts"
import { totalOf } from "../money.ts"
import { orderById } from "../store.ts"
import { planInvoiceById, planInvoiceByIntent } from "../subscriptions/store.ts"
import { orderIdOf } from "./store.ts"
import type { Payment } from "./types.ts"

export interface Named {
  orderId: string | null
  paymentIntentId: string | null
  chargeId: string | null
}

export function paymentByKey(reader: Reader, key: string): Payment | null {
  const [kind, id = ""] = key.split(":")
  if (kind === "order") return ofOrder(reader, id)
  return kind === "stripe" ? ofInvoice(reader, id) : null
}

/** @returns null when nobody has told of that payment, or it is not one of ours */
export function paymentOf(reader: Reader, { orderId, paymentIntentId, chargeId }: Named): Payment | null {
  const found =
    orderId ??
    (paymentIntentId && orderIdOf(reader, "payment_intent_id", paymentIntentId)) ??
    (chargeId && orderIdOf(reader, "charge_id", chargeId))
  if (found) return ofOrder(reader, found)
  const invoice = paymentIntentId === null ? null : planInvoiceByIntent(reader, paymentIntentId)
  return invoice && ofInvoice(reader, invoice.invoiceId)
}

function ofOrder(reader: Reader, publicId: string): Payment | null {
  const order = orderById(reader, publicId)
  if (!order) return null
  const { userId, packageName, taxNano, paidMs, refundedNano, paymentIntentId, chargeId } = order
  return {
    key: `order:${publicId}`,
    kind: "order",
    id: publicId,
    name: packageName,
    userId,
    paidNano: totalOf(order),
    taxNano,
    paidMs,
    refundedNano,
    paymentIntentId,
    chargeId,
  }
}

function ofInvoice(reader: Reader, invoiceId: string): Payment | null {
  const invoice = planInvoiceById(reader, invoiceId)
  if (!invoice) return null
  const { userId, paidNano, taxNano, paidMs, refundedNano, paymentIntentId } = invoice
  return {
    key: `stripe:${invoiceId}`,
    kind: "plan",
    id: invoiceId,
    name: "Plan",
    userId,
    paidNano,
    taxNano,
    paidMs,
    refundedNano,
    paymentIntentId,
    chargeId: null,
  }
}
