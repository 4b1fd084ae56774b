// Counts over the last minute, by the second: exact to a second, in fixed memory. Times are passed in.

const SECONDS = 60

/** One figure. */
export class Minute {
  private readonly slots = new Float64Array(SECONDS)
  private sum = 0
  /** Second of the newest slot. */
  private atSecond = 0

  add(nowMs: number, amount: number): void {
    const second = this.turn(nowMs)
    this.slots[second % SECONDS]! += amount
    this.sum += amount
  }

  total(nowMs: number): number {
    this.turn(nowMs)
    return this.sum
  }

  /** When the total will be below `limit` if nothing is added; now when it is. */
  belowAtMs(nowMs: number, limit: number): number {
    const second = this.turn(nowMs)
    let left = this.sum
    if (left < limit) return nowMs
    for (let past = second - SECONDS + 1; past <= second; past++) {
      if (past < 0) continue
      left -= this.slots[past % SECONDS]!
      if (left < limit) return (past + SECONDS) * 1_000
    }
    return (second + SECONDS) * 1_000
  }

  clear(): void {
    this.slots.fill(0)
    this.sum = 0
  }

  /** Forgets what is older than a minute. A clock that went back counts as standing still. */
  private turn(nowMs: number): number {
    const second = Math.max(Math.floor(nowMs / 1_000), this.atSecond)
    if (second - this.atSecond >= SECONDS) this.clear()
    else {
      for (let at = this.atSecond + 1; at <= second; at++) {
        this.sum -= this.slots[at % SECONDS]!
        this.slots[at % SECONDS] = 0
      }
    }
    this.atSecond = second
    return second
  }
}
