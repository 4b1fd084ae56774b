// A price at one of its service tiers, as a price of its own: what a charge under that tier names and is explained by.
import { mappedMade } from "./made.ts"
import type { ModelPrice, Rate, RateKind, TokenUsage, UnitKind } from "./types.ts"

const STANDARD_BP = 10_000n

/** One tier of one price is one object: what is kept by price (snapshots) is then found again. */
const made = new WeakMap<ModelPrice, Map<string, ModelPrice>>()

/** @returns the price itself where the tier is the standard one, or none that it has; exact: the scale grows instead of a rounding */
export function atTier(price: ModelPrice, tier: TokenUsage["serviceTier"]): ModelPrice {
  const bp = tier === undefined || tier === "standard" ? undefined : price.services?.[tier]
  if (tier === undefined || bp === undefined || BigInt(bp) === STANDARD_BP) return price
  const byTier = made.get(price) ?? new Map<string, ModelPrice>()
  made.set(price, byTier)
  const known = byTier.get(tier) ?? scaledBy(price, BigInt(bp))
  byTier.set(tier, known)
  return known
}

function scaledBy({ services: _, ...price }: ModelPrice, bp: bigint): ModelPrice {
  const rates: Partial<Record<RateKind, Rate>> = {}
  for (const [kind, { base, tiers }] of Object.entries(price.rates) as [RateKind, Rate][]) {
    rates[kind] = { base: base * bp, tiers: tiers.map(({ above, rate }) => ({ above, rate: rate * bp })) }
  }
  const units = Object.entries(price.units ?? {}) as [UnitKind, bigint][]
  return {
    ...price,
    scale: price.scale * STANDARD_BP,
    rates: rates as ModelPrice["rates"],
    perRequest: price.perRequest * STANDARD_BP,
    ...(price.made ? { made: mappedMade(price.made, (each) => each * STANDARD_BP) } : {}),
    ...(units.length > 0 ? { units: Object.fromEntries(units.map(([kind, each]) => [kind, each * STANDARD_BP])) } : {}),
  }
}
