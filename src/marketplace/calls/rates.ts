// Rates: fixed windows aligned to UTC, by subscription and endpoint. Seconds and minutes are counted in memory, hours in rows; decided
// together, all or nothing, in the turn that lets a call through.
import { limiter } from "../../app/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import type { RateSpan } from "../types.ts"
import type { RateTerms } from "./offer.ts"
import { hourOf, saveHour } from "./quota/store.ts"

const SPANS: readonly RateSpan[] = ["second", "minute", "hour"]

/** By the very list: terms that are read anew have another. */
const known = new WeakMap<readonly RateTerms[], Map<number, readonly limiter.WindowRule[]>>()

/** The rules of an endpoint: its own of a span, else those of every endpoint. */
export function rulesFor(rates: readonly RateTerms[], endpointId: number): readonly limiter.WindowRule[] {
  let byEndpoint = known.get(rates)
  if (!byEndpoint) {
    byEndpoint = new Map()
    known.set(rates, byEndpoint)
  }
  const made = byEndpoint.get(endpointId) ?? makeRules(rates, endpointId)
  byEndpoint.set(endpointId, made)
  return made
}

function makeRules(rates: readonly RateTerms[], endpointId: number): limiter.WindowRule[] {
  return SPANS.flatMap((span) => {
    const of = (id: number) => rates.find((rate) => rate.span === span && rate.endpointId === id)
    const rule = of(endpointId) ?? of(0)
    return rule ? [{ kind: "window", name: span, window: span, limit: rule.requests } as const] : []
  })
}

/** @param weight 0 asks how it stands */
export function decideRates(
  memory: limiter.MemoryStates,
  tx: Tx,
  of: { subscriptionId: number; endpointId: number; rules: readonly limiter.WindowRule[] },
  weight = 1,
): limiter.LimitDecision {
  const { subscriptionId, endpointId, rules } = of
  const key = `${subscriptionId}:${endpointId}`
  const states = rules.some(limiter.isLongRule)
    ? limiter.eitherStates(memory, hours(tx, subscriptionId, endpointId), limiter.isLongRule)
    : memory
  return limiter.decide(
    states,
    rules.map((rule) => ({ key, rule, weight })),
    tx.now,
  )
}

const hours = (tx: Tx, subscriptionId: number, endpointId: number): limiter.LimitStates =>
  limiter.rowStates({
    find: () => rowOf(tx, subscriptionId, endpointId),
    save: (_key, _rule, { startMs, used }) => saveHour(tx, { subscriptionId, endpointId, startMs, used }),
  })

/** `tx.now` never runs back, so the window's start is as late as anything that was counted in it. */
function rowOf(reader: Reader, subscriptionId: number, endpointId: number): limiter.LimitRow | null {
  const row = hourOf(reader, subscriptionId, endpointId)
  return row && { ...row, atMs: row.startMs, tat: null, forgetAtMs: 0 }
}
