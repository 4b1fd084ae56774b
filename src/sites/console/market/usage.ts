// What a subscriber used: quotas, overages, calls by day and endpoint, limits that were hit.
import { type LimitHit, MarketUsagePage } from "../../../../views/console/market/index.ts"
import { rateText } from "../../../../views/console/market/words.ts"
import { API_DEFINITIONS } from "../../../analytics/index.ts"
import { csvLine, DAY_MS, dayOf, type Nano, nano } from "../../../app/index.ts"
import { csvHeaders } from "../../../http/index.ts"
import type { ConsoleSite } from "../site.ts"
import { type Own, ownOf } from "./own.ts"
import { ratesFor, ratesOf } from "./plans-shown.ts"
import type { MarketDeps } from "./site.ts"

/** Failed calls that are looked through for limits. */
const HIT_ROWS = 300
const HITS_SHOWN = 20

type Figures = ReturnType<MarketDeps["marketplace"]["calls"]["figuresOfSubscription"]>["total"]
type Row = ReturnType<MarketDeps["marketplace"]["calls"]["callsOf"]>[number]

export function usageRoutes(site: ConsoleSite, deps: MarketDeps): void {
  const { clock } = deps
  site.get("/marketplace/:api/usage", (page, { api }) => {
    const own = ownOf(deps, page, api)
    const now = clock.now()
    const range = rangeOf(new URL(page.request.url).searchParams, now)
    const { current, from, to } = range.shown
    const query = new URLSearchParams({ range: current, ...(from && to ? { from, to } : {}) })
    const props = {
      href: `/marketplace/${api}/usage?${query}`,
      csvHref: `/marketplace/${api}/usage.csv?${query}`,
      definitions: LABELS.map(([label, key]) => ({ label, words: API_DEFINITIONS[key] })),
      now,
      product: own.seen.head,
      planName: own.mine.plan.name,
      range: range.shown,
      ...figuresOf(deps, own, range),
    }
    return page.render((frame) => MarketUsagePage({ frame, ...props }))
  })
  site.get("/marketplace/:api/usage.csv", (page, { api }) => {
    const range = rangeOf(new URL(page.request.url).searchParams, clock.now())
    const { days } = figuresOf(deps, ownOf(deps, page, api), range)
    const lines = days.map((day) => csvLine([isoDay(day.dayMs / DAY_MS), day.passed, day.failed, day.refused]))
    const headers = csvHeaders(`usage-${api}-${isoDay(range.fromDay)}-to-${isoDay(range.toDay)}.csv`)
    return new Response(csvLine(["day", "answered", "failed", "refused"]) + lines.join(""), { headers })
  })
}

const LABELS = [
  ["Answered", "answered"],
  ["Failed", "failed"],
  ["Refused", "refused"],
] as const satisfies readonly (readonly [string, keyof typeof API_DEFINITIONS])[]

const DAYS = { "7d": 7, "30d": 30, "90d": 90 } as const
type Name = keyof typeof DAYS | "custom"

interface Range {
  shown: { current: Name; from?: string | undefined; to?: string | undefined; max: string; error?: string | undefined }
  fromDay: number
  /** Included. */
  toDay: number
}

const isoDay = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10)
const DAYS_MAX = 366

/** The days that the address names; those that are none are said, and the last 30 shown. */
export function rangeOf(query: URLSearchParams, now: number): Range {
  const today = dayOf(now)
  const max = isoDay(today)
  const last = (name: keyof typeof DAYS, more: object = {}): Range => ({
    shown: { current: name, max, ...more },
    fromDay: today - DAYS[name] + 1,
    toDay: today,
  })
  const name = query.get("range")
  if (name !== "custom") return last(name === "7d" || name === "90d" ? name : "30d")
  const [from, to] = [query.get("from") ?? isoDay(today - 29), query.get("to") ?? max]
  const dayIn = (text: string): number => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? dayOf(Date.parse(text)) : Number.NaN)
  const [fromDay, toDay] = [dayIn(from), dayIn(to)]
  const error =
    Number.isNaN(fromDay) || Number.isNaN(toDay)
      ? "Enter days such as 2026-03-31."
      : fromDay > toDay
        ? "The first day comes after the last."
        : toDay - fromDay >= DAYS_MAX
          ? "Choose a year at most."
          : undefined
  const shown = { current: "custom" as const, from, to, max }
  if (error !== undefined) return { ...last("30d"), shown: { ...shown, error } }
  return { shown, fromDay, toDay: Math.min(toDay, today) }
}

/** What became of the calls of a day. Those that were refused, or never got an answer, are not among its calls. */
export function partsOf(
  day: Pick<Figures, "calls" | "status4xx" | "status5xx" | "failed" | "refused"> | undefined,
): Record<"passed" | "failed" | "refused", number> {
  if (!day) return { passed: 0, failed: 0, refused: 0 }
  const { calls, status4xx, status5xx, failed, refused } = day
  return { passed: calls - status4xx - status5xx, failed: status4xx + status5xx + failed, refused }
}

function figuresOf({ marketplace }: MarketDeps, { seen, mine }: Own, { fromDay, toDay }: Range) {
  const { calls, subscriptions } = marketplace
  const figures = calls.figuresOfSubscription(mine.id, { fromDay, toDay })
  const titles = new Map(seen.endpoints.map(({ id, title }) => [id, title]))
  const titleOf = (id: number): string =>
    titles.get(id) ?? (id === 0 ? "None of its endpoints" : "An endpoint that is gone")
  const byDay = new Map(figures.days.map((one) => [one.of, one.figures]))
  const overages = subscriptions.overagesOf(mine)
  return {
    quotas: calls.quotaOf(mine),
    rates: ratesOf(mine.terms, seen.endpoints),
    overages: {
      units: overages.filter(({ endpoint }) => endpoint === null).reduce((sum, { units }) => sum + units, 0),
      cost: nano(overages.reduce((sum, line) => sum + line.nano, 0)) as Nano,
      cap: mine.terms.overageCapNano,
      sinceMs: mine.periodStartMs,
      unit: mine.terms.overageNano,
    },
    days: Array.from({ length: toDay - fromDay + 1 }, (_, index) => {
      return { dayMs: (fromDay + index) * DAY_MS, ...partsOf(byDay.get(fromDay + index)) }
    }),
    byEndpoint: figures.endpoints.map(({ of, figures: one }) => ({
      endpoint: titleOf(of),
      calls: one.calls,
      units: one.units,
      errors: one.status4xx + one.status5xx + one.failed + one.refused,
      medianMs: one.p50,
    })),
    hits: hitsOf(calls.callsOf(mine.id, { status: "failed", limit: HIT_ROWS }), titleOf, (endpointId) =>
      ratesFor(mine.terms, endpointId).map(rateText).join(", "),
    ),
  }
}

const LIMITS: Readonly<Record<string, string>> = {
  rate_limit_exceeded: "Rate",
  quota_exceeded: "Quota",
  // What lies above the plan is paid at once.
  insufficient_credits: "Bought credits",
  credits_on_hold: "Bought credits",
}

/** Refusals in a row of one kind are one line, newest first. */
export function hitsOf(
  rows: readonly Pick<Row, "atMs" | "endpointId" | "errorCode">[],
  titleOf: (endpointId: number) => string,
  ratesOfEndpoint: (endpointId: number) => string,
): LimitHit[] {
  const hits: (LimitHit & { kind: string })[] = []
  for (const { atMs, endpointId, errorCode } of rows) {
    const kind = errorCode === null ? undefined : LIMITS[errorCode]
    if (kind === undefined) continue
    const endpoint = titleOf(endpointId)
    const before = hits.at(-1)
    if (before?.kind === kind && before.endpoint === endpoint && before.atMs - atMs < DAY_MS) before.calls += 1
    else
      hits.push({
        atMs,
        endpoint,
        kind,
        calls: 1,
        what: kind === "Rate" ? `Rate, ${ratesOfEndpoint(endpointId)}` : kind,
      })
  }
  return hits.slice(0, HITS_SHOWN).map(({ kind: _, ...hit }) => hit)
}
