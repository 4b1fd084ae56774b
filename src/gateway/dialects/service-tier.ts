// Service tiers as OpenAI's dialects name them. Which of them a model has a price for, its quote says.
import type { ServiceTier } from "../../pricing/index.ts"
import type { Json } from "./checks.ts"

/** `batch` is no tier of a call that waits for its answer. */
export const TIER_WORDS = ["auto", "default", "flex", "priority"] as const

/** @param body whose `service_tier` was checked */
export function tierOf({ service_tier: tier }: Json): { serviceTier?: ServiceTier } {
  return tier === "flex" || tier === "priority" ? { serviceTier: tier } : {}
}
