// A call that memory admitted: what it took, what it takes in rows, and what it gives back. Released once, on every path.
import { type AppError, MINUTE_MS, SECOND_MS } from "../app/index.ts"
import type { Tx } from "../store/index.ts"
import { type Count, countsOf } from "./counts.ts"
import { type RateHeaders, rateHeaders, type Standing } from "./headers.ts"
import type { Hits } from "./hits.ts"
import { KINDS, secondsUntil, spanOf } from "./kinds.ts"
import { longest, type Met, refusalOf } from "./refusal.ts"
import type { Tally } from "./tally.ts"
import type { Bound, HeaderStyle, Limit, LimitKind } from "./types.ts"

/** A bound with what is counted of it in memory; null where nothing is. */
export interface Entry {
  bound: Bound
  tally: Tally | null
}

/** A window in which something was counted as spent. */
export interface SpentAt {
  subject: string
  kind: LimitKind
  startMs: number
  endMs: number
}

/** What was counted as spent was not: its windows have it again, as far as they go on. */
export function giveBackIn(tx: Tx, places: readonly SpentAt[], chargedNano: number): void {
  for (const { subject, kind, startMs, endMs } of places) {
    if (endMs <= tx.now) continue
    const count = countsOf(tx).of(tx, subject, kind, { startMs, endMs })
    countsOf(tx).add(count, -Math.min(chargedNano, count.used), 0)
  }
}

export interface Taken {
  nowMs: number
  /** Reserved of the tokens of this minute. */
  tokens: number
  /** What was left of the answer, all choices together; null = as asked. */
  outputTokensMax: number | null
  /** Whether what is spent counts: test credits are no money of a person. */
  spends: (bound: Bound) => boolean
  style: HeaderStyle
}

export class Ticket {
  private isReleased = false
  private isUndone = false
  private isSpendNoted = false
  private tokensUsed = 0
  /** Of limits on what is spent, committed. */
  private readonly held = new Map<Limit, { count: Count; amountNano: number }>()
  /** By limit, so that a mutation that runs again says it again. */
  private readonly inRows = new Map<Limit, Standing>()

  constructor(
    private readonly entries: readonly Entry[],
    private readonly taken: Taken,
    private readonly now: () => number,
    private readonly hits: Pick<Hits, "note">,
  ) {}

  /** The most output that the limits on tokens leave, all choices together; null = as much as was asked for. */
  get outputTokensMax(): number | null {
    return this.taken.outputTokensMax
  }

  /** How its limits stand. Nothing where nothing is limited. */
  headers(): RateHeaders {
    const nowMs = this.now()
    return rateHeaders([...standingsOf(this.entries, nowMs), ...this.inRows.values()], nowMs, this.taken.style)
  }

  /** Counts the request in its windows of an hour or more. @throws AppError rate_limit_exceeded, which undoes the body */
  admitIn(tx: Tx): void {
    const met: Met[] = []
    this.isUndone = false
    for (const { bound } of this.entries)
      for (const limit of bound.requests) {
        const count = countOf(tx, bound, limit)
        const isFull = count.used + 1 > limit.amount
        if (!isFull) countsOf(tx).add(count, 1, 0)
        this.stands(bound, limit, count)
        if (!isFull) continue
        const waitSeconds = limit.amount === 0 ? null : secondsUntil(count.span.endMs, tx.now)
        met.push({ scope: bound.scope, limit, waitSeconds })
      }
    if (met.length === 0) return
    // All or nothing: shorter windows that admitted it give it back.
    this.isUndone = true
    for (const { limit } of met) this.hits.note(limit.ruleId, tx.now)
    throw refusalOf(longest(met), this.headers())
  }

  /** n$ that may be held for this call; infinite where no spend is limited. */
  roomIn(tx: Tx): number {
    let roomNano = Number.POSITIVE_INFINITY
    if (!this.isSpending) return roomNano
    for (const { bound, limit } of this.spendLimits()) roomNano = Math.min(roomNano, this.roomOf(tx, bound, limit))
    return Math.max(0, roomNano)
  }

  /** For a call that needs more than there is room for. */
  spendRefusedIn(tx: Tx, leastNano: number): AppError {
    const met: Met[] = []
    for (const { bound, limit } of this.spendLimits()) {
      if (this.roomOf(tx, bound, limit) >= leastNano) continue
      const { span } = KINDS[limit.kind]
      const never = span === "total" || limit.amount < leastNano
      const waitSeconds = never ? null : secondsUntil(spanOf(span, tx.now).endMs, tx.now)
      met.push({ scope: bound.scope, limit, waitSeconds })
    }
    if (!this.isSpendNoted) for (const { limit } of met) this.hits.note(limit.ruleId, tx.now)
    this.isSpendNoted = true
    this.isUndone = true
    return refusalOf(longest(met), this.headers())
  }

  /** Holds so much of every limit on what is spent; again to hold more. The caller asked `roomIn` in this body. */
  reserveIn(tx: Tx, amountNano: number): void {
    // A cheaper candidate found room where a dearer one had none.
    this.isUndone = false
    if (!this.isSpending) return
    for (const { bound, limit } of this.spendLimits()) {
      const count = this.spendCount(tx, bound, limit)
      countsOf(tx).add(count, 0, amountNano)
      tx.afterCommit(() => {
        const before = this.held.get(limit)?.amountNano ?? 0
        this.held.set(limit, { count, amountNano: before + amountNano })
      })
    }
  }

  /** Spends at once what holds nothing before. The caller asked `roomIn` in this body. */
  spendIn(tx: Tx, chargedNano: number): void {
    this.spendNamedIn(tx, chargedNano)
  }

  /** The same, for what may be given back long after: it names where it was counted. */
  spendNamedIn(tx: Tx, chargedNano: number): SpentAt[] {
    this.isUndone = false
    return this.spendLimits().map(({ bound, limit }) => {
      const count = this.spendCount(tx, bound, limit)
      countsOf(tx).add(count, chargedNano, 0)
      const { subject, kind, span } = count
      return { subject, kind, startMs: span.startMs, endMs: span.endMs }
    })
  }

  /** Turns what was held into what was spent, in the windows of the hold. Twice changes nothing. */
  settleIn(tx: Tx, { tokens, chargedNano }: { tokens: number; chargedNano: number }): void {
    this.tokensUsed = tokens
    if (this.held.size === 0) return
    const counts = countsOf(tx)
    for (const { count, amountNano } of this.held.values())
      counts.add(counts.of(tx, count.subject, count.kind, count.span), chargedNano, -amountNano)
    tx.afterCommit(() => this.held.clear())
  }

  /** The call is over. Tokens are set right in their minute: what was not used is free again, and a call that was never asked used none. */
  release(): void {
    if (this.isReleased) return
    this.isReleased = true
    const { nowMs, tokens } = this.taken
    for (const { tally } of this.entries) {
      if (tally === null) continue
      tally.running--
      if (tally.minute === Math.floor(nowMs / MINUTE_MS)) {
        tally.tokens = Math.max(0, tally.tokens + this.tokensUsed - tokens)
        if (this.isUndone) tally.inMinute--
      }
      if (this.isUndone && tally.second === Math.floor(nowMs / SECOND_MS)) tally.inSecond--
    }
  }

  private get isSpending(): boolean {
    return this.entries.some(({ bound }) => bound.spend.length > 0)
  }

  private spendLimits(): { bound: Bound; limit: Limit }[] {
    const { spends } = this.taken
    const counting = this.entries.filter(({ bound }) => bound.spend.length > 0 && spends(bound))
    return counting.flatMap(({ bound }) => bound.spend.map((limit) => ({ bound, limit })))
  }

  /** A call belongs to the window of its hold, also when it holds more in the next. */
  private spendCount(tx: Tx, bound: Bound, limit: Limit): Count {
    const held = this.held.get(limit)?.count
    return held ? countsOf(tx).of(tx, held.subject, held.kind, held.span) : spendCountOf(tx, bound, limit)
  }

  private roomOf(tx: Tx, bound: Bound, limit: Limit): number {
    const { used, held } = this.spendCount(tx, bound, limit)
    return limit.amount - used - held
  }

  private stands({ scope }: Bound, limit: Limit, { span, used }: Count): void {
    const remaining = Math.max(0, limit.amount - used)
    this.inRows.set(limit, { scope, kind: limit.kind, limit: limit.amount, remaining, endMs: span.endMs })
  }
}

const countOf = (tx: Tx, { subject }: Bound, { kind }: Limit): Count =>
  countsOf(tx).of(tx, subject, kind, spanOf(KINDS[kind].span, tx.now))

/** With what was spent in its window before there was a limit. */
function spendCountOf(tx: Tx, bound: Bound, limit: Limit): Count {
  const count = countOf(tx, bound, limit)
  countsOf(tx).catchUp(tx, count, bound.of, limit.sinceMs)
  return count
}

/** What is counted in memory, at that moment. */
export function standingsOf(entries: readonly Entry[], nowMs: number): Standing[] {
  const standings: Standing[] = []
  const minuteEndMs = spanOf("minute", nowMs).endMs
  for (const { bound, tally } of entries) {
    if (tally === null) continue
    tally.turn(nowMs)
    const add = (limit: Limit | null, used: number, endMs: number | null) => {
      if (!limit) return
      const { kind, amount } = limit
      standings.push({ scope: bound.scope, kind, limit: amount, remaining: Math.max(0, amount - used), endMs })
    }
    add(bound.second, tally.inSecond, spanOf("second", nowMs).endMs)
    add(bound.minute, tally.inMinute, minuteEndMs)
    add(bound.tokens, tally.tokens, minuteEndMs)
    add(bound.concurrent, tally.running, null)
  }
  return standings
}
