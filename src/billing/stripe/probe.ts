// Whether the connection works: the key is asked with, and an event is made that costs nobody anything. And what was sent before.
import type Stripe from "stripe"
import type { Asked } from "./client.ts"
import { readEvent } from "./read.ts"
import { type EventFacts, ProcessorError } from "./types.ts"

/** @throws ProcessorError */
export interface ProbeCalls {
  /** Asks something that every key may ask. @returns whether the key is one of live mode */
  askSomething(): Promise<{ isLive: boolean }>
  /** Whose key it is, `acct_…`; null = it may not say. */
  account(): Promise<string | null>
  /** A page to pay on that is closed again at once, of which an event is sent. @returns its id, which the event names */
  provokeEvent(returnUrl: string, key: string): Promise<string>
  /** What was sent, asked for by its id; it is kept for 30 days. */
  event(id: string): Promise<EventFacts>
}

export const probeCalls = (stripe: Stripe, asked: Asked): ProbeCalls => ({
  async askSomething() {
    return { isLive: (await asked(stripe.balance.retrieve())).livemode }
  },
  async account() {
    try {
      return (await asked(stripe.accounts.retrieveCurrent())).id
    } catch (error) {
      // A restricted key. What it may do else it says where it is asked.
      if (error instanceof ProcessorError && error.kind === "not_allowed") return null
      throw error
    }
  },
  async provokeEvent(returnUrl, idempotencyKey) {
    const price_data = { currency: "usd", unit_amount: 100, product_data: { name: "Test of the connection" } }
    const made = await asked(
      stripe.checkout.sessions.create(
        {
          mode: "payment",
          line_items: [{ price_data, quantity: 1 }],
          success_url: returnUrl,
          metadata: { test: "yes" },
        },
        { idempotencyKey },
      ),
    )
    await asked(stripe.checkout.sessions.expire(made.id, {}, { idempotencyKey: `${idempotencyKey}:expire` }))
    return made.id
  },
  async event(id) {
    return readEvent(await asked(stripe.events.retrieve(id)))
  },
})
