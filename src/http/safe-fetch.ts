// Fetches a URL that a person gave (webhooks, imports, pictures): the one way to do so. The name is resolved once, every address
// of it judged, and the connection goes to the address that was judged (DNS rebinding), while TLS still proves the name.
// Redirects are answers, never followed; bytes are counted decoded; no error tells an address to whoever asked.
import { lookup } from "node:dns/promises"
import { isIP } from "node:net"
import { withoutTrailing } from "../app/index.ts"
import { allowing, type Classify, classifyAddress, type Verdict } from "./addresses.ts"
import { BodyReadError, readDecoded } from "./bounded.ts"

export interface SafeRequest {
  method?: "GET" | "HEAD" | "POST"
  headers?: Record<string, string>
  body?: string
  /** Decoded bytes of the answer. */
  bytesMax: number
  /** For everything: name, connection, answer. */
  deadlineMs: number
  signal?: AbortSignal
}

export interface SafeResponse {
  /** Any, 3xx included. */
  status: number
  headers: Headers
  bytes: Uint8Array
  text(): string
}

export type SafeFetch = (url: string, request: SafeRequest) => Promise<SafeResponse>

export type SafeFetchReason = "bad_url" | "blocked" | "unresolved" | "unreachable" | "too_slow" | "too_large" | "broken"

/** Words for whoever gave the URL; `detail` is for the log. */
export class SafeFetchError extends Error {
  override name = "SafeFetchError"
  constructor(
    readonly reason: SafeFetchReason,
    readonly detail?: unknown,
  ) {
    super(WORDS[reason])
  }
}

const WORDS: Record<SafeFetchReason, string> = {
  bad_url: "Enter an https address with a full host name and no user, password or unusual port.",
  blocked: "That address is not on the public internet.",
  unresolved: "That host name is not known.",
  unreachable: "That server cannot be reached, or its certificate is not for that name.",
  too_slow: "That server took too long.",
  too_large: "The answer of that server is too large.",
  broken: "The answer of that server cannot be read.",
}

export interface SafeFetchDeps {
  /** Names that are this server itself. */
  ownHosts?: readonly string[]
  /** Addresses and ranges that an operator opens: any port, and http too. */
  allow?: readonly string[]
  /** Every address of a name; asked once a request. */
  resolve?: (host: string) => Promise<string[]>
  classify?: Classify
  /** A certificate authority of one's own. */
  ca?: string
}

const PORTS = new Set(["", "443", "8443"])
const METHODS = new Set(["GET", "HEAD", "POST"])
/** Set here alone: they decide where a request goes, how it ends, and what comes back. */
const OWN_HEADERS = new Set(["host", "connection", "content-length", "transfer-encoding", "accept-encoding", "upgrade"])
/** Names that mean this machine or its network wherever they are resolved (RFC 6761, 6762, 8375; metadata of clouds). */
const LOCAL_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|localdomain|home\.arpa|test|invalid|onion)$/

export function createSafeFetch(deps: SafeFetchDeps = {}): SafeFetch {
  const open = createOpener(deps)
  return async (text, request) => {
    const startMs = performance.now()
    const signal = AbortSignal.any([
      AbortSignal.timeout(request.deadlineMs),
      ...(request.signal ? [request.signal] : []),
    ])
    try {
      if (!METHODS.has(request.method ?? "GET")) throw new SafeFetchError("bad_url", request.method)
      const response = await open(text, { ...request, signal })
      const leftMs = Math.max(1, request.deadlineMs - (performance.now() - startMs))
      const bytes = await readDecoded(response, request.bytesMax, { deadlineMs: leftMs })
      return { status: response.status, headers: response.headers, bytes, text: () => new TextDecoder().decode(bytes) }
    } catch (error) {
      throw asSafeFetchError(error, signal)
    }
  }
}

interface Opened {
  method?: string
  headers?: Record<string, string>
  body?: string
  signal: AbortSignal
  /** What the answer may be packed by; default gzip, which whoever reads it has to count unpacked. */
  encoding?: "gzip" | "identity"
}

/** The request itself, once its address was judged; its answer is not read yet. Of this folder alone: whoever reads has to bound. */
export function createOpener(deps: SafeFetchDeps): (text: string, request: Opened) => Promise<Response> {
  const { resolve = everyAddress, classify = classifyAddress, ownHosts = [], allow = [], ca } = deps
  const verdictOf = allowing(allow, classify)
  return async (text, { method = "GET", headers, body, signal, encoding = "gzip" }) => {
    const url = targetOf(text)
    refuseLocalName(hostOf(url), ownHosts, allow.length > 0)
    const address = await pinned(url, resolve, verdictOf, signal)
    return fetch(addressed(url, address), {
      method,
      headers: { ...headersOf(url, headers), "accept-encoding": encoding },
      ...(body === undefined ? {} : { body }),
      redirect: "manual",
      // Decoded by readDecoded, which counts.
      decompress: false,
      // A pooled connection is one whose address nobody judged for this request.
      keepalive: false,
      signal,
      tls: { ...(isIP(hostOf(url)) === 0 ? { serverName: hostOf(url) } : {}), ...(ca ? { ca } : {}) },
    })
  }
}

/** The URL when its spelling is one we ask. @throws SafeFetchError bad_url */
export function targetOf(text: string): URL {
  if (text.length > 2_048 || !URL.canParse(text)) throw new SafeFetchError("bad_url")
  const url = new URL(text)
  if (!["https:", "http:"].includes(url.protocol)) throw new SafeFetchError("bad_url", url.protocol)
  if (url.username || url.password || hostOf(url).length > 253) throw new SafeFetchError("bad_url")
  return url
}

/**
 * Names that need no resolver to be judged; a second fence before the addresses. Where an operator opens addresses of their
 * network they mean its names too, and the addresses alone decide.
 */
export function refuseLocalName(host: string, ownHosts: readonly string[], hasNamed: boolean): void {
  if (isIP(host) !== 0) return
  const isLocal = !host.includes(".") || LOCAL_NAME.test(host)
  if (ownHosts.includes(host) || (isLocal && !hasNamed)) throw new SafeFetchError("blocked", host)
}

/** Without brackets and without the dots that end a full name. */
export const hostOf = (url: URL): string => withoutTrailing(url.hostname.replace(/^\[|\]$/g, ""), ".")

/** The one address to connect to. @throws SafeFetchError when any address of the name is not to be reached */
export async function pinned(
  url: URL,
  resolve: (host: string) => Promise<string[]>,
  verdictOf: (address: string) => Verdict,
  signal: AbortSignal,
): Promise<string> {
  const host = hostOf(url)
  const addresses = isIP(host) === 0 ? await untilAborted(resolve(host), signal) : [host]
  const [first] = addresses
  if (first === undefined) throw new SafeFetchError("unresolved", host)
  const verdicts = addresses.map(verdictOf)
  // One private address among public ones is a trap for whoever asks twice.
  if (verdicts.includes("blocked")) throw new SafeFetchError("blocked", { host, addresses })
  const isNamed = verdicts.every((verdict) => verdict === "named")
  if (!isNamed && (url.protocol !== "https:" || !PORTS.has(url.port))) throw new SafeFetchError("bad_url", url.port)
  return addresses.find((address) => isIP(address) === 4) ?? first
}

export const everyAddress = async (host: string): Promise<string[]> =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address)

export async function untilAborted<T>(resolving: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const stop = () => reject(new SafeFetchError("too_slow"))
  signal.addEventListener("abort", stop, { once: true })
  try {
    return await Promise.race([resolving, promise])
  } catch (error) {
    throw error instanceof SafeFetchError ? error : new SafeFetchError("unresolved", error)
  } finally {
    signal.removeEventListener("abort", stop)
  }
}

const addressed = (url: URL, address: string): string => `${originAt(url, address)}${url.pathname}${url.search}`

/** Scheme and port of the URL, at the address. */
export function originAt({ protocol, port }: URL, address: string): string {
  const host = isIP(address) === 6 ? `[${address}]` : address
  return `${protocol}//${host}${port ? `:${port}` : ""}`
}

function headersOf(url: URL, given: Record<string, string> = {}): Record<string, string> {
  const own = Object.entries(given).filter(([name]) => !OWN_HEADERS.has(name.toLowerCase()))
  const host = hostOf(url)
  const name = isIP(host) === 6 ? `[${host}]` : host
  return { ...Object.fromEntries(own), host: url.port ? `${name}:${url.port}` : name }
}

export function asSafeFetchError(error: unknown, signal: AbortSignal): SafeFetchError {
  if (error instanceof SafeFetchError) return error
  // An answer that is cut by our own deadline is not broken.
  if (signal.aborted) return new SafeFetchError("too_slow", error)
  return error instanceof BodyReadError
    ? new SafeFetchError(error.why, error.cause)
    : new SafeFetchError("unreachable", error)
}
