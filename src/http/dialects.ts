// One AppError, told in the dialect of the endpoint that met it. Details never leave; they are logged.
import { type Static, Type as t } from "@sinclair/typebox"
import { AppError, type ErrorCode } from "../app/index.ts"

export type Dialect = "html" | "oauth" | "openai" | "anthropic" | "problem"

/** Which dialect a path speaks. */
export function dialectOf(path: string): Dialect {
  if (path === "/v1/messages" || path.startsWith("/v1/messages/")) return "anthropic"
  if (path.startsWith("/v1/") || path === "/v1") return "openai"
  if (["/api/", "/webhooks/", "/m/"].some((start) => path.startsWith(start))) return "problem"
  const oauth = [
    "/token",
    "/userinfo",
    "/revoke",
    "/introspect",
    "/par",
    "/register",
    "/device_authorization",
    "/.well-known/",
  ]
  return oauth.some((prefix) => path.startsWith(prefix)) ? "oauth" : "html"
}

/** Any thrown value as an AppError: what is not one of ours is `internal`, and says nothing. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  return new AppError(
    "internal",
    "Something failed on our side. Try again in a moment. If it fails again, tell the operator the request id.",
    {},
    error,
  )
}

/** Headers an error carries in every dialect. */
export function errorHeaders(error: AppError): Record<string, string> {
  const { retryAfterSeconds, headers } = error.extra
  const retry = error.kind.retry ?? mayRetry(error)
  return {
    "cache-control": "no-store",
    ...(retryAfterSeconds === undefined ? {} : { "retry-after": String(Math.max(1, Math.ceil(retryAfterSeconds))) }),
    "x-should-retry": String(retry),
    ...headers,
  }
}

/** SDKs sleep for whatever `Retry-After` says, with no bound: above a minute a person should decide. */
const RETRY_AFTER_SECONDS_MAX = 60
const TRANSIENT = new Set([408, 409, 429])

const mayRetry = ({ status, extra }: AppError): boolean =>
  (TRANSIENT.has(status) || status >= 500) && (extra.retryAfterSeconds ?? 0) <= RETRY_AFTER_SECONDS_MAX

/** OpenAI's error envelope; the official SDKs read `message`, `type`, `param` and `code`. Some codes add members of their own. */
export const ErrorEnvelope = t.Object({
  error: t.Object(
    {
      message: t.String({ description: "What is wrong and what to do, for people" }),
      type: t.String({ description: "OpenAI's kind of error" }),
      param: t.Union([t.String(), t.Null()], { description: "The field that is wrong" }),
      code: t.String({ description: "What programs decide by" }),
    },
    { additionalProperties: true },
  ),
})

export const openaiBody = (error: AppError): Static<typeof ErrorEnvelope> => ({
  error: {
    message: error.message,
    type: error.kind.openai,
    param: error.extra.param ?? null,
    code: error.code satisfies ErrorCode,
    ...error.extra.fields,
  },
})

/** Anthropic's error envelope. Its SDKs read `type`, `message` and `details.error_code`. */
export const AnthropicErrorEnvelope = t.Object({
  type: t.Literal("error"),
  error: t.Object({
    type: t.String({ description: "Anthropic's kind of error" }),
    message: t.String({ description: "What is wrong and what to do, for people" }),
    details: t.Object(
      { error_code: t.String({ description: "What programs decide by" }) },
      { additionalProperties: true, description: "`param`, `topup_url` and more, by the code" },
    ),
  }),
  request_id: t.String(),
})

const ANTHROPIC_TYPES: Readonly<Record<number, string>> = {
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  408: "timeout_error",
  413: "request_too_large",
  429: "rate_limit_error",
  504: "timeout_error",
}
const ANTHROPIC_OVERLOADED = 529
const isOverload = ({ code }: AppError): boolean => code === "overloaded" || code === "provider_overloaded"

/** Anthropic's SDKs know being busy by a status of its own. */
const anthropicStatus = (error: AppError): number => (isOverload(error) ? ANTHROPIC_OVERLOADED : error.status)

export function anthropicBody(error: AppError, requestId: string): Static<typeof AnthropicErrorEnvelope> {
  const { status, extra } = error
  const type = ANTHROPIC_TYPES[status] ?? (status < 500 ? "invalid_request_error" : "api_error")
  const { code, ...fields } = extra.fields ?? {}
  const named = extra.param === undefined ? {} : { param: extra.param }
  const details = { error_code: typeof code === "string" ? code : error.code, ...named, ...fields }
  const told = { type: isOverload(error) ? "overloaded_error" : type, message: error.message, details }
  return { type: "error", error: told, request_id: requestId }
}

/** RFC 6749 §5.2; the description keeps to the charset that the RFC allows. */
const oauthBody = (error: AppError): Record<string, string> => ({
  error: error.kind.oauth ?? "server_error",
  error_description: error.message.replaceAll('"', "'").replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, " "),
})

/** RFC 9457. */
const problemBody = (error: AppError, requestId: string): Record<string, unknown> => ({
  type: "about:blank",
  title: error.kind.title,
  status: error.status,
  detail: error.message,
  code: error.code,
  request_id: requestId,
  ...(error.extra.param === undefined ? {} : { param: error.extra.param }),
  ...error.extra.fields,
})

/** The error as a response of an API dialect. */
export function apiErrorResponse(error: AppError, dialect: Exclude<Dialect, "html">, requestId: string): Response {
  // API routes ignore cookies, so any origin may read their errors (DESIGN §6).
  const headers = {
    ...errorHeaders(error),
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "www-authenticate, dpop-nonce, retry-after, x-should-retry, x-request-id",
  }
  if (dialect === "problem") {
    return Response.json(problemBody(error, requestId), {
      status: error.status,
      headers: { ...headers, "content-type": "application/problem+json" },
    })
  }
  if (dialect === "anthropic") {
    return Response.json(anthropicBody(error, requestId), {
      status: anthropicStatus(error),
      headers: { ...headers, "request-id": requestId },
    })
  }
  const body = dialect === "openai" ? openaiBody(error) : oauthBody(error)
  return Response.json(body, { status: error.status, headers })
}
