// POST /v1/chat/completions: admit, check, quote, then `charged`. A refusal of a known caller leaves a row with charge 0.
import { AppError } from "../app/index.ts"
import { type RequestContext, readJson } from "../http/index.ts"
import { authenticate, requireScope } from "./admit.ts"
import { type ChargedDeps, charged } from "./charged.ts"
import { fitToHold, type QuoteDeps, quoteChat } from "./quote.ts"
import type { RelayDeps } from "./relay.ts"
import { runStream } from "./stream.ts"
import type { Caller, GatewayDeps } from "./types.ts"
import { runUnary } from "./unary.ts"
import { checkChat } from "./validate.ts"

export type ChatDeps = ChargedDeps & RelayDeps & QuoteDeps & Pick<GatewayDeps, "clock">

const SCOPE = "llm"

export async function chatCompletions(deps: ChatDeps, request: Request, context: RequestContext): Promise<Response> {
  const caller = await authenticate(deps, request)
  // Names nobody serves stay out of the rows: callers could fill the roll-up with them.
  let model = "unknown"
  let isStream = false
  let isHeld = false
  try {
    requireScope(caller, SCOPE, deps.baseUrl)
    const body = checkChat(await readJson(request, { owner: `user:${caller.claims.userId}` }))
    // From here on the gateway's own deadlines are the only clock; strangers never come so far.
    context.server?.timeout(request, 0)
    isStream = body.stream === true
    const quotes = quoteChat(deps, caller, body, deps.clock.now())
    model = body.model
    return await charged(deps, {
      requestId: context.requestId,
      startMs: context.startMs,
      caller,
      kind: "chat",
      scope: SCOPE,
      model,
      stream: isStream,
      quotes,
      run: (held) => {
        isHeld = true
        fitToHold(deps.pricing, quotes, body, held.heldNano)
        return isStream ? runStream(deps, held, body, request) : runUnary(deps, held, body)
      },
    })
  } catch (error) {
    // Calls that had a hold have their row from the settle.
    if (error instanceof AppError && !isHeld) refuse(deps, caller, context, error, model, isStream)
    throw error
  }
}

function refuse(
  deps: ChatDeps,
  caller: Caller,
  context: RequestContext,
  error: AppError,
  model: string,
  stream: boolean,
): void {
  deps.usage.recordRefused({
    publicId: context.requestId,
    mode: caller.mode,
    userId: caller.claims.userId,
    clientId: caller.claims.clientId,
    developerId: caller.developer?.id ?? null,
    kind: "chat",
    scope: SCOPE,
    model,
    stream,
    status: error.status,
    latencyMs: Math.round(performance.now() - context.startMs),
    errorCode: error.code,
  })
}
