// After a restore: every subscription that is not over is asked about, and every page that one was paid for on since.
import { type CatchUp, countedOf } from "../counted.ts"
import { BILLING_LIMITS as L } from "../limits.ts"
import { scopeOn } from "../scope.ts"
import { refreshSignup } from "./signups.ts"
import { subscriptionById, subscriptionsToAsk, waitingSignups } from "./store.ts"
import { sync } from "./sync.ts"
import type { SubscriptionRow } from "./types.ts"

export const subscriptionsAfter: CatchUp = async (deps, sinceMs) => {
  const { store, processor, clock } = deps
  const { counts, of } = countedOf(deps.log)
  const pages = (await of(() => processor.sessionsSince(sinceMs - L.orderLifeMs))) ?? []
  counts.asked = 0
  const now = clock.now()
  const known = subscriptionsToAsk(store.read, scopeOn(deps), {
    soon: now,
    seldom: now,
    now,
    limit: L.sinceMax,
  }).map(({ subscriptionId }) => subscriptionId)
  const ids = new Set([...known, ...pages.flatMap(({ subscriptionId }) => subscriptionId ?? [])])
  for (const id of ids) {
    const before = meant(subscriptionById(store.read, id))
    await of(() => sync(deps, id, "asked after a restore"), id)
    if (meant(subscriptionById(store.read, id)) !== before) counts.changed++
  }
  // Pages that nobody paid on, or that were paid on by what is known by now.
  for (const signup of waitingSignups(store.read, now, L.sinceMax)) await refreshSignup(deps, signup, L.askAgainMs)
  return counts
}

/** Without when it was asked about. */
const meant = (row: SubscriptionRow | null): string =>
  row === null ? "" : JSON.stringify([row.status, row.priceId, row.periodEndMs, row.paidUntilMs, row.endsMs])
