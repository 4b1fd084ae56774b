// The door of subscriptions: plans that are paid for by the month or the year.

import type { Deliver } from "../../part/index.ts"
import { BILLING_LIMITS } from "../limits.ts"
import type { BillingDeps, BillingDepsOn } from "../types.ts"
import { change, endOrResume, preview } from "./change.ts"
import { CANCEL_TOPIC, COLLECTION_TOPIC, cancel, cancelAllIn, collect, collectionIn } from "./collection.ts"
import { noticeOf, ownOf } from "./own.ts"
import { portal } from "./portal.ts"
import { remind } from "./reconcile.ts"
import { giveUpSignup, priceOf, refreshSignup, signupOf, subscribe } from "./signups.ts"
import type { PlanSales } from "./types.ts"

export { subscriptionEvents } from "./events.ts"
export { PLAN_LETTERS } from "./mails.ts"
export { reconcilePlans } from "./reconcile.ts"
export { signupOverIn } from "./signups.ts"

export type * from "./types.ts"

export const planHandlers = (plans: PlanSales): Record<string, Deliver> => ({
  [COLLECTION_TOPIC]: (delivery) => plans.collect(delivery),
  [CANCEL_TOPIC]: (delivery) => plans.cancel(delivery),
})

/** @param on throws where nothing is sold */
export function createPlanSales(deps: BillingDeps, on: () => BillingDepsOn): PlanSales {
  /** A key may come or go while the server runs. */
  const isOn = () => deps.processor !== null
  return {
    isSold: (plan, months) => isOn() && plan.active && priceOf(plan, months) !== null,
    priceOf,
    ownOf: (userId) => ownOf(deps, userId),
    subscribe: async (ctx, input) => await subscribe(on(), ctx, input),
    signup: (userId, publicId) => signupOf(deps as BillingDepsOn, userId, publicId),
    giveUp: async (buyer, publicId) => await giveUpSignup(on(), buyer, publicId),
    refreshSignup: async (signup) => (isOn() ? await refreshSignup(on(), signup, BILLING_LIMITS.askAgainMs) : signup),
    preview: async (userId, wanted) => await preview(on(), userId, wanted),
    change: async (ctx, input) => await change(on(), ctx, input),
    end: async (ctx, buyer, key) => await endOrResume(on(), ctx, buyer, key, true),
    resume: async (ctx, buyer, key) => await endOrResume(on(), ctx, buyer, key, false),
    portal: async (buyer) => await portal(on(), buyer),
    collectionIn: (tx, userId) => collectionIn(deps, tx, userId),
    cancelAllIn: (tx, userId) => cancelAllIn(deps, tx, userId),
    // Without a key there is nobody to ask, and nobody who charges: the job sees to it when there is one.
    collect: async (delivery) => (isOn() ? await collect(on(), delivery) : undefined),
    cancel: async (delivery) => (isOn() ? await cancel(on(), delivery) : undefined),
    noticeOf: (userId) => noticeOf(deps, userId),
    remind: () => remind(deps),
  }
}
