// What one subject did in the present second and minute, and its calls under way. In memory: after a restart a minute begins anew, and
// no call is under way. Nothing here is awaited, so that no call comes between a look and its count.
import { MINUTE_MS, SECOND_MS } from "../app/index.ts"

export class Tally {
  /** Numbers of the windows that the counts are of. */
  second = 0
  minute = 0
  inSecond = 0
  inMinute = 0
  /** Reserved by calls under way, used by those that ended. */
  tokens = 0
  running = 0

  /** Opens the windows of a moment; counts of windows before are over. */
  turn(nowMs: number): void {
    const second = Math.floor(nowMs / SECOND_MS)
    if (second === this.second) return
    this.second = second
    this.inSecond = 0
    const minute = Math.floor(nowMs / MINUTE_MS)
    if (minute === this.minute) return
    this.minute = minute
    this.inMinute = 0
    this.tokens = 0
  }
}

/**
 * A bounded map of tallies in two generations, of which the older is cleared out as a whole. Those that say something are kept: with a
 * call under way, or of this minute. Only where all places are taken by such, the one that was used least lately is forgotten, unless
 * a call is under way: whoever it is of may begin its minute anew.
 */
export class Tallies {
  private young = new Map<string, Tally>()
  private old = new Map<string, Tally>()

  constructor(private readonly talliesMax: number) {}

  get size(): number {
    return this.young.size + this.old.size
  }

  of(subject: string, nowMs: number): Tally {
    const known = this.young.get(subject)
    if (known) return known
    const older = this.old.get(subject)
    if (older) this.old.delete(subject)
    const tally = older ?? new Tally()
    if (this.young.size >= this.talliesMax / 2) this.turnOver(nowMs)
    this.young.set(subject, tally)
    return tally
  }

  /** Null: nothing is known, which is nothing done. */
  peek(subject: string): Tally | null {
    return this.young.get(subject) ?? this.old.get(subject) ?? null
  }

  private turnOver(nowMs: number): void {
    const minute = Math.floor(nowMs / MINUTE_MS)
    const kept = new Map<string, Tally>()
    for (const [subject, tally] of this.young)
      if (tally.running > 0 || tally.minute === minute) kept.set(subject, tally)
    // Of those not seen since the turn before, only calls under way count on: as many as there are calls.
    for (const [subject, tally] of this.old) if (tally.running > 0) kept.set(subject, tally)
    this.old = kept
    this.young = new Map()
  }
}
