// How much a model is to think, in the words of its generation.
import type { OutputConfig, ThinkingConfigParam } from "@anthropic-ai/sdk/resources/messages"
import { BUDGET_LEAST, budgetWithin } from "../budget.ts"
import type { Effort, Reasoning } from "../conversation.ts"
import { knowsEffort, knowsHighestEfforts, thinksByBudget, thinksByItself } from "./model.ts"

export interface Thinking {
  thinking: ThinkingConfigParam | null
  effort: OutputConfig["effort"] | null
}

/** Part of all output that may be thinking, by effort, in tenths: as OpenRouter has it. */
const SHARES: Readonly<Record<Exclude<Effort, "none">, number>> = {
  minimal: 1,
  low: 2,
  medium: 5,
  high: 8,
  xhigh: 9,
  max: 9,
}
/** The effort that comes nearest to a budget. */
const EFFORTS: readonly [upTo: number, effort: Effort][] = [
  [2_048, "low"],
  [8_192, "medium"],
]

/** @param maxTokens all output, of which thinking is a part */
export function thinkingFor(
  { effort, budget, summary, adaptive }: Reasoning,
  model: string,
  maxTokens: number,
): Thinking {
  const said = effort === "none" || effort === null ? null : effort
  // Models that do not think unasked need not be told not to.
  if (effort === "none" || budget === 0) {
    return { thinking: thinksByItself(model) ? { type: "disabled" } : null, effort: null }
  }
  const display =
    summary === null ? {} : { display: summary === "none" ? ("omitted" as const) : ("summarized" as const) }
  const isBudgeted = thinksByBudget(model) && (budget !== null || !thinksByItself(model))
  const level = said ?? (isBudgeted || budget === null ? null : nearest(budget))
  const told = level && knowsEffort(model) ? effortJson(level, model) : null
  if (!isBudgeted) return { thinking: { type: "adaptive", ...display }, effort: told }
  if (budget === null && said === null && !adaptive) return { thinking: null, effort: null }
  const wanted = budget ?? Math.floor((maxTokens * SHARES[said ?? "medium"]) / 10)
  const budget_tokens = budgetWithin(Math.max(BUDGET_LEAST, wanted), maxTokens)
  // There is no room to think and to answer.
  if (budget_tokens < BUDGET_LEAST) return { thinking: null, effort: told }
  return { thinking: { type: "enabled", budget_tokens, ...display }, effort: told }
}

const nearest = (budget: number): Effort => EFFORTS.find(([upTo]) => budget <= upTo)?.[1] ?? "high"

function effortJson(effort: Effort, model: string): OutputConfig["effort"] {
  if (effort === "none" || effort === "minimal") return "low"
  return (effort === "xhigh" || effort === "max") && !knowsHighestEfforts(model) ? "high" : effort
}
