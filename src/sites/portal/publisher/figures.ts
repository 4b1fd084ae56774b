// What a publisher's APIs did and earned in the last 30 days, and what asks to be looked at: figures that the marketplace keeps.
import type { CallSums, PublisherAlert, PublisherFigures } from "../../../../views/portal/publisher/home-figures.tsx"
import { DAY_MS, dayOf, nano } from "../../../app/index.ts"
import { CALL_LIMITS, type Product } from "../../../marketplace/index.ts"
import type { PageRequest } from "../../base/index.ts"
import type { PortalDeps } from "../site.ts"
import { ownerOf, pathOf } from "./places.ts"

const DAYS = 30

export const lastDays = ({ clock }: Pick<PortalDeps, "clock">) => {
  const toDay = dayOf(clock.now())
  return { fromDay: toDay - DAYS + 1, toDay }
}

type Figures = ReturnType<PortalDeps["marketplace"]["calls"]["figuresOfProducts"]>["total"]

/** Calls that never got an answer count as failures of the server. */
export const sumsOf = ({ calls, status4xx, status5xx, failed, p50, p95, p99 }: Figures): CallSums => ({
  calls,
  status4xx,
  status5xx: status5xx + failed,
  p50,
  p95,
  p99,
})

export interface HomeFigures extends PublisherFigures {
  /** Of each API that was called, by its number. */
  ofProduct: ReadonlyMap<number, CallSums>
}

export function figuresFor(deps: PortalDeps, page: PageRequest, products: readonly Product[]): HomeFigures {
  const { calls, subscriptions } = deps.marketplace
  const { total, products: each } = calls.figuresOfProducts(
    products.map(({ id }) => id),
    lastDays(deps),
  )
  const now = deps.clock.now()
  const lines = subscriptions.revenue({ ownerId: ownerOf(page), fromMs: now - DAYS * DAY_MS, toMs: now + 1 })
  const sum = (of: (line: (typeof lines)[number]) => number) => nano(lines.reduce((all, line) => all + of(line), 0))
  return {
    sums: sumsOf(total),
    revenue: {
      gross: sum(({ grossNano }) => grossNano),
      commission: sum(({ commissionNano }) => commissionNano),
      net: sum(({ netNano }) => netNano),
    },
    consumers: products.reduce((all, { id }) => all + subscriptions.countLiving(id), 0),
    ofProduct: new Map(each.map(({ of, figures }) => [of, sumsOf(figures)])),
  }
}

export function alertsFor(deps: PortalDeps, products: readonly Product[]): PublisherAlert[] {
  const { calls } = deps.marketplace
  const today = dayOf(deps.clock.now())
  const ids = products.map(({ id }) => id)
  const ofToday = new Map(
    calls.figuresOfProducts(ids, { fromDay: today, toDay: today }).products.map(({ of, figures }) => [of, figures]),
  )
  return products.flatMap((product) => {
    const here = `${pathOf(product)}/calls`
    const { title } = product
    const alerts: PublisherAlert[] = []
    if (calls.isDown(product.id))
      alerts.push({ title, href: here, words: "calls fail one after another, and are refused for a moment." })
    else if (product.state === "published" && calls.healthOf(product.id).state === "down")
      alerts.push({ title, href: here, words: "its server did not answer when we last asked." })
    const percent = errorsOf(ofToday.get(product.id))
    if (percent !== null)
      alerts.push({ title, href: `${here}?only=errors`, words: `${percent} % of its calls of today failed.` })
    const signs = calls.openSignalsOf(product.id).length
    if (signs > 0)
      alerts.push({
        title,
        href: `${here}#signs`,
        words: signs === 1 ? "1 sign of unusual use." : `${signs} signs of unusual use.`,
      })
    return alerts
  })
}

/** Part of the calls that its server failed, in percent; null = too few of them to mean something. */
function errorsOf(figures: Figures | undefined): number | null {
  if (!figures) return null
  const all = figures.calls + figures.failed
  const percent = Math.floor(((figures.status5xx + figures.failed) * 100) / all)
  return all >= CALL_LIMITS.errorCallsLeast && percent >= CALL_LIMITS.errorPercent ? percent : null
}
