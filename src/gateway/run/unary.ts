// A call whose answer is one document. When the client leaves, the upstream is stopped where that stops its bill; else the answer is
// awaited a little longer, because its report is exact, and then given up: an abandoned call must not lock its credits.
import type { Log } from "../../app/index.ts"
import { BodyReadError, readDecoded } from "../../http/index.ts"
import type { Charge, TokenUsage } from "../../pricing/index.ts"
import { documentOf } from "../charge/once.ts"
import type { Dialect, Question } from "../dialects/dialect.ts"
import { GATEWAY_LIMITS, type Timeouts } from "../limits.ts"
import { type Conversation, lostAnswer, utf8 } from "../providers/index.ts"
import type { HeldCall, Outcome, Quote } from "../types.ts"
import { ask } from "./ask.ts"
import { firstToAnswer, noteEstimate, Unanswered, unansweredOutcome, usageOf } from "./attempts.ts"
import { asFailure, Deadlines } from "./deadlines.ts"
import { Meter } from "./meter.ts"
import { keepsOne, withOneCall } from "./one-call.ts"
import { named } from "./public-name.ts"
import { requestFor } from "./request.ts"
import type { Watch } from "./watch.ts"

export interface RunDeps {
  watch: Watch
  timeouts: Timeouts
  log: Log
  /** What such usage would cost, for marks. */
  chargeOf: (quote: Quote, usage: TokenUsage) => Charge
}

/** A checked question, and the signal that its client left. */
export interface Asked<Body extends Question> {
  dialect: Dialect<Body>
  body: Body
  /** For another wire than the dialect's own; made once. */
  conversation(): Conversation
  signal: AbortSignal
  /** A stream's closing comment with the charge is wanted; some parsers choke on comments. */
  tellsCharge: boolean
}

export async function runUnary<Body extends Question>(
  deps: RunDeps,
  held: HeldCall,
  asked: Asked<Body>,
): Promise<Response> {
  const deadlines = new Deadlines(held.call.requestId, deps.timeouts, true)
  let present = held.call.quotes[0]!
  const leave = () => {
    // Whoever named the call comes back for its answer: it is made to the end.
    if (held.call.once) return
    if (present.upstream.provider.leaving.whole === "stops") deadlines.stop("client_gone")
    else deadlines.leave(deps.timeouts.abandonedMs)
  }
  asked.signal.addEventListener("abort", leave, { once: true })
  if (asked.signal.aborted) leave()
  deps.watch.add(deadlines)
  try {
    return await firstToAnswer(deps.log, held, deadlines, (quote) => {
      present = quote
      return answerOf(deps, held, quote, asked, deadlines)
    })
  } catch (thrown) {
    if (!(thrown instanceof Unanswered)) throw thrown
    await held.settle(unansweredOutcome(thrown, deadlines, false))
    throw thrown.failure.error
  } finally {
    deps.watch.remove(deadlines)
    asked.signal.removeEventListener("abort", leave)
  }
}

async function answerOf<Body extends Question>(
  deps: RunDeps,
  held: HeldCall,
  quote: Quote,
  asked: Asked<Body>,
  deadlines: Deadlines,
): Promise<Response> {
  const { dialect, body } = asked
  const { requestId } = held.call
  const request = requestFor(asked, quote, false)
  const isNative = request.question.fields !== null
  const response = await ask(quote, request, deadlines)
  const frame = quote.wire.decodeWhole(await textOf(response, deadlines), !isNative)
  held.attempts.answered()
  const meter = new Meter()
  meter.take(frame)
  const outcome: Outcome & { usage: TokenUsage } = {
    ...usageOf(quote, meter),
    quote,
    answeredModel: meter.model,
    status: 200,
    errorCode: null,
    end: "done",
    firstTokenMs: null,
  }
  noteEstimate(deps.log, requestId, outcome, meter)
  const said = keepsOne(request, quote.wire) ? withOneCall(frame) : frame
  const told = named({ ...said, model: said.model ?? quote.model }, quote.sale?.name ?? null)
  const whole = () => dialect.whole(body, told, isNative, requestId)
  const early = held.call.once ? await answeredEarly(deps, held, outcome, whole) : null
  const receipt = await held.settle(outcome)
  const late = early ?? whole()
  return documentOf(late instanceof Promise ? await late : late, requestId, receipt, held.call.headers?.(requestId))
}

/**
 * What a repeat will get is sealed with the settle, so it is made before. What was made is owed, also when it cannot be told, and when
 * the process dies before the settle: an answer that is kept first (its write is queued behind the mark) is one that was paid for.
 */
async function answeredEarly(
  deps: RunDeps,
  held: HeldCall,
  outcome: Outcome & { usage: TokenUsage },
  whole: () => string | Promise<string>,
): Promise<string> {
  try {
    const made = whole()
    if (made instanceof Promise) held.mark(deps.chargeOf(outcome.quote, outcome.usage))
    outcome.answer = await made
    return outcome.answer
  } catch (error) {
    await held.settle(outcome)
    throw error
  }
}

/** The upstream said 200: whatever is lost now was made, and is billed there. @throws UpstreamFailure */
async function textOf(response: Response, deadlines: Deadlines): Promise<string> {
  try {
    return utf8(await readDecoded(response, GATEWAY_LIMITS.answerBytesMax))
  } catch (error) {
    if (deadlines.stopped) throw asFailure(error, deadlines)
    throw lostAnswer(error, !(error instanceof BodyReadError && error.why === "too_large"))
  }
}
