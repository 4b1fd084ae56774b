// Refusals that belong on the form: the one rule for which errors return to it, and the page's status then.
import { AppError, type ErrorCode } from "../app/index.ts"

/** About what was typed, or about how things stand now: another value, or a little later, may do. Everything else is another page. */
const OF_THE_FORM: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "validation_failed",
  "conflict",
  "claim_not_due",
  "free_budget_spent",
  "insufficient_credits",
  "credits_on_hold",
  "rate_limit_exceeded",
  "account_suspended",
  "overloaded",
])

/** Words per field; `form` for the form as a whole. */
export const formErrors = (error: AppError | undefined): Record<string, string> | undefined =>
  error ? (error.extra.formErrors ?? { form: error.message }) : undefined

/** Passes on what belongs on the form, throws the rest. */
export function ofTheForm(error: unknown): AppError {
  if (error instanceof AppError && OF_THE_FORM.has(error.code)) return error
  throw error
}

/** Status and `retry-after` of the page that shows a refusal; 200 without one. */
export function statusOf(error: AppError | undefined): { status: number; headers?: Record<string, string> } {
  if (!error) return { status: 200 }
  const wait = error.extra.retryAfterSeconds
  return {
    status: error.status === 409 ? 422 : error.status,
    ...(wait === undefined ? {} : { headers: { "retry-after": String(Math.ceil(wait)) } }),
  }
}
