// Events of pages to pay on.
import { APPLIED, type Handler, IGNORED, parked } from "./handler.ts"
import { applySessionIn } from "./orders.ts"
import { orderById, orderBySession } from "./store.ts"
import type { SessionFacts } from "./stripe/index.ts"
import { signupOverIn } from "./subscriptions/index.ts"

export const orderEvents: Handler<SessionFacts> = {
  types: /^checkout\.session\./,
  ask: (processor, { objectId }) => processor.session(objectId),
  applyIn(deps, tx, session) {
    const order = orderBySession(tx, session.id) ?? (session.orderId ? orderById(tx, session.orderId) : null)
    if (!order && signupOverIn(tx, session)) return APPLIED
    if (!order) return session.orderId ? parked(`there is no order ${session.orderId}`) : IGNORED
    const verdict = applySessionIn(deps, tx, order, session)
    return verdict.kind === "park" ? parked(verdict.why) : APPLIED
  },
}
