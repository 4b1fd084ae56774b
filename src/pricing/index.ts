// The door of `pricing`: what a call costs its user and who gets which part. Owns model prices and price rules; knows
// no wallet.
import { type Clock, systemClock } from "../app/index.ts"
import { createSafeFetch, type SafeFetch } from "../http/index.ts"
import type { Store } from "../store/index.ts"
import { createCatalogue } from "./catalogue/verbs.ts"
import { chargeForApp, chargeForHold, parts } from "./charge.ts"
import { rawCost } from "./cost.ts"
import { PriceBook } from "./prices.ts"
import { orderOf } from "./rules.ts"
import { readSnapshot, snapshot } from "./snapshot.ts"
import { PRICE_TABLE_VERSION } from "./table.ts"
import { PRICE_USES, type Pricing } from "./types.ts"
import { priceVerbs, ruleVerbs } from "./verbs.ts"

export { atTier } from "./at-tier.ts"

export type { CatalogueEntry, CatalogueRead } from "./catalogue/types.ts"
export type { Catalogue } from "./catalogue/verbs.ts"
export { chargeForApp, chargeForSale } from "./charge.ts"
export { rawCost, USAGE_TOKENS_MAX, unpricedOf, worstCost } from "./cost.ts"
export { picoOf } from "./decimal.ts"
export { draftPrice } from "./draft.ts"
export { estimateInputTokens, fairInputTokens } from "./estimate.ts"
export { type KeyCall, keyRule, ownAppRule } from "./key-rule.ts"
export { figureOf, madeOfUnits, mappedMade, pricePerOne, unitsOfMade } from "./made.ts"
export { pricingPart } from "./part.ts"
export { compileRules, DEFAULT_RULES, type DeveloperShares, developerShares, type RuleFinder } from "./rules.ts"
export { CATALOGUE_ON, CATALOGUE_URL } from "./settings.ts"
export {
  CACHED_OF,
  cachedPart,
  cachedSnapshot,
  isCachedRoute,
  isOwnRoute,
  type PackedPrice,
  packPrice,
  readSnapshot,
  snapshot,
  unpackPrice,
} from "./snapshot.ts"
export { PRICE_PROVIDERS, providerForUrl, providerName } from "./table.ts"
export * from "./types.ts"

export interface PricingDeps {
  store: Store
  clock?: Clock
  /** Reads published lists. */
  safeFetch?: SafeFetch
}

/**
 * Reads rules and overrides once; from then on lookups touch memory only, and changes are applied between commit and
 * answer.
 */
export function createPricing(deps: PricingDeps): Pricing {
  const { store, clock = systemClock, safeFetch = createSafeFetch() } = deps
  const book = new PriceBook([])
  const prices = priceVerbs(store, book)
  const rules = ruleVerbs(store)
  const catalogue = createCatalogue({ store, clock, safeFetch, book })

  return {
    ...prices,
    catalogue,
    priceTableVersion: PRICE_TABLE_VERSION,
    modelPrice: (provider, model, atMs, use = "chat") => book.price(provider, model, atMs, use),
    anyPrice(provider, model, atMs) {
      for (const use of PRICE_USES) {
        const price = book.price(provider, model, atMs, use)
        if (price) return { price, use }
      }
      return null
    },
    limits: (provider, model, atMs) => book.limits(provider, model, atMs),
    models: (provider, atMs) => book.catalog(provider, atMs),
    overridesAt: (atMs) => book.overridesAt(atMs),
    priceHistory: (provider, model) => book.history(provider, model),
    ruleFor: (model, traffic) => rules.find(model, traffic),
    rules: rules.all,
    ruleOrder: () => orderOf(rules.all()),
    setRuleIn: rules.setIn,
    setRule: (ctx, input) => store.write(ctx, (tx) => rules.setIn(tx, input)),
    rawCost,
    chargeForApp,
    chargeForHold,
    parts,
    snapshot,
    readSnapshot,
  }
}
