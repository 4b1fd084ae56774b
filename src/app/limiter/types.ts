// What a limit is and what a decision says. Units are whole and the caller's: requests, tokens, calls. Times are ms UTC.

/** Fixed window aligned to the UTC clock: the 14:05 minute, the UTC day. Exact: never more than `limit` in any of them. */
export type WindowName = "second" | "minute" | "hour" | "day"

/** `limit` units in every window of that length. */
export interface WindowRule {
  kind: "window"
  /** Names the limit in headers and rows: letters, digits, `-`, `_`. */
  name: string
  window: WindowName
  limit: number
}

/** `limit` units from `startMs` until `endMs`: a billing period, which only its owner knows. */
export interface QuotaRule {
  kind: "quota"
  name: string
  startMs: number
  /** Excluded. */
  endMs: number
  limit: number
}

/**
 * One unit every `periodMs / limit` (GCRA), with `burst` units at once after a rest. In any stretch of `t` ms at most
 * `burst + t × limit / periodMs` are admitted.
 */
export interface SmoothRule {
  kind: "smooth"
  name: string
  limit: number
  periodMs: number
  burst: number
}

export type LimitRule = WindowRule | QuotaRule | SmoothRule

/** What is kept per key and rule. A missing state is a fresh one. */
export type LimitState =
  /** `atMs`: the latest moment seen, so that a clock that jumps back opens no window a second time. */
  | { kind: "count"; startMs: number; used: number; atMs: number }
  /** Theoretical arrival time of the next unit, in 1/limit ms, exact. */
  | { kind: "tat"; tat: bigint }

/** How one rule stands after a decision; what headers say. */
export interface LimitStanding {
  rule: LimitRule
  limit: number
  /** Whole units that are left now. */
  remaining: number
  /** When `remaining` is `limit` (or `burst`) again. */
  resetMs: number
}

export interface LimitDecision {
  admitted: boolean
  /** In the order of the rules. */
  standings: LimitStanding[]
  /** The rule that refused and is longest in refusing; null when admitted. */
  refusedBy: LimitRule | null
  /** When the same request may come again; null when admitted, or when it never can (it asks for more than the whole limit). */
  retryAtMs: number | null
}

/** Where states are kept: memory for short windows, rows for an hour or more. Both answer at once: no await in a decision. */
export interface LimitStates {
  /**
   * The moment to decide at: never before one that was decided at, or forgotten states would be granted again. After a clock that was
   * wrong by a day and is set right, windows stand still for that day, as `tx.now` does: fewer calls, never more.
   */
  advance(nowMs: number): number
  /** @throws LimiterFull before anything is written, when new keys find no room */
  ensureRoom(asks: readonly { key: string; rule: LimitRule }[]): void
  read(key: string, rule: LimitRule): LimitState | null
  /** Called only when every rule admits, or when units are given back. */
  write(key: string, rule: LimitRule, state: LimitState, forgetAtMs: number): void
}
