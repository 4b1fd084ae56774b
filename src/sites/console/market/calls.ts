// The calls of a subscription, one by one; and its bill at a glance.
import {
  MarketBillingPage,
  type MarketCall,
  MarketCallPage,
  MarketCallsPage,
  marketPath,
} from "../../../../views/console/market/index.ts"
import { ensure } from "../../../app/index.ts"
import { CALL_DAYS } from "../../../marketplace/index.ts"
import type { ConsoleSite } from "../site.ts"
import { type Own, ownOf } from "./own.ts"
import type { MarketDeps } from "./site.ts"

/** Calls on a page. */
const CALL_ROWS = 50

type Row = ReturnType<MarketDeps["marketplace"]["calls"]["callsOf"]>[number]

export function callRoutes(site: ConsoleSite, deps: MarketDeps): void {
  const { clock, marketplace } = deps
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
}

export function billingRoutes(site: ConsoleSite, deps: MarketDeps): void {
  const { clock, marketplace } = deps
  site.get("/marketplace/:api/billing", (page, { api }) => {
    const own = ownOf(deps, page, api)
    const glance = marketplace.subscriptions.mine(page.holder.id, own.mine.publicId)
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
