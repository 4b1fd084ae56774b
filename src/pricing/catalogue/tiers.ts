// Lists that say one rate where the maker charges long prompts more: the maker's own tiers, in the same proportion. Without them every
// long prompt would be sold below what it costs.
import type { ModelPrice, Rate, RateKind } from "../types.ts"

/** Who makes a model, as lists name them, and as the bundled table does. */
const MAKERS: Readonly<Record<string, string>> = {
  openai: "openai",
  anthropic: "anthropic",
  google: "google",
  "x-ai": "x-ai",
  mistralai: "mistral",
  deepseek: "deepseek",
  cohere: "cohere",
}

/** Names under which the maker's own list may know `maker/model`, with its provider. */
export function makerNames(model: string): [provider: string, model: string][] {
  const [maker = "", name = ""] = model.split(":")[0]!.split("/")
  const provider = Object.hasOwn(MAKERS, maker) ? MAKERS[maker]! : null
  if (provider === null || name === "") return []
  const names = new Set([name, name.replaceAll(".", "-")])
  return [...names].map((each) => [provider, each])
}

/** The price with the tiers of `maker`, each as many times the base rate as there, rounded up; free and tiered ones as they are. */
export function withTiersOf(price: ModelPrice, maker: ModelPrice | null): ModelPrice {
  const rates: Partial<Record<RateKind, Rate>> = { ...price.rates }
  let isChanged = false
  for (const [kind, rate] of Object.entries(price.rates) as [RateKind, Rate][]) {
    const theirs = maker?.rates[kind]
    if (!theirs || theirs.tiers.length === 0 || theirs.base === 0n || rate.base === 0n || rate.tiers.length > 0)
      continue
    const tiers = theirs.tiers.map((tier) => ({
      above: tier.above,
      rate: (rate.base * tier.rate + theirs.base - 1n) / theirs.base,
    }))
    rates[kind] = { base: rate.base, tiers }
    isChanged = true
  }
  return isChanged ? { ...price, rates: rates as ModelPrice["rates"] } : price
}
