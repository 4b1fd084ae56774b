// Answers that are not what was asked for: by another model, or longer than their maximum. Each kind is logged and
// audited once, and counted, for the admin's line of truth; an operator who sees one has a provider that does as it
// likes.
import type { Log } from "../../app/index.ts"
import { GATEWAY_LIMITS } from "../limits.ts"
import type { AnswerAlarm, Outcome } from "../types.ts"
import type { Answered } from "./answered.ts"

export type Surprise = Omit<AnswerAlarm, "count">

/**
 * @param isOddCost the provider says it took what cannot be
 * @param isLoss a sale that came to less than its call cost with the developer's share
 */
export function surprisesOf(
  { quote, usage, costPico }: Outcome,
  answered: Answered | null,
  { isOddCost, isLoss }: { isOddCost: boolean; isLoss: boolean },
): Surprise[] {
  const other = answered?.other ?? null
  const base = { upstream: quote.upstream.name, asked: quote.model }
  const found: Surprise[] = []
  if (other !== null) found.push({ ...base, what: answered?.isUnpriced ? "unknown-model" : "other-model", got: other })
  if (usage && usage.outputTokens > quote.outputTokensMax)
    found.push({ ...base, what: "over-maximum", got: quote.model })
  if (isOddCost) found.push({ ...base, what: "odd-cost", got: costPico === 0n ? "nothing" : "too much" })
  if (isLoss && quote.sale) found.push({ ...base, what: "below-cost", asked: quote.sale.name, got: quote.model })
  return found
}

const OTHER_MODELS = ["other-model", "unknown-model"] as const

const keyOf = ({ upstream, what, asked, got }: Surprise): string => [upstream, what, asked, got].join("\n")

export class Alarms {
  private readonly seen = new Map<string, AnswerAlarm>()

  constructor(private readonly log: Log) {}

  /** @returns those that are new since the start, to be audited with the settle */
  note(requestId: string, surprises: readonly Surprise[]): Surprise[] {
    return surprises.filter((surprise) => this.isNew(requestId, surprise))
  }

  /** Was this model, `got` instead of `asked`, noted as a surprise? Above the limit of kinds they are not. */
  knows(upstream: string, asked: string, got: string): boolean {
    return OTHER_MODELS.some((what) => this.seen.has(keyOf({ upstream, what, asked, got })))
  }

  list(): readonly AnswerAlarm[] {
    return [...this.seen.values()]
  }

  private isNew(requestId: string, surprise: Surprise): boolean {
    const key = keyOf(surprise)
    const known = this.seen.get(key)
    if (known) known.count++
    if (known || this.seen.size >= GATEWAY_LIMITS.alarmsMax) return false
    this.seen.set(key, { ...surprise, count: 1 })
    this.log.error("gateway.answer_not_as_asked", { request: requestId, ...surprise })
    return true
  }
}
