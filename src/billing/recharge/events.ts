// Events of saved cards and of what is charged to them.
import { APPLIED, type Handler, IGNORED, parked } from "../handler.ts"
import { orderById } from "../store.ts"
import type { CardFacts, IntentFacts, SetupFacts } from "../stripe/index.ts"
import { applyIntentIn } from "./apply.ts"
import { keepIn, knownIn } from "./cards.ts"
import { userOfCustomer } from "./store.ts"

/** Saved by a page of ours; other cards of the same person are not ours to charge. */
export const setupEvents: Handler<SetupFacts> = {
  types: /^setup_intent\.succeeded$/,
  ask: (processor, { objectId }) => processor.setupIntent(objectId),
  applyIn(deps, tx, { isOurs, card, customerId }) {
    if (!isOurs || card === null || customerId === null) return IGNORED
    const userId = userOfCustomer(tx, customerId)
    if (userId === null) return parked(`there is no customer ${customerId}`)
    keepIn(deps, tx, userId, card)
    return APPLIED
  },
}

interface Asked {
  id: string
  card: CardFacts | null
}

export const cardEvents: Handler<Asked> = {
  types: /^payment_method\.(updated|automatically_updated|detached)$/,
  ask: async (processor, { objectId }) => ({ id: objectId, card: await processor.card(objectId) }),
  applyIn: (deps, tx, { id, card }) => (knownIn(deps, tx, id, card) ? APPLIED : IGNORED),
}

/** Payments on pages have events of their own. */
export const intentEvents: Handler<IntentFacts> = {
  types: /^payment_intent\.(succeeded|payment_failed|canceled|processing|requires_action)$/,
  ask: (processor, { objectId }) => processor.intent(objectId),
  applyIn(deps, tx, intent) {
    const order = intent.orderId === null ? null : orderById(tx, intent.orderId)
    if (order?.kind !== "recharge") return IGNORED
    const means = applyIntentIn(deps, tx, order, intent)
    return means.kind === "park" ? parked(means.why) : APPLIED
  },
}
