// What every call does, streamed or not: ask one candidate after the other until one answers, and say what came of it.
import { AppError, type Log } from "../../app/index.ts"
import type { Made, TokenUsage } from "../../pricing/index.ts"
import { believedUsage } from "../charge/believed-usage.ts"
import { failedOutcome } from "../charge/charged.ts"
import { estimatedUsage } from "../estimates.ts"
import { GATEWAY_LIMITS } from "../limits.ts"
import { asOwner } from "../personal/failed.ts"
import { UpstreamFailure, type UsageReport } from "../providers/index.ts"
import type { HeldCall, Outcome, Quote } from "../types.ts"
import { asFailure, type Deadlines } from "./deadlines.ts"
import type { Meter } from "./meter.ts"

/**
 * Fallback is allowed until one candidate answers, and as long as somebody still waits. Candidates that may not be called by
 * now, or that the caller cannot pay for, are passed over. @throws Unanswered
 */
export async function firstToAnswer<T>(
  log: Log,
  held: HeldCall,
  deadlines: Deadlines,
  attempt: (quote: Quote) => Promise<T>,
): Promise<T> {
  const { quotes, requestId } = held.call
  const { attempts } = held
  const failed: Unanswered[] = []
  for (const quote of quotes) {
    const startMs = performance.now()
    if (!held.covers(quote) && !(await isCovered(held, quote, deadlines))) continue
    if (!attempts.begin(quote)) continue
    const before = failed.at(-1)
    if (before) {
      const { code, detail } = before.failure.error
      log.warn("gateway.fell_back", { request: requestId, upstream: before.quote.upstream.name, code, error: detail })
      deadlines.restart()
    }
    try {
      return await attempt(quote)
    } catch (thrown) {
      if (held.isSettled) throw thrown
      const said = asFailure(thrown, deadlines)
      const failure = deadlines.stopped ? said : asOwner(quote, said)
      if (deadlines.stopped !== "client_gone" && deadlines.stopped !== "cut") attempts.failed(said)
      failed.push(new Unanswered(quote, failure, startMs))
      const isOver = deadlines.stopped !== null && !deadlines.isSilent
      if (!failure.mayFallBack || isOver || deadlines.hasLeft) break
    }
  }
  throw failed.length === 0 ? nobodyAsked(held) : soonest(failed)
}

/** The same for answers that come in pieces, whose call is settled where nobody answers. @throws AppError */
export async function openFirst(
  log: Log,
  held: HeldCall,
  deadlines: Deadlines,
  settlement: { record(outcome: Outcome): Promise<unknown> },
  open: (quote: Quote) => Promise<void>,
): Promise<void> {
  try {
    await firstToAnswer(log, held, deadlines, open)
  } catch (thrown) {
    if (!(thrown instanceof Unanswered)) throw asFailure(thrown, deadlines).error
    await settlement.record(unansweredOutcome(thrown, deadlines, true))
    throw thrown.failure.error
  }
  held.attempts.answered()
}

/** Holds more for a dearer candidate. @returns false: its caller cannot pay for it. @throws Unanswered when the caller may no longer call */
async function isCovered(held: HeldCall, quote: Quote, deadlines: Deadlines): Promise<boolean> {
  try {
    return await held.cover(quote)
  } catch (error) {
    throw new Unanswered(quote, asFailure(error, deadlines), performance.now())
  }
}

/** Between the choice and the call others came first. */
const nobodyAsked = ({ call, attempts }: HeldCall): Unanswered =>
  new Unanswered(call.quotes[0]!, new UpstreamFailure(attempts.noneFree(call.quotes), false), performance.now())

/** The last failure; where it says when to come again, the soonest of all that said so. */
function soonest(failed: readonly Unanswered[]): Unanswered {
  const last = failed.at(-1)!
  const { error } = last.failure
  if (error.code !== "provider_overloaded" || failed.length === 1) return last
  const waits = failed.map(({ failure }) => failure.error.extra.retryAfterSeconds ?? Number.POSITIVE_INFINITY)
  const extra = { ...error.extra, retryAfterSeconds: Math.min(...waits) }
  const told = new UpstreamFailure(new AppError(error.code, error.message, extra, error.detail), false)
  return new Unanswered(last.quote, told, last.sentMs)
}

/** Nobody answered; who was asked last. */
export class Unanswered extends Error {
  constructor(
    readonly quote: Quote,
    readonly failure: UpstreamFailure,
    readonly sentMs: number,
  ) {
    super(failure.message)
  }
}

/** What a call without an answer is charged: nothing; but its input, when it was the client that left. */
export function unansweredOutcome(
  { quote, failure, sentMs }: Unanswered,
  deadlines: Deadlines,
  stream: boolean,
): Outcome {
  if (deadlines.stopped !== "client_gone") {
    return failedOutcome(quote, failure.error, deadlines.stopped === "timeout" ? "timeout" : "failed")
  }
  const { leaving } = quote.upstream.provider
  const runsOn = (stream ? leaving.stream : leaving.whole) === "runs-on"
  const seconds = (performance.now() - sentMs) / 1_000
  // It is made and billed there, unseen.
  const unseen = quote.isOfKnownSize
    ? quote.outputTokensMax
    : Math.round(seconds * GATEWAY_LIMITS.unseenTokensPerSecond)
  return {
    quote,
    answeredModel: null,
    usage: {
      ...estimatedUsage(quote.inputTokens(), runsOn ? Math.min(unseen, quote.outputTokensMax) : 0),
      ...(runsOn && quote.made ? { made: quote.made } : {}),
    },
    costPico: null,
    source: "estimated",
    status: 499,
    errorCode: null,
    end: "client_gone",
    firstTokenMs: null,
  }
}

/**
 * What an answer used: each half as reported, or by estimate where the report is missing, absurd, or says that nothing was made
 * beside what we saw. An estimate is never more than the hold was made for.
 * @param isPart it was cut short: reports that grow with the answer (Gemini's) may be far behind it
 */
export function usageOf(
  quote: Quote,
  meter: Meter,
  isPart = false,
): Pick<Outcome, "source" | "costPico"> & { usage: TokenUsage } {
  const report = meter.report && believedUsage(meter.report, quote.mostUsage)
  const said = report?.output ?? null
  const isBehind = isPart && said !== null && said.outputTokens * 2 < meter.leastTokens
  const output = isBehind || (said?.outputTokens === 0 && meter.hasProduced) ? null : said
  const input = report?.input ?? null
  const outputTokens = Math.min(meter.outputTokens, quote.outputTokensMax)
  const counted = madeOf(quote, meter)
  // What is paid one by one was counted here; servers that do so rarely report anything.
  if (counted && !report?.input && !report?.output)
    return {
      usage: { ...estimatedUsage(0, 0), made: counted },
      source: counted.unit === "second" && report?.seconds === undefined ? "estimated" : "reported",
      costPico: null,
    }
  const made = { outputTokens, reasoningTokens: 0, outputAudioTokens: Math.min(meter.audioTokens, outputTokens) }
  return {
    usage: {
      ...estimatedUsage(input ? 0 : quote.inputTokens(), 0),
      ...input,
      ...(output ?? made),
      ...(report?.isStandardTier ? { serviceTier: "standard" } : {}),
      ...searchesOf(quote, report),
      ...(counted ? { made: counted } : {}),
    },
    source: input && output ? "reported" : "estimated",
    // Zero is a figure, too: what servers say that do not know.
    costPico: input && output ? (report?.costPico ?? null) : null,
  }
}

/** Never more than was asked for, and so held; but a recording is as long as it is, whatever its head says. */
const madeOf = ({ made }: Quote, { pictures, report }: Meter): Made | null => {
  if (!made) return null
  const { likely = made.count, most = made.count } = made
  if (made.unit === "second") return { ...made, count: Math.min(report?.seconds ?? likely, Math.max(most, made.count)) }
  const count = made.unit === "image" ? pictures : (report?.searches ?? made.count)
  return { ...made, count: Math.min(count, made.count) }
}

/** Searches that the price list has a price for; others the operator is told of, by `faultsOf`. */
const searchesOf = ({ price }: Quote, report: UsageReport | null): Pick<TokenUsage, "webSearches"> => {
  const { webSearches = 0 } = report ?? {}
  return webSearches > 0 && price.units?.webSearch !== undefined ? { webSearches } : {}
}

function faultsOf({ price, mostUsage }: Quote, report: UsageReport): readonly string[] {
  const { webSearches = 0, faults } = believedUsage(report, mostUsage)
  if (webSearches === 0 || price.units?.webSearch !== undefined) return faults
  return [...faults, `${webSearches} searches on the web, which have no price`]
}

/** For the operator: an answer that ended well and was charged by estimate (upstreams that never report show here), or by an odd report. */
export function noteEstimate(log: Log, requestId: string, outcome: Outcome, { report }: Meter): void {
  if (outcome.end !== "done") return
  const { upstream, model } = outcome.quote
  if (outcome.source !== "estimated") {
    const faults = report ? faultsOf(outcome.quote, report) : []
    if (faults.length > 0) {
      log.warn("gateway.usage_odd", { request: requestId, upstream: upstream.name, model, faults: faults.join("; ") })
    }
    return
  }
  log.warn("gateway.usage_estimated", {
    request: requestId,
    upstream: upstream.name,
    model,
    faults: report ? faultsOf(outcome.quote, report).join("; ") || "no output beside an answer" : "no report",
  })
}
