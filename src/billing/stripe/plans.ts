// What plans cost, and the pages where they are paid for and looked after.
import type Stripe from "stripe"
import { readSession, type SessionFacts, TAXED, WHO } from "./checkout.ts"
import type { Asked } from "./client.ts"

export interface SignupInput {
  /** `sgn_…` */
  signupId: string
  customerId: string
  priceId: string
  returnUrl: string
  cancelUrl: string
  /** A coupon of the processor's. */
  couponId: string | null
  /** Nobody pays after that, half an hour from now at least; default: a day. */
  expiresMs: number | null
  /** Tax is asked for, and with it address and tax id. */
  isTaxed?: boolean
  /** Address and tax id alone. */
  asksWho?: boolean
}

export interface PriceInput {
  productId: string
  cents: number
  months: 1 | 12
  code: string
  /** How the price is meant where tax is asked for. */
  tax?: "exclusive" | "inclusive"
}

/** @throws ProcessorError */
export interface PlanCalls {
  /** @returns `prod_…` */
  createProduct(input: { name: string; code: string }, key: string): Promise<string>
  /** @returns `price_…` */
  createPrice(input: PriceInput, key: string): Promise<string>
  createSignup(input: SignupInput, key: string): Promise<SessionFacts>
  expireSession(sessionId: string): Promise<SessionFacts>
}

export const planCalls = (stripe: Stripe, asked: Asked): PlanCalls => ({
  async createProduct({ name, code }, idempotencyKey) {
    return (await asked(stripe.products.create({ name, metadata: { plan: code } }, { idempotencyKey }))).id
  },
  async createPrice({ productId, cents, months, code, tax }, idempotencyKey) {
    const recurring = { interval: months === 12 ? "year" : "month" } as const
    const price = { product: productId, currency: "usd", unit_amount: cents, recurring, metadata: { plan: code } }
    const meant = tax === undefined ? price : { ...price, tax_behavior: tax }
    return (await asked(stripe.prices.create(meant, { idempotencyKey }))).id
  },
  async createSignup(input, idempotencyKey) {
    return readSession(await asked(stripe.checkout.sessions.create(signupOf(input), { idempotencyKey })))
  },
  async expireSession(id) {
    return readSession(await asked(stripe.checkout.sessions.expire(id)))
  },
})

const signupOf = ({
  signupId,
  customerId,
  priceId,
  returnUrl,
  cancelUrl,
  couponId,
  expiresMs,
  isTaxed,
  asksWho,
}: SignupInput) =>
  ({
    mode: "subscription",
    customer: customerId,
    line_items: [{ price: priceId, quantity: 1 }],
    success_url: returnUrl,
    cancel_url: cancelUrl,
    metadata: { signup: signupId },
    subscription_data: { metadata: { signup: signupId } },
    ...(isTaxed ? TAXED : asksWho ? WHO : {}),
    ...(couponId === null ? {} : { discounts: [{ coupon: couponId }] }),
    ...(expiresMs === null ? {} : { expires_at: Math.ceil(expiresMs / 1_000) }),
  }) satisfies Stripe.Checkout.SessionCreateParams
