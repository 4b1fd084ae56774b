// What waits for an operator, with counts and the page where it is worked off.
import type { Clock } from "../../app/index.ts"
import type { AppReviews } from "../../developers/index.ts"
import type { Directory } from "../../directory/index.ts"
import type { Gateway, Upstream } from "../../gateway/index.ts"
import type { Marketplace } from "../../marketplace/index.ts"
import type { Payouts } from "../../payouts/index.ts"
import type { Pricing } from "../../pricing/index.ts"
import type { Support } from "../../support/index.ts"

export interface Queue {
  label: string
  count: number
  /** None while there is no page for it. */
  href?: string | undefined
}

interface QueueDeps {
  gateway: Pick<Gateway, "upstreams">
  pricing: Pick<Pricing, "anyPrice" | "isLeftOut" | "catalogue">
  clock: Clock
  payouts: Pick<Payouts, "counts">
  appReviews: Pick<AppReviews, "countWaiting">
  directory: Pick<Directory, "countCut">
  support: Pick<Support, "counts">
  marketplace: {
    catalog: Pick<Marketplace["catalog"], "countByState">
    showcase: Pick<Marketplace["showcase"], "countReported">
    calls: Pick<Marketplace["calls"], "openSignals">
  }
}

export function queuesOf(deps: QueueDeps): Queue[] {
  const on = deps.gateway.upstreams().filter((one) => one.enabled)
  const failing = on.filter((one) => one.test && !one.test.ok)
  const untested = on.filter((one) => !one.test)
  const prices = "/admin/prices"
  const payouts = deps.payouts.counts()
  return [
    { label: "Upstreams that failed their last test", count: failing.length, href: "/admin/upstreams" },
    { label: "Upstreams not tested since they changed", count: untested.length, href: "/admin/upstreams" },
    {
      label: "Models without a price, refused until they have one",
      count: waitingFor(deps, on).size,
      href: `${prices}?show=unpriced`,
    },
    {
      label: "Published prices held back, because they moved beyond belief",
      count: deps.pricing.catalogue.held().length,
      href: `${prices}?show=held`,
    },
    {
      label: "API products that wait for a review",
      count: deps.marketplace.catalog.countByState().get("review") ?? 0,
      href: "/admin/products?state=review",
    },
    {
      label: "Reviews of APIs that people reported",
      count: deps.marketplace.showcase.countReported(),
      href: "/admin/reviews",
    },
    {
      label: "Signs of unusual use of API keys",
      count: deps.marketplace.calls.openSignals(),
      href: "/admin/products#signs",
    },
    { label: "Apps that wait for a review", count: deps.appReviews.countWaiting(), href: "/admin/apps?show=waiting" },
    {
      label: "Listings that wait for a review",
      count: deps.directory.countCut("waiting"),
      href: "/admin/directory",
    },
    { label: "Questions that wait for an answer", count: deps.support.counts().waiting, href: "/admin/support" },
    { label: "Payouts that developers asked for", count: payouts.get("requested") ?? 0, href: "/admin/payouts" },
    {
      label: "Payouts that are approved and not paid yet",
      count: payouts.get("approved") ?? 0,
      href: "/admin/payouts?state=approved",
    },
  ].filter(({ count }) => count > 0)
}

/** Unpriced models of these upstreams, each once per price list, without those that an operator left out. */
function waitingFor(deps: QueueDeps, upstreams: readonly Upstream[]): Set<string> {
  const waiting = new Set<string>()
  for (const one of upstreams) {
    for (const model of unpricedOf(deps, one)) {
      if (!deps.pricing.isLeftOut(one.priceProvider, model)) waiting.add(`${one.priceProvider} ${model.toLowerCase()}`)
    }
  }
  return waiting
}

/** Models nobody can call: a charge needs a price (SPEC PR). */
export const unpricedOf = (
  { pricing, clock }: { pricing: Pick<Pricing, "anyPrice">; clock: Clock },
  upstream: { priceProvider: string; models: readonly string[] },
): string[] => upstream.models.filter((model) => pricing.anyPrice(upstream.priceProvider, model, clock.now()) === null)
