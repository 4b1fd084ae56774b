// Stripe by its own client. Every act carries an idempotency key of its caller, so that whatever is lost on the way can be asked again.
import Stripe from "stripe"
import { BILLING_LIMITS } from "../limits.ts"
import { balanceCalls } from "./balance.ts"
import { cardCalls } from "./cards.ts"
import { checkoutCalls } from "./checkout.ts"
import { collectionCalls } from "./collection.ts"
import { couponCalls } from "./coupons.ts"
import { customerCalls } from "./customers.ts"
import { endpointCalls } from "./endpoints.ts"
import { intentCalls } from "./intents.ts"
import { planCalls } from "./plans.ts"
import { portalCalls } from "./portal.ts"
import { probeCalls } from "./probe.ts"
import { readEvent, refusalOf } from "./read.ts"
import { refundCalls } from "./refunds.ts"
import { subscriptionCalls } from "./subscriptions.ts"
import { taxCalls } from "./tax.ts"
import { transferCalls } from "./transfers.ts"
import { type Processor, ProcessorError, type StripeOptions } from "./types.ts"
import { API_VERSION } from "./version.ts"

/** Waits for an answer; a refusal is thrown in our own words. */
export type Asked = <T>(what: Promise<T>) => Promise<T>

export function createStripe(options: StripeOptions): Processor {
  const { secretKey, webhookSecret } = options
  const stripe = clientOf(options)
  const asked: Asked = async (what) => {
    try {
      return await what
    } catch (error) {
      throw refusalOf(error)
    }
  }
  return {
    isTest: !/^(sk|rk)_live_/.test(secretKey),
    ...customerCalls(stripe, asked),
    ...checkoutCalls(stripe, asked),
    ...couponCalls(stripe, asked),
    ...balanceCalls(stripe, asked),
    ...endpointCalls(stripe, asked),
    ...probeCalls(stripe, asked),
    ...planCalls(stripe, asked),
    ...portalCalls(stripe, asked),
    ...subscriptionCalls(stripe, asked),
    ...collectionCalls(stripe, asked),
    ...cardCalls(stripe, asked),
    ...intentCalls(stripe, asked),
    ...taxCalls(stripe, asked),
    ...refundCalls(stripe, asked),
    ...transferCalls(stripe, asked),
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
