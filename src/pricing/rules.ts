// Price rules: which one applies to a call. Pure; compiled once per change, then a short scan in memory per lookup.
import { nano } from "../app/index.ts"
import type { PriceRule, Traffic } from "./types.ts"

export type RuleFinder = (model: string, traffic: Traffic) => PriceRule

const zero = nano(0)
const builtIn = (traffic: Traffic, platformBp: number, developerBp: number): PriceRule => ({
  id: 0,
  pattern: "*",
  traffic,
  priority: -1001,
  platformBp,
  developerBp,
  minimumNano: zero,
  requestFeeNano: zero,
  active: true,
})

/**
 * What applies when every row was switched off: an app's call keeps the shares of seed 000 rather than becoming
 * cheaper by accident. A user's own key pays raw; its plan's markup is passed down by the caller.
 */
export const DEFAULT_RULES: Readonly<Record<Traffic, PriceRule>> = {
  app: builtIn("app", 5_000, 5_000),
  key: builtIn("key", 0, 0),
}

/**
 * Compiles rules: highest priority first, then the longest pattern, then named traffic before `any`, then the newest
 * row.
 */
export function compileRules(rules: readonly PriceRule[]): RuleFinder {
  const ordered = orderOf(rules.filter((rule) => rule.active)).map((rule) => ({
    rule,
    matches: globMatcher(rule.pattern),
  }))
  return (model, traffic) => {
    const name = model.toLowerCase()
    for (const { rule, matches } of ordered) {
      if ((rule.traffic === "any" || rule.traffic === traffic) && matches(name)) return rule
    }
    return DEFAULT_RULES[traffic]
  }
}

/** As they are tried, those that are off at the end. */
export const orderOf = (rules: readonly PriceRule[]): PriceRule[] =>
  rules.toSorted(
    (a, b) =>
      Number(b.active) - Number(a.active) ||
      b.priority - a.priority ||
      b.pattern.length - a.pattern.length ||
      Number(a.traffic === "any") - Number(b.traffic === "any") ||
      b.id - a.id,
  )

export interface DeveloperShares {
  /** Basis points where no rule for single models counts. */
  usualBp: number
  /** The smallest and the largest of all that a model may have. */
  minBp: number
  maxBp: number
}

/** What developers earn of calls of their apps, by the rules that can ever count: none is tried after one for every model. */
export function developerShares(rules: readonly PriceRule[]): DeveloperShares {
  const tried = orderOf(rules.filter((rule) => rule.active && rule.traffic !== "key"))
  const all = tried.findIndex(({ pattern }) => /^\*+$/.test(pattern))
  const counting = all < 0 ? [...tried, DEFAULT_RULES.app] : tried.slice(0, all + 1)
  const shares = counting.map(({ developerBp }) => developerBp)
  return { usualBp: shares.at(-1)!, minBp: Math.min(...shares), maxBp: Math.max(...shares) }
}

/**
 * Matches a lower-case name against a glob in linear time per star; no regular expression, so no pattern can stall
 * the server.
 */
export function globMatcher(pattern: string): (name: string) => boolean {
  const glob = pattern.toLowerCase()
  return (name) => {
    let at = 0
    let star = -1
    let resume = 0
    let next = 0
    while (at < name.length) {
      if (glob[next] === "*") {
        star = next++
        resume = at
      } else if (glob[next] === "?" || glob[next] === name[at]) {
        next++
        at++
      } else if (star >= 0) {
        next = star + 1
        at = ++resume
      } else return false
    }
    while (glob[next] === "*") next++
    return next === glob.length
  }
}
