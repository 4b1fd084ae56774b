// What waits for an operator, with counts and the page where it is worked off.
import type { Clock } from "../../app/index.ts"
import type { Gateway } from "../../gateway/index.ts"
import type { Pricing } from "../../pricing/index.ts"

export interface Queue {
  label: string
  count: number
  /** None while there is no page for it. */
  href?: string | undefined
}

interface QueueDeps {
  gateway: Pick<Gateway, "upstreams">
  pricing: Pick<Pricing, "modelPrice">
  clock: Clock
}

export function queuesOf(deps: QueueDeps, payoutsRequested: number): Queue[] {
  const on = deps.gateway.upstreams().filter((one) => one.enabled)
  const failing = on.filter((one) => one.test && !one.test.ok)
  const untested = on.filter((one) => !one.test)
  return [
    { label: "Upstreams that failed their last test", count: failing.length, href: "/admin/upstreams" },
    { label: "Upstreams not tested since they changed", count: untested.length, href: "/admin/upstreams" },
    ...on.map((one) => ({
      label: `Models of ${one.name} without a price, refused until they have one`,
      count: unpricedOf(deps, one).length,
      href: `/admin/upstreams/${one.publicId}?show=unpriced`,
    })),
    { label: "Payouts that developers asked for", count: payoutsRequested },
  ].filter(({ count }) => count > 0)
}

/** Models nobody can call: a charge needs a price (SPEC PR). */
export const unpricedOf = (
  { pricing, clock }: Pick<QueueDeps, "pricing" | "clock">,
  upstream: { priceProvider: string; models: readonly string[] },
): string[] =>
  upstream.models.filter(
    (model) =>
      pricing.modelPrice(upstream.priceProvider, model, clock.now()) === null &&
      pricing.modelPrice(upstream.priceProvider, model, clock.now(), "embedding") === null,
  )
