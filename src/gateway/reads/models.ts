// Models as /v1 lists them, with what the caller pays. Never charged.
import { creditsDecimal, type Nano, nano } from "../../app/index.ts"
import type { ModelPrice, PriceRule, Pricing } from "../../pricing/index.ts"
import { authenticate } from "../admit.ts"
import { allowedIn, notFound } from "../charge/quote.ts"
import { type RuleOf, ruleOf } from "../charge/traffic.ts"
import type { Caller, Candidate, GatewayDeps, ModelPriceLine } from "../types.ts"
import type { Registry } from "../upstreams/registry.ts"
import type { ModelJson, ModelListJson } from "./schemas.ts"

export type ReadDeps = GatewayDeps & { registry: Registry }

const PER_TOKENS = 1_000_000

/** GET /v1/models: OpenAI's list; what has no price, or is beyond the plan of a key, cannot be called and is not listed. */
export async function models(deps: ReadDeps, request: Request): Promise<ModelListJson> {
  const caller = await authenticate(deps, request)
  const atMs = deps.clock.now()
  const byCaller = ruleOf(deps, caller)
  const data = []
  for (const [id, candidates] of deps.registry.entries()) {
    const entry = modelEntry(deps.pricing, id, candidates, caller, { atMs, byCaller })
    if (entry) data.push(entry)
  }
  return { object: "list", data: data.toSorted((a, b) => (a.id < b.id ? -1 : 1)) }
}

/** GET /v1/models/:id */
export async function model(deps: ReadDeps, request: Request, id: string): Promise<ModelJson> {
  const caller = await authenticate(deps, request)
  const entry = modelEntry(deps.pricing, id, deps.registry.candidates(id), caller, {
    atMs: deps.clock.now(),
    byCaller: ruleOf(deps, caller),
  })
  if (!entry) throw notFound(id, caller)
  return entry
}

/**
 * What anybody may know of prices: each model by its shortest name, cheapest answers first. Models that never leave this machine only
 * where there are no others.
 */
export function priceList({
  pricing,
  registry,
  clock,
}: Pick<ReadDeps, "pricing" | "registry" | "clock">): ModelPriceLine[] {
  const atMs = clock.now()
  const lines = []
  for (const [id, candidates] of registry.entries()) {
    const [first] = candidates
    if (!first || id !== first.model) continue
    const price = pricing.modelPrice(first.upstream.priceProvider, first.model, atMs)
    if (!price) continue
    const rule = pricing.ruleFor(first.model, "app")
    const [inputNano, outputNano] = [side(pricing, price, rule, "input"), side(pricing, price, rule, "output")]
    lines.push({ id, inputNano, outputNano, isLocal: first.upstream.isLocal })
  }
  const served = lines.some(({ isLocal }) => !isLocal) ? lines.filter(({ isLocal }) => !isLocal) : lines
  return served.sort((a, b) => a.outputNano - b.outputNano || (a.id < b.id ? -1 : 1))
}

function modelEntry(
  pricing: Pricing,
  id: string,
  candidates: readonly Candidate[],
  caller: Caller,
  { atMs, byCaller }: { atMs: number; byCaller: RuleOf },
): ModelJson | null {
  for (const candidate of candidates) {
    if (!allowedIn(caller, candidate)) continue
    const { priceProvider, name } = candidate.upstream
    const price = pricing.modelPrice(priceProvider, candidate.model, atMs)
    if (!price) continue
    const rule = byCaller(candidate.model, price)
    if (!rule) continue
    const limits = pricing.limits(priceProvider, candidate.model, atMs)
    return {
      id,
      object: "model",
      created: 0,
      owned_by: name,
      context_window: limits.contextWindow,
      max_output_tokens: limits.maxOutputTokens,
      pricing: prices(pricing, price, rule),
    }
  }
  return null
}

/** Credits for a million tokens as the caller pays them, at the first tier. */
const prices = (pricing: Pricing, price: ModelPrice, rule: PriceRule): ModelJson["pricing"] => ({
  unit: "credits per million tokens",
  input: creditsDecimal(side(pricing, price, rule, "input")),
  output: creditsDecimal(side(pricing, price, rule, "output")),
})

function side(pricing: Pricing, price: ModelPrice, rule: PriceRule, kind: "input" | "output"): Nano {
  const base = price.rates[kind]?.base ?? 0n
  const rawPico = (base * BigInt(PER_TOKENS) + price.scale - 1n) / price.scale
  const perTokens = { ...rule, minimumNano: nano(0), requestFeeNano: nano(0) }
  return pricing.chargeForApp(rawPico, perTokens, PER_TOKENS).totalNano
}
