// Tells whoever subscribed that a quota is nearly used up, and that it is: once for each in a period, in the mutation that passes it.
import type { Tx } from "../../../store/index.ts"
import type { CallsCore } from "../core.ts"
import type { ProductOffered, SubscriptionRow } from "../offer.ts"
import type { QuotaStanding } from "../types.ts"
import { quotaPassed } from "./mails.ts"
import { passedBy } from "./rules.ts"
import { markTold } from "./store.ts"

export function tellIn(
  core: CallsCore,
  tx: Tx,
  subscription: SubscriptionRow,
  product: ProductOffered,
  standings: readonly QuotaStanding[],
  weight: number,
): void {
  for (const one of standings) {
    const percent = passedBy(one, weight)
    if (percent === null) continue
    const { period, startMs, endMs, limit } = one
    if (!markTold(tx, { subscriptionId: subscription.id, period, percent, startMs })) continue
    const person = core.identity.userById(subscription.userId)
    if (!person) continue
    const data = { product: product.title, slug: product.slug, period, percent, limit, endMs }
    core.mails.queueIn(tx, quotaPassed, { to: person.email, data, uselessAfterMs: endMs })
  }
}
