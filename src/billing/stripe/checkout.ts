// Pages to pay on.
import type Stripe from "stripe"
import { BILLING_LIMITS } from "../limits.ts"
import type { Asked } from "./client.ts"
import { cents, idOf, oneOf } from "./read.ts"

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
  /** What it led to, where it is for one. */
  subscriptionId: string | null
  chargeId: string | null
  /** The bank has said no, after days. */
  isRefused: boolean
  /** As they told it on the page; null = not told yet. */
  buyer: Partial<BuyerFacts> | null
  /** The buyer owes the tax, as the processor sees it. */
  isReverseCharge: boolean
  url: string | null
  isLive: boolean
}

/** Whom something is billed to. */
export interface BuyerFacts {
  name: string
  /** Lines of a letter. */
  address: string
  taxId: string
  email: string
}

export interface CheckoutInput {
  orderId: string
  customerId: string
  name: string
  cents: number
  /** The processor adds tax to the price, or finds it within. Default: no tax. */
  tax?: "exclusive" | "inclusive" | undefined
  /** Asks for address and tax id, which tax depends on. */
  asksWho?: boolean | undefined
  returnUrl: string
  cancelUrl: string
  /** The id of a discount that the processor knows. */
  discount?: string | undefined
  /** When nobody can pay on it any more; half an hour from now at least. Default: a day. */
  expiresMs?: number | undefined
}

/** @throws ProcessorError */
export interface CheckoutCalls {
  createCheckout(input: CheckoutInput, key: string): Promise<SessionFacts>
  session(id: string): Promise<SessionFacts>
  /** Made since then, newest first, up to a bound. */
  sessionsSince(ms: number): Promise<SessionFacts[]>
  /** Nobody can pay on it any more. @throws ProcessorError invalid where it is not open */
  expireCheckout(id: string): Promise<SessionFacts>
}

const PAGE_EXPAND = ["payment_intent"]
const READ = { timeout: BILLING_LIMITS.processorReadMs, maxNetworkRetries: 1 }

export const checkoutCalls = (stripe: Stripe, asked: Asked): CheckoutCalls => ({
  async createCheckout(input, idempotencyKey) {
    return readSession(await asked(stripe.checkout.sessions.create(checkoutOf(input), { idempotencyKey })))
  },
  async session(id) {
    return readSession(await asked(stripe.checkout.sessions.retrieve(id, { expand: PAGE_EXPAND }, READ)))
  },
  async sessionsSince(ms) {
    const created = { gte: Math.floor(ms / 1_000) }
    const list = stripe.checkout.sessions.list({ created, limit: 100, expand: ["data.payment_intent"] })
    return (await asked(list.autoPagingToArray({ limit: BILLING_LIMITS.sinceMax }))).map(readSession)
  },
  async expireCheckout(id) {
    return readSession(await asked(stripe.checkout.sessions.expire(id)))
  },
})

function checkoutOf(input: CheckoutInput) {
  const { orderId, customerId, name, cents, tax, asksWho, returnUrl, cancelUrl, discount, expiresMs } = input
  const price = { currency: "usd", unit_amount: cents, product_data: { name } }
  return {
    mode: "payment",
    customer: customerId,
    client_reference_id: orderId,
    line_items: [{ price_data: tax === undefined ? price : { ...price, tax_behavior: tax }, quantity: 1 }],
    success_url: returnUrl,
    cancel_url: cancelUrl,
    metadata: { order: orderId },
    payment_intent_data: { metadata: { order: orderId }, description: name },
    ...(tax === undefined ? (asksWho ? WHO : {}) : TAXED),
    ...(discount === undefined ? {} : { discounts: [{ coupon: discount }] }),
    ...(expiresMs === undefined ? {} : { expires_at: Math.ceil(expiresMs / 1_000) }),
  } satisfies Stripe.Checkout.SessionCreateParams
}

/** Where somebody is, and whether they are a business. */
export const WHO = {
  billing_address_collection: "required",
  customer_update: { address: "auto", name: "auto" },
  tax_id_collection: { enabled: true },
} as const satisfies Partial<Stripe.Checkout.SessionCreateParams>

/** Tax depends on that. */
export const TAXED = { ...WHO, automatic_tax: { enabled: true } } as const

export function readSession(session: Stripe.Checkout.Session): SessionFacts {
  const intent = session.payment_intent
  const known = typeof intent === "object" ? intent : null
  const tax = session.total_details?.amount_tax ?? 0
  return {
    id: session.id,
    mode: oneOf(session.mode, ["payment", "subscription", "setup"]),
    status: oneOf(session.status ?? "open", ["open", "complete", "expired"]),
    payment: oneOf(session.payment_status, ["paid", "unpaid", "no_payment_required"]),
    netCents: cents(session.amount_total ?? 0) - cents(tax),
    taxCents: cents(tax),
    currency: session.currency ?? "",
    orderId: session.client_reference_id,
    customerId: idOf(session.customer),
    paymentIntentId: idOf(intent),
    subscriptionId: idOf(session.subscription),
    chargeId: idOf(known?.latest_charge ?? null),
    isRefused: known?.status === "requires_payment_method" && session.status === "complete",
    buyer: buyerOf(session.customer_details ?? null),
    isReverseCharge: session.customer_details?.tax_exempt === "reverse",
    url: session.url,
    isLive: session.livemode,
  }
}

const buyerOf = (details: Stripe.Checkout.Session.CustomerDetails | null): Partial<BuyerFacts> | null =>
  details &&
  buyerFrom({
    name: details.business_name ?? details.name,
    email: details.email,
    address: details.address,
    taxIds: details.tax_ids,
  })

interface Told {
  name: string | null
  email: string | null
  address: Stripe.Address | null
  taxIds: readonly { value: string | null }[] | null
}

/** What is known of them. */
export function buyerFrom({ name, email, address, taxIds }: Told): Partial<BuyerFacts> {
  const town = [address?.postal_code, address?.city].filter(Boolean).join(" ")
  const lines = [address?.line1, address?.line2, town, address?.state, address?.country].filter(Boolean)
  const taxId = taxIds?.find(({ value }) => value)?.value
  return {
    ...(name ? { name } : {}),
    ...(email ? { email } : {}),
    ...(lines.length > 0 ? { address: lines.join("\n") } : {}),
    ...(taxId ? { taxId } : {}),
  }
}
