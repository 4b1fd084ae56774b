// POST /v1/chat/completions: admit, check, quote, then `charged`. A refusal of a known caller leaves a row with charge 0.
import { AppError } from "../../../app/index.ts"
import type { RequestContext } from "../../../http/index.ts"
import { authenticate, requireScope } from "../../admit.ts"
import { type ChargedDeps, charged } from "../../charge/charged.ts"
import { fitToHold } from "../../charge/fit.ts"
import { type QuoteDeps, quoteChat } from "../../charge/quote.ts"
import type { RelayDeps } from "../../run/relay.ts"
import { runStream } from "../../run/stream.ts"
import { runUnary } from "../../run/unary.ts"
import type { Caller, GatewayDeps } from "../../types.ts"
import { parseJson } from "../json.ts"
import { readText } from "../read.ts"
import { checkChat } from "./request.ts"

export type ChatDeps = ChargedDeps & RelayDeps & QuoteDeps & Pick<GatewayDeps, "clock">

const SCOPE = "llm"

export async function chatCompletions(deps: ChatDeps, request: Request, context: RequestContext): Promise<Response> {
  context.server?.timeout(request, 0)
  const caller = await authenticate(deps, request)
  // Names nobody serves stay out of the rows: callers could fill the roll-up with them.
  let model = "unknown"
  let isStream = false
  let isHeld = false
  try {
    requireScope(caller, SCOPE, deps.baseUrl)
    const body = checkChat(parseJson(await readText(request)))
    isStream = body.stream
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
        fitToHold(quotes, body.choices, held.heldNano)
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
