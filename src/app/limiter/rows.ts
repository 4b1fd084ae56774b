// States as rows, for windows of an hour or more and for quotas: they survive restarts and are decided inside a mutation. This file knows
// no table: a domain supplies how a row is read and written in its own `store.ts`.
import type { LimitRule, LimitState, LimitStates } from "./types.ts"

/** A row as plain columns; GCRA's time is TEXT, since it passes 2^53. */
export interface LimitRow {
  startMs: number
  used: number
  atMs: number
  /** Null for counted rules. */
  tat: string | null
  /** Rows past this moment may be deleted. */
  forgetAtMs: number
}

/** Both work inside one mutation: reading, deciding and writing there is what makes the limit exact. */
export interface LimitRows {
  find(key: string, rule: string): LimitRow | null
  save(key: string, rule: string, row: LimitRow): void
}

/** `decide` is then given `tx.now`, which never runs backwards. */
export const rowStates = (rows: LimitRows): LimitStates => ({
  advance: (nowMs) => nowMs,
  ensureRoom: () => {},
  read: (key, rule) => {
    const row = rows.find(key, rule.name)
    return row === null ? null : stateOf(row)
  },
  write: (key, rule, state, forgetAtMs) => rows.save(key, rule.name, rowOf(state, forgetAtMs)),
})

const stateOf = ({ startMs, used, atMs, tat }: LimitRow): LimitState =>
  tat === null ? { kind: "count", startMs, used, atMs } : { kind: "tat", tat: BigInt(tat) }

const rowOf = (state: LimitState, forgetAtMs: number): LimitRow =>
  state.kind === "tat"
    ? { startMs: 0, used: 0, atMs: 0, tat: String(state.tat), forgetAtMs }
    : { startMs: state.startMs, used: state.used, atMs: state.atMs, tat: null, forgetAtMs }

/** Short windows in memory and long ones in rows, decided together, all or nothing. */
export const eitherStates = (
  short: LimitStates,
  long: LimitStates,
  isLong: (rule: LimitRule) => boolean,
): LimitStates => ({
  advance: (nowMs) => Math.max(short.advance(nowMs), long.advance(nowMs)),
  ensureRoom: (asks) => {
    short.ensureRoom(asks.filter(({ rule }) => !isLong(rule)))
    long.ensureRoom(asks.filter(({ rule }) => isLong(rule)))
  },
  read: (key, rule) => (isLong(rule) ? long : short).read(key, rule),
  write: (key, rule, state, forgetAtMs) => (isLong(rule) ? long : short).write(key, rule, state, forgetAtMs),
})

/** An hour or more, and every quota, must survive a restart (DESIGN §7). */
export const isLongRule = (rule: LimitRule): boolean =>
  rule.kind === "quota" || (rule.kind === "window" && (rule.window === "hour" || rule.window === "day"))
