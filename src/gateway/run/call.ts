// One charged call of any dialect: admit, check, quote, then `charged`. A refusal of a known caller leaves a row with charge 0.
import { AppError } from "../../app/index.ts"
import type { RequestContext } from "../../http/index.ts"
import { authenticate, requireScope } from "../admit.ts"
import { type ChargedDeps, charged } from "../charge/charged.ts"
import { fitToHold } from "../charge/fit.ts"
import { type QuoteDeps, quotesFor } from "../charge/quote.ts"
import type { Dialect, Question } from "../dialects/dialect.ts"
import type { Caller, GatewayDeps } from "../types.ts"
import type { RelayDeps } from "./relay.ts"
import { runStream } from "./stream.ts"
import { runUnary } from "./unary.ts"

export type CallDeps = ChargedDeps & RelayDeps & QuoteDeps & Pick<GatewayDeps, "clock">

export async function answerCall<Body extends Question>(
  deps: CallDeps,
  dialect: Dialect<Body>,
  request: Request,
  context: RequestContext,
): Promise<Response> {
  const caller = await authenticate(deps, request)
  const { kind, scope } = dialect
  // Names nobody serves stay out of the rows: callers could fill the roll-up with them.
  let model = "unknown"
  let stream = false
  let isHeld = false
  try {
    requireScope(caller, scope, deps.baseUrl)
    const body = await dialect.check(request, `user:${caller.claims.userId}`)
    // From here on the gateway's own deadlines are the only clock; strangers never come so far.
    context.server?.timeout(request, 0)
    stream = body.stream
    const quotes = quotesFor(deps, caller, dialect.estimate(body), deps.clock.now())
    model = body.model
    return await charged(deps, {
      requestId: context.requestId,
      startMs: context.startMs,
      caller,
      kind,
      scope,
      model,
      stream,
      quotes,
      run: (held) => {
        isHeld = true
        fitToHold(quotes, body.choices, held.heldNano)
        const asked = { dialect, body, signal: request.signal }
        return stream ? runStream(deps, held, asked) : runUnary(deps, held, asked)
      },
    })
  } catch (error) {
    // Calls that had a hold have their row from the settle.
    if (error instanceof AppError && !isHeld) {
      refuse(deps, caller, context, { kind, scope, model, stream }, error)
    }
    throw error
  }
}

function refuse(
  deps: CallDeps,
  caller: Caller,
  context: RequestContext,
  call: Pick<Parameters<typeof deps.usage.recordRefused>[0], "kind" | "scope" | "model" | "stream">,
  error: AppError,
): void {
  deps.usage.recordRefused({
    ...call,
    publicId: context.requestId,
    mode: caller.mode,
    userId: caller.claims.userId,
    clientId: caller.claims.clientId,
    developerId: caller.developer?.id ?? null,
    status: error.status,
    latencyMs: Math.round(performance.now() - context.startMs),
    errorCode: error.code,
  })
}
