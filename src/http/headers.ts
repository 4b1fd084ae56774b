// Reads request headers: comma lists, media types, bearer tokens. Every reading is one pass over the text, and of bounded
// text: headers are a stranger's to write (RFC 9110 §5.6, RFC 6750 §2.1).
import { AppError } from "../app/index.ts"

/** No header that we read has a use for more; a longer one counts as not sent. */
export const HEADER_CHARS_MAX = 8_192
/** Members of a list that are looked at. */
const LIST_MEMBERS_MAX = 100

/** Members of a comma-separated list, trimmed, without empty ones. */
export function listOf(header: string | null): string[] {
  if (header === null || header.length > HEADER_CHARS_MAX) return []
  return header
    .split(",", LIST_MEMBERS_MAX)
    .map((member) => member.trim())
    .filter((member) => member !== "")
}

/** The media type of a body in lower case, without its parameters; null when the request names none. */
export function mediaType(request: Request): string | null {
  const header = request.headers.get("content-type")
  if (header === null || header.length > HEADER_CHARS_MAX) return header === null ? null : ""
  const end = header.indexOf(";")
  return (end < 0 ? header : header.slice(0, end)).trim().toLowerCase()
}

/**
 * The token of `Authorization: Bearer`; other places (query, cookies) are never looked at, they end up in logs.
 * @throws AppError token_missing, token_invalid
 */
export function bearerToken(request: Request): string {
  const header = request.headers.get("authorization")
  if (header === null)
    throw new AppError("token_missing", "A token is needed. Send it as `Authorization: Bearer …`.", {
      headers: { "www-authenticate": "Bearer" },
    })
  const match = header.length > HEADER_CHARS_MAX ? null : /^bearer +([\w.~+/-]+=*)$/i.exec(header)
  if (match) return match[1]!
  throw new AppError("token_invalid", "The Authorization header is not `Bearer` and a token.", {
    headers: { "www-authenticate": 'Bearer error="invalid_token"' },
  })
}

const SMALL_D = 100

/**
 * The token of `Authorization: DPoP` (RFC 9449 §7.1); null for any other scheme.
 * @throws AppError token_invalid
 */
export function dpopToken(request: Request): string | null {
  const header = request.headers.get("authorization")
  // Asked with every call, of which nearly all begin with another letter.
  if (header === null || (header.charCodeAt(0) | 32) !== SMALL_D || !/^dpop /i.test(header)) return null
  const match = header.length > HEADER_CHARS_MAX ? null : /^dpop +([\w.~+/-]+=*)$/i.exec(header)
  if (match) return match[1]!
  throw new AppError("token_invalid", "The Authorization header is not `DPoP` and a token.")
}

/** What the SDKs of Anthropic send in place of `Authorization`. */
const KEY_HEADER = "x-api-key"

/** Whether a program says who it is; what it says is read by `credentialOf`. */
export const hasCredential = (request: Request): boolean =>
  request.headers.has("authorization") || request.headers.has(KEY_HEADER)

/**
 * An API key or a token: `Authorization: Bearer`, or, where that is not sent, `x-api-key`.
 * @throws AppError token_missing, token_invalid
 */
export function credentialOf(request: Request): string {
  if (request.headers.has("authorization")) return bearerToken(request)
  const key = request.headers.get(KEY_HEADER)
  if (key === null)
    throw new AppError(
      "token_missing",
      "An API key or an access token is needed. Send it as `Authorization: Bearer …`.",
    )
  if (key.length <= HEADER_CHARS_MAX && /^[\w.~+/-]+=*$/.test(key)) return key
  throw new AppError("token_invalid", "The x-api-key header is neither an API key nor a token.")
}
