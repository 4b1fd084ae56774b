// Events of subscriptions, of their invoices and schedules: each is a hint to ask for the subscription.
import type { Handler } from "../handler.ts"
import type { EventFacts, Processor } from "../stripe/index.ts"
import { applyIn, ask } from "./sync.ts"
import type { Snapshot } from "./types.ts"

const TYPES = [
  "customer\\.subscription\\.",
  "subscription_schedule\\.",
  "invoice\\.(?:paid|payment_failed|payment_action_required|voided|marked_uncollectible|overdue)$",
]

export const subscriptionEvents: Handler<Snapshot> = {
  types: new RegExp(`^(?:${TYPES.join("|")})`),
  async ask(processor, event) {
    const id = await subscriptionOf(processor, event)
    return id === null ? null : await ask(processor, id)
  },
  applyIn: (deps, tx, snapshot) => applyIn(deps, tx, snapshot),
}

async function subscriptionOf(processor: Processor, { type, objectId }: EventFacts): Promise<string | null> {
  if (type.startsWith("customer.subscription.")) return objectId
  if (type.startsWith("invoice.")) return await processor.subscriptionOfInvoice(objectId)
  return await processor.subscriptionOfSchedule(objectId)
}
