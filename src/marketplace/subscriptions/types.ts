// The words of subscriptions: what they are, what they are asked to become, and what they cost.
import type { Nano, PrincipalId, UserId } from "../../app/index.ts"
import type { ProductPlan, ProductTerms } from "../plans/index.ts"
import type { marketSubscriptions } from "../tables.ts"
import type { ProductState, QuotaPeriod } from "../types.ts"
import type { marketBills, marketRefunds } from "./tables.ts"

/** `trial`: a period that costs nothing; `overage`: what its calls were charged above the plan. */
export type BillKind = "trial" | "period" | "upgrade" | "overage"
export type BillState = "due" | "paid" | "void"

export type Subscription = typeof marketSubscriptions.$inferSelect
export type Bill = typeof marketBills.$inferSelect
/** Who gave a payment back. */
export type RefundBy = "publisher" | "admin"
export type BillRefund = typeof marketRefunds.$inferSelect

export interface RefundBill {
  /** Whoever asks has looked whose it is. */
  bill: Bill
  by: RefundBy
  /** Null = all that is left. */
  amountNano: Nano | null
  /** The consumer reads it on the credit note. */
  reason: string
  /** Of the form: sent twice it gives back once. */
  key: string
}

/** With what went back of it. */
export interface BillShown extends Bill {
  refunds: readonly { amountNano: Nano; note: string }[]
  /** n$ that can still be given back. */
  leftNano: Nano
}

/** With what it grants now. */
export interface SubscriptionShown extends Subscription {
  plan: ProductPlan
  /** Those it was subscribed to, whatever the plan says to new subscribers. */
  terms: ProductTerms
  /** What the next period begins with. */
  nextPlan: ProductPlan | null
}

/** Shown once. */
export interface IssuedKey {
  publicId: string
  secret: string
}

/** How a quota stands. */
export interface QuotaUse {
  period: QuotaPeriod
  startMs: number
  /** Excluded. */
  endMs: number
  limit: number
  used: number
}

/** Why a call of it may not go through. */
export type NoAccess = "past_due" | "banned" | "ended"

export interface SubscribeInput {
  /** Whose it is: a person, or a team. */
  userId: UserId
  /** Whose credits pay; default: the user's own. */
  payerId?: PrincipalId
  /** Who makes its first key; default: whose it is. Null: nobody does. */
  makerId?: UserId | null
  planId: number
  /** Of the form: sent twice it subscribes once. */
  key: string
  /** What was shown: other terms by now are asked about again. */
  seenTermsId?: number
}

export interface Subscribed {
  subscription: SubscriptionShown
  /** Null: nobody makes one, or the form was sent before, and the key shown then. */
  key: IssuedKey | null
}

/** `short`: bought credits do not reach for it. */
export interface PaidNow {
  outcome: "paid" | "coming" | "short"
  subscription: SubscriptionShown
}

/** A subscription as its owner names it. */
export interface SubscriptionRef {
  userId: UserId
  subscription: string
}

/** As the publisher of its product does. */
export interface ConsumerRef {
  ownerId: PrincipalId
  subscription: string
}

export interface MoveInput extends ConsumerRef {
  planId: number
  /** Somebody who earns nothing by it: they answer for what units above the quota cost there. */
  byOperator?: boolean
}

export interface ChangeInput extends SubscriptionRef {
  planId: number
  /** What was shown: other terms by now, or a higher price, are asked about again. */
  seen?: { termsId: number; mostNano: Nano }
}

/** What a step costs and when it counts, as the page before it says. */
export interface Quote {
  /** `same`: nothing changes, or a change that was planned is taken back. */
  kind: "subscribe" | "trial" | "upgrade" | "downgrade" | "same"
  /** n$ now. */
  nowNano: Nano
  /** Unused of the plan before, taken off. */
  creditNano: Nano
  /** Paid credits that are there for it. */
  haveNano: Nano
  /** What auto-recharge buys first, where these are short and its person allows it; 0 = nothing. */
  rechargeNano: Nano
  /** The new terms count from here. */
  fromMs: number
  /** When `plan.terms.priceNano` is paid next. */
  nextMs: number
  plan: ProductPlan
}

/** A row of a person's list. */
export interface Glance {
  subscription: SubscriptionShown
  product: { slug: string; title: string; publicId: string; state: ProductState; publisherName: string }
  access: NoAccess | null
  quotas: readonly QuotaUse[]
  /** What is charged next, and when; null = nothing any more. */
  next: { atMs: number; amountNano: Nano; plan: string } | null
  /** What waits to be paid. */
  due: Bill | null
  /** n$ that calls of this period were charged above the plan so far. */
  overageNano: Nano
}

/** A consumer as the publisher sees them: no address, nothing of payment. */
export interface Consumer {
  subscription: SubscriptionShown
  name: string
  quotas: readonly QuotaUse[]
  /** n$ that their calls of this period were charged above the plan so far. */
  overageNano: Nano
}

/** What a publisher earned, of one product and plan in one span. */
export interface RevenueRow {
  product: string
  title: string
  plan: string
  /** First UTC day of the month. */
  fromMs: number
  payments: number
  /** What was paid. */
  grossNano: Nano
  /** What of earlier payments went back in that month. */
  refundedNano: Nano
  /** Both less what refunds took back of them. */
  commissionNano: Nano
  netNano: Nano
}
