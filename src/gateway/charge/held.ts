// Credits in hand: the one place where a call is settled, once, and tried again until the commit succeeds (DESIGN §4).
import { type Log, type Nano, nano } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Hold, Ledger, Owner } from "../../ledger/index.ts"
import { type Charge, type PriceRule, type Pricing, type TokenUsage, UsageError } from "../../pricing/index.ts"
import type { Store, Tx, WriteContext } from "../../store/index.ts"
import type { Usage } from "../../usage/index.ts"
import { estimatedUsage } from "../estimates.ts"
import type { ChargedCall, HeldCall, Outcome, Receipt } from "../types.ts"
import { type Alarms, type Surprise, surprisesOf } from "./alarms.ts"
import { type Answered, answeredBy } from "./answered.ts"

export interface HeldDeps {
  store: Store
  ledger: Ledger
  pricing: Pricing
  usage: Usage
  log: Log
  alarms: Alarms
  /** True once the process ends: what is unsettled then is settled by recovery at the next boot. */
  isClosing: () => boolean
}

const SETTLE = { lane: "settle" } as const
const FREE: Charge = {
  totalNano: nano(0),
  upstreamNano: nano(0),
  developerNano: nano(0),
  platformNano: nano(0),
  rawPico: 0n,
}
const RETRY_MS_MAX = 1_000

/**
 * Without a developer (a first-party app) the developer's share goes to the platform: the same call costs the same
 * everywhere.
 */
export function shareOut(charge: Charge, developer: Owner | null): Charge {
  if (developer !== null || charge.developerNano === 0) return charge
  return { ...charge, developerNano: nano(0), platformNano: nano(charge.platformNano + charge.developerNano) }
}

export const splitOf = (rule: PriceRule, developer: Owner | null) => ({
  upstream: 10_000,
  developer: developer === null ? 0 : rule.developerBp,
  platform: rule.platformBp + (developer === null ? rule.developerBp : 0),
})

export class Held implements HeldCall {
  private receipt: Promise<Receipt> | null = null
  private outcome: Outcome | null = null
  private charge: Charge = FREE
  private answered: Answered | null = null
  /** How the answer is not what was asked for, if nobody was told yet. */
  private fresh: Surprise[] = []

  constructor(
    private readonly deps: HeldDeps,
    private readonly ctx: WriteContext,
    readonly call: ChargedCall,
    private readonly hold: Hold,
    /** Called once the settle is committed. */
    private readonly onSettled: () => void,
  ) {}

  get heldNano(): Nano {
    return this.hold.amountNano
  }
  get balanceAfterNano(): Nano {
    return this.hold.balanceAfterNano
  }
  get isSettled(): boolean {
    return this.receipt !== null
  }

  settle(outcome: Outcome): Promise<Receipt> {
    if (this.receipt) return this.receipt
    this.outcome = outcome
    this.charge = this.chargeOf(outcome)
    this.receipt = this.deps.store.write(this.ctx, this.body, SETTLE).catch(this.again).finally(this.onSettled)
    return this.receipt
  }

  mark(known: Charge): void {
    if (this.receipt) return
    const mark = { stage: "streaming" as const, knownCostNano: known.totalNano }
    this.deps.store
      .write(this.ctx, (tx) => this.deps.ledger.markIn(tx, this.hold.id, mark))
      .catch((error) => this.deps.log.warn("gateway.mark_failed", { request: this.call.requestId, error }))
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
    const surprises = surprisesOf(outcome, this.answered)
    this.fresh = this.deps.alarms.note(this.call.requestId, surprises)
    return shareOut(pricing.chargeForApp(raw, quote.rule), this.call.caller.developer)
  }

  private rawCost({ quote, answeredModel }: Outcome, usage: TokenUsage): bigint {
    this.answered = answeredBy(this.deps.pricing, quote, answeredModel, usage)
    return this.deps.pricing.rawCost(this.answered.price, usage)
  }

  /** Settle, usage row and roll-up: one body, or none of it. */
  private readonly body = (tx: Tx): Receipt => {
    const { call, charge } = this
    const outcome = this.outcome!
    const { quote, usage } = outcome
    const settled = this.deps.ledger.settleIn(tx, {
      holdId: this.hold.id,
      charge,
      developer: call.caller.developer,
      // The hold is what was agreed to; a dearer model that nobody asked for is the operator's business with its
      // upstream.
      withinHold: this.answered !== null && this.answered.price !== quote.price,
    })
    if (!settled.already) {
      this.deps.usage.recordIn(tx, {
        publicId: call.requestId,
        atMs: tx.now,
        mode: call.caller.mode,
        userId: call.caller.claims.userId,
        clientId: call.caller.claims.clientId,
        developerId: call.caller.developer?.id ?? null,
        kind: call.kind,
        scope: call.scope,
        model: call.model,
        upstreamId: quote.upstream.id,
        upstreamModel: this.answered?.other ?? quote.model,
        stream: call.stream,
        status: outcome.status,
        errorCode: outcome.errorCode,
        end: outcome.end,
        latencyMs: Math.round(performance.now() - call.startMs),
        firstTokenMs: outcome.firstTokenMs,
        inputTokens: usage?.inputTokens ?? 0,
        cachedTokens: usage?.cachedInputTokens ?? 0,
        outputTokens: usage?.outputTokens ?? 0,
        reasoningTokens: usage?.reasoningTokens ?? 0,
        source: usage === null ? "none" : outcome.source,
        prices: this.deps.pricing.snapshot(this.answered?.price ?? quote.price, quote.rule),
        chargeNano: charge.totalNano,
        upstreamNano: charge.upstreamNano,
        developerNano: charge.developerNano,
        earnedNano: settled.earnedNano,
        platformNano: charge.platformNano,
        collectedNano: settled.collectedNano,
        uncollectedNano: settled.uncollectedNano,
        transactionId: settled.transactionId,
      })
    }
    for (const { what, asked, got } of this.fresh) {
      auditIn(tx, { action: `upstream.${what}`, subject: quote.upstream.publicId, after: { asked, got } })
    }
    return { chargedNano: settled.collectedNano, balanceAfterNano: settled.balanceAfterNano }
  }

  /** The call happened and is owed: it waits in memory for as long as the process lives. */
  private readonly again = async (first: unknown): Promise<Receipt> => {
    let error = first
    for (let waitMs = 20; ; waitMs = Math.min(waitMs * 2, RETRY_MS_MAX)) {
      this.deps.log.error("gateway.settle_failed", { request: this.call.requestId, error })
      await Bun.sleep(waitMs)
      if (this.deps.isClosing()) throw error
      try {
        return await this.deps.store.write(this.ctx, this.body, SETTLE)
      } catch (next) {
        error = next
      }
    }
  }
}
