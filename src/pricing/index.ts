// The door of `pricing`: what a call costs its user and who gets which part. Owns model prices and price rules; knows
// no wallet.
import { type Clock, invariant } from "../app/index.ts"
import type { Store, Tx } from "../store/index.ts"
import { chargeForApp, chargeForHold, parts } from "./charge.ts"
import { rawCost } from "./cost.ts"
import { PriceBook } from "./prices.ts"
import { compileRules } from "./rules.ts"
import { writeModelPriceIn } from "./set-model-price.ts"
import { setRuleIn } from "./set-rule.ts"
import { readSnapshot, snapshot } from "./snapshot.ts"
import { loadOverrides, loadRules } from "./store.ts"
import { PRICE_TABLE_VERSION } from "./table.ts"
import type { ModelPriceOverride, PriceRule, Pricing, SetModelPriceInput, SetRuleInput } from "./types.ts"

export { chargeForApp, chargeForHold, parts } from "./charge.ts"
export { rawCost, USAGE_TOKENS_MAX, worstCost } from "./cost.ts"
export { estimateInputTokens, estimateOutputTokens } from "./estimate.ts"
export { type KeyCall, keyRule } from "./key-rule.ts"
export { pricingPart } from "./part.ts"
export { DEFAULT_RULES } from "./rules.ts"
export { readSnapshot, snapshot } from "./snapshot.ts"
export { PRICE_PROVIDERS, PRICE_TABLE_VERSION, providerForUrl, providerName } from "./table.ts"
export * from "./types.ts"

/**
 * Reads rules and overrides once; from then on lookups touch memory only, and changes are applied between commit and
 * answer.
 */
export function createPricing({ store }: { store: Store; clock?: Clock }): Pricing {
  let rules: readonly PriceRule[] = loadRules(store.read)
  let find = compileRules(rules)
  const book = new PriceBook(loadOverrides(store.read))

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

  return {
    priceTableVersion: PRICE_TABLE_VERSION,
    modelPrice: (provider, model, atMs, use = "chat") => book.price(provider, model, atMs, use),
    limits: (provider, model, atMs) => book.limits(provider, model, atMs),
    models: (provider, atMs) => book.catalog(provider, atMs),
    ruleFor: (model, traffic) => find(model, traffic),
    rules: () => rules,
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
