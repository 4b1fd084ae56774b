// "What would this call cost": tokens and who pays → the exact lines of the charge, as a call of now would be charged.
import type { CostLines } from "../../../views/admin/price-model.tsx"
import type { Nano } from "../../app/index.ts"
import type { Plans } from "../../plans/index.ts"
import {
  type Charge,
  keyRule,
  type ModelPrice,
  type Pricing,
  SERVICE_TIERS,
  type TokenUsage,
  UsageError,
} from "../../pricing/index.ts"

/** Who pays: "app", or the code of the plan whose own key it is. */
export interface CostQuestion {
  input: number
  cached: number
  output: number
  by: string
  service: string
}

const TOKENS_MAX = 1_000_000_000

/** As the address says it; what cannot be read is a usual call. */
export function costQuestion(params: URLSearchParams): CostQuestion {
  const count = (name: string, usual: number): number => {
    const text = (params.get(name) ?? "").trim().replaceAll(",", "")
    return /^\d{1,10}$/.test(text) ? Math.min(Number(text), TOKENS_MAX) : usual
  }
  const input = count("in", 1_000)
  return {
    input,
    cached: Math.min(count("cached", 0), input),
    output: count("out", 500),
    by: params.get("by") ?? "app",
    service: params.get("service") ?? "",
  }
}

type Deps = { pricing: Pick<Pricing, "rawCost" | "ruleFor" | "chargeForApp">; plans: Pick<Plans, "list"> }

export function costOf(deps: Deps, price: ModelPrice, model: string, question: CostQuestion): CostLines {
  const { pricing } = deps
  const plan = deps.plans.list().find((one) => one.code === question.by) ?? null
  const found = pricing.ruleFor(model, plan ? "key" : "app")
  const rule = plan ? keyRule(found, plan, { isFree: price.free }) : found
  if (rule === null) return { refusal: `Own keys on the plan ${plan?.name ?? ""} reach free models only.` }
  const serviceTier = SERVICE_TIERS.find((tier) => tier === question.service)
  const usage: TokenUsage = {
    inputTokens: question.input,
    cachedInputTokens: question.cached,
    cacheWriteTokens: 0,
    outputTokens: question.output,
    reasoningTokens: 0,
    inputAudioTokens: 0,
    outputAudioTokens: 0,
    ...(serviceTier ? { serviceTier } : {}),
  }
  try {
    const raw = pricing.rawCost(price, usage)
    const charge = pricing.chargeForApp(raw, rule, question.input + question.output)
    return { lines: linesOf(charge), rule: { id: rule.id, pattern: rule.pattern } }
  } catch (error) {
    if (error instanceof UsageError) return { refusal: `Such a call is refused: ${error.message}.` }
    if (error instanceof RangeError) return { refusal: "That is more than any call can cost." }
    throw error
  }
}

const linesOf = ({
  upstreamNano,
  platformNano,
  developerNano,
  totalNano,
}: Charge): { label: string; amount: Nano }[] => [
  { label: "The provider’s price", amount: upstreamNano },
  { label: "Platform", amount: platformNano },
  { label: "Developer", amount: developerNano },
  { label: "Together", amount: totalNano },
]
