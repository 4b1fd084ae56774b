// Admits calls or refuses them, by what is counted in memory. Synchronous from the first look to the last count: exact under any load of
// one process.
import type { Clock } from "../app/index.ts"
import type { Reader } from "../store/index.ts"
import { Bounds } from "./bounds.ts"
import { rateHeaders } from "./headers.ts"
import type { Hits } from "./hits.ts"
import { secondsUntil, spanOf } from "./kinds.ts"
import { LIMITER_LIMITS } from "./limits.ts"
import { longest, type Met, refusalOf, tooLarge } from "./refusal.ts"
import { Tallies, type Tally } from "./tally.ts"
import { type Entry, standingsOf, Ticket } from "./ticket.ts"
import type { Bound, Limit, LimitDemand, LimitSubject } from "./types.ts"

/** A call that waits for another one may come again at once; a second is the shortest that `Retry-After` can say. */
const BUSY_SECONDS = 1

interface Size {
  tokens: number
  /** Null: as asked. */
  outputTokensMax: number | null
}
const UNSIZED: Size = { tokens: 0, outputTokensMax: null }

export class Limiter {
  readonly bounds: Bounds
  readonly tallies: Tallies
  private latestMs = 0

  constructor(
    read: Reader,
    private readonly clock: Clock,
    private readonly hits: Hits,
    talliesMax: number = LIMITER_LIMITS.talliesMax,
  ) {
    this.bounds = new Bounds(read)
    this.tallies = new Tallies(talliesMax)
  }

  /** Never before a moment that was counted at: a clock that is set back opens no window a second time, it stands still until then. */
  readonly now = (): number => {
    this.latestMs = Math.max(this.latestMs, this.clock.now())
    return this.latestMs
  }

  /** @see Limits.admit */
  admit(subject: LimitSubject, demand: LimitDemand): Ticket {
    const nowMs = this.now()
    const bounds = this.bounds.of(subject)
    const size = sizeOf(bounds, demand)
    const entries = bounds.map((bound) => ({ bound, tally: this.tallyOf(bound, nowMs) }))
    const met = standingInTheWay(entries, size.tokens, nowMs)
    if (met.length > 0) {
      for (const { limit } of met) this.hits.note(limit.ruleId, nowMs)
      throw refusalOf(longest(met), rateHeaders(standingsOf(entries, nowMs), nowMs, demand.style ?? "openai"))
    }
    for (const { tally } of entries) if (tally) take(tally, size.tokens)
    const taken = { nowMs, ...size, spends: spendsOf(subject), style: demand.style ?? ("openai" as const) }
    return new Ticket(entries, taken, this.now, this.hits)
  }

  /** @see Limits.spending */
  spending(subject: LimitSubject): Ticket {
    const entries = this.bounds.of(subject).map((bound) => ({ bound, tally: null }))
    const taken = { nowMs: this.now(), ...UNSIZED, spends: spendsOf(subject), style: "openai" as const }
    return new Ticket(entries, taken, this.now, this.hits)
  }

  private tallyOf(bound: Bound, nowMs: number): Tally | null {
    const { second, minute, tokens, concurrent } = bound
    if (!second && !minute && !tokens && !concurrent) return null
    const tally = this.tallies.of(bound.subject, nowMs)
    tally.turn(nowMs)
    return tally
  }
}

const spendsOf =
  ({ mode }: LimitSubject) =>
  ({ scope }: Bound): boolean =>
    mode === "live" || scope === "key"

function take(tally: Tally, tokens: number): void {
  tally.inSecond++
  tally.inMinute++
  tally.tokens += tokens
  tally.running++
}

function standingInTheWay(entries: readonly Entry[], tokens: number, nowMs: number): Met[] {
  const met: Met[] = []
  for (const { bound, tally } of entries) {
    if (tally === null) continue
    const check = (limit: Limit | null, used: number, more: number, wait: () => number) => {
      if (!limit || used + more <= limit.amount) return
      met.push({ scope: bound.scope, limit, waitSeconds: more > limit.amount ? null : wait() })
    }
    check(bound.second, tally.inSecond, 1, () => secondsUntil(spanOf("second", nowMs).endMs, nowMs))
    check(bound.minute, tally.inMinute, 1, () => secondsUntil(spanOf("minute", nowMs).endMs, nowMs))
    check(bound.tokens, tally.tokens, tokens, () => secondsUntil(spanOf("minute", nowMs).endMs, nowMs))
    check(bound.concurrent, tally.running, 1, () => BUSY_SECONDS)
  }
  return met
}

/** What a call may come to, where tokens are limited. An answer whose maximum nobody named is shortened to what one request may have. */
function sizeOf(bounds: readonly Bound[], demand: LimitDemand): Size {
  if (!bounds.some(({ tokens, request }) => tokens || request)) return UNSIZED
  const inputTokens = demand.inputTokens()
  let output = demand.outputTokens
  const leastOutput = Math.min(1, output)
  for (const { scope, request, tokens } of bounds) {
    if (request) {
      const room = request.amount - inputTokens
      if (room < leastOutput) throw tooLarge({ scope, limit: request }, demand.promptParam, inputTokens)
      if (demand.isNamed && output > room) throw tooLarge({ scope, limit: request }, demand.param, inputTokens)
      output = Math.min(output, room)
    }
    if (tokens && !demand.isNamed) output = Math.min(output, Math.max(leastOutput, tokens.amount - inputTokens))
  }
  const outputTokensMax = output < demand.outputTokens ? output : null
  return { tokens: inputTokens + output, outputTokensMax }
}
