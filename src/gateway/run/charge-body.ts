// A checked question of a known caller: admitted by limits, quoted, and charged. One road for a call as its caller sent it, and for each
// round of a call whose tools run here.
import { lazily } from "../../app/index.ts"
import type { CallTrace } from "../../observe/index.ts"
import { type CacheAsked, placeOf } from "../cache/asked.ts"
import { chargedHit } from "../cache/hit.ts"
import { foundIn, keeping } from "../cache/keep.ts"
import { charged } from "../charge/charged.ts"
import { fitToHold } from "../charge/fit.ts"
import { quotesFor } from "../charge/quote.ts"
import type { Demand, Dialect, Question } from "../dialects/dialect.ts"
import type { AskedOnce, Caller, HeldCall } from "../types.ts"
import { admit, withinLimits } from "./admission.ts"
import type { CallDeps } from "./call.ts"
import { runFile } from "./file.ts"
import { runStream } from "./stream.ts"
import { runUnary } from "./unary.ts"

/** Whose question it is, and what is known of it beside its body. */
export interface Posed {
  requestId: string
  startMs: number
  caller: Caller
  once: AskedOnce | null
  trace: CallTrace | null
  /** Its client left. */
  signal: AbortSignal
  tellsCharge: boolean
  /** Null: it is neither looked for in the cache nor kept there. */
  cache: CacheAsked | null
  /** Told what became of that. */
  onCache(state: "hit" | "miss"): void
  /** From here on it is a call that the books know. */
  onHeld(held: HeldCall): void
}

/** @throws AppError */
export async function chargeBody<Body extends Question>(
  deps: CallDeps,
  dialect: Dialect<Body>,
  body: Body,
  posed: Posed,
): Promise<Response> {
  try {
    return await chargeAdmitted(deps, dialect, body, posed)
  } catch (error) {
    body.upload?.discard()
    throw error
  }
}

async function chargeAdmitted<Body extends Question>(
  deps: CallDeps,
  dialect: Dialect<Body>,
  body: Body,
  posed: Posed,
): Promise<Response> {
  const { caller, once, trace, requestId, startMs } = posed
  const { stream, model, choices } = body
  const { endpoint, scope, name, isTranslated } = dialect
  const conversation = lazily(() => dialect.conversation(body))
  const demand: Demand = dialect.estimate(body)
  const ticket = admit(deps, caller, dialect, body, demand)
  try {
    const wanted = { name, isTranslated, demand: withinLimits(demand, ticket), conversation }
    const quotes = quotesFor(deps, caller, wanted, deps.clock.now())
    const headers = (callId: string) => ({
      ...dialect.headers?.(callId),
      ...ticket.headers(),
      ...(stream || !body.answerType ? {} : { "content-type": body.answerType }),
    })
    const { signal, tellsCharge, cache } = posed
    const place = cache && { scopeHash: placeOf(cache, caller, endpoint, quotes), seconds: cache.seconds }
    const row = place && foundIn(deps.store.read, place, deps.clock.now())
    if (place) posed.onCache(row ? "hit" : "miss")
    const same = { requestId, startMs, caller, endpoint, scope, model, stream, once, ticket, headers }
    if (row) {
      // Only streams have comments, and answers that never stream have nobody to write them.
      const comment = stream ? dialect.framer(body, requestId).comment : String
      const response = await chargedHit(deps, { ...same, quote: quotes[0]!, row, tellsCharge, comment })
      trace?.end({ "purser.request_id": requestId, "purser.cache": "hit", "http.response.status_code": 200 }, null)
      return response
    }
    const response = await charged(deps, {
      ...same,
      choices,
      quotes,
      trace,
      onEnd: () => body.upload?.discard(),
      run: (held) => {
        posed.onHeld(held)
        fitToHold(quotes.slice(0, 1), choices, held.heldNano)
        const run = { dialect, body, conversation, signal, tellsCharge }
        if (body.fileType && !stream) return runFile(deps, held, run)
        return stream ? runStream(deps, held, run) : runUnary(deps, held, run)
      },
    })
    return place ? await keeping(deps, { requestId, caller, stream }, place, response) : response
  } catch (error) {
    ticket.release()
    throw error
  }
}
