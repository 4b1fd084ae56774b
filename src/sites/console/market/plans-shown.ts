// Plans and their terms as the pages show them. Pure.
import type { EndpointLink, MarketPlan, PlanLimits, RateTerm } from "../../../../views/console/market/index.ts"
import { opens } from "../../../marketplace/index.ts"
import type { Seen } from "./seen.ts"
import type { Endpoint, Plan, Terms } from "./site.ts"

/** Rules that hold for an endpoint: its own, else those of each. */
export function ratesFor(terms: Pick<Terms, "rates">, endpointId: number): RateTerm[] {
  const own = terms.rates.filter((one) => one.endpointId === endpointId)
  const rules = own.length > 0 ? own : terms.rates.filter((one) => one.endpointId === 0)
  return rules.map(({ span, requests }) => ({ endpoint: null, span, requests }))
}

export const ratesOf = (terms: Pick<Terms, "rates">, endpoints: readonly Endpoint[]): RateTerm[] =>
  terms.rates.flatMap(({ endpointId, span, requests }): RateTerm[] => {
    if (endpointId === 0) return [{ endpoint: null, span, requests }]
    const endpoint = endpoints.find(({ id }) => id === endpointId)
    return endpoint ? [{ endpoint: endpoint.title, span, requests }] : []
  })

/** Of the person's own plan the terms that they have. */
const termsOf = ({ mine }: Pick<Seen, "mine">, plan: Plan): Terms =>
  mine?.planId === plan.id ? mine.terms : plan.terms

export function planShown(seen: Seen, plan: Plan): MarketPlan {
  const { mine, endpoints, plans } = seen
  const terms = termsOf(seen, plan)
  const isMine = mine?.planId === plan.id
  return {
    id: plan.publicId,
    name: plan.name,
    price: terms.priceNano,
    cycle: terms.cycle,
    trialDays: terms.trialDays,
    quotas: terms.quotas.map(({ period, anchor, units }) => ({ period, anchor, units })),
    rates: ratesOf(terms, endpoints),
    overage: terms.overageNano,
    overageCap: terms.overageCapNano,
    features: plan.features.split("\n").filter((line) => line.trim() !== ""),
    support: plan.supportLevel,
    endpoints: endpoints.filter((endpoint) => opens(plan.rank, endpoint, plans)).length,
    mine: isMine ? { keepsOlder: terms.id !== plan.terms.id } : undefined,
    isNext: mine?.nextPlanId === plan.id,
    isRetired: plan.retiredMs !== null,
  }
}

/** Open ones, and the person's own. */
export const plansShown = (seen: Seen): MarketPlan[] =>
  seen.plans
    .filter(({ id, retiredMs }) => retiredMs === null || seen.mine?.planId === id || seen.mine?.nextPlanId === id)
    .map((plan) => planShown(seen, plan))

export function linkOf({ mine, plans }: Pick<Seen, "mine" | "plans">, endpoint: Endpoint): EndpointLink {
  const min = plans.find(({ id }) => id === endpoint.minPlanId)
  return {
    id: endpoint.publicId,
    method: endpoint.method,
    path: endpoint.path,
    title: endpoint.title,
    // One that nobody knows any more opens with no plan.
    minPlan: endpoint.minPlanId === null ? null : (min?.name ?? "No plan"),
    isLocked: mine ? !opens(mine.plan.rank, endpoint, plans) : undefined,
    isDeprecated: endpoint.deprecated,
  }
}

/** What each plan allows of an endpoint, the person's first. */
export function limitsOf(seen: Seen, endpoint: Endpoint): PlanLimits[] {
  const { mine, plans } = seen
  const shown = plans.filter(({ id, retiredMs }) => retiredMs === null || mine?.planId === id)
  return shown
    .map((plan) => {
      const terms = termsOf(seen, plan)
      return {
        plan: plan.name,
        isMine: mine?.planId === plan.id,
        isLocked: !opens(plan.rank, endpoint, plans),
        quotas: terms.quotas.map(({ period, anchor, units }) => ({ period, anchor, units })),
        rates: ratesFor(terms, endpoint.id),
        overage: terms.overageNano,
        overageCap: terms.overageCapNano,
      }
    })
    .toSorted((a, b) => Number(b.isMine) - Number(a.isMine))
}
