// What nobody told the end of: pages that were paid on, renewals, and mails for those whose days of grace end.
import { DAY_MS, eachAlone } from "../../app/index.ts"
import { BILLING_LIMITS as L } from "../limits.ts"
import { scopeOn } from "../scope.ts"
import { ProcessorError } from "../stripe/index.ts"
import type { BillingDeps, BillingDepsOn } from "../types.ts"
import { planEndsSoon, planRests } from "./mails.ts"
import { refreshSignup } from "./signups.ts"
import {
  failingSubscriptions,
  saveSubscription,
  subscriptionById,
  subscriptionsToAsk,
  waitingSignups,
} from "./store.ts"
import { sync } from "./sync.ts"
import { dayWords, mailIn, planNameOf } from "./words.ts"

/** @returns how many were asked about */
export async function reconcilePlans(deps: BillingDepsOn): Promise<number> {
  const now = deps.clock.now()
  const soon = now - L.reconcileAfterMs
  const signups = waitingSignups(deps.store.read, soon, L.reconcileMax)
  const rows = subscriptionsToAsk(deps.store.read, scopeOn(deps), {
    soon,
    seldom: now - DAY_MS,
    now,
    limit: L.reconcileMax,
  })
  const ask = async (subscriptionId: string) => {
    try {
      await sync(deps, subscriptionId, "it was asked about")
    } catch (error) {
      if (!(error instanceof ProcessorError)) throw error
      deps.log.warn("billing.not_asked", { subscription: subscriptionId, kind: error.kind, why: error.message })
    }
  }
  await eachAlone(
    [
      ...signups.map((signup) => ({
        name: signup.publicId,
        act: () => refreshSignup(deps, signup, L.askAgainMs),
      })),
      ...rows.map(({ subscriptionId }) => ({ name: subscriptionId, act: () => ask(subscriptionId) })),
    ],
    ({ name }) => name,
    ({ act }): unknown => act(),
  )
  return signups.length + rows.length
}

/** @returns how many were told */
export async function remind(deps: BillingDeps): Promise<number> {
  const { store, clock, plans } = deps
  let told = 0
  const failing = failingSubscriptions(store.read, L.reconcileMax)
  const tell = async ({ subscriptionId, userId, priceId }: (typeof failing)[number]) => {
    const paid = plans.paidOf(userId)
    const isSoon = paid !== null && paid.untilMs - clock.now() <= DAY_MS
    if (paid !== null && !isSoon) return
    const ctx = { actor: "system:billing", requestId: "billing", reason: "the days of grace end" }
    told += await store.write(ctx, (tx) => {
      const row = subscriptionById(tx, subscriptionId)
      if (!row || row.status === "ended" || row.unpaidInvoice === null) return 0
      const plan = planNameOf(deps, tx, priceId)
      if (paid === null) {
        if (row.restedMs !== null) return 0
        saveSubscription(tx, { ...row, restedMs: tx.now, updatedMs: tx.now })
        mailIn(deps, tx, userId, planRests, { plan })
      } else {
        if (row.remindedMs !== null) return 0
        saveSubscription(tx, { ...row, remindedMs: tx.now, updatedMs: tx.now })
        mailIn(deps, tx, userId, planEndsSoon, { plan, until: dayWords(paid.untilMs) })
      }
      return 1
    })
  }
  await eachAlone(failing, ({ subscriptionId }) => subscriptionId, tell)
  return told
}
