// What an operation may refuse, as the OpenAPI document says it: codes of the registry, by the status that each has.
import { ERRORS, type ErrorCode } from "../../app/index.ts"

const WORDS: Readonly<Record<number, string>> = {
  400: "The request is wrong; `param` names the field",
  401: "Nobody is signed in, or the token or API key is missing, wrong, expired or revoked",
  402: "Not enough credits; `topup_url` is where to get some",
  403: "A permission, the role, the form token or a fresh proof of who is there is missing, the key is off, or the person or the app is suspended",
  404: "There is no such thing, or it is not yours",
  408: "The body did not arrive in time",
  409: "It was done already, is still running, or was changed in the meantime; `code` says which",
  413: "The body is too large",
  415: "The body is not JSON, or it is compressed",
  422: "Fields are wrong, `errors` says what by name; or the `Idempotency-Key` was used with another body",
  429: "A limit is reached; `code` says which, `Retry-After` when to come back",
  500: "Something failed on our side",
  502: "The AI provider failed",
  503: "The AI provider or this server is busy; see `Retry-After`",
  504: "The AI provider took too long",
  529: "The AI provider or this server is busy; see `Retry-After`",
}
const WAITS = new Set([429, 503, 529])
const RETRY_AFTER = {
  "Retry-After": { schema: { type: "integer" as const, minimum: 1 }, description: "Seconds to wait" },
}

/** Whatever is asked, once somebody is known. */
export const ALWAYS = ["overloaded", "unavailable", "internal"] as const satisfies readonly ErrorCode[]
/** Of a body of JSON. */
export const OF_BODIES = [
  "invalid_request",
  "body_timeout",
  "body_too_large",
  "unsupported_media_type",
  "rate_limit_exceeded",
] as const satisfies readonly ErrorCode[]
/** Of a person's API key. */
export const OF_KEYS = [
  "invalid_api_key",
  "api_key_expired",
  "api_key_revoked",
  "api_key_disabled",
  "api_key_address_denied",
  "account_suspended",
] as const satisfies readonly ErrorCode[]
/** Of an app's access token. */
export const OF_TOKENS = [
  "token_missing",
  "token_invalid",
  "token_expired",
  "token_revoked",
  "client_suspended",
  "dpop_proof_invalid",
  "dpop_nonce_needed",
] as const satisfies readonly ErrorCode[]
/** Of a call under an `Idempotency-Key`. */
export const OF_ONCE = [
  "invalid_request",
  "request_in_flight",
  "already_completed",
  "idempotency_mismatch",
] as const satisfies readonly ErrorCode[]

/**
 * Responses of an operation, by status.
 * @param content of each of them
 * @param statusOf where a dialect tells a code by another status than the registry's
 */
export function refusalsOf(
  codes: readonly ErrorCode[],
  content: object,
  statusOf: (code: ErrorCode) => number = (code) => ERRORS[code].status,
): Record<string, { description: string; content: never; headers?: typeof RETRY_AFTER; "x-error-codes": ErrorCode[] }> {
  const byStatus = Map.groupBy(new Set(codes), statusOf)
  const entries = [...byStatus].toSorted(([a], [b]) => a - b)
  return Object.fromEntries(
    entries.map(([status, each]) => [
      String(status),
      {
        description: WORDS[status]!,
        ...(WAITS.has(status) ? { headers: RETRY_AFTER } : {}),
        content: content as never,
        "x-error-codes": each.toSorted(),
      },
    ]),
  )
}
