// What a failure says of an upstream: of this model there, of the whole account, or of nothing but the call.
import type { UpstreamFailure } from "../providers/index.ts"

export const FAILURE_KINDS = [
  /** 429: too many requests; it says when to come again. */
  "rate",
  /** 503, 529, or an event that says so: it is overloaded. */
  "busy",
  /** Another error of the server's. */
  "failed",
  "timeout",
  /** Refused connections, resets, names that do not resolve. */
  "network",
  /** An answer that cannot be read. */
  "broken",
  /** 401, 403: the account's key. */
  "key",
  /** 402, and the same said with other numbers: the account's money. */
  "credit",
] as const
export type FailureKind = (typeof FAILURE_KINDS)[number]

/** `caller`: the upstream is well, what was asked is not. `gone`: nobody waited for the end. */
export type AttemptOutcome = "answered" | "caller" | "gone" | "unaffordable" | FailureKind

export const isFailure = (outcome: AttemptOutcome): outcome is FailureKind =>
  (FAILURE_KINDS as readonly string[]).includes(outcome)

/** Failures that take the whole account out. */
export const isOfAccount = (kind: FailureKind): boolean => kind === "key" || kind === "credit" || kind === "network"

const MONEY = /insufficient_quota|billing_hard_limit|billing_not_active|credit balance|BILLING_DISABLED/i

export function kindOf({ error, status, nature }: UpstreamFailure): AttemptOutcome {
  if (error.code === "provider_rejected" || error.code === "invalid_request") return "caller"
  if (error.code === "provider_timeout") return "timeout"
  if (status === 402 || (status !== null && status < 500 && MONEY.test(bodyOf(error.detail)))) return "credit"
  // One model that the account may not use says nothing of the others.
  if (status === 403 && /\bmodel\b/i.test(bodyOf(error.detail))) return "failed"
  // 400 that is not the caller's: Google says so of keys.
  if (status === 401 || status === 403 || status === 400) return "key"
  if (status === 429) return "rate"
  if (error.code === "provider_overloaded") return "busy"
  return nature ?? "failed"
}

const bodyOf = (detail: unknown): string => {
  const body = (detail as { body?: unknown } | null | undefined)?.body
  return typeof body === "string" ? body : ""
}
