// Answers to forms that were refused: the same page again, with words beside the fields.
import { AppError } from "../app/index.ts"

/** Refusals that belong beside the fields, with what was typed kept. */
const isAboutTheForm = (error: AppError): boolean =>
  ["validation_failed", "rate_limit_exceeded", "account_suspended", "conflict", "overloaded"].includes(error.code)

/** Words per field; `form` for the form as a whole. */
export const formErrors = (error: AppError | undefined): Record<string, string> | undefined =>
  error ? (error.extra.formErrors ?? { form: error.message }) : undefined

/** Passes on what belongs on the form, throws the rest. */
export function ofTheForm(error: unknown): AppError {
  if (error instanceof AppError && isAboutTheForm(error)) return error
  throw error
}

/** Status and `retry-after` of the page that shows a refusal; 200 without one. */
export function statusOf(error: AppError | undefined): { status: number; headers?: Record<string, string> } {
  if (!error) return { status: 200 }
  const wait = error.extra.retryAfterSeconds
  return {
    status: error.status,
    ...(wait === undefined ? {} : { headers: { "retry-after": String(Math.ceil(wait)) } }),
  }
}
