// Whether a subscription is charged for at all: nothing is while its person is suspended.
import type Stripe from "stripe"
import type { Asked } from "./client.ts"

/** A key of a subscription's metadata. */
export const PAUSED_BY = "paused_by"

/** @throws ProcessorError */
export interface CollectionCalls {
  /**
   * Periods go on; what they would cost is void, for good, or is charged again from the next one on. That this house asked for it stands at
   * the processor, set by the same call: a pause that somebody made by hand is told from it even if the server died before it noted its own.
   */
  pauseCollection(input: { subscriptionId: string; isPaused: boolean }, key: string): Promise<void>
  /** An invoice that was refused before is tried again by itself, or no longer. */
  retryInvoice(input: { invoiceId: string; isTried: boolean }, key: string): Promise<void>
  /** At once, without anything given back: nothing is charged any more. */
  cancelSubscription(subscriptionId: string, key: string): Promise<void>
}

export const collectionCalls = (stripe: Stripe, asked: Asked): CollectionCalls => ({
  async pauseCollection({ subscriptionId, isPaused }, idempotencyKey) {
    const pause = isPaused ? ({ behavior: "void" } as const) : ("" as const)
    const sent = { pause_collection: pause, metadata: { [PAUSED_BY]: isPaused ? "purser" : "" } }
    await asked(stripe.subscriptions.update(subscriptionId, sent, { idempotencyKey }))
  },
  async retryInvoice({ invoiceId, isTried }, idempotencyKey) {
    await asked(stripe.invoices.update(invoiceId, { auto_advance: isTried }, { idempotencyKey }))
  },
  async cancelSubscription(subscriptionId, idempotencyKey) {
    await asked(stripe.subscriptions.cancel(subscriptionId, {}, { idempotencyKey }))
  },
})
