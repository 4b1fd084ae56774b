// A decision as response headers: `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10: structured fields,
// seconds), the older `x-ratelimit-*` that SDKs read, and `Retry-After` (RFC 9110 §10.2.3).
import { WINDOW_MS } from "./rules.ts"
import type { LimitDecision, LimitRule, LimitStanding } from "./types.ts"

/** Every answer carries them, admitted or not; `Retry-After` only a refusal that waiting can mend. */
export function limitHeaders(decision: LimitDecision, nowMs: number): Record<string, string> {
  if (decision.standings.length === 0) return {}
  let tightest = decision.standings[0]!
  let now = ""
  let policy = ""
  for (const one of decision.standings) {
    const { rule, limit, remaining, resetMs } = one
    const comma = now === "" ? "" : ", "
    now += `${comma}"${rule.name}";r=${remaining};t=${seconds(resetMs - nowMs)}`
    policy += `${comma}"${rule.name}";q=${limit};w=${seconds(lengthMs(rule))}`
    if (isTighter(one, tightest, decision.refusedBy)) tightest = one
  }
  const headers: Record<string, string> = {
    ratelimit: now,
    "ratelimit-policy": policy,
    "x-ratelimit-limit": String(tightest.limit),
    "x-ratelimit-remaining": String(tightest.remaining),
    "x-ratelimit-reset": String(seconds(tightest.resetMs - nowMs)),
  }
  if (!decision.admitted && decision.retryAtMs !== null)
    headers["retry-after"] = String(Math.max(1, seconds(decision.retryAtMs - nowMs)))
  return headers
}

/** The one that refused; else the one with the smallest part left. */
function isTighter(a: LimitStanding, b: LimitStanding, refusedBy: LimitRule | null): boolean {
  if (refusedBy !== null) return a.rule === refusedBy && b.rule !== refusedBy
  return a.remaining * Math.max(1, b.limit) < b.remaining * Math.max(1, a.limit)
}

function lengthMs(rule: LimitRule): number {
  if (rule.kind === "window") return WINDOW_MS[rule.window]
  // The policy of a smooth rule is its burst and the time in which that burst comes back.
  if (rule.kind === "smooth") return (rule.burst * rule.periodMs) / rule.limit
  return rule.endMs - rule.startMs
}

/** Whole seconds, up: whoever waits as told is never early. */
const seconds = (ms: number): number => Math.max(0, Math.ceil(ms / 1_000))
