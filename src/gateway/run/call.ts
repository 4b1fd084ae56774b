// One charged call of any dialect: admit, check, quote, then `charged`. A refusal of a known caller is counted.
import { AppError, lazily } from "../../app/index.ts"
import type { RequestContext } from "../../http/index.ts"
import type { Ticket } from "../../limits/index.ts"
import type { RefusedCall } from "../../usage/index.ts"
import { authenticate, requireScope } from "../admit.ts"
import { type ChargedDeps, charged } from "../charge/charged.ts"
import { fitToHold } from "../charge/fit.ts"
import { askedOnce } from "../charge/once.ts"
import { type QuoteDeps, quotesFor } from "../charge/quote.ts"
import { beginTrace, endRefused } from "../charge/traced.ts"
import type { Dialect, Question } from "../dialects/dialect.ts"
import { answerV1 } from "../envelope.ts"
import type { Caller, GatewayDeps } from "../types.ts"
import { type AdmissionDeps, admit, withinLimits } from "./admission.ts"
import type { RelayDeps } from "./relay.ts"
import { runStream } from "./stream.ts"
import { runUnary } from "./unary.ts"

export type CallDeps = AdmissionDeps &
  ChargedDeps &
  RelayDeps &
  QuoteDeps &
  Pick<GatewayDeps, "clock" | "oauth" | "keys" | "plans" | "tracer">

export const answerCall = <Body extends Question>(
  deps: CallDeps,
  dialect: Dialect<Body>,
  request: Request,
): Promise<Response> =>
  answerV1(deps.log, request, (_, context) => callOf(deps, dialect, request, context), dialect.error)

async function callOf<Body extends Question>(
  deps: CallDeps,
  dialect: Dialect<Body>,
  request: Request,
  context: RequestContext,
): Promise<Response> {
  const { endpoint, scope } = dialect
  const asked = { endpoint, scope, requested: "", stream: false }
  let isHeld = false
  let ticket: Ticket | null = null
  const trace = deps.tracer ? beginTrace(deps.tracer, request, context) : null
  const caller = await authenticate(deps, request, (known, error) => refuse(deps, known, context, asked, error))
  try {
    requireScope(caller, scope, deps)
    const once = askedOnce(request)
    const body = await dialect.check(request, `user:${caller.userId}`, caller)
    // From here on the gateway's own deadlines are the only clock; strangers never come so far.
    context.server?.timeout(request, 0)
    const { stream, model } = body
    asked.stream = stream
    asked.requested = model
    const conversation = lazily(() => dialect.conversation(body))
    const demand = dialect.estimate(body)
    const admitted = admit(deps, caller, dialect, body, demand)
    ticket = admitted
    const wanted = { name: dialect.name, demand: withinLimits(demand, admitted), conversation }
    const quotes = quotesFor(deps, caller, wanted, deps.clock.now())
    return await charged(deps, {
      requestId: context.requestId,
      startMs: context.startMs,
      caller,
      endpoint,
      scope,
      model,
      stream,
      choices: body.choices,
      quotes,
      once,
      ticket: admitted,
      trace,
      headers: (callId) => ({ ...dialect.headers?.(callId), ...admitted.headers() }),
      run: (held) => {
        isHeld = true
        fitToHold(quotes.slice(0, 1), body.choices, held.heldNano)
        const tellsCharge = request.headers.get(CHARGE_COMMENT) !== "off"
        const run = { dialect, body, conversation, signal: request.signal, tellsCharge }
        return stream ? runStream(deps, held, run) : runUnary(deps, held, run)
      },
    })
  } catch (error) {
    ticket?.release()
    // Calls that had a hold are charged, also at 0.
    if (error instanceof AppError && !isHeld) {
      if (trace) endRefused(trace, context.requestId, error)
      refuse(deps, caller, context, asked, error)
    }
    throw error
  }
}

/** Request header: `off` leaves out the comment that closes a stream. */
const CHARGE_COMMENT = "x-credits-comment"

export function refuse(
  deps: Pick<CallDeps, "resolver" | "usage" | "clock">,
  caller: Caller,
  context: RequestContext,
  call: Pick<RefusedCall, "endpoint" | "scope" | "requested" | "stream">,
  error: AppError,
): void {
  const isKnown = deps.resolver.isServed(call.requested)
  deps.usage.recordRefused({
    publicId: context.requestId,
    atMs: deps.clock.now(),
    mode: caller.mode,
    userId: caller.userId,
    clientId: caller.clientId,
    keyId: caller.keyId,
    endpoint: call.endpoint,
    scope: call.scope,
    requested: call.requested,
    // Names nobody serves stay out of the counts: callers could fill them with rows.
    model: isKnown ? call.requested : "",
    stream: call.stream,
    status: error.status,
    errorCode: error.code,
    latencyMs: Math.round(performance.now() - context.startMs),
  })
}
