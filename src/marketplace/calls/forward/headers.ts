// Which headers pass, each way. To the publisher's server: nothing that names the caller's line, their cookies or their key, nothing that
// only concerns this hop (RFC 9110 §7.6.1), and nothing that we say ourselves. Back: nothing that speaks for this origin. Pure.
import { Lru } from "../../../app/index.ts"
import { CALL_LIMITS as L } from "../limits.ts"

const HOP = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-authentication-info",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]

/** Set here, or by the platform; or they tell what the publisher is not to know. */
const NOT_SENT: ReadonlySet<string> = new Set([
  ...HOP,
  "host",
  "content-length",
  "expect",
  "cookie",
  "cookie2",
  "authorization",
  "x-api-key",
  "forwarded",
  "via",
  "x-real-ip",
  "x-client-ip",
  "x-cluster-client-ip",
  "true-client-ip",
  "cf-connecting-ip",
  "fastly-client-ip",
  "x-request-id",
  "x-swap",
  "x-csrf-token",
  "x-signature",
  "x-signature-created",
  "x-signature-nonce",
])
/** `x-internal-*` and `x-original-*` mean something behind many gateways; `x-gateway-*` is ours. */
const NOT_SENT_START =
  /^(x-forwarded|x-internal|x-original|x-rewrite|x-gateway|proxy|sec-fetch|sec-websocket|cf-|x-amz-cf|x-envoy)[-_a-z0-9]*$/

const NOT_ANSWERED: ReadonlySet<string> = new Set([
  ...HOP,
  "content-length",
  "set-cookie",
  "set-cookie2",
  "server",
  "x-powered-by",
  "via",
  "date",
  "ratelimit",
  "ratelimit-policy",
  "ratelimit-limit",
  "ratelimit-remaining",
  "ratelimit-reset",
  "x-request-id",
  // These speak for an origin, and this origin is not theirs.
  "strict-transport-security",
  "public-key-pins",
  "clear-site-data",
  "alt-svc",
  "service-worker-allowed",
  "nel",
  "report-to",
  "reporting-endpoints",
  "origin-agent-cluster",
  "expect-ct",
  "content-security-policy",
  "content-security-policy-report-only",
  "x-content-type-options",
  "referrer-policy",
  "cross-origin-opener-policy",
  "cross-origin-embedder-policy",
  "cross-origin-resource-policy",
])
const NOT_ANSWERED_START =
  /^(access-control|x-ratelimit|x-rate-limit|x-quota|x-gateway|x-credits|x-internal|x-accel|proxy)[-_a-z0-9]*$/

/** Whether a name passes, remembered: programs send, and servers answer, the same few over and over. */
function remembering(passes: (name: string) => boolean): (name: string) => boolean {
  const known = new Lru<boolean>(NAMES_MAX)
  return (name) => {
    const before = known.get(name)
    if (before !== undefined) return before
    const now = passes(name)
    if (name.length <= NAME_CHARS_MAX) known.set(name, now)
    return now
  }
}
const NAMES_MAX = 2_000
const NAME_CHARS_MAX = 100

const isSent = remembering((name) => !NOT_SENT.has(name) && !NOT_SENT_START.test(name))
const isAnswered = remembering((name) => !NOT_ANSWERED.has(name) && !NOT_ANSWERED_START.test(name))

/** Names that `Connection` says are of this hop alone. */
function namedByConnection(headers: Headers): ReadonlySet<string> {
  const named = headers.get("connection")
  if (named === null) return NOTHING
  return new Set(
    named
      .toLowerCase()
      .split(",")
      .map((name) => name.trim()),
  )
}
const NOTHING: ReadonlySet<string> = new Set()

/** Keys of this gateway, whoever's: a page that was called with one in its address tells it as Referer, to whichever API is called next. */
const KEYS = /api_(?:live|test)_/

export interface Passing {
  /** The caller's key: nothing that holds it is passed on. */
  secret: string | null
  /** Known size of the body that follows. */
  bytes: number | null
}

/** In the order they came, at most so many. @param own what we say ourselves */
export function toUpstream(headers: Headers, { secret, bytes }: Passing, own: [string, string][]): [string, string][] {
  const hop = namedByConnection(headers)
  const sent: [string, string][] = []
  // All others of ours are never sent; a publisher may choose one that is.
  const extra = own.at(-1)![0].toLowerCase()
  for (const [name, value] of headers) {
    const isKept = isSent(name) && !hop.has(name) && name !== extra
    if (!isKept || (secret !== null && value.includes(secret)) || KEYS.test(value)) continue
    if (sent.length >= L.headersMax) break
    sent.push([name, value])
  }
  // The platform would name what it can decode itself, for a caller who asked for nothing of it.
  if (!headers.has("accept-encoding")) sent.push(["accept-encoding", "identity"])
  if (!headers.has("user-agent")) sent.push(["user-agent", "purser"])
  if (bytes !== null) sent.push(["content-length", String(bytes)])
  sent.push(...own)
  return sent
}

/** What an answer of the API says for itself. Whatever it is, it is no page of this origin. */
export function fromUpstream(headers: Headers): Headers {
  const hop = namedByConnection(headers)
  // A copy costs a third less than twenty names given one by one.
  const passed = new Headers(SEALED_OFF)
  for (const [name, value] of headers) if (isAnswered(name) && !hop.has(name)) passed.set(name, value)
  const via = headers.get("via")
  if (via) passed.set("via", `${via.slice(0, 500)}, ${VIA}`)
  return passed
}

export const VIA = "1.1 purser"
/** A browser shows it without scripts, forms and cookies of this origin (CSP sandbox), and takes it for what it says it is. */
const SEALED_OFF = new Headers({
  via: VIA,
  "x-content-type-options": "nosniff",
  // The address may hold the key.
  "referrer-policy": "no-referrer",
  "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "*",
})
