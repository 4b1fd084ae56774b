// One question to one upstream. Redirects are refused (they would carry the key away). Asked once more in two cases only, both free
// of a second bill: the server does not know one of our fields, or it had closed the idle connection that we chose.
import { readDecoded } from "../../http/index.ts"
import { GATEWAY_LIMITS } from "../limits.ts"
import { type ModelRequest, type Quirk, utf8 } from "../providers/index.ts"
import type { ReadyUpstream } from "../types.ts"
import { asFailure, type Deadlines } from "./deadlines.ts"

/** @returns the response when its status is 2xx. @throws UpstreamFailure */
export async function ask(upstream: ReadyUpstream, request: ModelRequest, deadlines: Deadlines): Promise<Response> {
  const { quirks } = upstream.traits
  const first = await send(upstream, request, quirks, deadlines)
  if (first.ok) return first
  const refusal = await refusalOf(upstream, first)
  const { without } = refusal
  if (!without || !request.stream || quirks.has(without)) throw refusal.failure
  const second = await send(upstream, request, new Set([...quirks, without]), deadlines)
  if (!second.ok) throw (await refusalOf(upstream, second)).failure
  // Only what helped is remembered: a caller's own words in an error must not switch anything off for all.
  quirks.add(without)
  return second
}

async function refusalOf({ provider, account }: ReadyUpstream, response: Response) {
  const body = await readDecoded(response, GATEWAY_LIMITS.refusalBytesMax).then(utf8, () => "")
  return provider.refusal({ status: response.status, headers: response.headers, body, apiKey: account.apiKey })
}

/** A server that closes an idle connection resets at once; what takes longer may have been read, made and billed. */
const STALE_RESET_MS = 2_000

async function send(
  upstream: ReadyUpstream,
  request: ModelRequest,
  quirks: ReadonlySet<Quirk>,
  deadlines: Deadlines,
): Promise<Response> {
  const { url, headers } = upstream.provider.endpoint(upstream.account, "chat")
  const init = {
    method: "POST" as const,
    headers,
    body: upstream.provider.encode(request, quirks),
    signal: deadlines.controller.signal,
    redirect: "manual" as const,
    decompress: false as const,
  }
  const sentMs = performance.now()
  try {
    let response: Response
    try {
      response = await upstream.fetch(url, init)
    } catch (error) {
      const mayBeStale = upstream.traits.hasAnswered && performance.now() - sentMs < STALE_RESET_MS
      if (!mayBeStale || !isReset(error) || deadlines.stopped) throw error
      response = await upstream.fetch(url, { ...init, keepalive: false })
    }
    upstream.traits.hasAnswered = true
    deadlines.alive()
    return response
  } catch (error) {
    throw asFailure(error, deadlines)
  }
}

const isReset = (error: unknown): boolean =>
  ["ECONNRESET", "EPIPE", "ConnectionClosed"].includes((error as { code?: string } | null)?.code ?? "")
