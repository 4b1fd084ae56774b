// Payments by a saved card, without its owner.
import Stripe from "stripe"
import { BILLING_LIMITS } from "../limits.ts"
import type { Asked } from "./client.ts"
import { cents, idOf, refusalOf } from "./read.ts"
import { ProcessorError } from "./types.ts"

/** paid: the money is there. pending: the bank takes time. asks: the bank wants its owner. open: nobody has paid with it yet. */
export type IntentState = "paid" | "pending" | "declined" | "asks" | "canceled" | "open"

export interface IntentFacts {
  /** `pi_…` */
  id: string
  state: IntentState
  cents: number
  /** Of it, or within it, as it was counted before; null = none was: a page says itself what its tax is. */
  taxCents: number | null
  currency: string
  /** The order it was made for. */
  orderId: string | null
  customerId: string | null
  chargeId: string | null
  /** The bank's word, such as `insufficient_funds`. */
  code: string | null
  isLive: boolean
}

/** @throws ProcessorError */
export interface IntentCalls {
  /** Without its owner. What the bank refuses is an answer, not an error. */
  charge(
    input: {
      orderId: string
      customerId: string
      cardId: string
      /** With tax. */
      cents: number
      text: string
      /** As it was counted; the processor books both together. */
      tax: { id: string; cents: number } | null
    },
    key: string,
  ): Promise<IntentFacts>
  intent(id: string): Promise<IntentFacts>
  /** Made since then, newest first, up to a bound. */
  intentsSince(ms: number): Promise<IntentFacts[]>
  /** The newest that was made for this order, among the customer's last hundred. */
  intentOf(customerId: string, orderId: string): Promise<IntentFacts | null>
  /** So that nobody pays with it any more. @returns how it stands, which may be paid */
  cancelIntent(id: string, key: string): Promise<IntentFacts>
}

export function intentCalls(stripe: Stripe, asked: Asked): IntentCalls {
  const intent = async (id: string) => readIntent(await asked(stripe.paymentIntents.retrieve(id)))
  return {
    async charge({ orderId, customerId, cardId, cents: amount, text, tax }, idempotencyKey) {
      const input = {
        amount,
        currency: "usd",
        customer: customerId,
        payment_method: cardId,
        payment_method_types: ["card"],
        off_session: true,
        confirm: true,
        description: text,
        metadata: { order: orderId, ...(tax ? { tax: String(tax.cents) } : {}) },
        ...(tax ? { hooks: { inputs: { tax: { calculation: tax.id } } } } : {}),
      } satisfies Stripe.PaymentIntentCreateParams
      try {
        return readIntent(await stripe.paymentIntents.create(input, { idempotencyKey }))
      } catch (error) {
        const refused = error instanceof Stripe.errors.StripeCardError ? error.payment_intent : undefined
        if (refused) return readIntent(refused)
        throw refusalOf(error)
      }
    },
    intent,
    async intentsSince(ms) {
      const list = stripe.paymentIntents.list({ created: { gte: Math.floor(ms / 1_000) }, limit: 100 })
      return (await asked(list.autoPagingToArray({ limit: BILLING_LIMITS.sinceMax }))).map(readIntent)
    },
    async intentOf(customerId, orderId) {
      const { data } = await asked(stripe.paymentIntents.list({ customer: customerId, limit: 100 }))
      const found = data.find(({ metadata }) => metadata.order === orderId)
      return found ? readIntent(found) : null
    },
    async cancelIntent(id, idempotencyKey) {
      try {
        return readIntent(await asked(stripe.paymentIntents.cancel(id, {}, { idempotencyKey })))
      } catch (error) {
        // It is over already: how is what counts.
        if (error instanceof ProcessorError && error.kind === "invalid") return await intent(id)
        throw error
      }
    },
  }
}

function readIntent(intent: Stripe.PaymentIntent): IntentFacts {
  const error = intent.last_payment_error
  return {
    id: intent.id,
    state: stateOf(intent.status, error?.code ?? null),
    cents: cents(intent.amount),
    taxCents: intent.metadata.tax === undefined ? null : cents(Number(intent.metadata.tax)),
    currency: intent.currency,
    orderId: intent.metadata.order ?? null,
    customerId: idOf(intent.customer),
    chargeId: idOf(intent.latest_charge),
    code: error?.decline_code ?? error?.code ?? null,
    isLive: intent.livemode,
  }
}

function stateOf(status: Stripe.PaymentIntent.Status, code: string | null): IntentState {
  if (status === "succeeded") return "paid"
  if (status === "processing") return "pending"
  if (status === "canceled") return "canceled"
  if (status === "requires_action" || code === "authentication_required") return "asks"
  return code === null ? "open" : "declined"
}
