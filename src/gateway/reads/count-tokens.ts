// How many tokens a question of Anthropic's dialect comes to: asked of the provider where it counts for nothing, else by our estimate.
// Never charged, and so allowed without a balance; but asked of the same people, for the same models, and limited.
import { AppError, limiter } from "../../app/index.ts"
import { type RequestContext, readDecoded } from "../../http/index.ts"
import { authenticate, requireScope } from "../admit.ts"
import { quotesFor } from "../charge/quote.ts"
import { checkCount, messages } from "../dialects/messages/index.ts"
import type { MessagesRequest } from "../dialects/messages/request.ts"
import { answerV1, CORS } from "../envelope.ts"
import { GATEWAY_LIMITS } from "../limits.ts"
import { UpstreamFailure, utf8 } from "../providers/index.ts"
import { asGiven } from "../routing/select.ts"
import { type CallDeps, refuse } from "../run/call.ts"
import type { Caller, Quote } from "../types.ts"

const RULE: limiter.WindowRule = {
  kind: "window",
  name: "count",
  window: "minute",
  limit: GATEWAY_LIMITS.countsPerMinute,
}

export function createCounter(deps: CallDeps): (request: Request) => Promise<Response> {
  const states = new limiter.MemoryStates(GATEWAY_LIMITS.counterKeysMax)
  return (request) =>
    answerV1(deps.log, request, (_, context) => countOf(deps, states, request, context), messages.error)
}

async function countOf(
  deps: CallDeps,
  states: limiter.MemoryStates,
  request: Request,
  context: RequestContext,
): Promise<Response> {
  const { endpoint, scope } = messages
  let requested = ""
  const refused = (caller: Caller, error: AppError) =>
    refuse(deps, caller, context, { endpoint, scope, requested, stream: false }, error)
  const caller = await authenticate(deps, request, refused)
  try {
    requireScope(caller, scope, deps)
    limit(states, caller, deps.clock.now())
    const body = await checkCount(request, `user:${caller.userId}`)
    requested = body.model
    const conversation = () => messages.conversation(body)
    const demand = { ...messages.estimate(body), thinking: null }
    // An estimate answers for a provider that rests.
    const quoting = { ...deps, router: asGiven, ring: null }
    const [quote] = quotesFor(quoting, caller, { name: messages.name, demand, conversation }, deps.clock.now())
    const input_tokens = (await askedOf(deps, quote!, body, request.signal)) ?? quote!.inputTokens()
    return Response.json({ input_tokens }, { headers: headersOf(context.requestId) })
  } catch (error) {
    if (error instanceof AppError) refused(caller, error)
    throw error
  }
}

const headersOf = (requestId: string): Record<string, string> => ({
  ...CORS,
  ...messages.headers?.(requestId),
  "x-request-id": requestId,
  "cache-control": "no-store",
})

function limit(states: limiter.MemoryStates, { userId }: Caller, nowMs: number): void {
  const decision = limiter.decide(states, [{ key: `user:${userId}`, rule: RULE }], nowMs)
  if (decision.admitted) return
  const seconds = ((decision.retryAtMs ?? nowMs) - nowMs) / 1_000
  throw new AppError("rate_limit_exceeded", `At most ${RULE.limit} questions a minute are counted. Wait a little.`, {
    retryAfterSeconds: seconds,
  })
}

/** What the provider's count takes; what only an answer needs is left out. */
const COUNTED = ["messages", "system", "tools", "tool_choice", "thinking", "output_config", "cache_control"]

/** @returns null where the provider does not count, or cannot now. @throws AppError for what it says is the caller's fault */
async function askedOf(
  { timeouts }: CallDeps,
  { upstream, wire, model }: Quote,
  body: MessagesRequest,
  left: AbortSignal,
): Promise<number | null> {
  const fields = messages.fields(body)
  const endpoint = upstream.provider.countTokens?.(upstream.account, { fields, conversation: null })
  if (!endpoint || wire.name !== messages.name) return null
  const counted = Object.entries(fields).filter(([name]) => COUNTED.includes(name))
  try {
    const response = await upstream.fetch(endpoint.url, {
      method: "POST",
      headers: endpoint.headers,
      body: JSON.stringify({ model, ...Object.fromEntries(counted) }),
      signal: AbortSignal.any([left, AbortSignal.timeout(timeouts.testMs)]),
      redirect: "manual",
      decompress: false,
    })
    const text = utf8(await readDecoded(response, GATEWAY_LIMITS.refusalBytesMax))
    if (response.ok) return tokensIn(text)
    const { apiKey } = upstream.account
    throw wire.refusal({ status: response.status, headers: response.headers, body: text, apiKey }).failure
  } catch (error) {
    if (error instanceof UpstreamFailure && error.error.status < 500) throw error.error
    return null
  }
}

function tokensIn(text: string): number | null {
  const { input_tokens } = JSON.parse(text) as { input_tokens?: unknown }
  return Number.isSafeInteger(input_tokens) && (input_tokens as number) >= 0 ? (input_tokens as number) : null
}
