// Stripe by its own client. Every act carries an idempotency key of its caller, so that whatever is lost on the way can be asked again.
import Stripe from "stripe"
import { BILLING_LIMITS } from "../limits.ts"
import { readEvent, readSession, refusalOf } from "./read.ts"
import { type CheckoutInput, type Processor, ProcessorError, type SessionFacts, type StripeOptions } from "./types.ts"

/** The version whose words we read; a newer client that reads another does not compile. */
const API_VERSION = "2026-08-26.dahlia" satisfies typeof Stripe.API_VERSION
const PAGE_EXPAND = ["payment_intent"]

export function createStripe(options: StripeOptions): Processor {
  const { secretKey, webhookSecret } = options
  const stripe = clientOf(options)
  const asked = async <T>(what: Promise<T>): Promise<T> => {
    try {
      return await what
    } catch (error) {
      throw refusalOf(error)
    }
  }
  return {
    isTest: !/^(sk|rk)_live_/.test(secretKey),
    async createCustomer({ userId, email }, idempotencyKey) {
      const made = await asked(stripe.customers.create({ email, metadata: { user: userId } }, { idempotencyKey }))
      return made.id
    },
    async createCheckout(input, idempotencyKey) {
      return readSession(await asked(stripe.checkout.sessions.create(checkoutOf(input), { idempotencyKey })))
    },
    async session(id): Promise<SessionFacts> {
      return readSession(await asked(stripe.checkout.sessions.retrieve(id, { expand: PAGE_EXPAND })))
    },
    async readEvent(body, signature, nowMs) {
      if (webhookSecret === null) throw new ProcessorError("invalid", "no secret of webhooks is set")
      try {
        // The synchronous form throws under Bun.
        return readEvent(
          await stripe.webhooks.constructEventAsync(
            body,
            signature,
            webhookSecret,
            BILLING_LIMITS.eventAgeSeconds,
            undefined,
            nowMs,
          ),
        )
      } catch (error) {
        throw new ProcessorError("invalid", (error as Error).message.split("\n")[0] ?? "")
      }
    },
  }
}

const checkoutOf = ({ orderId, customerId, name, cents, returnUrl, cancelUrl }: CheckoutInput) =>
  ({
    mode: "payment",
    customer: customerId,
    client_reference_id: orderId,
    line_items: [{ price_data: { currency: "usd", unit_amount: cents, product_data: { name } }, quantity: 1 }],
    success_url: returnUrl,
    cancel_url: cancelUrl,
    metadata: { order: orderId },
    payment_intent_data: { metadata: { order: orderId }, description: name },
  }) satisfies Stripe.Checkout.SessionCreateParams

function clientOf({ secretKey, apiBase, fetch }: StripeOptions): Stripe {
  const base = apiBase === null ? null : new URL(apiBase)
  const isPlain = base?.protocol === "http:"
  const elsewhere = base
    ? {
        host: base.hostname,
        port: base.port || (isPlain ? 80 : 443),
        protocol: isPlain ? ("http" as const) : ("https" as const),
      }
    : {}
  const inside = fetch && ((url: string, init: RequestInit) => fetch(new Request(url, init)))
  return new Stripe(secretKey, {
    apiVersion: API_VERSION,
    timeout: BILLING_LIMITS.processorMs,
    // The same key is asked again by the client itself, twice; then by the job.
    maxNetworkRetries: 2,
    telemetry: false,
    ...elsewhere,
    ...(inside ? { httpClient: Stripe.createFetchHttpClient(inside as never) } : {}),
  })
}
