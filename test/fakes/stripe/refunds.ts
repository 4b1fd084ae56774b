// Refunds: whole, in part, of what is not refunded yet; those that fail later.
import { book } from "./balance.ts"
import { invalid } from "./fault.ts"
import { type Route, route } from "./http.ts"
import { EXPAND, none, PAGED, pageOf } from "./lists.ts"
import { fields, flag, metadata, oneOf, text, whole } from "./shape.ts"
import type { Charge, PaymentIntent, Refund } from "./types.ts"
import type { World } from "./world.ts"

export const refundRoutes = (world: World): Route[] => [
  route(
    "POST",
    "/v1/refunds",
    fields(
      {},
      {
        charge: text,
        payment_intent: text,
        amount: whole,
        reason: oneOf("duplicate", "fraudulent", "requested_by_customer"),
        metadata,
        reverse_transfer: flag,
        ...EXPAND,
      },
    ),
    (sent) => {
      const id = sent.charge ?? (sent.payment_intent ? chargeOf(world, sent.payment_intent) : null)
      if (!id) throw invalid("One of charge or payment_intent is required.", "charge", "parameter_missing")
      return refund(world, world.find<Charge>("charge", id, "charge"), sent)
    },
  ),
  route("GET", "/v1/refunds", fields({}, { ...PAGED, charge: text, payment_intent: text }), (sent) =>
    pageOf(
      world
        .all<Refund>("refund")
        .filter(
          (one) =>
            (!sent.charge || one.charge === sent.charge) &&
            (!sent.payment_intent || one.payment_intent === sent.payment_intent),
        ),
      sent,
      "/v1/refunds",
    ),
  ),
  route("GET", "/v1/refunds/:id", none, (_, { id }) => world.find<Refund>("refund", id!)),
]

const chargeOf = (world: World, intent: string): string | null =>
  world.find<PaymentIntent>("payment_intent", intent, "payment_intent").latest_charge

export function refund(
  world: World,
  charge: Charge,
  sent: { amount?: number; reason?: NonNullable<Refund["reason"]>; metadata?: Record<string, string> },
): Refund {
  const left = charge.amount_captured - charge.amount_refunded
  if (charge.status !== "succeeded") throw invalid(`Charge ${charge.id} has not been paid.`, "charge")
  if (charge.disputed)
    throw invalid(`Charge ${charge.id} has been charged back; cannot issue a refund.`, "charge", "charge_disputed")
  if (left === 0) throw invalid(`Charge ${charge.id} has already been refunded.`, "charge", "charge_already_refunded")
  const amount = sent.amount ?? left
  if (amount < 1 || amount > left)
    throw invalid(
      `Refund amount ($${amount / 100}) is greater than unrefunded amount on charge ($${left / 100})`,
      "amount",
    )
  const { currency, customer } = charge
  const made: Refund = {
    id: world.id("re"),
    object: "refund",
    created: world.now(customer),
    amount,
    balance_transaction: null,
    charge: charge.id,
    currency,
    payment_intent: charge.payment_intent,
    reason: sent.reason ?? null,
    status: "succeeded",
    metadata: sent.metadata ?? {},
  }
  made.balance_transaction = book(world, { type: "refund", amount: -amount, currency, source: made.id, customer }).id
  world.add(made)
  charge.amount_refunded += amount
  charge.refunded = charge.amount_refunded === charge.amount
  world.emit("refund.created", made)
  world.emit("charge.refunded", charge, { amount_refunded: charge.amount_refunded - amount })
  return made
}

/** The bank could not give the money back, days later. */
export function failRefund(world: World, made: Refund): void {
  const charge = world.find<Charge>("charge", made.charge)
  made.status = "failed"
  made.failure_reason = "lost_or_stolen_card"
  const { amount, currency } = made
  made.failure_balance_transaction = book(world, {
    type: "refund_failure",
    amount,
    currency,
    source: made.id,
    customer: charge.customer,
  }).id
  charge.amount_refunded -= amount
  charge.refunded = false
  world.emit("refund.updated", made)
  world.emit("refund.failed", made)
  world.emit("charge.refund.updated", made)
}
