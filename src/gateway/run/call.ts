// One charged call of any dialect: admit, check, quote, then `charged`. A refusal of a known caller is counted.
import { AppError } from "../../app/index.ts"
import type { RequestContext } from "../../http/index.ts"
import type { RefusedCall } from "../../usage/index.ts"
import { authenticate, requireScope } from "../admit.ts"
import { askedCache, CACHE_HEADER, isCacheable } from "../cache/asked.ts"
import type { Switches } from "../cache/switches.ts"
import type { ChargedDeps } from "../charge/charged.ts"
import { askedOnce } from "../charge/once.ts"
import type { QuoteDeps } from "../charge/quote.ts"
import { beginTrace, endRefused } from "../charge/traced.ts"
import type { Dialect, Question } from "../dialects/dialect.ts"
import { answerV1 } from "../envelope.ts"
import { answerWithTools } from "../rounds/index.ts"
import type { ToolPort } from "../rounds/types.ts"
import type { Caller, GatewayDeps } from "../types.ts"
import type { AdmissionDeps } from "./admission.ts"
import { chargeBody, type Posed } from "./charge-body.ts"
import type { RelayDeps } from "./relay.ts"

export type CallDeps = AdmissionDeps &
  ChargedDeps &
  RelayDeps &
  QuoteDeps &
  Pick<GatewayDeps, "clock" | "oauth" | "keys" | "plans" | "tracer"> & {
    switches: Pick<Switches, "ofCaller">
    /** What runs the tools of groups; null until somebody has some. */
    hosted: { port: ToolPort | null }
  }

export const answerCall = <Body extends Question>(
  deps: CallDeps,
  dialect: Dialect<Body>,
  request: Request,
  /** Who asks, where a page knows; default: whom the request proves. */
  known?: Caller,
): Promise<Response> =>
  answerV1(deps.log, request, (_, context) => callOf(deps, dialect, request, context, known), dialect.error)

async function callOf<Body extends Question>(
  deps: CallDeps,
  dialect: Dialect<Body>,
  request: Request,
  context: RequestContext,
  known?: Caller,
): Promise<Response> {
  const { endpoint, scope } = dialect
  const asked = { endpoint, scope, requested: "", stream: false }
  let isHeld = false
  const trace = deps.tracer ? beginTrace(deps.tracer, request, context) : null
  const caller =
    known ?? (await authenticate(deps, request, (proven, error) => refuse(deps, proven, context, asked, error)))
  try {
    requireScope(caller, scope, deps)
    const once = askedOnce(request)
    const wanted = askedCache(request, deps.switches.ofCaller(caller))
    const body = await dialect.check(request, `user:${caller.userId}`, caller)
    // From here on the gateway's own deadlines are the only clock; strangers never come so far.
    if (!known) context.server?.timeout(request, 0)
    asked.stream = body.stream
    asked.requested = body.model
    const cache = wanted && isCacheable(endpoint, body) ? wanted : null
    const say = (state: string) => {
      context.answerHeaders = { ...context.answerHeaders, [CACHE_HEADER]: state }
    }
    if (wanted && !cache) say("bypass")
    const posed: Posed = {
      requestId: context.requestId,
      startMs: context.startMs,
      caller,
      once,
      trace,
      signal: request.signal,
      tellsCharge: request.headers.get(CHARGE_COMMENT) !== "off",
      cache,
      onCache: say,
      onHeld() {
        isHeld = true
      },
    }
    return await (body.groups?.length ? answerWithTools : chargeBody)(deps, dialect, body, posed)
  } catch (error) {
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
  context: Pick<RequestContext, "requestId" | "startMs">,
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
