// A trial that ends is told once before it does, while there is time to leave: what it costs from then on, and whether the credits are there.
import { eachAlone, type Nano, nano, UserId } from "../../app/index.ts"
import { principal } from "../../ledger/index.ts"
import type { Tx } from "../../store/index.ts"
import { type Core, nextPlanOf, productOf } from "./core.ts"
import { SUBSCRIPTION_LIMITS as L } from "./limits.ts"
import { tellIn, trialEndsLetter } from "./mails.ts"
import * as rows from "./store.ts"
import type { Subscription } from "./types.ts"

const CTX = { actor: "system:tell-trial-ends", requestId: "job_tell-trial-ends", reason: "a trial ends soon" }

/** A slice. @returns whether more is to be told */
export async function tellTrialEnds(core: Core, limit: number): Promise<boolean> {
  const ids = rows.trialsEnding(core.store.read, core.clock.now(), L.trialToldMs, limit)
  await eachAlone(
    ids,
    (id) => id,
    (id) => core.store.write(CTX, (tx) => tellOfTrialIn(core, tx, id)),
  )
  return ids.length === limit
}

function tellOfTrialIn(core: Core, tx: Tx, id: number): void {
  const subscription = rows.byId(tx, id)
  if (subscription?.state !== "trialing" || subscription.periodEndMs <= tx.now) return
  const bill = rows.billOf(tx, id, "trial", subscription.periodStartMs)
  if (bill?.told !== 0) return
  rows.saveBill(tx, bill, { told: 1 })
  // Whoever cancelled knows; what costs nothing begins without a word.
  const priceNano = priceAfter(core, tx, subscription)
  if (subscription.cancelledMs !== null || priceNano === 0) return
  const payerId = UserId(subscription.payerId)
  tellIn(core, tx, payerId, trialEndsLetter, {
    product: productOf(tx, subscription).slug,
    priceNano,
    endsMs: subscription.periodEndMs,
    isShort: core.ledger.paidSpendableIn(tx, principal(payerId), "live") < priceNano,
    subscription: subscription.publicId,
  })
}

function priceAfter(core: Core, tx: Tx, subscription: Subscription): Nano {
  const { terms } = nextPlanOf(core, tx, subscription) ?? { terms: core.plans.termsById(subscription.termsId, tx) }
  return terms?.priceNano ?? nano(0)
}
