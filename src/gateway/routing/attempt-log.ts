// What was tried for one call. Of a call that the operator's first account answered nothing is kept beside its charge; of any
// other, every attempt becomes a row with the settle.
import type { AppError, UpstreamId } from "../../app/index.ts"
import type { TokenUsage } from "../../pricing/index.ts"
import type { UpstreamFailure } from "../providers/index.ts"
import type { Quote, ReadyUpstream } from "../types.ts"
import type { AttemptOutcome } from "./failures.ts"
import type { Router, Ticket } from "./router.ts"

export interface Attempt {
  atMs: number
  upstreamId: UpstreamId
  model: string
  /** Until it answered or failed. */
  ms: number
  outcome: AttemptOutcome
  status: number | null
  /** Of its caller; null = the operator's account. */
  ownKey: string | null
}

const ownKeyOf = ({ personal }: Pick<ReadyUpstream, "personal">): string | null =>
  personal?.kind === "own" ? personal.publicId : null

export class AttemptLog {
  private readonly ended: Attempt[] = []
  private ticket: Ticket | null = null
  private sentMs = 0
  private answeredMs = 0
  private status: number | null = null
  private asked = 0

  constructor(private readonly router: Router) {}

  /** @returns false when it must be passed over: it may not be called now, or enough others were asked */
  begin(quote: Quote): boolean {
    const { personal } = quote.upstream
    if (personal && !personal.isAlive()) return false
    if (!personal && this.asked >= this.router.limits.attemptsMax) return false
    this.end()
    this.ticket = this.router.begin(quote, quote.inputTokens)
    if (this.ticket === null) return false
    if (!personal) this.asked++
    this.sentMs = performance.now()
    return true
  }

  /** The first token, or the whole answer. */
  answered(): void {
    if (this.ticket === null || this.ticket.outcome !== null) return
    this.answeredMs = performance.now() - this.sentMs
    this.router.answered(this.ticket, this.answeredMs)
  }

  failed(failure: UpstreamFailure): void {
    if (this.ticket === null) return
    this.status = failure.status
    this.router.failed(this.ticket, failure)
  }

  /** Nobody could pay for this one. */
  unaffordable({ upstream, model }: Quote, atMs: number): void {
    this.end()
    this.ended.push({
      atMs,
      upstreamId: upstream.id,
      model,
      ms: 0,
      outcome: "unaffordable",
      status: null,
      ownKey: ownKeyOf(upstream),
    })
  }

  noneFree(quotes: readonly Quote[]): AppError {
    return this.router.noneFree(quotes)
  }

  /** The call is over. @returns what is worth keeping */
  finish(usage: TokenUsage | null): readonly Attempt[] {
    this.end(usage === null ? 0 : usage.inputTokens + usage.outputTokens)
    const [first] = this.ended
    return this.ended.length === 1 && first?.outcome === "answered" && first.ownKey === null ? [] : this.ended
  }

  private end(tokens: number | null = 0): void {
    const { ticket } = this
    if (ticket === null) return
    this.ticket = null
    this.router.release(ticket, tokens)
    const outcome = ticket.outcome ?? "gone"
    const ms = outcome === "answered" ? this.answeredMs : performance.now() - this.sentMs
    const { upstream, model, startedMs: atMs } = ticket
    const { status } = this
    this.ended.push({
      atMs,
      upstreamId: upstream.id,
      model,
      ms: Math.round(ms),
      outcome,
      status,
      ownKey: ownKeyOf(upstream),
    })
    this.status = null
  }
}
