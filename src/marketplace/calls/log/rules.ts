// How calls are counted: under which reason, and in which span of time. Pure.
import type { ErrorCode } from "../../../app/index.ts"
import type { marketCallDays } from "../tables.ts"
import type { CallEnd } from "../types.ts"

export type DayRow = typeof marketCallDays.$inferSelect
export type DayCounts = Omit<DayRow, "day" | "productId" | "endpointId" | "subscriptionId" | "latencies">
export type Reason = "refusedKey" | "refusedPlan" | "refusedRate" | "refusedQuota" | "refusedState" | "refusedOther"

/** Upper bounds, ms. The counts stand in rows, so bounds are only ever added at the end. */
const LATENCY_MS = [
  1, 2, 5, 10, 20, 35, 50, 75, 100, 150, 200, 350, 500, 750, 1_000, 1_500, 2_000, 3_500, 5_000, 10_000, 30_000, 60_000,
  300_000,
] as const

const REASONS: Partial<Record<ErrorCode, Reason>> = {
  api_key_missing: "refusedKey",
  invalid_api_key: "refusedKey",
  api_key_expired: "refusedKey",
  api_key_revoked: "refusedKey",
  api_key_address_denied: "refusedKey",
  address_denied: "refusedKey",
  signature_invalid: "refusedKey",
  plan_required: "refusedPlan",
  rate_limit_exceeded: "refusedRate",
  quota_exceeded: "refusedQuota",
  insufficient_credits: "refusedQuota",
  credits_on_hold: "refusedQuota",
  subscription_past_due: "refusedState",
  subscription_ended: "refusedState",
  account_suspended: "refusedState",
  product_unavailable: "refusedState",
}

/** Refused before it left. A call that was let through has a time of the server, or failed on the way to it. */
export const reasonOf = (code: ErrorCode): Reason => REASONS[code] ?? "refusedOther"

/** Failures of the way, which happen after a call was let through. */
const FAILED: ReadonlySet<ErrorCode> = new Set(["upstream_error", "upstream_timeout"])

export const isRefused = ({ errorCode, upstreamMs, units }: CallEnd): boolean =>
  errorCode !== null && upstreamMs === null && units === 0 && !FAILED.has(errorCode)

export const noCounts = (): DayCounts => ({
  calls: 0,
  status4xx: 0,
  status5xx: 0,
  failed: 0,
  refusedKey: 0,
  refusedPlan: 0,
  refusedRate: 0,
  refusedQuota: 0,
  refusedState: 0,
  refusedOther: 0,
  units: 0,
  chargedNano: 0,
  bytesOut: 0,
})

export class Latencies {
  readonly counts: number[]
  constructor(text = "") {
    const known = text === "" ? [] : text.split(" ").map(Number)
    this.counts = Array.from({ length: LATENCY_MS.length + 1 }, (_, at) => known[at] ?? 0)
  }
  observe(ms: number): void {
    const at = LATENCY_MS.findIndex((bound) => ms <= bound)
    this.counts[at < 0 ? LATENCY_MS.length : at]!++
  }
  add(other: Latencies): void {
    for (const [at, count] of other.counts.entries()) this.counts[at]! += count
  }
  get count(): number {
    return this.counts.reduce((sum, one) => sum + one, 0)
  }
  /** Upper bound of the span that holds this part of the answers, ms; null = there were none. */
  percentile(part: number): number | null {
    const { count } = this
    if (count === 0) return null
    let seen = 0
    for (const [at, one] of this.counts.entries()) {
      seen += one
      if (seen >= count * part) return LATENCY_MS[at] ?? LATENCY_MS.at(-1)!
    }
    return LATENCY_MS.at(-1)!
  }
  toString(): string {
    return this.count === 0 ? "" : this.counts.join(" ")
  }
}

const COUNTS = Object.keys(noCounts()) as (keyof DayCounts)[]

export function addCounts(into: DayCounts, counts: DayCounts): void {
  for (const name of COUNTS) into[name] += counts[name]
}

/** Adds one call. */
export function count(into: DayCounts, latencies: Latencies, call: CallEnd): void {
  if (isRefused(call)) {
    into[reasonOf(call.errorCode!)]++
    return
  }
  into.units += call.units
  into.chargedNano += call.chargedNano
  into.bytesOut += call.bytesOut
  if (call.upstreamMs === null) {
    into.failed++
    return
  }
  into.calls++
  if (call.errorCode !== null) into.failed++
  if (call.status >= 500) into.status5xx++
  else if (call.status >= 400) into.status4xx++
  latencies.observe(call.latencyMs)
}
