// Model name → candidates with prices and holds. An unknown model is 404, an unpriced one is refused before anything is
// contacted.
import { AppError, lazily } from "../../app/index.ts"
import {
  chargeForSale,
  type HoldOptions,
  type Made,
  type ModelPrice,
  type Pricing,
  type ServiceTier,
  unpricedOf,
  worstCost,
} from "../../pricing/index.ts"
import { capabilityIn } from "../choice/capabilities.ts"
import type { Reach, Resolver } from "../choice/resolver.ts"
import { bad, refuseExtras } from "../dialects/checks.ts"
import type { Demand } from "../dialects/dialect.ts"
import { estimatedUsage, fairShare } from "../estimates.ts"
import { GATEWAY_LIMITS } from "../limits.ts"
import { type Conversation, cannot, type DialectName, hasRoom, type Wire } from "../providers/index.ts"
import type { Router } from "../routing/router.ts"
import type { Caller, Candidate, Quote } from "../types.ts"
import { mostUsageOf } from "./believed-usage.ts"
import { inOrder, type OwnDeps, priceFor, withOwnKeys } from "./own-quotes.ts"
import { isCovered } from "./shares.ts"
import { ownRuleOf, planRequired, ruleOf } from "./traffic.ts"

export interface QuoteDeps extends OwnDeps {
  resolver: Pick<Resolver, "candidates" | "isServed">
  router: Pick<Router, "order">
  pricing: Pricing
}

/** Test apps never reach a real provider (SPEC DE-7). */
export const allowedIn = (caller: Caller, candidate: Candidate): boolean =>
  caller.mode === "live" || candidate.upstream.isLocal

/** What is to be priced, and what it would be in another wire's words. */
export interface ToQuote {
  name: DialectName
  /** Its own wire is told the conversation, too. */
  isTranslated?: boolean | undefined
  demand: Demand
  /** @throws AppError naming what no other wire could be told */
  conversation(): Conversation
}

/** @throws AppError model_not_found, model_not_priced, plan_required, provider_overloaded, invalid_request for what no candidate takes */
export function quotesFor(deps: QuoteDeps, caller: Caller, asked: ToQuote, atMs: number): Quote[] {
  const { resolver, router, pricing } = deps
  const request = asked.demand
  const { model, extras } = request
  const byCaller = ruleOf(deps, caller)
  const reaches: Reach = (option) => byCaller(option.model, { free: option.isFree }) !== null
  const named = resolver.candidates(model, caller, atMs, reaches)
  const candidates = withOwnKeys(deps, caller, named).filter((candidate) => allowedIn(caller, candidate))
  if (candidates.length === 0) throw notFound(model, caller)
  const taking = candidates.filter(({ upstream }) => extras.every(({ name }) => upstream.extraFields.has(name)))
  if (taking.length === 0) refuseExtras(extras, candidates[0]!.upstream.extraFields)
  const { able, refusal } = ableTo(taking, asked)
  if (able.length === 0) throw refusal ?? notFound(model, caller)
  const quotes: Quote[] = []
  let isOutOfReach = false
  let isTierUnpriced = false
  let isKindUnpriced = false
  const byOwner = lazily(() => ownRuleOf(deps, caller))
  for (const candidate of inOrder(router, able)) {
    const twin = twinOf(quotes.at(-1), candidate)
    if (twin) {
      quotes.push(twin)
      continue
    }
    const { priceProvider, personal } = candidate.upstream
    const own = personal?.kind === "own" ? byOwner()(candidate.model) : null
    const listed = pricing.modelPrice(priceProvider, candidate.model, atMs, request.use)
    const price = priceFor(listed, own, candidate, (one) => isPriced(one, request))
    if (!price) continue
    if (unpricedMade(price, request)) {
      isKindUnpriced = true
      continue
    }
    if (unpricedOf(price, tierOf(request))) {
      isTierUnpriced = true
      continue
    }
    const rule = own ?? byCaller(candidate.model, price, candidate.sale)
    if (!rule) isOutOfReach = true
    else {
      const quote = quoteOf(pricing, candidate, request, { atMs, price, rule })
      if (coversCost(pricing, quote)) quotes.push(quote)
    }
  }
  if (quotes.length === 0) {
    if (isOutOfReach) throw planRequired(deps, caller, model)
    if (isTierUnpriced) throw tierRefused(request)
    if (isKindUnpriced) throw kindRefused(request)
    throw new AppError("model_not_priced", `The model \`${model}\` has no price yet. Use another model for now.`, {
      param: "model",
    })
  }
  return quotes
}

/**
 * A sale below what the call costs, with its developer's share, is none. Both prices are straight lines in the length of the answer:
 * where the longest and an empty one are covered, so is every other.
 */
const coversCost = (pricing: Pricing, { sale, hold, rule, price, inputTokens }: Quote): boolean => {
  if (!sale) return true
  const prompt = estimatedUsage(inputTokens(), 0)
  const empty = chargeForSale(pricing.rawCost(sale.price, prompt), pricing.rawCost(price, prompt), rule)
  return [hold, empty].every((charge) => isCovered(charge, rule))
}

const tierOf = ({ serviceTier }: Demand): { serviceTier?: ServiceTier } => (serviceTier ? { serviceTier } : {})

const tierRefused = ({ model, serviceTier }: Demand): AppError =>
  bad("service_tier", `\`${model.slice(0, 100)}\` is not offered as \`${serviceTier}\`. Leave \`service_tier\` out.`)

/** What a price counts one by one; tokens are counted where it does not. */
const madeOf = (price: ModelPrice, { made }: Demand): { made?: Made } =>
  made && price.made?.[made.unit] ? { made } : {}

const isPriced = (price: ModelPrice, request: Demand): boolean =>
  !unpricedMade(price, request) && !unpricedOf(price, tierOf(request))

const unpricedMade = (price: ModelPrice, request: Demand): boolean => unpricedOf(price, madeOf(price, request)) !== null

const kindRefused = ({ model, made }: Demand): AppError =>
  bad(
    "size",
    `\`${model.slice(0, 100)}\` has no price for ${(made?.as ?? "").slice(0, 64)}. Ask for another size or quality.`,
  )

/** Another account of the same model, at the same prices: nothing has to be counted again. */
function twinOf(quote: Quote | undefined, { upstream, model, wire, sale }: Able): Quote | null {
  if (quote?.sale !== sale) return null
  // What a person's own key costs is nothing of what the operator's account does.
  if (quote?.upstream.personal?.kind !== upstream.personal?.kind) return null
  if (quote?.model !== model || quote.upstream.priceProvider !== upstream.priceProvider) return null
  if (quote.upstream.traits.outputMaxima.get(model) !== upstream.traits.outputMaxima.get(model)) return null
  return { ...quote, upstream, wire, withoutShare: () => ({ ...quote.withoutShare(), upstream, wire }) }
}

type Able = Candidate & Pick<Quote, "wire">

/** Those whose wire is the caller's own, or can say all of it; else the first one's reason. */
function ableTo(candidates: readonly Candidate[], asked: ToQuote): { able: Able[]; refusal: AppError | null } {
  const able: Able[] = []
  let refusal: AppError | null = null
  for (const candidate of candidates) {
    const { provider, account } = candidate.upstream
    const wire = provider.wireFor(asked.name, account)
    if (!wire) {
      refusal ??= bad("model", `\`${asked.demand.model.slice(0, 100)}\` cannot do this. GET /v1/models lists what can.`)
      continue
    }
    const isNative = wire.name === asked.name && !asked.isTranslated
    const found = isNative ? null : problemOf(wire, asked, candidate.model)
    if (found) refusal ??= found
    else able.push({ ...candidate, wire })
  }
  return { able, refusal }
}

function problemOf(wire: Wire, asked: ToQuote, model: string): AppError | null {
  // Fields that only an operator knows, for a wire that has no place for them.
  const [extra] = asked.demand.extras
  if (extra) return cannot(extra.param, `\`${extra.param.slice(0, 200)}\` cannot be told to this model`)
  if (asked.demand.serviceTier) return tierRefused(asked.demand)
  try {
    return wire.cannot(asked.conversation(), model)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

function quoteOf(
  pricing: Pricing,
  candidate: Able,
  request: Demand,
  { atMs, price, rule }: Pick<Quote, "atMs" | "price" | "rule">,
): Quote {
  const { priceProvider } = candidate.upstream
  const limits = pricing.limits(priceProvider, candidate.model, atMs)
  const { size, choices } = request
  const { likely, worst } = size.tokensFor(candidate.model, limits.contextWindow)
  const found = candidate.upstream.traits.outputMaxima.get(candidate.model)
  const made = madeOf(price, request)
  const { each, shortest } = outputOf(made.made ? { ...request, maxTokens: 0 } : request, [
    limits.maxOutputTokens ?? GATEWAY_LIMITS.holdOutputTokensMax,
    found ?? GATEWAY_LIMITS.holdOutputTokensMax,
    roomOf(limits.contextWindow, likely),
  ])
  const images = size.imageCount
  const tier = tierOf(request)
  const options = { audio: size.hasAudio, cacheWrite1h: size.hasLongCache, images, ...made, ...tier }
  const chargeFor = (input: number, output: number, more: HoldOptions = options) =>
    candidate.sale
      ? chargeForSale(worstCost(candidate.sale.price, input, output), worstCost(price, input, output, more), rule)
      : pricing.chargeForHold(price, input, output, rule, more)
  return {
    ...(candidate.sale ? { sale: candidate.sale } : {}),
    upstream: candidate.upstream,
    model: candidate.model,
    wire: candidate.wire,
    atMs,
    price,
    rule,
    inputTokens: lazily(() => size.fairFor(candidate.model, limits.contextWindow)),
    outputTokensMax: each * choices,
    mostUsage: mostUsageOf(limits, { input: worst, output: each * choices }),
    hold: chargeFor(worst, each * choices),
    least: chargeFor(likely, shortest * choices),
    holdFor: (outputTokens) => chargeFor(likely, outputTokens),
    images,
    ...(request.use === "image" || request.use === "speech" ? { isOfKnownSize: true as const } : {}),
    ...made,
    ...tier,
    inputOnly: chargeFor(fairShare(likely), 0, { images, ...tier }),
    withoutShare: () => quoteOf(pricing, candidate, request, { atMs, price, rule: { ...rule, developerBp: 0 } }),
  }
}

/**
 * Output of one choice: what is held, and the least that is of use. A named maximum is held in full; without one the
 * call may be
 * shortened to what its caller can pay. The model's own thinking is output too, and the answer comes after it.
 */
function outputOf({ use, maxTokens, thinking }: Demand, maxima: number[]): { each: number; shortest: number } {
  if (use === "embedding" || maxTokens === 0) return { each: 0, shortest: 0 }
  const { holdOutputTokensMax: cap, holdOutputTokensDefault, outputTokensLeast } = GATEWAY_LIMITS
  const useful = (thinking?.tokens ?? 0) + outputTokensLeast
  const each = Math.min(maxTokens ?? Math.max(holdOutputTokensDefault, useful), ...maxima, cap)
  // Where the caller's own maximum leaves room for it, a budget is shortened together with that (providers/budget.ts).
  const isFitting = !thinking || thinking.tokens < each || (thinking.tokens < (maxTokens ?? 0) && hasRoom(each))
  if (!isFitting) {
    const words = `\`${thinking.param}\` must be below the most output of this call, ${each} tokens.`
    throw new AppError("invalid_request", words, { param: thinking.param })
  }
  return { each, shortest: maxTokens === null ? Math.min(each, useful) : each }
}

/**
 * What the prompt leaves of a known window; providers refuse a maximum above it. Close to the end, only they can tell.
 */
function roomOf(contextWindow: number | null, likely: number): number {
  const room = (contextWindow ?? Number.POSITIVE_INFINITY) - likely
  return room >= GATEWAY_LIMITS.outputTokensLeast ? room : GATEWAY_LIMITS.holdOutputTokensMax
}

export function notFound(model: string, caller: Caller): AppError {
  if (capabilityIn(model)) {
    const words = `No model here does \`${model}\` yet. GET /v1/models lists what there is.`
    return new AppError("model_not_found", words, { param: "model" })
  }
  const hint = caller.mode === "test" ? "Apps in test mode can use `sandbox`." : "GET /v1/models lists what there is."
  return new AppError("model_not_found", `There is no model \`${model.slice(0, 100)}\`. ${hint}`, { param: "model" })
}
