// What the processor's events mean: one handler for what belongs together, found by the type of the event.
import type { Handler } from "./handler.ts"
import { orderEvents } from "./order-events.ts"
import { subscriptionEvents } from "./subscriptions/index.ts"

const HANDLERS: readonly Handler[] = [orderEvents, subscriptionEvents as Handler]

export const handlerOf = (type: string): Handler | null => HANDLERS.find(({ types }) => types.test(type)) ?? null
