// What the processor's events mean: one handler for what belongs together, found by the type of the event.
import type { Handler } from "./handler.ts"
import { orderEvents } from "./order-events.ts"
import { cardEvents, intentEvents, setupEvents } from "./recharge/events.ts"
import { disputeEvents, refundEvents } from "./refunds/index.ts"
import { subscriptionEvents } from "./subscriptions/index.ts"

/** The first that knows the type is asked. */
const HANDLERS: readonly Handler[] = [
  setupEvents,
  subscriptionEvents as Handler,
  orderEvents,
  cardEvents,
  intentEvents,
  refundEvents,
  disputeEvents,
]

export const handlerOf = (type: string): Handler | null => HANDLERS.find(({ types }) => types.test(type)) ?? null
