// Changes of prices and rules, with what they mean in memory: applied between commit and answer.
import { ensure, invariant } from "../app/index.ts"
import type { Store, Tx } from "../store/index.ts"
import { leaveOutIn } from "./leave-out.ts"
import type { PriceBook } from "./prices.ts"
import { compileRules, type RuleFinder } from "./rules.ts"
import { inputOf, normalName, writeModelPriceIn } from "./set-model-price.ts"
import { setRuleIn } from "./set-rule.ts"
import { loadLeftOut, loadOverrides, loadRules } from "./store.ts"
import type { ModelPriceOverride, PriceRule, Pricing, SetModelPriceInput, SetRuleInput } from "./types.ts"

interface RuleVerbs {
  readonly find: RuleFinder
  all(): readonly PriceRule[]
  setIn(tx: Tx, input: SetRuleInput): PriceRule
}

export function ruleVerbs(store: Store): RuleVerbs {
  let rules: readonly PriceRule[] = loadRules(store.read)
  let find = compileRules(rules)
  return {
    find: (model, traffic) => find(model, traffic),
    all: () => rules,
    /** Read inside the mutation, so that mutations of one commit see each other; applied only if this mutation is committed. */
    setIn(tx, input) {
      const saved = setRuleIn(tx, input)
      const loaded = loadRules(tx)
      const compiled = compileRules(loaded)
      tx.afterCommit(() => {
        rules = loaded
        find = compiled
      })
      return saved
    },
  }
}

type PriceVerbs = Pick<Pricing, "setModelPriceIn" | "setModelPrice" | "repeatModelPrice" | "isLeftOut" | "leaveOut">

export function priceVerbs(store: Store, book: PriceBook): PriceVerbs {
  book.replace(loadOverrides(store.read))
  let leftOut = loadLeftOut(store.read)

  function setIn(tx: Tx, input: SetModelPriceInput): ModelPriceOverride {
    const key = writeModelPriceIn(tx, input)
    const loaded = loadOverrides(tx)
    tx.afterCommit(() => book.replace(loaded))
    const saved = loaded.find(
      (row) => row.provider === key.provider && row.model === key.model && row.effectiveFromMs === key.effectiveFromMs,
    )
    invariant(saved, "a price just written is there")
    return saved
  }

  function repeatIn(tx: Tx, id: number): ModelPriceOverride {
    const earlier = loadOverrides(tx).find((row) => row.id === id)
    ensure(earlier, "not_found", "There is no such price any more.")
    return setIn(tx, inputOf(earlier))
  }

  function leave(tx: Tx, provider: string, model: string, isOut: boolean): void {
    leaveOutIn(tx, normalName(provider), normalName(model), isOut)
    const loaded = loadLeftOut(tx)
    tx.afterCommit(() => {
      leftOut = loaded
    })
  }

  return {
    setModelPriceIn: setIn,
    setModelPrice: (ctx, input) => store.write(ctx, (tx) => setIn(tx, input)),
    repeatModelPrice: (ctx, id) => store.write(ctx, (tx) => repeatIn(tx, id)),
    isLeftOut: (provider, model) => leftOut.has(`${normalName(provider)}\n${normalName(model)}`),
    leaveOut: (ctx, provider, model, isOut) => store.write(ctx, (tx) => leave(tx, provider, model, isOut)),
  }
}
