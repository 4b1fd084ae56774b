// States of short windows, in memory and bounded. What is over is forgotten first; when all is alive and the map is full, nothing is
// forgotten that would grant extra: a new key is refused room, and its request is refused.
import { MINUTE_MS, SECOND_MS } from "../clock.ts"
import type { LimitRule, LimitState, LimitStates } from "./types.ts"

interface Kept {
  state: LimitState
  forgetAtMs: number
}

/** Thrown when every kept key is still alive: an attack with endless keys, or a bound that is too small. */
export class LimiterFull extends Error {
  override name = "LimiterFull"
}

/** A full map looks for what is over this often at most: endless new keys must not cost a walk each. */
const SWEEP_FULL_MS = SECOND_MS

export class MemoryStates implements LimitStates {
  private readonly kept = new Map<string, Kept>()
  private latestMs = 0
  private sweptMs = 0

  /** @param keysMax at most this many keys × rules; about 200 bytes each */
  constructor(private readonly keysMax: number) {}

  get size(): number {
    return this.kept.size
  }

  advance(nowMs: number): number {
    this.latestMs = Math.max(this.latestMs, nowMs)
    return this.latestMs
  }

  read(key: string, rule: LimitRule): LimitState | null {
    return this.kept.get(idOf(key, rule))?.state ?? null
  }

  ensureRoom(asks: readonly { key: string; rule: LimitRule }[]): void {
    const fresh = new Set(asks.map(({ key, rule }) => idOf(key, rule)).filter((id) => !this.kept.has(id))).size
    if (fresh === 0) return
    const isFull = this.kept.size + fresh > this.keysMax
    if (this.latestMs - this.sweptMs >= (isFull ? SWEEP_FULL_MS : MINUTE_MS)) this.forgetOver()
    if (this.kept.size + fresh > this.keysMax) throw new LimiterFull(`all ${this.keysMax} limiter keys are in use`)
  }

  write(key: string, rule: LimitRule, state: LimitState, forgetAtMs: number): void {
    this.kept.set(idOf(key, rule), { state, forgetAtMs })
  }

  /** A state that is over decides like a missing one, so dropping it changes nothing. */
  private forgetOver(): void {
    this.sweptMs = this.latestMs
    for (const [id, kept] of this.kept) if (kept.forgetAtMs <= this.latestMs) this.kept.delete(id)
  }
}

const idOf = (key: string, rule: LimitRule): string => `${rule.name}\n${key}`
