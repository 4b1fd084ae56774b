// A price as an operator's decision would make it, without setting it: for previews.
import { nanoMade } from "./made.ts"
import { isFree } from "./snapshot.ts"
import type { ModelPrice, Rate, RateKind, SetModelPriceInput, UnitKind } from "./types.ts"

/** p$ in a µ$ */
const PICO_PER_MICRO = 1_000_000n

/** @param input one that the form has checked: amounts are whole µ$ */
export function draftPrice(input: SetModelPriceInput): ModelPrice {
  const rates: Partial<Record<RateKind, Rate>> = {}
  for (const [kind, rate] of Object.entries(input.rates ?? {}) as [RateKind, number | DraftRate][]) {
    const { base, tiers } = typeof rate === "number" ? { base: rate, tiers: [] } : rate
    rates[kind] = { base: BigInt(base), tiers: tiers.map((tier) => ({ above: tier.above, rate: BigInt(tier.rate) })) }
  }
  const perRequest = BigInt(input.requestMicro ?? 0) * PICO_PER_MICRO
  const units: Partial<Record<UnitKind, bigint>> = {}
  for (const [kind, micro] of Object.entries(input.units ?? {}) as [UnitKind, number][]) {
    units[kind] = BigInt(micro) * PICO_PER_MICRO
  }
  const made = input.made && nanoMade(input.made)
  return {
    provider: input.provider.trim().toLowerCase(),
    model: input.model.trim().toLowerCase(),
    source: "override",
    scale: 1n,
    rates: { ...rates, input: rates.input ?? { base: 0n, tiers: [] } },
    perRequest,
    ...(Object.keys(units).length > 0 ? { units } : {}),
    ...(made && Object.keys(made).length > 0 ? { made } : {}),
    ...(input.services && Object.keys(input.services).length > 0 ? { services: input.services } : {}),
    free: isFree(rates, perRequest, units, made),
  }
}

interface DraftRate {
  base: number
  tiers: { above: number; rate: number }[]
}
