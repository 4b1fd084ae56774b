// Several limits at once, all or nothing: a request is admitted by every rule and counted in each, or counted in none.
// Synchronous from first read to last write, so nothing comes between: exact under any load of one process.
import { givenBack, judge } from "./rules.ts"
import type { LimitDecision, LimitRule, LimitStates } from "./types.ts"

export interface LimitAsk {
  /** Whom it is held against: `user:12`, `key:7:ip`. */
  key: string
  rule: LimitRule
  /** Units this request takes of this rule; 1 by default. 0 asks how it stands without taking anything. */
  weight?: number
}

/**
 * A refused request moves nothing: no count, no smoothing, no window.
 * @throws RangeError for weights and limits that are not whole; a rule named twice; LimiterFull when memory has no room for a new key
 */
export function decide(states: LimitStates, asks: readonly LimitAsk[], clockMs: number): LimitDecision {
  const nowMs = states.advance(clockMs)
  if (asks.length > 1 && new Set(asks.map(({ key, rule }) => `${rule.name}\n${key}`)).size < asks.length)
    throw new RangeError("a rule counts a key once per request; add the weights up")
  const judged = asks.map(({ key, rule, weight = 1 }) => ({
    key,
    rule,
    verdict: judge(rule, states.read(key, rule), nowMs, weight),
  }))
  const refused = judged.filter(({ verdict }) => !verdict.admitted)
  if (refused.length === 0) {
    states.ensureRoom(asks)
    for (const { key, rule, verdict } of judged) states.write(key, rule, verdict.next, verdict.forgetAtMs)
    return {
      admitted: true,
      standings: judged.map(({ verdict }) => verdict.after),
      refusedBy: null,
      retryAtMs: null,
    }
  }
  const fits = ({ verdict }: (typeof refused)[number]) => verdict.fitsAtMs ?? Number.POSITIVE_INFINITY
  const longest = refused.reduce((a, b) => (fits(b) > fits(a) ? b : a))
  return {
    admitted: false,
    standings: judged.map(({ verdict }) => verdict.before),
    refusedBy: longest.rule,
    retryAtMs: longest.verdict.fitsAtMs,
  }
}

/** Returns what an admitted request took, when it turns out to be none of those that are limited: a password that was right. */
export function giveBack(states: LimitStates, asks: readonly LimitAsk[], clockMs: number): void {
  const nowMs = states.advance(clockMs)
  for (const { key, rule, weight = 1 } of asks) {
    const state = states.read(key, rule)
    const back = state && givenBack(rule, state, nowMs, weight)
    if (back) states.write(key, rule, back.state, back.forgetAtMs)
  }
}
