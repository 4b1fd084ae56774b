// An admin's price for a model, from a moment on. History is kept: a price in force is followed by another, never
// rewritten.
import { ensure } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import { USAGE_TOKENS_MAX } from "./cost.ts"
import { saveOverride } from "./store.ts"
import { type OverrideRate, RATE_KINDS, type RateKind, type SetModelPriceInput } from "./types.ts"

/** $10,000 per Mtok in µ$; the dearest model sold so far is $600. */
const RATE_MICRO_MAX = 10_000_000_000
/** $1,000 in µ$. */
const REQUEST_MICRO_MAX = 1_000_000_000

export const normalName = (name: string): string => name.trim().toLowerCase()

/**
 * Sets, schedules or (with `rates: null`) retires an override, and audits it. Returns the key it was stored under.
 * @throws AppError `validation_failed` with form errors by field; also when `effectiveFromMs` is in the past.
 */
export function writeModelPriceIn(
  tx: Tx,
  input: SetModelPriceInput,
): { provider: string; model: string; effectiveFromMs: number } {
  const checked = {
    ...input,
    provider: normalName(input.provider),
    model: normalName(input.model),
    effectiveFromMs: input.effectiveFromMs ?? tx.now,
  }
  const wrong: Record<string, string> = {}
  if (!/^[\w.-]{1,64}$/.test(checked.provider)) wrong.provider = "Name the provider, such as openai."
  if (!/^[\w.:/@~+-]{1,200}$/.test(checked.model)) wrong.model = "Name the model as the provider does."
  if (!Number.isSafeInteger(checked.effectiveFromMs) || checked.effectiveFromMs < tx.now) {
    wrong.effectiveFromMs = "A price can only start now or later."
  }
  if (checked.rates && checked.rates.input === undefined)
    wrong.input = "Give a price per million input tokens; 0 is free."
  for (const [kind, rate] of Object.entries(checked.rates ?? {})) {
    if (!RATE_KINDS.includes(kind as RateKind) || !rateIsRight(rate)) wrong[kind] = "Use a price from 0 to $10,000."
  }
  if (!within(checked.requestMicro ?? 0, 0, REQUEST_MICRO_MAX)) wrong.requestMicro = "Use a price from 0 to $1,000."
  for (const field of ["contextWindow", "maxOutputTokens"] as const) {
    const limit = checked.limits?.[field] ?? null
    if (limit !== null && !within(limit, 1, USAGE_TOKENS_MAX)) wrong[field] = "Use a whole number of tokens."
  }
  ensure(Object.keys(wrong).length === 0, "validation_failed", "Check the price.", { formErrors: wrong })
  saveOverride(tx, checked)
  auditIn(tx, {
    action: checked.rates ? "model_price.set" : "model_price.retired",
    subject: `model_price:${checked.provider}/${checked.model}`,
    after: checked,
  })
  return checked
}

function rateIsRight(rate: OverrideRate): boolean {
  if (typeof rate === "number") return within(rate, 0, RATE_MICRO_MAX)
  return (
    within(rate.base, 0, RATE_MICRO_MAX) &&
    rate.tiers.every(
      (tier, index) =>
        within(tier.rate, 0, RATE_MICRO_MAX) &&
        within(tier.above, (rate.tiers[index - 1]?.above ?? 0) + 1, USAGE_TOKENS_MAX),
    )
  )
}

const within = (value: number, least: number, most: number): boolean =>
  Number.isInteger(value) && value >= least && value <= most
