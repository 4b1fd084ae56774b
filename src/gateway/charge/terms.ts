// What a hold and a charge say of their call: which model where at which prices, how it is shared, what is counted one by one.
import type { CallEnd, HoldTerms } from "../../ledger/index.ts"
import { atTier, type Pricing, type TokenUsage, unitsOfMade } from "../../pricing/index.ts"
import type { Tx } from "../../store/index.ts"
import type { Route, Usage } from "../../usage/index.ts"
import type { ChargedCall, Quote } from "../types.ts"
import { asAsked, shareOut, splitOf } from "./shares.ts"

/** Which model answers where, at which prices; of its hold, as far as anybody can tell before the answer. */
export const routeOf = (
  pricing: Pick<Pricing, "snapshot">,
  { endpoint, model }: Pick<ChargedCall, "endpoint" | "model">,
  quote: Quote,
  answered: Pick<Quote, "model" | "price" | "serviceTier"> = quote,
): Route => ({
  endpoint,
  requested: model,
  upstreamId: quote.upstream.id,
  model: answered.model,
  prices: quote.sale
    ? pricing.snapshot(quote.sale.price, quote.sale.rule)
    : pricing.snapshot(atTier(answered.price, answered.serviceTier), quote.rule),
})

/** What the hold says of this call at this candidate. */
export const termsIn = (
  { usage, pricing }: { usage: Pick<Usage, "routeIn">; pricing: Pick<Pricing, "snapshot"> },
  tx: Tx,
  call: ChargedCall,
  quote: Quote,
): HoldTerms => ({
  routeId: usage.routeIn(tx, routeOf(pricing, call, quote)),
  inputCostNano: shareOut(quote.inputOnly, call.caller.developer).totalNano,
  split: splitOf(quote, call.caller.developer),
})

/** What is counted one by one, for the books: with it the charge can be computed again. */
export function unitsOf(quote: Quote, usage: TokenUsage | null): Pick<CallEnd, "units"> {
  if (usage === null) return {}
  const { images = 0, webSearches = 0, inputImageTokens = 0, outputImageTokens = 0, made } = asAsked(quote, usage)
  const counts = { images, webSearches, inputImageTokens, outputImageTokens, ...unitsOfMade(made) }
  const units = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
  return Object.keys(units).length === 0 ? {} : { units }
}
