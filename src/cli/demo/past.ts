// The demo's time: it begins in the past, so that what takes a month can be lived through, and ends at the machine's own clock.
import type { Clock } from "../../app/index.ts"

export class PastClock implements Clock {
  constructor(private behindMs: number) {}

  now(): number {
    return Date.now() - this.behindMs
  }

  /** Never past the machine's clock. */
  goOn(ms: number): void {
    this.behindMs = Math.max(0, this.behindMs - ms)
  }

  get isPresent(): boolean {
    return this.behindMs === 0
  }
}
