// How accounts do, in the memory of this process: what came of the calls of the last minute, and the circuits that open by it. A
// restart begins with every circuit closed; the first calls then find out.
import { Allowance } from "./allowance.ts"
import { Breaker, type BreakerTerms } from "./breaker.ts"
import { type AttemptOutcome, FAILURE_KINDS, type FailureKind } from "./failures.ts"
import { HEALTH_PAIRS_MAX, LATENCY_SAMPLES, type RoutingLimits } from "./limits.ts"
import { Minute } from "./window.ts"

/** The last failure, in words that an admin may read. */
export interface LastError {
  atMs: number
  kind: FailureKind
  status: number | null
  words: string
}

/** Calls of the last minute. */
export class Counts {
  readonly calls = new Minute()
  readonly failures = new Minute()

  /** Enough of them fail to call it a failure of the server. */
  areBad(nowMs: number, failuresToOpen: number): boolean {
    const failures = this.failures.total(nowMs)
    return failures >= failuresToOpen && failures * 2 >= this.calls.total(nowMs)
  }
  clear(): void {
    this.calls.clear()
    this.failures.clear()
  }
}

/** One model of one account. */
export class ModelHealth {
  readonly breaker: Breaker
  readonly counts = new Counts()
  private readonly byKind = new Map<FailureKind, Minute>()
  private readonly ms = new Float32Array(LATENCY_SAMPLES)
  private readonly atMs = new Float64Array(LATENCY_SAMPLES)
  private samples = 0
  last: LastError | null = null

  constructor(
    readonly model: string,
    terms: BreakerTerms,
  ) {
    this.breaker = new Breaker(terms)
  }

  noteKind(kind: FailureKind, nowMs: number): void {
    let minute = this.byKind.get(kind)
    if (!minute) {
      minute = new Minute()
      this.byKind.set(kind, minute)
    }
    minute.add(nowMs, 1)
  }

  noteFirstToken(nowMs: number, ms: number): void {
    const at = this.samples++ % LATENCY_SAMPLES
    this.ms[at] = ms
    this.atMs[at] = nowMs
  }

  kinds(nowMs: number): [FailureKind, number][] {
    return FAILURE_KINDS.map((kind): [FailureKind, number] => [kind, this.byKind.get(kind)?.total(nowMs) ?? 0])
  }

  /** Of the last minute, ms; unsorted. */
  firstTokens(nowMs: number): number[] {
    const kept = Math.min(this.samples, LATENCY_SAMPLES)
    const found: number[] = []
    for (let at = 0; at < kept; at++) if (nowMs - this.atMs[at]! < 60_000) found.push(this.ms[at]!)
    return found
  }
}

/** One account, and its models in the order they were last called. */
export class AccountHealth {
  readonly breaker: Breaker
  /** Of those that never came to the server. */
  readonly network = new Counts()
  readonly allowance = new Allowance()
  readonly models = new Map<string, ModelHealth>()
  /** Calls that are on their way. */
  running = 0
  /** Why it was taken out; told once. */
  out: "key" | "credit" | null = null
  last: LastError | null = null

  constructor(terms: BreakerTerms) {
    this.breaker = new Breaker(terms)
  }
}

export class Health {
  private readonly accounts = new Map<number, AccountHealth>()
  private pairs = 0

  constructor(
    private readonly limits: RoutingLimits,
    private readonly random: () => number,
  ) {}

  account(upstreamId: number): AccountHealth {
    let account = this.accounts.get(upstreamId)
    if (!account) {
      const { outMs, outMsMax, jitter } = this.limits
      account = new AccountHealth({ openMs: outMs, openMsMax: outMsMax, jitter, random: this.random })
      this.accounts.set(upstreamId, account)
    }
    return account
  }

  /** What is known of a pair, without making it. */
  known(account: AccountHealth, model: string): ModelHealth | undefined {
    return account.models.get(model)
  }

  pair(account: AccountHealth, model: string): ModelHealth {
    let health = account.models.get(model)
    if (!health) {
      const { openMs, openMsMax, jitter } = this.limits
      health = new ModelHealth(model, { openMs, openMsMax, jitter, random: this.random })
      if (++this.pairs > HEALTH_PAIRS_MAX) this.forgetOne()
      account.models.set(model, health)
    }
    return health
  }

  /** It was tested and answered, or is another account now: what was found before says nothing. */
  reset(upstreamId: number): void {
    const account = this.accounts.get(upstreamId)
    if (!account) return
    account.breaker.close()
    account.network.clear()
    account.out = null
    for (const { breaker, counts } of account.models.values()) {
      breaker.close()
      counts.clear()
    }
  }

  entries(): Iterable<[number, AccountHealth]> {
    return this.accounts
  }

  get size(): number {
    return this.pairs
  }

  /** Of the account with the most models, the one it met first. */
  private forgetOne(): void {
    let largest: AccountHealth | null = null
    for (const account of this.accounts.values()) {
      if (largest === null || account.models.size > largest.models.size) largest = account
    }
    const first = largest?.models.keys().next().value
    if (first !== undefined && largest?.models.delete(first)) this.pairs--
  }
}

/** p of 0…1 by nearest rank. Null without samples. */
export function percentile(sorted: readonly number[], p: number): number | null {
  if (sorted.length === 0) return null
  return sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)]!
}

export type { AttemptOutcome }
