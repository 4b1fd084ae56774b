// A call that memory admitted: what it took, what it takes in rows, and what it gives back. Released once, on every path.
import { type AppError, MINUTE_MS, SECOND_MS } from "../app/index.ts"
import type { Tx } from "../store/index.ts"
import { type RateHeaders, rateHeaders, type Standing } from "./headers.ts"
import type { Hits } from "./hits.ts"
import { KINDS, secondsUntil, spanOf } from "./kinds.ts"
import { longest, type Met, refusalOf } from "./refusal.ts"
import { addCount, addHold, type CountRow, deleteHolds, findCount, holdsOf, insertCount } from "./store.ts"
import type { Tally } from "./tally.ts"
import type { Bound, HeaderStyle, Limit, Span } from "./types.ts"

/** A bound with what is counted of it in memory; null where nothing is. */
export interface Entry {
  bound: Bound
  tally: Tally | null
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
        const { span, row } = countOf(tx, bound, limit)
        const used = row?.used ?? 0
        const isFull = used + 1 > limit.amount
        this.stands(bound, limit, span, used + (isFull ? 0 : 1))
        if (isFull) {
          const waitSeconds = limit.amount === 0 ? null : secondsUntil(span.endMs, tx.now)
          met.push({ scope: bound.scope, limit, waitSeconds })
        } else takeIn(tx, bound, limit, { span, row }, { used: 1, held: 0 })
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
    for (const { bound, limit } of this.spendLimits()) roomNano = Math.min(roomNano, roomOf(tx, bound, limit))
    return Math.max(0, roomNano)
  }

  /** For a call that needs more than there is room for. */
  spendRefusedIn(tx: Tx, leastNano: number): AppError {
    const met: Met[] = []
    for (const { bound, limit } of this.spendLimits()) {
      if (roomOf(tx, bound, limit) >= leastNano) continue
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
  reserveIn(tx: Tx, callId: string, amountNano: number): void {
    // A cheaper candidate found room where a dearer one had none.
    this.isUndone = false
    for (const { bound, limit } of this.spendLimits()) {
      const countId = takeIn(tx, bound, limit, countOf(tx, bound, limit), { used: 0, held: amountNano })
      addHold(tx, callId, countId, amountNano)
    }
  }

  /** Turns what was held into what was spent, in the windows of the hold. Twice changes nothing. */
  settleIn(tx: Tx, callId: string, { tokens, chargedNano }: { tokens: number; chargedNano: number }): void {
    this.tokensUsed = tokens
    if (this.spendLimits().length > 0) settleHoldsIn(tx, callId, chargedNano)
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

  private spendLimits(): { bound: Bound; limit: Limit }[] {
    const { spends } = this.taken
    const counting = this.entries.filter(({ bound }) => bound.spend.length > 0 && spends(bound))
    return counting.flatMap(({ bound }) => bound.spend.map((limit) => ({ bound, limit })))
  }

  private stands({ scope }: Bound, limit: Limit, { endMs }: Span, used: number): void {
    const remaining = Math.max(0, limit.amount - used)
    this.inRows.set(limit, { scope, kind: limit.kind, limit: limit.amount, remaining, endMs })
  }
}

export function settleHoldsIn(tx: Tx, callId: string, chargedNano: number): void {
  const holds = holdsOf(tx, callId)
  for (const { countId, heldNano } of holds) addCount(tx, countId, { used: chargedNano, held: -heldNano })
  if (holds.length > 0) deleteHolds(tx, callId)
}

interface Counted {
  span: Span
  row: CountRow | null
}

function countOf(tx: Tx, { subject }: Bound, { kind }: Limit): Counted {
  const span = spanOf(KINDS[kind].span, tx.now)
  return { span, row: findCount(tx, subject, kind, span.startMs) }
}

function roomOf(tx: Tx, bound: Bound, limit: Limit): number {
  const { row } = countOf(tx, bound, limit)
  return limit.amount - (row ? row.used + row.held : 0)
}

function takeIn(tx: Tx, { subject }: Bound, { kind }: Limit, { span, row }: Counted, more: Omit<CountRow, "id">) {
  if (!row) return insertCount(tx, { subject, kind, ...span, ...more })
  addCount(tx, row.id, more)
  return row.id
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
