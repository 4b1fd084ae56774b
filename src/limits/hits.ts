// How often each rule refused: gathered in memory and written together, so that a flood of refusals costs no write each.
import { dayOf, type Log } from "../app/index.ts"
import type { Store } from "../store/index.ts"
import { addHits, hitsOf } from "./store.ts"
import type { RuleId } from "./tables.ts"

const CTX = { actor: "system:limits", requestId: "job:limit-hits", reason: "limits refused calls" }

export class Hits {
  private day = 0
  private gathered = new Map<RuleId, number>()

  constructor(
    private readonly store: Pick<Store, "write" | "read">,
    private readonly log: Pick<Log, "warn">,
  ) {}

  note(ruleId: RuleId, nowMs: number): void {
    const day = dayOf(nowMs)
    if (day !== this.day) {
      void this.flush()
      this.day = day
    }
    this.gathered.set(ruleId, (this.gathered.get(ruleId) ?? 0) + 1)
  }

  /** Of the present UTC day, exact. */
  today(nowMs: number): Map<RuleId, number> {
    const day = dayOf(nowMs)
    const sums = new Map(hitsOf(this.store.read, day).map(({ ruleId, hits }) => [ruleId, hits]))
    if (day === this.day) for (const [ruleId, hits] of this.gathered) sums.set(ruleId, (sums.get(ruleId) ?? 0) + hits)
    return sums
  }

  /** What cannot be written is kept for the next time, as long as the day lasts. */
  async flush(): Promise<void> {
    const { gathered, day } = this
    if (gathered.size === 0) return
    this.gathered = new Map()
    try {
      await this.store.write(CTX, (tx) => {
        for (const [ruleId, hits] of gathered) addHits(tx, ruleId, day, hits)
      })
    } catch (error) {
      this.log.warn("limits.hits_not_written", { rules: gathered.size, error })
      if (day !== this.day) return
      for (const [ruleId, hits] of gathered) this.gathered.set(ruleId, (this.gathered.get(ruleId) ?? 0) + hits)
    }
  }
}
