// The door of `pricing`: what a call costs its user and who gets which part. Owns model prices and price rules; knows
// no wallet.
import { type Clock, ensure, invariant, systemClock } from "../app/index.ts"
import { createSafeFetch, type SafeFetch } from "../http/index.ts"
import type { Store, Tx } from "../store/index.ts"
import { createCatalogue } from "./catalogue/verbs.ts"
import { chargeForApp, chargeForHold, parts } from "./charge.ts"
import { rawCost } from "./cost.ts"
import { leaveOutIn } from "./leave-out.ts"
import { PriceBook } from "./prices.ts"
import { compileRules, orderOf } from "./rules.ts"
import { inputOf, normalName, writeModelPriceIn } from "./set-model-price.ts"
import { setRuleIn } from "./set-rule.ts"
import { readSnapshot, snapshot } from "./snapshot.ts"
import { loadLeftOut, loadOverrides, loadRules } from "./store.ts"
import { PRICE_TABLE_VERSION } from "./table.ts"
import type { ModelPriceOverride, PriceRule, Pricing, SetModelPriceInput, SetRuleInput } from "./types.ts"

export { OPENROUTER, OPENROUTER_URL } from "./catalogue/openrouter.ts"
export type { CatalogueEntry, CatalogueRead } from "./catalogue/types.ts"
export type { Catalogue } from "./catalogue/verbs.ts"
export { chargeForApp, chargeForHold, parts } from "./charge.ts"
export { rateAt, rawCost, USAGE_TOKENS_MAX, unpricedOf, worstCost } from "./cost.ts"
export { estimateInputTokens, estimateOutputTokens } from "./estimate.ts"
export { pricingPart } from "./part.ts"
export { compileRules, DEFAULT_RULES, globMatcher } from "./rules.ts"
export { CATALOGUE_ON, CATALOGUE_URL } from "./settings.ts"
export { type PackedPrice, packPrice, readSnapshot, snapshot, unpackPrice } from "./snapshot.ts"
export { PRICE_PROVIDERS, PRICE_TABLE_VERSION, providerForUrl, providerName } from "./table.ts"
export * from "./types.ts"

export interface PricingDeps {
  store: Store
  clock?: Clock
  /** For published lists. */
  fetch?: SafeFetch
}

/**
 * Reads rules and overrides once; from then on lookups touch memory only, and changes are applied between commit and
 * answer.
 */
export function createPricing(deps: PricingDeps): Pricing {
  const { store, clock = systemClock, fetch = createSafeFetch() } = deps
  let rules: readonly PriceRule[] = loadRules(store.read)
  let find = compileRules(rules)
  const book = new PriceBook(loadOverrides(store.read))
  const catalogue = createCatalogue({ store, clock, fetch, book })
  let leftOut = loadLeftOut(store.read)

  /** Read inside the mutation, so that mutations of one commit see each other; applied only if this mutation is committed. */
  function setRule(tx: Tx, input: SetRuleInput): PriceRule {
    const saved = setRuleIn(tx, input)
    const loaded = loadRules(tx)
    const compiled = compileRules(loaded)
    tx.afterCommit(() => {
      rules = loaded
      find = compiled
    })
    return saved
  }

  function setModelPrice(tx: Tx, input: SetModelPriceInput): ModelPriceOverride {
    const key = writeModelPriceIn(tx, input)
    const loaded = loadOverrides(tx)
    tx.afterCommit(() => book.replace(loaded))
    const saved = loaded.find(
      (row) => row.provider === key.provider && row.model === key.model && row.effectiveFromMs === key.effectiveFromMs,
    )
    invariant(saved, "a price just written is there")
    return saved
  }

  function repeatModelPrice(tx: Tx, id: number): ModelPriceOverride {
    const earlier = loadOverrides(tx).find((row) => row.id === id)
    ensure(earlier, "not_found", "There is no such price any more.")
    return setModelPrice(tx, inputOf(earlier))
  }

  function leaveOut(tx: Tx, provider: string, model: string, isOut: boolean): void {
    leaveOutIn(tx, normalName(provider), normalName(model), isOut)
    const loaded = loadLeftOut(tx)
    tx.afterCommit(() => {
      leftOut = loaded
    })
  }

  return {
    catalogue,
    repeatModelPrice: (ctx, id) => store.write(ctx, (tx) => repeatModelPrice(tx, id)),
    isLeftOut: (provider, model) => leftOut.has(`${normalName(provider)}\n${normalName(model)}`),
    leaveOut: (ctx, provider, model, isOut) => store.write(ctx, (tx) => leaveOut(tx, provider, model, isOut)),
    priceTableVersion: PRICE_TABLE_VERSION,
    modelPrice: (provider, model, atMs, use = "chat") => book.price(provider, model, atMs, use),
    limits: (provider, model, atMs) => book.limits(provider, model, atMs),
    models: (provider, atMs) => book.catalog(provider, atMs),
    ruleFor: (model, traffic) => find(model, traffic),
    rules: () => rules,
    ruleOrder: () => orderOf(rules),
    priceHistory: (provider, model) => book.history(provider, model),
    rawCost,
    chargeForApp,
    chargeForHold,
    parts,
    snapshot,
    readSnapshot,
    setRuleIn: setRule,
    setRule: (ctx, input) => store.write(ctx, (tx) => setRule(tx, input)),
    setModelPriceIn: setModelPrice,
    setModelPrice: (ctx, input) => store.write(ctx, (tx) => setModelPrice(tx, input)),
  }
}
