// How /v1 answers: OpenAI's error envelope, CORS for any origin without credentials, request ids. Cookies are never read.
import { AppError, type Log } from "../app/index.ts"
import { apiErrorResponse, contextOf, type RequestContext, toAppError } from "../http/index.ts"
import { RATE_HEADER_NAMES } from "../limits/index.ts"
import { type Challenged, challengeOf } from "../oauth/index.ts"

const EXPOSED = [
  "x-request-id, request-id, x-credits-charged, x-credits-remaining, x-credits-held, x-should-retry, idempotent-replayed",
  "x-credits-cache, age",
  "retry-after, www-authenticate, dpop-nonce",
  ...RATE_HEADER_NAMES,
].join(", ")

/** On every answer of /v1, errors included: a browser app must be able to read why it was refused. */
export const CORS: Readonly<Record<string, string>> = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": EXPOSED,
}

export const preflight = (): Response =>
  new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET, POST, DELETE, OPTIONS",
      // `*` does not cover Authorization (Fetch standard), so it is named.
      "access-control-allow-headers": "authorization, *",
      "access-control-max-age": "86400",
    },
  })

/** JSON of a read route. */
export const v1Json = (body: unknown, requestId: string): Response =>
  Response.json(body, { headers: { ...CORS, "x-request-id": requestId, "cache-control": "no-store" } })

/** @param dialect what the route's SDKs understand */
export function v1Error(error: AppError, requestId: string, dialect: "openai" | "anthropic" = "openai"): Response {
  const response = apiErrorResponse(error, dialect, requestId)
  for (const name in CORS) response.headers.set(name, CORS[name]!)
  response.headers.set("x-request-id", requestId)
  return response
}

/**
 * Runs a /v1 handler; whatever it throws becomes the envelope, and only our own words leave.
 * @param tell how this route's callers expect errors
 */
export async function answerV1(
  log: Log,
  request: Request,
  run: (request: Request, context: RequestContext) => Response | Promise<Response>,
  tell: (error: AppError, requestId: string) => Response = v1Error,
): Promise<Response> {
  const context = contextOf(request)
  try {
    return await run(request, context)
  } catch (thrown) {
    const error = toAppError(thrown)
    if (error.status >= 500) {
      log.error("v1.failed", { request: context.requestId, code: error.code, error: error.detail ?? error.message })
    }
    return tell(error, context.requestId)
  }
}

/** How to get a token that would have worked, beside what the error says itself. */
export function challenge(error: AppError, apiUrl: string, more: Pick<Challenged, "scope" | "dpop"> = {}): AppError {
  const said = challengeOf(error, { origin: apiUrl, path: "/v1", ...more })
  if (said === null) return error
  const headers = { ...error.extra.headers, "www-authenticate": said }
  return new AppError(error.code, error.message, { ...error.extra, headers }, error.detail)
}
