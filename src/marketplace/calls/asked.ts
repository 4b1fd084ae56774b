// What a request asks for, read from its head alone, before anything is looked up: whose key, which product, which path.
import { AppError, ensure, type KeyId, sha256Hex, type UserId } from "../../app/index.ts"
import { contextOf, HEADER_CHARS_MAX } from "../../http/index.ts"
import { isProductKey } from "./keys/rules.ts"
import { CALL_LIMITS as L } from "./limits.ts"
import { type CalledPath, pathBelowM, readPath, withoutKey } from "./path.ts"

export interface Asked extends CalledPath {
  requestId: string
  /** performance.now() at arrival. */
  startMs: number
  /** As it was sent: the router knows HEAD as GET. */
  method: string
  /** SHA-256 of the key; null: the caller is known already. */
  hash: string | null
  /** The key itself, so that nothing that holds it is passed on. */
  secret: string | null
  /** It stood in the query. */
  keyInUrl: boolean
  /** A key of the person on the page, which need not be sent. */
  as: InNameOf | null
  /** Of the body; null = it is not said. */
  declaredBytes: number | null
  hasBody: boolean
  ip(): string
}

/** A key that need not be sent: who calls is proven otherwise, which meets the key's own rules of addresses and signatures. */
export interface InNameOf {
  keyId: number
  /** Who calls, and by which key of the account: what is charged beside the plan counts against their limits. */
  caller: { userId: UserId; keyId: KeyId | null }
  /** By a program through a tool; else from a page of the console. */
  byTool?: boolean
  /** What is charged beside the plan is refused. */
  withinPlan?: boolean
}

export interface Forwarding {
  as?: InNameOf
}

/** What names the product, even when the rest cannot be read. */
export const productOf = (request: Request, ownHost: string | null): string | null =>
  /^\/m\/[a-z0-9-]{1,80}\/([a-z0-9-]{1,80})(\/|$)/.exec(pathBelowM(new URL(request.url), ownHost))?.[1] ?? null

/** @throws AppError api_key_missing, invalid_api_key, invalid_request, not_found, no_websocket, forbidden */
export function readAsked(request: Request, ownHost: string | null, { as }: Forwarding = {}): Asked {
  const context = contextOf(request)
  const url = new URL(request.url)
  refuseOddities(request)
  const called = readPath(pathBelowM(url, ownHost))
  if (!called)
    throw new AppError(
      "not_found",
      `There is no such API. Its address is ${ownHost === null ? "/m/ and " : ""}the names of publisher and API.`,
    )
  const { query, key } = withoutKey(url.search)
  const declared = request.headers.get("content-length")
  const method = context.method ?? request.method
  const hasBody = request.body !== null || (declared !== null && declared !== "0")
  ensure(
    !(hasBody && (method === "GET" || method === "HEAD")),
    "invalid_request",
    `A ${method} request has no body here. Put what it says into the query.`,
  )
  const secret = as ? null : keyOf(request, key)
  return {
    ...called,
    query,
    requestId: context.requestId,
    startMs: context.startMs,
    method,
    hash: secret === null ? null : sha256Hex(secret),
    secret,
    keyInUrl: !as && key !== null && secret === key,
    as: as ?? null,
    declaredBytes: declared === null ? null : Number(declared),
    hasBody,
    ip: () => context.ip,
  }
}

/** What a page of ours could be made to load from here as if it were ours: an API answers programs. */
const NEVER: ReadonlySet<string> = new Set([
  "script",
  "style",
  "worker",
  "sharedworker",
  "serviceworker",
  "audioworklet",
  "paintworklet",
  "iframe",
  "frame",
  "embed",
  "object",
  "xslt",
  "manifest",
])

function refuseOddities({ headers }: Request): void {
  if (headers.get("upgrade")?.toLowerCase() === "websocket")
    throw new AppError("no_websocket", "APIs are called over HTTP here. WebSockets are not passed on.")
  const isPart = NEVER.has(headers.get("sec-fetch-dest") ?? "") || headers.has("service-worker")
  ensure(!isPart, "forbidden", "An API cannot be loaded as a part of a page. Call it from a program.")
}

/** `Authorization: Bearer`, `x-api-key`, or the query, in this order. @throws AppError api_key_missing, invalid_api_key */
function keyOf({ headers }: Request, inQuery: string | null): string {
  const authorization = headers.get("authorization")
  const bearer =
    authorization === null ? null : (/^bearer +(\S+)$/i.exec(authorization.slice(0, HEADER_CHARS_MAX))?.[1] ?? "")
  const key = bearer ?? headers.get("x-api-key") ?? inQuery
  if (key === null)
    throw new AppError(
      "api_key_missing",
      "An API key is needed. Send it as `Authorization: Bearer api_live_…`, as `x-api-key`, or as `api_key` in the query.",
      { headers: { "www-authenticate": 'Bearer realm="product"' } },
    )
  if (key.length > L.keyCharsMax || !isProductKey(key))
    throw invalidKey("It is not whole: check that nothing is missing.")
  return key
}

export const invalidKey = (why: string): AppError =>
  new AppError("invalid_api_key", `This API key is not valid. ${why}`, {
    headers: { "www-authenticate": 'Bearer realm="product", error="invalid_token"' },
  })
