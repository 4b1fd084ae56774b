// What billing asks of a processor of payments, and what it is told: read once at the edge, in our own words.

import type { BalanceCalls } from "./balance.ts"
import type { CardCalls } from "./cards.ts"
import type { CheckoutCalls } from "./checkout.ts"
import type { CollectionCalls } from "./collection.ts"
import type { CouponCalls } from "./coupons.ts"
import type { CustomerCalls } from "./customers.ts"
import type { EndpointCalls } from "./endpoints.ts"
import type { IntentCalls } from "./intents.ts"
import type { PlanCalls } from "./plans.ts"
import type { PortalCalls } from "./portal.ts"
import type { ProbeCalls } from "./probe.ts"
import type { RefundCalls } from "./refunds.ts"
import type { SubscriptionCalls } from "./subscriptions.ts"
import type { TaxCalls } from "./tax.ts"
import type { TransferCalls } from "./transfers.ts"

export type { Movement } from "./balance.ts"
export type { CardFacts, SetupFacts } from "./cards.ts"
export type { CheckoutInput, SessionFacts } from "./checkout.ts"
export type { EndpointFacts } from "./endpoints.ts"
export type { IntentFacts } from "./intents.ts"
export type { DisputeFacts, RefundFacts } from "./refunds.ts"
export type * from "./subscriptions.ts"
export type { TaxFacts } from "./tax.ts"

/** What became of a request. not_allowed: the key is over, or may not do that; nothing was looked at. */
export type RefusalKind =
  | "declined"
  | "authentication_needed"
  | "rate_limited"
  | "unavailable"
  | "not_allowed"
  | "invalid"
  | "gone"

export class ProcessorError extends Error {
  override name = "ProcessorError"
  constructor(
    readonly kind: RefusalKind,
    message: string,
    /** Its own word for it, such as `insufficient_funds`. */
    readonly code: string | null = null,
  ) {
    super(message)
  }
}

export interface EventFacts {
  id: string
  type: string
  objectId: string
  createdMs: number
  isLive: boolean
  /** Of a connected account. */
  accountId: string | null
}

/** Each its own file, one line here. */
type Nouns = CustomerCalls &
  CheckoutCalls &
  CouponCalls &
  BalanceCalls &
  EndpointCalls &
  ProbeCalls &
  PlanCalls &
  PortalCalls &
  SubscriptionCalls &
  CollectionCalls &
  CardCalls &
  IntentCalls &
  TaxCalls &
  RefundCalls &
  TransferCalls

/** Whoever takes the money. Every act has a key: the same one again is the same act. @throws ProcessorError */
export interface Processor extends Nouns {
  isTest: boolean
  /** @throws ProcessorError invalid for what it did not sign */
  readEvent(body: string, signature: string, nowMs: number): Promise<EventFacts>
}

export interface StripeOptions {
  secretKey: string
  /** null = nothing it sends can be proven. */
  webhookSecret: string | null
  /** Another origin in place of Stripe's, for tests. */
  apiBase: string | null
  /** In place of the network; for a processor in this very process. */
  fetch?: (request: Request) => Promise<Response>
}
