// Sends a request on to a server that a person named, both bodies as streams: safe-fetch's guard for whoever stands between two others.
// The name is resolved and every address of it judged; the connection goes to the judged address and TLS proves the name. Connections are
// kept for the next request to the same address and name. Redirects are answers; nothing is decoded.
import { isIP } from "node:net"
import { Lru } from "../app/index.ts"
import { allowing, classifyAddress } from "./addresses.ts"
import {
  addressed,
  everyAddress,
  hostOf,
  pinned,
  refuseLocalName,
  type SafeFetchDeps,
  SafeFetchError,
  type SafeFetchReason,
  targetOf,
} from "./safe-fetch.ts"

export interface ForwardRequest {
  method: string
  /** Without `host`, which is the URL's. */
  headers: [name: string, value: string][]
  body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null
  signal: AbortSignal
}

/** Answers with the head; the body is read by whoever asked, or cancelled. @throws ForwardError */
export type SafeForward = (url: string, request: ForwardRequest) => Promise<Response>

/** `detail` is for the log: it may hold addresses. */
export class ForwardError extends Error {
  override name = "ForwardError"
  constructor(
    readonly reason: SafeFetchReason,
    /** Somebody was connected to, and may have got the request or a part of it. */
    readonly reached: boolean,
    readonly detail?: unknown,
  ) {
    super(reason)
  }
}

/** How long the addresses of a name are believed: each of them was judged, and the connection goes to one of them. */
const NAMES_MS = 5_000
const NAMES_MAX = 10_000

/** What the platform says when nobody took the request: no connection, or no TLS over it. */
const UNREACHED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EADDRNOTAVAIL|EPROTO|ConnectionRefused|FailedToOpenSocket|ERR_TLS_\w+|ERR_SSL_\w+|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+|HOSTNAME_MISMATCH)$/

export function createSafeForward(deps: SafeFetchDeps = {}): SafeForward {
  const { classify = classifyAddress, ownHosts = [], allow = [], ca } = deps
  const verdictOf = allowing(allow, classify)
  const resolve = remembering(deps.resolve ?? everyAddress)

  return async (text, { method, headers, body, signal }) => {
    let address: string
    let url: URL
    try {
      url = targetOf(text)
      refuseLocalName(hostOf(url), ownHosts, allow.length > 0)
      address = await pinned(url, resolve, verdictOf, signal)
    } catch (error) {
      if (error instanceof SafeFetchError) throw new ForwardError(error.reason, false, error.detail)
      throw new ForwardError("unresolved", false, error)
    }
    const host = hostOf(url)
    const tls = { ...(isIP(host) === 0 ? { serverName: host } : {}), ...(ca ? { ca } : {}) }
    try {
      return await fetch(addressed(url, address), {
        method,
        headers: [...headers, ["host", hostHeader(url, host)]],
        ...(body === null ? {} : { body, ...(body instanceof ReadableStream ? { duplex: "half" as const } : {}) }),
        redirect: "manual",
        decompress: false,
        signal,
        tls,
      })
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : ""
      const isUnreached = UNREACHED.test(code)
      throw new ForwardError(isUnreached ? "unreachable" : "broken", !isUnreached, error)
    }
  }
}

function hostHeader(url: URL, host: string): string {
  const name = isIP(host) === 6 ? `[${host}]` : host
  return url.port ? `${name}:${url.port}` : name
}

/** One question for a name at a time, and its answer for a short while; what failed is asked again. */
function remembering(resolve: (host: string) => Promise<string[]>): (host: string) => Promise<string[]> {
  const known = new Lru<{ untilMs: number; addresses: Promise<string[]> }>(NAMES_MAX)
  return (host) => {
    const nowMs = performance.now()
    const hit = known.get(host)
    if (hit && hit.untilMs > nowMs) return hit.addresses
    const addresses = resolve(host)
    known.set(host, { untilMs: nowMs + NAMES_MS, addresses })
    addresses.catch(() => known.delete(host))
    return addresses
  }
}
