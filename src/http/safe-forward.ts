// Sends a request on to a server that a person named, both bodies as streams: safe-fetch's guard for whoever stands between two others.
// The name is resolved and every address of it judged; the connection goes to the judged address and TLS proves the name. Connections are
// kept for the next request to the same address and name. Redirects are answers; nothing is decoded.
import { isIP } from "node:net"
import { Lru } from "../app/index.ts"
import { allowing, classifyAddress } from "./addresses.ts"
import {
  everyAddress,
  hostOf,
  originAt,
  pinned,
  refuseLocalName,
  type SafeFetchDeps,
  SafeFetchError,
  type SafeFetchReason,
  targetOf,
  untilAborted,
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

/** How long the judged address of an origin is believed. */
const NAMES_MS = 5_000
const NAMES_MAX = 10_000

/** What the platform says when nobody took the request: no connection, or no TLS over it. */
const UNREACHED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EADDRNOTAVAIL|EPROTO|ConnectionRefused|FailedToOpenSocket|ERR_TLS_\w+|ERR_SSL_\w+|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+|HOSTNAME_MISMATCH)$/

export function createSafeForward(deps: SafeFetchDeps = {}): SafeForward {
  const placeOf = remembering(judging(deps))

  return async (text, { method, headers, body, signal }) => {
    let url: URL
    let place: Place
    try {
      url = targetOf(text)
      const known = placeOf(url)
      place = known instanceof Promise ? await untilAborted(known, signal) : known
    } catch (error) {
      if (error instanceof SafeFetchError) throw new ForwardError(error.reason, false, error.detail)
      throw new ForwardError("unresolved", false, error)
    }
    try {
      return await fetch(`${place.start}${url.pathname}${url.search}`, {
        method,
        headers: [...headers, ["host", place.host]],
        ...(body === null ? {} : { body, ...(body instanceof ReadableStream ? { duplex: "half" as const } : {}) }),
        redirect: "manual",
        decompress: false,
        signal,
        tls: place.tls,
      })
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : ""
      const isUnreached = UNREACHED.test(code)
      throw new ForwardError(isUnreached ? "unreachable" : "broken", !isUnreached, error)
    }
  }
}

/** Where requests to an origin go, judged. */
interface Place {
  /** Scheme, the judged address and the port. */
  start: string
  /** The header. */
  host: string
  tls: { serverName?: string; ca?: string }
}

/** Answers it as a promise where the name has to be asked for. @throws SafeFetchError */
function judging(deps: SafeFetchDeps): (url: URL) => Promise<Place> {
  const { resolve = everyAddress, classify = classifyAddress, ownHosts = [], allow = [], ca } = deps
  const verdictOf = allowing(allow, classify)
  return async (url) => {
    const host = hostOf(url)
    refuseLocalName(host, ownHosts, allow.length > 0)
    // Whoever waits for it stops waiting by itself: the answer is for the next one, too.
    const address = await pinned(url, resolve, verdictOf, new AbortController().signal)
    return {
      start: originAt(url, address),
      host: hostHeader(url, host),
      tls: { ...(isIP(host) === 0 ? { serverName: host } : {}), ...(ca ? { ca } : {}) },
    }
  }
}

function hostHeader(url: URL, host: string): string {
  const name = isIP(host) === 6 ? `[${host}]` : host
  return url.port ? `${name}:${url.port}` : name
}

/** One question for an origin at a time, and its answer for a short while; what failed is asked again. */
function remembering(judge: (url: URL) => Promise<Place>): (url: URL) => Place | Promise<Place> {
  const known = new Lru<{ untilMs: number; place: Place | Promise<Place> }>(NAMES_MAX)
  return (url) => {
    const { origin } = url
    const nowMs = performance.now()
    const hit = known.get(origin)
    if (hit && hit.untilMs > nowMs) return hit.place
    const coming = judge(url)
    const kept: { untilMs: number; place: Place | Promise<Place> } = { untilMs: nowMs + NAMES_MS, place: coming }
    known.set(origin, kept)
    coming.then(
      (place) => {
        kept.place = place
      },
      () => known.delete(origin),
    )
    return coming
  }
}
