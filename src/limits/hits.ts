// How often each rule refused: gathered in memory and written together, so that a flood of refusals costs no write each.
import { dayOf, type Log } from "../app/index.ts"
import type { Store } from "../store/index.ts"
import { addHits, hitsOf } from "./store.ts"
import type { RuleId } from "./tables.ts"

const CTX = { actor: "system:limits", requestId: "job:limit-hits", reason: "limits refused calls" }

type Refused = Map<RuleId, number>

export class Hits {
  /** By UTC day; of another day than the present one there is something only until the next write. */
  private gathered = new Map<number, Refused>()

  constructor(
    private readonly store: Pick<Store, "write" | "read">,
    private readonly log: Pick<Log, "warn">,
  ) {}

  note(ruleId: RuleId, nowMs: number): void {
    this.add(dayOf(nowMs), ruleId, 1)
  }

  /** Of the present UTC day, exact. */
  today(nowMs: number): Refused {
    const day = dayOf(nowMs)
    const sums = new Map(hitsOf(this.store.read, day).map(({ ruleId, hits }) => [ruleId, hits]))
    for (const [ruleId, hits] of this.gathered.get(day) ?? []) sums.set(ruleId, (sums.get(ruleId) ?? 0) + hits)
    return sums
  }

  /** What cannot be written is kept for the next time. */
  async flush(): Promise<void> {
    const { gathered } = this
    if (gathered.size === 0) return
    this.gathered = new Map()
    const each = [...gathered].flatMap(([day, refused]) => [...refused].map((one) => [day, ...one] as const))
    try {
      await this.store.write(CTX, (tx) => {
        for (const [day, ruleId, hits] of each) addHits(tx, ruleId, day, hits)
      })
    } catch (error) {
      this.log.warn("limits.hits_not_written", { rules: each.length, error })
      for (const [day, ruleId, hits] of each) this.add(day, ruleId, hits)
    }
  }

  private add(day: number, ruleId: RuleId, hits: number): void {
    const refused = this.gathered.get(day) ?? new Map<RuleId, number>()
    refused.set(ruleId, (refused.get(ruleId) ?? 0) + hits)
    this.gathered.set(day, refused)
  }
}
