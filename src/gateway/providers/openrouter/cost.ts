// `usage.cost`: what OpenRouter took for an answer, in dollars. Exact: the number as it prints, never as a float.
import { picoOf } from "../../../pricing/index.ts"

type Json = Record<string, unknown>

/**
 * With an own key of the operator at OpenRouter, `cost` is its fee alone and the provider's bill stands beside.
 * @returns pico-dollars; null = it says nothing that can be believed
 */
export function costOf(usage: unknown): bigint | null {
  if (typeof usage !== "object" || usage === null) return null
  const { cost, is_byok, cost_details } = usage as Json
  const taken = picoOf(cost)
  if (taken === null || is_byok !== true) return taken
  const beside = picoOf((cost_details as Json | null | undefined)?.upstream_inference_cost)
  return beside === null ? null : taken + beside
}
