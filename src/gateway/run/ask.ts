// One question to one upstream. Redirects are refused (they would carry the key away). Asked once more in three cases
// only, all free of a second bill: the server does not know one of our fields, gives less output than our maximum, or
// had closed the idle connection that we chose.
import { readDecoded } from "../../http/index.ts"
import type { CallTrace } from "../../observe/index.ts"
import { GATEWAY_LIMITS } from "../limits.ts"
import { type ModelRequest, type Quirk, utf8 } from "../providers/index.ts"
import type { Quote } from "../types.ts"
import { asFailure, type Deadlines } from "./deadlines.ts"

/** Each of our fields that a server may not know, and the maximum. */
const MENDS_MAX = 3

/** Where it is asked, and in whose words. */
type Asking = Pick<Quote, "upstream" | "wire">

/** @returns the response when its status is 2xx. @throws UpstreamFailure */
export async function ask(quote: Asking, request: ModelRequest, deadlines: Deadlines): Promise<Response> {
  const { traits } = quote.upstream
  const quirks = new Set(traits.quirks)
  let asked = request
  let ofModel: number | null = null
  for (let mends = 0; ; mends++) {
    const response = await send(quote, asked, quirks, deadlines)
    if (response.ok) {
      // Only what helped is remembered: a caller's own words in an error must not switch anything off for all.
      for (const quirk of quirks) traits.quirks.add(quirk)
      if (ofModel !== null) traits.outputMaxima.set(request.model, ofModel)
      return response
    }
    const { failure, without, outputMaximum } = await refusalOf(quote, response)
    deadlines.trace?.endPhase(failure.error.code)
    const shorter = outputMaximum ? shortened(asked, outputMaximum.tokens) : null
    const isNew = without !== undefined && !quirks.has(without) && (without !== "stream_options" || request.stream)
    if (mends === MENDS_MAX || (!shorter && !isNew)) throw failure
    if (isNew) quirks.add(without)
    if (shorter) asked = shorter
    if (shorter && outputMaximum?.ofModel) ofModel = outputMaximum.tokens
  }
}

/** With no more than so much output; null when no more was asked for. */
const shortened = (request: ModelRequest, tokens: number): ModelRequest | null =>
  request.maxTokens > tokens ? { ...request, maxTokens: tokens } : null

async function refusalOf({ wire, upstream }: Asking, response: Response) {
  const body = await readDecoded(response, GATEWAY_LIMITS.refusalBytesMax).then(utf8, () => "")
  const { status, headers } = response
  const refusal = wire.refusal({ status, headers, body, apiKey: upstream.account.apiKey })
  refusal.failure.status = status
  return refusal
}

/** A server that closes an idle connection resets at once; what takes longer may have been read, made and billed. */
const STALE_RESET_MS = 2_000

async function send(
  { upstream, wire }: Asking,
  request: ModelRequest,
  quirks: ReadonlySet<Quirk>,
  deadlines: Deadlines,
): Promise<Response> {
  const at = wire.endpoint(upstream.account, request, upstream.fetch)
  const { url, headers } = at instanceof Promise ? await at : at
  const traced = deadlines.trace && tracedHeaders(deadlines.trace, upstream.name, request, headers)
  const said = wire.encode(request, quirks)
  const form = typeof said === "string" ? null : said
  const init = {
    method: "POST" as const,
    headers: { ...(traced ?? headers), ...(form ? { "content-type": form.contentType } : {}) },
    body: typeof said === "string" ? said : said.stream(),
    ...(form ? { form } : {}),
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
      // A form that was begun is read, and is not sent twice.
      const mayBeStale = !form && upstream.traits.hasAnswered && performance.now() - sentMs < STALE_RESET_MS
      if (!mayBeStale || !isReset(error) || deadlines.stopped) throw error
      response = await upstream.fetch(url, { ...init, keepalive: false })
    }
    upstream.traits.hasAnswered = true
    deadlines.alive()
    return response
  } catch (error) {
    const failure = asFailure(error, deadlines)
    deadlines.trace?.endPhase(failure.error.code)
    throw failure
  }
}

/** The upstream's part of the trace goes on there. Its name is the operator's, the model what it is asked for. */
function tracedHeaders<H extends Readonly<Record<string, string>>>(
  trace: CallTrace,
  upstream: string,
  { model, stream }: ModelRequest,
  headers: H,
): H {
  const attributes = { "gen_ai.provider.name": upstream, "gen_ai.request.model": model, "gen_ai.stream": stream }
  return { ...headers, traceparent: trace.begin(`ask ${upstream}`, 3, attributes) }
}

const isReset = (error: unknown): boolean =>
  ["ECONNRESET", "EPIPE", "ConnectionClosed"].includes((error as { code?: string } | null)?.code ?? "")
