// Model name → candidates with prices and holds. An unknown model is 404, an unpriced one is refused before anything is contacted.
import { AppError } from "../../app/index.ts"
import { estimateInputTokens, type Pricing } from "../../pricing/index.ts"
import { type ChatBody, outputTokensAsked } from "../dialects/chat/check.ts"
import { GATEWAY_LIMITS } from "../limits.ts"
import { fairInputTokens } from "../providers/openai/rules.ts"
import type { Caller, Candidate, Quote } from "../types.ts"
import type { Registry } from "../upstreams/registry.ts"

export interface QuoteDeps {
  registry: Registry
  pricing: Pricing
}

/** Test apps never reach a real provider (SPEC DE-7). */
export const allowedIn = (caller: Caller, candidate: Candidate): boolean =>
  caller.mode === "live" || candidate.upstream.kind === "sandbox"

/** @throws AppError model_not_found, model_not_priced */
export function quoteChat({ registry, pricing }: QuoteDeps, caller: Caller, body: ChatBody, atMs: number): Quote[] {
  const candidates = registry.candidates(body.model).filter((candidate) => allowedIn(caller, candidate))
  if (candidates.length === 0) throw notFound(body.model, caller)
  const estimate = estimateInputTokens(body.messages) + extras(body)
  const quotes: Quote[] = []
  for (const candidate of candidates) {
    const quote = quoteOf(pricing, candidate, body, estimate, atMs)
    if (quote) quotes.push(quote)
  }
  if (quotes.length === 0) {
    throw new AppError("model_not_priced", `The model \`${body.model}\` has no price yet. Use another model for now.`, {
      param: "model",
    })
  }
  return quotes
}

function quoteOf(pricing: Pricing, candidate: Candidate, body: ChatBody, estimate: number, atMs: number): Quote | null {
  const { priceProvider } = candidate.upstream
  const price = pricing.modelPrice(priceProvider, candidate.model, atMs)
  if (!price) return null
  const rule = pricing.ruleFor(candidate.model, "app")
  const modelMax = pricing.limits(priceProvider, candidate.model, atMs).maxOutputTokens
  const { holdOutputTokensMax: cap, holdOutputTokensDefault, outputTokensLeast } = GATEWAY_LIMITS
  const asked = outputTokensAsked(body)
  const each = Math.min(asked ?? holdOutputTokensDefault, modelMax ?? cap, cap)
  const choices = body.n ?? 1
  const outputTokensMax = each * choices
  const inputTokens = fairInputTokens(estimate)
  const audio = hasAudio(body)
  const hold = pricing.chargeForHold(price, estimate, outputTokensMax, rule, { audio })
  const shortest = Math.min(each, outputTokensLeast) * choices
  return {
    upstream: candidate.upstream,
    model: candidate.model,
    price,
    rule,
    inputTokens,
    outputTokensMax,
    hold,
    least: asked === null ? pricing.chargeForHold(price, estimate, shortest, rule, { audio }) : hold,
    inputOnly: pricing.chargeForHold(price, inputTokens, 0, rule),
  }
}

/**
 * Shortens a call to what its hold could cover: the most output whose charge still fits, at every candidate. Upstreams are
 * told, so that the answer ends with `length` instead of running past the caller's balance or daily limit.
 */
export function fitToHold(pricing: Pricing, quotes: Quote[], body: ChatBody, heldNano: number): void {
  if (quotes.every((quote) => quote.hold.totalNano <= heldNano)) return
  const choices = body.n ?? 1
  const estimate = estimateInputTokens(body.messages) + extras(body)
  const audio = hasAudio(body)
  const fits = (each: number) =>
    quotes.every(
      ({ price, rule }) =>
        pricing.chargeForHold(price, estimate, each * choices, rule, { audio }).totalNano <= heldNano,
    )
  let low = 1
  let high = Math.max(...quotes.map((quote) => quote.outputTokensMax)) / choices
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (fits(middle)) low = middle
    else high = middle - 1
  }
  // OpenAI's reasoning models know only the newer name, most compatible servers only the older.
  const isOpenai = quotes.every(({ upstream }) => ["openai", "azure"].includes(upstream.priceProvider))
  if (isOpenai) body.max_completion_tokens = low
  else body.max_tokens = low
  for (const quote of quotes) quote.outputTokensMax = Math.min(quote.outputTokensMax, low * choices)
}

/** What becomes prompt beside the messages. */
function extras(body: ChatBody): number {
  let tokens = 0
  if (body.tools) tokens += estimateInputTokens(body.tools)
  if (body.functions) tokens += estimateInputTokens(body.functions)
  if (body.response_format) tokens += estimateInputTokens(body.response_format)
  return tokens
}

const hasAudio = (body: ChatBody): boolean => Array.isArray(body.modalities) && body.modalities.includes("audio")

export function notFound(model: string, caller: Caller): AppError {
  const hint = caller.mode === "test" ? "Apps in test mode can use `sandbox`." : "GET /v1/models lists what there is."
  return new AppError("model_not_found", `There is no model \`${model.slice(0, 100)}\`. ${hint}`, { param: "model" })
}
