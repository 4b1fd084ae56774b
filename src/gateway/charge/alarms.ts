// Answers that are not what was asked for: by another model, or longer than their maximum. Each kind is logged and audited once, and
// counted, for the admin's line of truth; an operator who sees one has a provider that does as it likes.
import type { Log } from "../../app/index.ts"
import { GATEWAY_LIMITS } from "../limits.ts"
import type { AnswerAlarm, Outcome } from "../types.ts"

export class Alarms {
  private readonly seen = new Map<string, AnswerAlarm>()

  constructor(private readonly log: Log) {}

  /** @returns those that are new since the start, to be audited with the settle */
  note(requestId: string, outcome: Outcome, other: string | null): AnswerAlarm[] {
    const { quote, usage } = outcome
    const found: Pick<AnswerAlarm, "what" | "got">[] = []
    if (other !== null) found.push({ what: "other-model", got: other })
    if (usage && usage.outputTokens > quote.outputTokensMax) found.push({ what: "over-maximum", got: quote.model })
    return found.flatMap((one) => {
      const alarm = { ...one, upstream: quote.upstream.name, asked: quote.model, count: 1 }
      return this.count(alarm, requestId) ? [alarm] : []
    })
  }

  list(): readonly AnswerAlarm[] {
    return [...this.seen.values()]
  }

  private count(alarm: AnswerAlarm, requestId: string): boolean {
    const key = `${alarm.upstream}\n${alarm.what}\n${alarm.asked}\n${alarm.got}`
    const known = this.seen.get(key)
    if (known) {
      known.count++
      return false
    }
    if (this.seen.size >= GATEWAY_LIMITS.alarmsMax) return false
    this.seen.set(key, { ...alarm })
    this.log.error("gateway.answer_not_as_asked", { request: requestId, ...alarm })
    return true
  }
}
