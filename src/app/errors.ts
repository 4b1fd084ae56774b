// The one registry of errors: code → status and words per dialect. Verbs throw AppError; the edge maps it once.
// `message` goes to the person or client; `detail` goes to the log only (DESIGN §6).

export interface ErrorKind {
  readonly status: number
  /** OpenAI envelope `type`. */
  readonly openai: string
  /** RFC 6749 / 6750 / OIDC error code, where the OAuth endpoints can answer it. */
  readonly oauth?: string
  /** Plain words for the head of an error page. */
  readonly title: string
  /** `x-should-retry` for SDKs that obey it; absent = by the status and how long to wait. */
  readonly retry?: boolean
}

const kind = (status: number, openai: string, title: string, rest: Partial<ErrorKind> = {}): ErrorKind => ({
  status,
  openai,
  title,
  ...rest,
})

export const ERRORS = {
  invalid_request: kind(400, "invalid_request_error", "This request is not valid", { oauth: "invalid_request" }),
  validation_failed: kind(422, "invalid_request_error", "Something needs another look", { oauth: "invalid_request" }),
  body_too_large: kind(413, "invalid_request_error", "That is too large", { oauth: "invalid_request" }),
  body_timeout: kind(408, "invalid_request_error", "That took too long to arrive", { oauth: "invalid_request" }),
  unsupported_media_type: kind(415, "invalid_request_error", "That content type is not accepted", {
    oauth: "invalid_request",
  }),
  unauthenticated: kind(401, "authentication_error", "Please sign in", { oauth: "invalid_token" }),
  token_missing: kind(401, "authentication_error", "A token is needed", { oauth: "invalid_token" }),
  token_invalid: kind(401, "authentication_error", "That token is not valid", { oauth: "invalid_token" }),
  token_expired: kind(401, "authentication_error", "That token has expired", { oauth: "invalid_token" }),
  token_revoked: kind(401, "authentication_error", "That token was revoked", { oauth: "invalid_token" }),
  invalid_api_key: kind(401, "authentication_error", "That API key is not valid", { oauth: "invalid_token" }),
  api_key_missing: kind(401, "authentication_error", "An API key is needed", { oauth: "invalid_token" }),
  signature_invalid: kind(401, "authentication_error", "That signature is not valid", { oauth: "invalid_token" }),
  api_key_expired: kind(401, "authentication_error", "That API key has expired", { oauth: "invalid_token" }),
  api_key_revoked: kind(401, "authentication_error", "That API key was revoked", { oauth: "invalid_token" }),
  api_key_disabled: kind(403, "permission_error", "That API key is switched off", { retry: false }),
  api_key_address_denied: kind(403, "permission_error", "That API key does not work from there", { retry: false }),
  address_denied: kind(403, "permission_error", "Calls from there are not taken", { retry: false }),
  plan_required: kind(403, "permission_error", "This needs another plan", { retry: false }),
  quota_exceeded: kind(403, "insufficient_quota", "This quota is used up", { retry: false }),
  subscription_past_due: kind(403, "permission_error", "This subscription is not paid", { retry: false }),
  subscription_ended: kind(403, "permission_error", "This subscription is over", { retry: false }),
  account_suspended: kind(403, "permission_error", "This account is suspended", {
    oauth: "access_denied",
    retry: false,
  }),
  client_suspended: kind(403, "permission_error", "This app is suspended", {
    oauth: "unauthorized_client",
    retry: false,
  }),
  insufficient_scope: kind(403, "permission_error", "This needs another permission", { oauth: "insufficient_scope" }),
  forbidden: kind(403, "permission_error", "This is not yours to open", { oauth: "access_denied" }),
  confirmation_required: kind(403, "permission_error", "Confirm that it is you", { retry: false }),
  csrf_failed: kind(403, "permission_error", "This form has expired"),
  not_found: kind(404, "invalid_request_error", "There is nothing here", { oauth: "invalid_request" }),
  model_not_found: kind(404, "invalid_request_error", "There is no such model"),
  method_not_allowed: kind(405, "invalid_request_error", "That method is not accepted here", {
    oauth: "invalid_request",
  }),
  no_websocket: kind(426, "invalid_request_error", "Nothing here speaks over a WebSocket", { retry: false }),
  conflict: kind(409, "invalid_request_error", "This was changed in the meantime"),
  already_completed: kind(409, "invalid_request_error", "This was done already", { retry: false }),
  request_in_flight: kind(409, "invalid_request_error", "This is still running"),
  idempotency_mismatch: kind(422, "invalid_request_error", "That idempotency key was used for another request", {
    retry: false,
  }),
  insufficient_credits: kind(402, "insufficient_quota", "Not enough credits", { retry: false }),
  credits_on_hold: kind(402, "insufficient_quota", "Your credits are held by calls in progress"),
  app_daily_limit_exceeded: kind(429, "insufficient_quota", "This app reached its daily limit", { retry: false }),
  spend_limit_exceeded: kind(429, "insufficient_quota", "A spend limit is reached", { retry: false }),
  rate_limit_exceeded: kind(429, "rate_limit_error", "Too many requests"),
  free_budget_spent: kind(429, "insufficient_quota", "Today's free credits are used up", { retry: false }),
  claim_not_due: kind(409, "invalid_request_error", "Your next free credits are not due yet"),
  model_not_priced: kind(503, "server_error", "This model has no price yet", { retry: false }),
  provider_error: kind(502, "server_error", "The AI provider failed"),
  provider_overloaded: kind(503, "server_error", "The AI provider is busy"),
  // It was asked, and may have been billed: a repetition is the caller's choice.
  provider_timeout: kind(504, "server_error", "The AI provider took too long", { retry: false }),
  provider_rejected: kind(400, "invalid_request_error", "The AI provider refused this request"),
  // A person's own key at a provider: theirs to mend.
  own_key_refused: kind(403, "permission_error", "Your own key was refused by its provider", { retry: false }),
  own_key_limited: kind(429, "rate_limit_error", "Your own key is used too often"),
  tool_error: kind(502, "server_error", "The tool server failed"),
  // It was asked, and may have done it: a repetition is the caller's choice.
  tool_timeout: kind(504, "server_error", "The tool server took too long", { retry: false }),
  // Of APIs that developers publish.
  product_unavailable: kind(503, "server_error", "This API is not available now"),
  upstream_error: kind(502, "server_error", "The server of this API failed"),
  // It was asked, and may have done its work: a repetition is the caller's choice.
  upstream_timeout: kind(504, "server_error", "The server of this API took too long", { retry: false }),
  overloaded: kind(503, "server_error", "The server is busy", { oauth: "temporarily_unavailable" }),
  unavailable: kind(503, "server_error", "The server cannot do that now", { oauth: "temporarily_unavailable" }),
  internal: kind(500, "server_error", "Something failed on our side", { oauth: "server_error" }),
  invalid_client: kind(401, "authentication_error", "The app could not prove who it is", { oauth: "invalid_client" }),
  invalid_grant: kind(400, "invalid_request_error", "That code or token is not valid", { oauth: "invalid_grant" }),
  invalid_target: kind(400, "invalid_request_error", "That resource is not valid", { oauth: "invalid_target" }),
  invalid_authorization_details: kind(400, "invalid_request_error", "Those details are not available", {
    oauth: "invalid_authorization_details",
  }),
  invalid_dpop_proof: kind(400, "invalid_request_error", "That proof of a key is not valid", {
    oauth: "invalid_dpop_proof",
  }),
  use_dpop_nonce: kind(400, "invalid_request_error", "That proof needs a nonce of this server", {
    oauth: "use_dpop_nonce",
  }),
  dpop_proof_invalid: kind(401, "authentication_error", "That proof of a key is not valid", {
    oauth: "invalid_dpop_proof",
  }),
  dpop_nonce_needed: kind(401, "authentication_error", "That proof needs a nonce of this server", {
    oauth: "use_dpop_nonce",
  }),
  invalid_scope: kind(400, "invalid_request_error", "Those scopes are not available", { oauth: "invalid_scope" }),
  unauthorized_client: kind(400, "invalid_request_error", "This app may not do that", { oauth: "unauthorized_client" }),
  unsupported_grant_type: kind(400, "invalid_request_error", "That grant type is not offered", {
    oauth: "unsupported_grant_type",
  }),
  unsupported_response_type: kind(400, "invalid_request_error", "That response type is not offered", {
    oauth: "unsupported_response_type",
  }),
  request_not_supported: kind(400, "invalid_request_error", "Request objects are not supported", {
    oauth: "request_not_supported",
  }),
  request_uri_not_supported: kind(400, "invalid_request_error", "Request URIs are not supported", {
    oauth: "request_uri_not_supported",
  }),
  login_required: kind(400, "invalid_request_error", "Please sign in", { oauth: "login_required" }),
  account_selection_required: kind(400, "invalid_request_error", "Please choose an account", {
    oauth: "account_selection_required",
  }),
  unmet_authentication_requirements: kind(400, "invalid_request_error", "A stronger sign-in is needed", {
    oauth: "unmet_authentication_requirements",
  }),
  consent_required: kind(400, "invalid_request_error", "Your permission is needed", { oauth: "consent_required" }),
  interaction_required: kind(400, "invalid_request_error", "Your attention is needed", {
    oauth: "interaction_required",
  }),
  access_denied: kind(400, "invalid_request_error", "Access was not given", { oauth: "access_denied" }),
  // Sign-in by a code that is typed elsewhere (RFC 8628 §3.5).
  authorization_pending: kind(400, "invalid_request_error", "Nobody has answered yet", {
    oauth: "authorization_pending",
  }),
  slow_down: kind(400, "invalid_request_error", "That was asked too soon", { oauth: "slow_down" }),
  expired_token: kind(400, "invalid_request_error", "That code has expired", { oauth: "expired_token" }),
  // Registration of clients (RFC 7591 §3.2.2).
  invalid_client_metadata: kind(400, "invalid_request_error", "The app describes itself wrongly", {
    oauth: "invalid_client_metadata",
  }),
  invalid_redirect_uri: kind(400, "invalid_request_error", "The app may not return there", {
    oauth: "invalid_redirect_uri",
  }),
} as const satisfies Record<string, ErrorKind>

export type ErrorCode = keyof typeof ERRORS

/** What an error may carry to the client beside its message; every dialect shows what it can. */
export interface ErrorExtra {
  /** Offending parameter (OpenAI `param`). */
  param?: string
  /** Whole seconds; becomes `Retry-After`. */
  retryAfterSeconds?: number
  /** Further public members of the error object, such as `topup_url`, `balance`, `need`. */
  fields?: Record<string, unknown>
  /** Messages per form field, for 422 pages. */
  formErrors?: Record<string, string>
  headers?: Record<string, string>
}

/** An expected refusal. `message` is public, `detail` is for the log. */
export class AppError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly extra: ErrorExtra = {},
    readonly detail?: unknown,
  ) {
    super(message)
    this.name = "AppError"
  }
  get status(): number {
    return ERRORS[this.code].status
  }
  /** The registry row, widened so that optional members can be read. */
  get kind(): ErrorKind {
    return ERRORS[this.code]
  }
}

/** Throws an AppError unless the condition holds. */
export function ensure(condition: unknown, code: ErrorCode, message: string, extra?: ErrorExtra): asserts condition {
  if (!condition) throw new AppError(code, message, extra)
}

/** A programmer's error: an invariant that must hold. Never shown to a client. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`)
}

/** What is wrong, by field of a form; nothing = it is right. */
export type FieldProblems = Record<string, string | null | undefined>

/** @throws AppError validation_failed with what is wrong, field by field */
export function refuseFields(problems: FieldProblems): void {
  const wrong = Object.entries(problems).flatMap(([field, words]) => (words ? [[field, words] as const] : []))
  if (wrong.length === 0) return
  const words = wrong.length === 1 ? wrong[0]![1] : "Look at the marked fields again."
  throw new AppError("validation_failed", words, { formErrors: Object.fromEntries(wrong) })
}
