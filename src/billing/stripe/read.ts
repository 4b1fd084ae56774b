// What the client answers, read at the edge into our own words; and its errors.
import Stripe from "stripe"
import { type EventFacts, ProcessorError, type RefusalKind } from "./types.ts"

export function readEvent(event: Stripe.Event): EventFacts {
  const object = event.data.object as { id?: unknown }
  return {
    id: event.id,
    type: event.type,
    objectId: typeof object.id === "string" ? object.id : "",
    createdMs: event.created * 1_000,
    isLive: event.livemode,
    accountId: event.account ?? null,
  }
}

export const idOf = (value: string | { id: string } | null): string | null =>
  typeof value === "string" ? value : (value?.id ?? null)

export function cents(value: number): number {
  if (Number.isSafeInteger(value)) return value
  throw new ProcessorError("invalid", `the processor told an amount that is no whole number: ${value}`)
}

export function oneOf<T extends string>(value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value)
  if (found) return found
  throw new ProcessorError("invalid", `the processor told a word that is not known: ${value}`)
}

const CONFLICT = 409

/** @returns what to throw in its place */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error
  return new ProcessorError(kindOf(error), error.message, error.decline_code ?? error.code ?? null)
}

function kindOf(error: Stripe.errors.StripeError): RefusalKind {
  if (error.code === "authentication_required") return "authentication_needed"
  if (error instanceof Stripe.errors.StripeCardError) return "declined"
  if (error instanceof Stripe.errors.StripeRateLimitError) return "rate_limited"
  if (error instanceof Stripe.errors.StripeConnectionError || error instanceof Stripe.errors.StripeAPIError)
    return "unavailable"
  if (error instanceof Stripe.errors.StripeAuthenticationError || error instanceof Stripe.errors.StripePermissionError)
    return "not_allowed"
  // Another request holds the object, or the same key is under way: the same key again will be answered.
  if (error.statusCode === CONFLICT || error.code === "lock_timeout" || error.code === "idempotency_key_in_use")
    return "unavailable"
  return error.code === "resource_missing" ? "gone" : "invalid"
}
