// Which price rule a caller's call is charged by: an app's shares, or a person's own plan (SPEC §2). Calls through apps are not bound by
// "free models only"; neither are test keys, whose credits are no money.
import { AppError, UserId } from "../../app/index.ts"
import { keyRule, type ModelPrice, ownAppRule, type PriceRule, type Pricing } from "../../pricing/index.ts"
import type { Caller, ClaimPort } from "../types.ts"

export interface TrafficDeps {
  pricing: Pick<Pricing, "ruleFor">
  plans: Pick<ClaimPort, "keyTermsOf">
}

/**
 * Null: the plan of the one who pays does not reach the model.
 * @param sale what the house sells has one price for everybody, and no markup; it is free when its own price is
 */
export type RuleOf = (model: string, price: Pick<ModelPrice, "free">, sale?: { price: ModelPrice }) => PriceRule | null

/** Asked once a call, before its candidates. */
export function ruleOf({ pricing, plans }: TrafficDeps, caller: Caller): RuleOf {
  if (caller.kind === "app") return (model, _, sale) => withShare(pricing.ruleFor(model, "app"), caller, sale)
  const terms = plans.keyTermsOf(UserId(caller.payer.id))
  const reach = caller.mode === "test" ? { ...terms, freeModelsOnly: false } : terms
  // On a page of the console what a key would not reach costs what it costs through any app.
  const beyond = (model: string) => (caller.kind === "session" ? pricing.ruleFor(model, "app") : null)
  return (model, { free }, sale) => {
    if (sale) return reach.freeModelsOnly && !sale.price.free ? beyond(model) : pricing.ruleFor(model, "app")
    return keyRule(pricing.ruleFor(model, "key"), reach, { isFree: free }) ?? beyond(model)
  }
}

/** The same where the person's own key is asked: only who made the app earns, and nobody where there is no such person. */
export function ownRuleOf({ pricing, plans }: TrafficDeps, caller: Caller): (model: string) => PriceRule {
  if (caller.kind === "app")
    return (model) => {
      const rule = pricing.ruleFor(model, "app")
      return ownAppRule(rule, caller.developer === null ? 0 : withShare(rule, caller, undefined).developerBp)
    }
  const terms = plans.keyTermsOf(caller.userId)
  return (model) => keyRule(pricing.ruleFor(model, "key"), terms, { isFree: false, ownUpstream: true })!
}

/** The developer's own share in place of the rule's; of a sale no more than the rule gives, for its price was made with that. */
function withShare(rule: PriceRule, caller: Caller, sale: object | undefined): PriceRule {
  const own = caller.developer === null ? rule.developerBp : (caller.shareOf?.(rule.developerBp) ?? rule.developerBp)
  const developerBp = sale ? Math.min(own, rule.developerBp) : own
  return developerBp === rule.developerBp ? rule : { ...rule, developerBp }
}

/** What a caller is told whose plan reaches none of a model's candidates. */
export function planRequired({ plans }: Pick<TrafficDeps, "plans">, caller: Caller, model: string): AppError {
  const { planCode, planName } = plans.keyTermsOf(UserId(caller.payer.id))
  const words =
    `With the plan ${planName} an API key reaches free models only, and \`${model.slice(0, 100)}\` is not one. ` +
    "Choose one that GET /v1/models lists, or take another plan."
  return new AppError("plan_required", words, { param: "model", fields: { plan: planCode } })
}
