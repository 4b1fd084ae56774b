// What billing asks of a processor of payments, and what it is told: read once at the edge, in our own words.

/** What became of a request. */
export type RefusalKind = "declined" | "authentication_needed" | "rate_limited" | "unavailable" | "invalid" | "gone"

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

/** A page to pay on, as the processor knows it. Amounts in cents. */
export interface SessionFacts {
  id: string
  mode: "payment" | "subscription" | "setup"
  status: "open" | "complete" | "expired"
  /** "unpaid" and complete: on its way, or refused by the bank later. */
  payment: "paid" | "unpaid" | "no_payment_required"
  /** Before tax and after discounts. */
  netCents: number
  taxCents: number
  currency: string
  /** The order it was made for. */
  orderId: string | null
  customerId: string | null
  paymentIntentId: string | null
  chargeId: string | null
  /** The bank has said no, after days. */
  isRefused: boolean
  url: string | null
  isLive: boolean
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

export interface CheckoutInput {
  orderId: string
  customerId: string
  name: string
  cents: number
  returnUrl: string
  cancelUrl: string
}

/** Whoever takes the money. Every act has a key: the same one again is the same act. @throws ProcessorError */
export interface Processor {
  isTest: boolean
  createCustomer(input: { userId: string; email: string }, key: string): Promise<string>
  createCheckout(input: CheckoutInput, key: string): Promise<SessionFacts>
  session(id: string): Promise<SessionFacts>
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
