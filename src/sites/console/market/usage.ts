// What a subscriber used: quotas, overages, calls by day and endpoint, limits that were hit; their calls one by one; and the bill at a glance.
import {
  type LimitHit,
  MarketBillingPage,
  type MarketCall,
  MarketCallPage,
  MarketCallsPage,
  MarketUsagePage,
  marketPath,
} from "../../../../views/console/market/index.ts"
import { rateText } from "../../../../views/console/market/words.ts"
import { DAY_MS, dayOf, ensure, type Nano, nano } from "../../../app/index.ts"
import { CALL_DAYS } from "../../../marketplace/index.ts"
import type { ConsoleSite } from "../site.ts"
import { type Own, ownOf } from "./own.ts"
import { ratesFor, ratesOf } from "./plans-shown.ts"
import type { MarketDeps } from "./site.ts"

/** Calls on a page. */
const CALL_ROWS = 50
/** Failed calls that are looked through for limits. */
const HIT_ROWS = 300
const HITS_SHOWN = 20

type Row = ReturnType<MarketDeps["marketplace"]["calls"]["callsOf"]>[number]

export function usageRoutes(site: ConsoleSite, deps: MarketDeps): void {
  const { clock, marketplace } = deps
  site.get("/marketplace/:api/usage", (page, { api }) => {
    const own = ownOf(deps, page, api)
    const now = clock.now()
    const range = rangeOf(new URL(page.request.url).searchParams, now)
    const props = {
      now,
      product: own.seen.head,
      planName: own.mine.plan.name,
      range: range.shown,
      ...figuresOf(deps, own, range),
    }
    return page.render((frame) => MarketUsagePage({ frame, ...props }))
  })
  site.get("/marketplace/:api/calls", (page, { api }) => {
    const own = ownOf(deps, page, api)
    const { searchParams } = new URL(page.request.url)
    const only = searchParams.get("only") === "errors" ? ("errors" as const) : ("all" as const)
    const before = /^\d{1,15}$/.exec(searchParams.get("before") ?? "")?.[0]
    const rows = marketplace.calls.callsOf(own.mine.id, {
      beforeId: before === undefined ? undefined : Number(before),
      status: only === "errors" ? "failed" : undefined,
      limit: CALL_ROWS + 1,
    })
    const shown = rows.slice(0, CALL_ROWS)
    const path = marketPath(own.slug, "calls")
    const filter = only === "errors" ? "only=errors" : ""
    const props = {
      now: clock.now(),
      product: own.seen.head,
      only,
      calls: shown.map((row) => callShown(deps, own, row)),
      firstHref: before === undefined ? undefined : filter ? `${path}?${filter}` : path,
      nextHref: rows.length > CALL_ROWS ? `${path}?${filter ? `${filter}&` : ""}before=${shown.at(-1)!.id}` : undefined,
      keptDays: deps.settings.get(CALL_DAYS),
    }
    return page.render((frame) => MarketCallsPage({ frame, ...props }))
  })
  site.get("/marketplace/:api/calls/:call", (page, { api, call: requestId }) => {
    const own = ownOf(deps, page, api)
    const row = marketplace.calls.callByRequest(requestId)
    ensure(
      row?.subscriptionId === own.mine.id && row,
      "not_found",
      "There is no such call, or it is not kept any more.",
    )
    const props = { now: clock.now(), product: own.seen.head, call: callShown(deps, own, row) }
    return page.render((frame) => MarketCallPage({ frame, ...props }))
  })
  site.get("/marketplace/:api/billing", (page, { api }) => {
    const own = ownOf(deps, page, api)
    const glance = marketplace.subscriptions.mine(page.session.userId, own.mine.publicId)
    const { mine } = own
    const subscription = {
      state: mine.state,
      planName: mine.plan.name,
      price: mine.terms.priceNano,
      cycle: mine.terms.cycle,
      periodStartMs: mine.periodStartMs,
      periodEndMs: mine.periodEndMs,
      isCancelled: mine.cancelledMs !== null,
      nextPlanName: mine.nextPlan?.name ?? null,
      graceEndMs: mine.graceEndMs,
      overages: glance.overageNano,
      reason: mine.reason,
    }
    const href = `/subscriptions/${encodeURIComponent(mine.publicId)}`
    return page.render((frame) =>
      MarketBillingPage({ frame, now: clock.now(), product: own.seen.head, subscription, href }),
    )
  })
}

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
      const one = byDay.get(fromDay + index)
      const failed = one ? one.status4xx + one.status5xx + one.failed : 0
      const refused = one?.refused ?? 0
      return {
        dayMs: (fromDay + index) * DAY_MS,
        passed: one ? Math.max(0, one.calls - failed - refused) : 0,
        failed,
        refused,
      }
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

const LIMITS: Readonly<Record<string, "Rate" | "Quota" | "Overage cap">> = {
  rate_limit_exceeded: "Rate",
  quota_exceeded: "Quota",
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

function callShown({ marketplace }: MarketDeps, { seen, mine }: Own, row: Row): MarketCall {
  const endpoint = seen.endpoints.find(({ id }) => id === row.endpointId)
  const key = marketplace.calls.keysOf(mine.id).find(({ id }) => id === row.keyId)
  return {
    requestId: row.requestId,
    atMs: row.atMs,
    method: row.method,
    path: row.path,
    endpoint: endpoint ? { id: endpoint.publicId, title: endpoint.title } : null,
    status: row.status,
    error: row.errorCode,
    latencyMs: row.latencyMs,
    units: row.units,
    cost: row.chargedNano,
    key: key ? { id: key.publicId, name: key.name } : null,
    isTry: row.fromConsole,
  }
}
