// The words of subscriptions: what they are, what they are asked to become, and what they cost.
import type { Nano, PrincipalId, UserId } from "../../app/index.ts"
import type { ProductPlan, ProductTerms } from "../plans/index.ts"
import type { marketSubscriptions } from "../tables.ts"
import type { marketBills } from "./tables.ts"

/** `trial`: a period that costs nothing; `overage`: what its calls were charged above the plan. */
export type BillKind = "trial" | "period" | "upgrade" | "overage"
export type BillState = "due" | "paid" | "void"

export type Subscription = typeof marketSubscriptions.$inferSelect
export type Bill = typeof marketBills.$inferSelect

/** With what it grants now. */
export interface SubscriptionShown extends Subscription {
  plan: ProductPlan
  /** Those it was subscribed to, whatever the plan says to new subscribers. */
  terms: ProductTerms
  /** What the next period begins with. */
  nextPlan: ProductPlan | null
}

/** Why a call of it may not go through. */
export type NoAccess = "past_due" | "banned" | "ended"

export interface SubscribeInput {
  userId: UserId
  /** Whose credits pay; default: the user's own. */
  payerId?: PrincipalId
  planId: number
  /** Of the form: sent twice it subscribes once. */
  key: string
  /** What was shown: other terms by now are asked about again. */
  seenTermsId?: number
}

/** What a step costs now, as the page before it says. */
export interface Quote {
  kind: "subscribe" | "trial" | "upgrade" | "downgrade" | "same"
  /** n$ now. */
  nowNano: Nano
  /** What paid credits there are for it. */
  haveNano: Nano
  /** What each period costs from then on. */
  thenNano: Nano
  /** When the new terms begin, and when they are paid next. */
  fromMs: number
  nextMs: number
  plan: ProductPlan
}
