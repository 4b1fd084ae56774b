// The writer's memory of counters in rows: what many calls of one commit count is written once. It follows the writer: what a mutation
// counted is undone with it.
import { Lru } from "../app/index.ts"
import type { Kept, Tx } from "../store/index.ts"
import { LIMITER_LIMITS } from "./limits.ts"
import { findCount, insertCount, updateCount } from "./store.ts"
import { spentIn } from "./store-spent.ts"
import type { CountId } from "./tables.ts"
import type { LimitKind, Span, Spender } from "./types.ts"

export interface Count {
  /** Null until it is written for the first time. */
  id: CountId | null
  readonly subject: string
  readonly kind: LimitKind
  readonly span: Span
  used: number
  held: number
  /** When the books were looked through for what was spent while nothing counted it. */
  caughtUpMs: number
}

type Figures = Pick<Count, "used" | "held">

class Counts implements Kept {
  private known = new Lru<Count>(LIMITER_LIMITS.countsMax)
  /** Changed since the last commit; never forgotten before it. */
  private readonly changed = new Map<string, Count>()
  /** As they were before the mutation that runs. */
  private readonly before = new Map<Count, Figures>()

  of(tx: Tx, subject: string, kind: LimitKind, span: Span): Count {
    const key = keyOf(subject, kind, span)
    const known = this.known.get(key) ?? this.changed.get(key)
    if (known) return known
    const row = findCount(tx, subject, kind, span.startMs)
    const count: Count = { ...(row ?? { id: null, used: 0, held: 0 }), subject, kind, span, caughtUpMs: 0 }
    this.known.set(key, count)
    return count
  }

  /**
   * A limit that was set within its window counts what was spent in it before: whoever says "5 dollars this month" on the 20th means the
   * month. Asked of the books, and again while calls may end that were under way then; where they and the counter differ, the larger
   * counts.
   */
  catchUp(tx: Tx, count: Count, of: Spender, sinceMs: number): void {
    if (sinceMs < count.span.startMs || count.caughtUpMs >= sinceMs + LIMITER_LIMITS.catchUpMs) return
    if (count.caughtUpMs > sinceMs && tx.now - count.caughtUpMs < LIMITER_LIMITS.catchUpEveryMs) return
    count.caughtUpMs = tx.now
    const missing = spentIn(tx, of, count.span) - count.used
    if (missing <= 0) return
    this.changed.set(keyOf(count.subject, count.kind, count.span), count)
    // It stays when this mutation is undone: a flood of refused calls asks once.
    for (const figures of [count, this.before.get(count)]) if (figures) figures.used += missing
  }

  add(count: Count, used: number, held: number): void {
    if (!this.before.has(count)) this.before.set(count, { used: count.used, held: count.held })
    this.changed.set(keyOf(count.subject, count.kind, count.span), count)
    count.used += used
    count.held += held
  }

  mutationEnded(undone: boolean): void {
    if (undone) for (const [count, before] of this.before) Object.assign(count, before)
    this.before.clear()
  }

  beforeCommit(tx: Tx): void {
    for (const count of this.changed.values()) {
      const { id, subject, kind, span, used, held } = count
      if (id === null) count.id = insertCount(tx, { subject, kind, ...span, used, held })
      else updateCount(tx, { id, used, held })
    }
    this.changed.clear()
  }

  forget(): void {
    this.known = new Lru(LIMITER_LIMITS.countsMax)
    this.changed.clear()
    this.before.clear()
  }
}

const keyOf = (subject: string, kind: LimitKind, { startMs }: Span): string => `${subject} ${kind} ${startMs}`
const makeCounts = () => new Counts()
export const countsOf = (tx: Tx): Counts => tx.kept(makeCounts)
