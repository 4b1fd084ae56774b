// Decimals of a price list → integers of one scale. Nothing is rounded: the scale is as fine as the finest figure.
import { type Decimal, scaled, scaleExponent } from "./decimal.ts"
import type { ModelPrice, Rate, RateKind, UnitKind } from "./types.ts"

/** Pico-dollars as decimals: of one token, with what a longer prompt makes of it. */
export interface DecimalRate {
  readonly base: Decimal
  readonly tiers: readonly { readonly above: number; readonly rate: Decimal }[]
}

/**
 * A price in integers. Free only when every figure is an explicit zero.
 * @param rates with an `input` among them
 * @param counted pico-dollars of what is counted one by one
 */
export function exactPrice(
  about: Pick<ModelPrice, "provider" | "model" | "source" | "version">,
  rates: ReadonlyMap<RateKind, DecimalRate>,
  counted: ReadonlyMap<"perRequest" | UnitKind, Decimal>,
): ModelPrice {
  const tokens = [...rates.values()].flatMap((rate) => [rate.base, ...rate.tiers.map((tier) => tier.rate)])
  const decimals = [...tokens, ...counted.values()]
  const exponent = scaleExponent(decimals)
  const perRequest = counted.get("perRequest")
  const exact: Partial<Record<RateKind, Rate>> = {}
  for (const [kind, { base, tiers }] of rates) {
    exact[kind] = {
      base: scaled(base, exponent),
      tiers: tiers.map(({ above, rate }) => ({ above, rate: scaled(rate, exponent) })),
    }
  }
  const units: Partial<Record<UnitKind, bigint>> = {}
  for (const [kind, amount] of counted) if (kind !== "perRequest") units[kind] = scaled(amount, exponent)
  const perImage = counted.get("image")
  const always = [...tokens, ...(perRequest ? [perRequest] : []), ...(perImage ? [perImage] : [])]
  return {
    ...about,
    scale: 10n ** BigInt(exponent),
    rates: exact as ModelPrice["rates"],
    perRequest: perRequest ? scaled(perRequest, exponent) : 0n,
    ...(Object.keys(units).length > 0 ? { units } : {}),
    // Searches are asked for by name: a model is free when all else is.
    free: always.every((decimal) => decimal.digits === 0n),
  }
}
