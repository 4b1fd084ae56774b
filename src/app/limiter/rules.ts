// One rule's arithmetic, pure: state and moment in, verdict and next state out. Whole numbers only; nothing is rounded in favour of
// the caller. A clock that runs backwards grants nothing: counting goes on at the latest moment seen.
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../clock.ts"
import type { LimitRule, LimitStanding, LimitState, SmoothRule, WindowName } from "./types.ts"

export const WINDOW_MS: Record<WindowName, number> = {
  second: SECOND_MS,
  minute: MINUTE_MS,
  hour: HOUR_MS,
  day: DAY_MS,
}

export interface Verdict {
  admitted: boolean
  /** State after the units were taken; only to be kept when all rules admit. */
  next: LimitState
  /** A state older than this says nothing any more. */
  forgetAtMs: number
  /** As it stands now, before the units are taken. */
  before: LimitStanding
  /** As it stands after they were taken. */
  after: LimitStanding
  /** Earliest moment at which these units fit; null when they never do. */
  fitsAtMs: number | null
}

/** @throws RangeError for a rule or weight that no limiter can keep: a caller's defect */
export function judge(rule: LimitRule, state: LimitState | null, nowMs: number, weight: number): Verdict {
  assertWhole(weight, "weight")
  assertWhole(rule.limit, `limit of ${rule.name}`)
  return rule.kind === "smooth" ? judgeSmooth(rule, state, nowMs, weight) : judgeCount(rule, state, nowMs, weight)
}

function judgeCount(
  rule: Exclude<LimitRule, SmoothRule>,
  state: LimitState | null,
  nowMs: number,
  weight: number,
): Verdict {
  const known = state?.kind === "count" ? state : null
  const atMs = Math.max(nowMs, known?.atMs ?? nowMs)
  const { startMs, endMs } = spanOf(rule, atMs)
  // A quota's period may be moved by its owner; what was used inside the new one goes on counting (a changed plan is no gift).
  const isSame =
    known !== null &&
    (rule.kind === "quota" ? known.startMs < endMs && known.atMs >= startMs : known.startMs === startMs)
  const used = isSame ? known.used : 0
  const isOpen = rule.kind === "window" || (atMs >= rule.startMs && atMs < rule.endMs)
  const admitted = isOpen && used + weight <= rule.limit
  const standing = (taken: number): LimitStanding => ({
    rule,
    limit: rule.limit,
    remaining: isOpen ? Math.max(0, rule.limit - taken) : 0,
    resetMs: endMs,
  })
  return {
    admitted,
    next: { kind: "count", startMs, used: used + weight, atMs },
    forgetAtMs: endMs,
    before: standing(used),
    after: standing(used + weight),
    fitsAtMs: admitted ? atMs : rule.kind === "quota" || weight > rule.limit ? null : endMs,
  }
}

function spanOf(rule: Exclude<LimitRule, SmoothRule>, atMs: number): { startMs: number; endMs: number } {
  if (rule.kind === "quota") return rule
  const lengthMs = WINDOW_MS[rule.window]
  const startMs = Math.floor(atMs / lengthMs) * lengthMs
  return { startMs, endMs: startMs + lengthMs }
}

/** GCRA (ITU-T I.371) in units of 1/limit ms, where one unit costs exactly `periodMs` and n units exactly n of them. */
function judgeSmooth(rule: SmoothRule, state: LimitState | null, nowMs: number, weight: number): Verdict {
  assertWhole(rule.burst, `burst of ${rule.name}`)
  assertWhole(rule.periodMs, `period of ${rule.name}`)
  if (rule.limit === 0 || rule.burst === 0 || rule.periodMs === 0) throw new RangeError(`${rule.name} admits nothing`)
  const scale = BigInt(rule.limit)
  const cost = BigInt(rule.periodMs)
  const now = BigInt(nowMs) * scale
  const tolerance = cost * BigInt(rule.burst)
  const known = state?.kind === "tat" ? state.tat : now
  const tat = known > now ? known : now
  const next = tat + cost * BigInt(weight)
  const admitted = next - now <= tolerance
  const standing = (at: bigint): LimitStanding => {
    const free = tolerance - (at - now)
    return {
      rule,
      limit: rule.burst,
      remaining: free > 0n ? Number(free / cost) : 0,
      resetMs: ceilMs(at, scale),
    }
  }
  return {
    admitted,
    next: { kind: "tat", tat: next },
    forgetAtMs: ceilMs(next, scale),
    before: standing(tat),
    after: standing(next),
    fitsAtMs: weight > rule.burst ? null : ceilMs(next - tolerance > now ? next - tolerance : now, scale),
  }
}

/** The state once units that were taken are given back; null when what was taken is over anyway. */
export function givenBack(
  rule: LimitRule,
  state: LimitState,
  nowMs: number,
  weight: number,
): { state: LimitState; forgetAtMs: number } | null {
  assertWhole(weight, "weight")
  if (rule.kind === "smooth") {
    if (state.kind !== "tat") return null
    const tat = state.tat - BigInt(rule.periodMs) * BigInt(weight)
    return { state: { kind: "tat", tat }, forgetAtMs: ceilMs(tat, BigInt(rule.limit)) }
  }
  if (state.kind !== "count") return null
  const { startMs, endMs } = spanOf(rule, Math.max(nowMs, state.atMs))
  if (rule.kind === "window" && state.startMs !== startMs) return null
  return { state: { ...state, used: Math.max(0, state.used - weight) }, forgetAtMs: endMs }
}

const ceilMs = (scaled: bigint, scale: bigint): number => Number((scaled + scale - 1n) / scale)

function assertWhole(value: number, name: string): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${name} must be a whole number, got ${value}`)
}
