// Which account answers a call, and what is learned from how it answered. Choosing is reads of memory; nothing waits.
import { AppError, type Clock, type Log } from "../../app/index.ts"
import type { UpstreamFailure } from "../providers/index.ts"
import type { Candidate, ReadyUpstream } from "../types.ts"
import type { Pass } from "./breaker.ts"
import { type AttemptOutcome, type FailureKind, isFailure, isOfAccount, kindOf } from "./failures.ts"
import { type AccountHealth, Health, type ModelHealth } from "./health.ts"
import { DRAINING_RETRY_SECONDS, ROUTING_LIMITS, type RoutingLimits } from "./limits.ts"
import { ordered } from "./select.ts"

export interface RouterDeps {
  clock: Clock
  log: Log
  /** From 0 to below 1. */
  random: () => number
  limits?: Partial<RoutingLimits>
  /** An account was taken out until somebody mends it; told once for each time. */
  onOut(upstream: ReadyUpstream, why: "key" | "credit"): void
}

/** One call to one account, from the choice to the settle. */
export interface Ticket {
  readonly upstream: ReadyUpstream
  readonly model: string
  readonly startedMs: number
  readonly account: AccountHealth
  readonly health: ModelHealth
  readonly accountPass: Pass
  readonly modelPass: Pass
  /** Taken of the account's tokens before anybody knew better. */
  readonly tokensTaken: number
  outcome: AttemptOutcome | null
  isReleased: boolean
}

export class Router {
  readonly limits: RoutingLimits
  readonly health: Health

  constructor(private readonly deps: RouterDeps) {
    this.limits = { ...ROUTING_LIMITS, ...deps.limits }
    this.health = new Health(this.limits, deps.random)
  }

  /** @throws AppError provider_overloaded with the soonest time, when none of them may be called now */
  order<C extends Candidate>(candidates: readonly C[]): C[] {
    if (candidates.length === 0) return []
    const nowMs = this.deps.clock.now()
    const inOrder = (equals: readonly C[]): C[] =>
      ordered(equals, (candidate) => this.freeAtMs(candidate, nowMs), this.deps.random)
    const places = candidates[0]!.place === undefined ? null : Map.groupBy(candidates, ({ place }) => place)
    const free = places ? [...places.values()].flatMap(inOrder) : inOrder(candidates)
    if (free.length === 0) throw this.noneFree(candidates)
    return free.length > this.limits.candidatesMax ? free.slice(0, this.limits.candidatesMax) : free
  }

  /** When this candidate may be called; 0 = now; Infinity = nobody can tell. */
  freeAtMs({ upstream, model }: Pick<Candidate, "upstream" | "model">, nowMs: number): number {
    const { routing, personal } = upstream
    if (personal) return 0
    if (routing.isDraining) return Number.POSITIVE_INFINITY
    const account = this.health.account(upstream.id)
    let atMs = account.breaker.freeAtMs(nowMs)
    const known = account.models.get(model)
    if (known) atMs = Math.max(atMs, known.breaker.freeAtMs(nowMs))
    if (routing.requestsPerMinute !== null || routing.tokensPerMinute !== null) {
      atMs = Math.max(atMs, account.allowance.freeAtMs(routing, nowMs))
    }
    return atMs
  }

  /** @returns null when it may not be called any more: others came first */
  begin(candidate: Pick<Candidate, "upstream" | "model">, tokens: () => number): Ticket | null {
    const { upstream, model } = candidate
    const nowMs = this.deps.clock.now()
    if (this.freeAtMs(candidate, nowMs) !== 0) return null
    const [account, health] = this.healthOf(upstream, model)
    const tokensTaken = upstream.routing.tokensPerMinute === null ? 0 : tokens()
    if (upstream.routing.requestsPerMinute !== null || tokensTaken > 0) account.allowance.take(nowMs, tokensTaken)
    account.running++
    return {
      upstream,
      model,
      startedMs: nowMs,
      account,
      health,
      accountPass: account.breaker.pass(),
      modelPass: health.breaker.pass(),
      tokensTaken,
      outcome: null,
      isReleased: false,
    }
  }

  /** What a person's own key does counts for that call alone: a bad one must not take the operator's account out, nor mend it. */
  private healthOf({ id, personal }: ReadyUpstream, model: string): [AccountHealth, ModelHealth] {
    const health = personal ? new Health(this.limits, this.deps.random) : this.health
    const account = health.account(id)
    return [account, health.pair(account, model)]
  }

  /** The first token came, or the whole answer: the account and the model are well. @param ms since it was asked */
  answered(ticket: Ticket, ms: number): void {
    if (ticket.outcome !== null) return
    ticket.outcome = "answered"
    const nowMs = this.deps.clock.now()
    ticket.health.counts.calls.add(nowMs, 1)
    ticket.health.noteFirstToken(nowMs, ms)
    this.isWell(ticket, nowMs)
  }

  /** @returns what came of it */
  failed(ticket: Ticket, failure: UpstreamFailure): AttemptOutcome {
    const outcome = kindOf(failure)
    const nowMs = this.deps.clock.now()
    // It broke off after its first token: what counted as a success was none.
    if (ticket.outcome !== "answered") ticket.health.counts.calls.add(nowMs, 1)
    ticket.outcome = outcome
    // The sandbox fails when it is told to: one developer’s test takes it from nobody.
    const isItsOwn = ticket.upstream.isLocal || ticket.upstream.personal !== undefined
    if (isFailure(outcome) && !isItsOwn) this.noteFailure(ticket, outcome, failure, nowMs)
    else this.isWell(ticket, nowMs)
    return outcome
  }

  /** Nobody waited for the end, which says nothing of the server. */
  abandoned(ticket: Ticket): void {
    if (ticket.outcome !== null) return
    ticket.outcome = "gone"
    ticket.account.breaker.abandoned(ticket.accountPass)
    ticket.health.breaker.abandoned(ticket.modelPass)
  }

  /** The call is over. @param tokens it used in all; null = nobody knows */
  release(ticket: Ticket, tokens: number | null): void {
    if (ticket.isReleased) return
    ticket.isReleased = true
    this.abandoned(ticket)
    ticket.account.running--
    if (tokens === null || ticket.upstream.routing.tokensPerMinute === null) return
    ticket.account.allowance.correct(this.deps.clock.now(), tokens - ticket.tokensTaken)
  }

  /** Everything that may be called is busy or taken out; says truthfully when the first comes back. */
  noneFree(candidates: readonly Pick<Candidate, "upstream" | "model">[]): AppError {
    const nowMs = this.deps.clock.now()
    const words = "Every AI provider of this model is busy or resting. Try again later, or use another model."
    return new AppError("provider_overloaded", words, { retryAfterSeconds: this.soonestSeconds(candidates, nowMs) })
  }

  private soonestSeconds(candidates: readonly Pick<Candidate, "upstream" | "model">[], nowMs: number): number {
    let soonestMs = Number.POSITIVE_INFINITY
    let isProbed = false
    for (const candidate of candidates) {
      const atMs = this.freeAtMs(candidate, nowMs)
      if (atMs === Number.POSITIVE_INFINITY && !candidate.upstream.routing.isDraining) isProbed = true
      soonestMs = Math.min(soonestMs, atMs)
    }
    // The probe's answer decides, in a moment.
    if (isProbed) return 1
    if (soonestMs === Number.POSITIVE_INFINITY) return DRAINING_RETRY_SECONDS
    return Math.max(1, Math.ceil((soonestMs - nowMs) / 1_000))
  }

  private isWell(ticket: Ticket, nowMs: number): void {
    this.accountIsWell(ticket, nowMs)
    const { health, modelPass } = ticket
    if (!modelPass.isProbe) return
    health.breaker.succeeded(modelPass)
    // The failures that opened it are over.
    health.counts.failures.clear()
  }

  /** It took the key and answered, whatever it said. */
  private accountIsWell({ account, accountPass, upstream }: Ticket, nowMs: number): void {
    account.network.calls.add(nowMs, 1)
    if (!accountPass.isProbe || !account.breaker.succeeded(accountPass)) return
    account.network.failures.clear()
    if (account.out !== null) this.deps.log.info("gateway.account_back", { upstream: upstream.name })
    account.out = null
  }

  private noteFailure(ticket: Ticket, kind: FailureKind, failure: UpstreamFailure, nowMs: number): void {
    const { account, health, modelPass, upstream, model } = ticket
    const last = { atMs: nowMs, kind, status: failure.status, words: failure.error.message }
    health.last = last
    account.last = last
    health.counts.failures.add(nowMs, 1)
    health.noteKind(kind, nowMs)
    if (isOfAccount(kind)) {
      health.breaker.abandoned(modelPass)
      this.accountFailed(ticket, kind, nowMs)
      return
    }
    this.accountIsWell(ticket, nowMs)
    const waitSeconds = failure.error.extra.retryAfterSeconds ?? 1
    // 503 may say when to come again, too; 1 is what is told where nothing was said.
    const opened =
      kind === "rate" || (kind === "busy" && waitSeconds > 1)
        ? health.breaker.coolDown(modelPass, nowMs, waitSeconds * 1_000)
        : health.breaker.failed(modelPass, nowMs, health.counts.areBad(nowMs, this.limits.failuresToOpen))
    if (opened) this.logOpened(upstream, model, kind, health.breaker.untilMs, nowMs)
  }

  private accountFailed({ account, accountPass, upstream }: Ticket, kind: FailureKind, nowMs: number): void {
    account.network.calls.add(nowMs, 1)
    if (kind === "network") {
      account.network.failures.add(nowMs, 1)
      const isBad = account.network.areBad(nowMs, this.limits.failuresToOpen)
      const opened = account.breaker.failed(accountPass, nowMs, isBad)
      if (opened) this.logOpened(upstream, null, kind, account.breaker.untilMs, nowMs)
      return
    }
    account.breaker.failed(accountPass, nowMs, true)
    const why = kind === "key" ? "key" : "credit"
    if (account.out === why) return
    account.out = why
    this.deps.log.error("gateway.account_out", { upstream: upstream.name, why })
    this.deps.onOut(upstream, why)
  }

  private logOpened(
    upstream: ReadyUpstream,
    model: string | null,
    kind: FailureKind,
    untilMs: number | null,
    nowMs: number,
  ) {
    const forMs = untilMs === null ? 0 : Math.round(untilMs - nowMs)
    this.deps.log.warn("gateway.circuit_open", { upstream: upstream.name, model, kind, forMs })
  }
}
