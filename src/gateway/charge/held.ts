// Credits in hand: the one place where a call is settled, once, and tried again until the commit succeeds (DESIGN §4).
import { type Clock, type Keyring, type Log, type Nano, nano } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { CallEnd, Hold, Ledger } from "../../ledger/index.ts"
import { type Charge, type Pricing, type TokenUsage, UsageError } from "../../pricing/index.ts"
import type { NotPromise, Store, Tx, WriteContext } from "../../store/index.ts"
import type { Usage } from "../../usage/index.ts"
import { estimatedUsage } from "../estimates.ts"
import type { CallFigures } from "../figures.ts"
import { type Attempt, AttemptLog } from "../routing/attempt-log.ts"
import type { Router } from "../routing/router.ts"
import { insertAttempts } from "../routing/store.ts"
import type { ChargedCall, HeldCall, Outcome, Quote, Receipt, SponsorPort } from "../types.ts"
import { type Alarms, type Surprise, surprisesOf } from "./alarms.ts"
import { type Answered, answeredBy, costBy } from "./answered.ts"
import { fitToHold } from "./fit.ts"
import { finishKeyIn, type OnceCall, sealAnswerIn } from "./once.ts"
import { raisedFor } from "./raise.ts"
import { believedCost } from "./reported-cost.ts"
import { asAsked, chargeOfUse, isCovered } from "./shares.ts"
import { balanceIn as balanceOf, type Sponsor, sponsorRoomIn } from "./sponsored.ts"
import { routeOf, termsIn, unitsOf } from "./terms.ts"
import { endTrace } from "./traced.ts"

export interface HeldDeps {
  store: Store
  ledger: Ledger
  pricing: Pricing
  usage: Usage
  log: Log
  clock: Clock
  router: Router
  alarms: Alarms
  figures: CallFigures
  keyring: Keyring
  sponsors?: SponsorPort
  /** True once the process ends: what is unsettled then is settled by recovery at the next boot. */
  isClosing: () => boolean
}

const SETTLE = { lane: "settle" } as const
export const FREE: Charge = {
  totalNano: nano(0),
  upstreamNano: nano(0),
  developerNano: nano(0),
  platformNano: nano(0),
  rawPico: 0n,
}
const RETRY_MS_MAX = 1_000

export class Held implements HeldCall {
  private hold: Hold
  private readonly dailyNano: Nano | null
  receipt: Promise<Receipt> | null = null
  private outcome: Outcome | null = null
  private charge: Charge = FREE
  private answered: Answered | null = null
  /** The provider took more than its list says. */
  private isDearer = false
  /** How the answer is not what was asked for, if nobody was told yet. */
  private fresh: Surprise[] = []
  readonly attempts: AttemptLog
  /** Worth keeping with the settle. */
  private tried: readonly Attempt[] = []
  /** Whose route and shares stand on the hold. */
  private heldFor: Quote

  constructor(
    private readonly deps: HeldDeps,
    private readonly ctx: WriteContext,
    readonly call: ChargedCall,
    private readonly first: { hold: Hold; dailyNano: Nano | null; sponsor: Sponsor | null },
    private readonly once: OnceCall | null,
    /** Called once the settle is committed. */
    private readonly onSettled: () => void,
  ) {
    this.attempts = new AttemptLog(deps.router)
    this.hold = first.hold
    this.heldFor = call.quotes[0]!
    this.dailyNano = first.dailyNano
  }

  get heldNano(): Nano {
    return this.hold.amountNano
  }
  get balanceAfterNano(): Nano {
    return this.hold.balanceAfterNano
  }
  get isSettled(): boolean {
    return this.receipt !== null
  }

  /** The first was held for as it is, or its answer was shortened to what could be held. */
  covers(quote: Quote): boolean {
    return quote === this.call.quotes[0] || (quote.hold.totalNano <= this.heldNano && this.isPaidAlike(quote))
  }

  /** A call that leaves a person's own key for the operator's account is paid to others, whatever becomes of this process. */
  private isPaidAlike(quote: Quote): boolean {
    return quote.upstream.personal?.kind === this.heldFor.upstream.personal?.kind
  }

  async cover(quote: Quote): Promise<boolean> {
    if (this.covers(quote)) return true
    const { call, deps } = this
    const terms = this.isPaidAlike(quote) ? null : (tx: Tx) => termsIn(deps, tx, call, quote)
    const how = { termsIn: terms, isSponsored: this.first.sponsor !== null }
    const raised = await raisedFor(deps, this.ctx, call, this.hold, quote, how)
    if (raised === null) {
      this.attempts.unaffordable(quote, this.deps.clock.now())
      return false
    }
    this.hold = { ...this.hold, ...raised }
    if (terms) this.heldFor = quote
    fitToHold([quote], this.call.choices, this.heldNano)
    return true
  }

  settle(outcome: Outcome): Promise<Receipt> {
    if (this.receipt) return this.receipt
    this.outcome = outcome
    this.call.trace?.begin("settle")
    this.charge = this.chargeOf(outcome)
    this.tried = this.attempts.finish(outcome.usage)
    this.receipt = settledSurely(this.deps, this.ctx, this.call.requestId, this.body).finally(this.ended)
    return this.receipt
  }

  mark(known: Charge): void {
    if (this.receipt) return
    const mark = { stage: "streaming" as const, knownCostNano: known.totalNano }
    this.deps.store
      .write(this.ctx, (tx) => this.deps.ledger.markIn(tx, this.hold, mark))
      .catch((error) => this.deps.log.warn("gateway.mark_failed", { request: this.call.requestId, error }))
  }

  private readonly ended = (): void => {
    const { call, charge, deps } = this
    deps.figures.ended(call.endpoint, this.outcome!, performance.now() - call.startMs, charge.totalNano)
    if (call.trace) endTrace(call.trace, call, this.outcome!, charge.totalNano)
    this.onSettled()
  }

  private chargeOf(outcome: Outcome): Charge {
    const { usage, quote } = outcome
    if (usage === null) return FREE
    const { pricing } = this.deps
    let raw: bigint
    try {
      raw = this.rawCost(outcome, usage)
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      // Parts that contradict each other: the totals still count, a call must never become free.
      const { upstream, model } = quote
      const fields = { request: this.call.requestId, upstream: upstream.name, model, faults: error.message }
      this.deps.log.warn("gateway.usage_estimated", fields)
      outcome.usage = estimatedUsage(usage.inputTokens, usage.outputTokens)
      outcome.source = "estimated"
      raw = this.rawCost(outcome, outcome.usage)
    }
    // What a person's own account was billed is theirs; who made the app has a share of the list price.
    const isOwn = quote.upstream.personal?.kind === "own"
    const believed = believedCost(raw, isOwn ? null : outcome.costPico, quote.price.free)
    this.isDearer = believed.raw > raw
    // Read anew: totals alone may count by now.
    const charge = chargeOfUse(pricing, quote, believed.raw, outcome.usage ?? usage, this.call.caller.developer)
    // Whoever bought has the price they were told; what it lacks is the house's, and the operator hears of it.
    const isLoss = quote.sale !== undefined && !isCovered(charge, quote.rule)
    const surprises = isOwn ? [] : surprisesOf(outcome, this.answered, { isOddCost: believed.isOdd, isLoss })
    this.fresh = this.deps.alarms.note(this.call.requestId, surprises)
    return charge
  }

  private rawCost({ quote, answeredModel }: Outcome, usage: TokenUsage): bigint {
    const used = asAsked(quote, usage)
    this.answered = answeredBy(this.deps.pricing, quote, answeredModel, used)
    return costBy(this.deps.pricing, this.answered.price, used)
  }

  /** The charge and what is known of its call: one body, or none of it. */
  private readonly body = (tx: Tx): Receipt => {
    const { call, charge } = this
    const outcome = this.outcome!
    const { quote } = outcome
    const settled = this.deps.ledger.settleIn(tx, {
      hold: this.hold,
      charge,
      developer: call.caller.developer,
      // The hold is what was agreed to; a dearer model that nobody asked for is the operator's business with its
      // upstream.
      withinHold: this.isDearer || (this.answered !== null && this.answered.price !== quote.price),
      ...(charge.totalNano > this.heldNano ? { roomNano: this.roomIn(tx), dailyNano: this.dailyNano } : {}),
      call: this.endOf(tx, outcome),
    })
    const { usage } = outcome
    const tokens = usage === null ? 0 : usage.inputTokens + usage.outputTokens
    call.ticket.settleIn(tx, { tokens, chargedNano: settled.collectedNano })
    if (this.tried.length > 0) insertAttempts(tx, call.requestId, this.tried)
    const { clientId } = call.caller
    if (outcome.status < 400 && clientId !== null) this.deps.usage.answeredIn(tx, clientId)
    for (const { what, asked, got } of this.fresh) {
      auditIn(tx, { action: `upstream.${what}` as const, subject: quote.upstream.publicId, after: { asked, got } })
    }
    const receipt = { chargedNano: settled.collectedNano, balanceAfterNano: this.balanceIn(tx, settled) }
    if (this.once) {
      const sealed = sealAnswerIn(tx, this.deps.keyring, this.once, outcome.answer)
      finishKeyIn(tx, call, this.once, outcome, { ...receipt, chargeNano: charge.totalNano }, sealed)
    }
    return receipt
  }

  /** Beside the hold: what limits leave its person, or the app's pool. */
  private roomIn(tx: Tx): number {
    const { call, first, deps } = this
    return first.sponsor ? sponsorRoomIn(deps, tx, call.caller) : call.ticket.roomIn(tx)
  }

  /** What a pool has is nobody's business but its developer's. */
  private balanceIn(tx: Tx, { balanceAfterNano }: { balanceAfterNano: Nano }): Nano {
    return balanceOf(this.deps, tx, this.first.sponsor, { balanceAfterNano })
  }

  private endOf(tx: Tx, outcome: Outcome): CallEnd {
    const { call, answered, deps } = this
    const { quote, usage } = outcome
    const price = answered?.price ?? quote.price
    const tier = usage ? asAsked(quote, usage).serviceTier : undefined
    const serviceTier = tier === "standard" ? undefined : tier
    const named = { model: this.answeredName(quote), price, ...(serviceTier ? { serviceTier } : {}) }
    // As it was held for, most often: then the hold knows its route.
    const isAsHeld =
      quote === this.heldFor &&
      named.model === quote.model &&
      price === quote.price &&
      named.serviceTier === quote.serviceTier
    return {
      ...(isAsHeld ? {} : { routeId: deps.usage.routeIn(tx, routeOf(deps.pricing, call, quote, named)) }),
      status: outcome.status,
      errorCode: outcome.errorCode,
      end: outcome.end,
      latencyMs: Math.round(performance.now() - call.startMs),
      firstTokenMs: outcome.firstTokenMs,
      inputTokens: usage?.inputTokens ?? 0,
      cachedTokens: usage?.cachedInputTokens ?? 0,
      outputTokens: usage?.outputTokens ?? 0,
      reasoningTokens: usage?.reasoningTokens ?? 0,
      ...unitsOf(quote, usage),
      source: usage === null ? "none" : outcome.source,
    }
  }

  /** Names that a server gives itself are kept as long as they are few: one that changes with each answer would make endless routes. */
  private answeredName({ upstream, model }: Quote): string {
    const other = this.answered?.other ?? null
    return other !== null && this.deps.alarms.knows(upstream.name, model, other) ? other : model
  }
}

/** The call happened and is owed: it waits in memory for as long as the process lives. */
export async function settledSurely<T>(
  deps: Pick<HeldDeps, "store" | "figures" | "log" | "isClosing">,
  ctx: WriteContext,
  request: string,
  body: (tx: Tx) => NotPromise<T>,
): Promise<T> {
  for (let waitMs = 20; ; waitMs = Math.min(waitMs * 2, RETRY_MS_MAX)) {
    try {
      return await deps.store.write(ctx, body, SETTLE)
    } catch (error) {
      deps.figures.settleRetries++
      deps.log.error("gateway.settle_failed", { request, error })
      await Bun.sleep(waitMs)
      if (deps.isClosing()) throw error
    }
  }
}
