// What a hold, and then its charge, say of a call at one candidate: the kind of call, and who is paid.
import type { HoldTerms } from "../../ledger/index.ts"
import { atTier, type Pricing } from "../../pricing/index.ts"
import type { Tx } from "../../store/index.ts"
import type { Route, Usage } from "../../usage/index.ts"
import type { ChargedCall, Quote } from "../types.ts"
import { shareOut, splitOf } from "./shares.ts"

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
