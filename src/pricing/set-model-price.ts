// An admin's price for a model, from a moment on. History is kept: a price in force is followed by another, never
// rewritten.
import { ensure } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import { USAGE_TOKENS_MAX } from "./cost.ts"
import { madeErrors, mappedMade } from "./made.ts"
import { saveOverride } from "./store.ts"
import {
  type ModelPriceOverride,
  type OverrideRate,
  type OverrideRates,
  RATE_KINDS,
  type RateKind,
  SERVICE_TIERS,
  type ServiceTier,
  type SetModelPriceInput,
  UNIT_KINDS,
  type UnitKind,
} from "./types.ts"

/** $10,000 per Mtok in µ$; the dearest model sold so far is $600. */
const RATE_MICRO_MAX = 10_000_000_000
/** $1,000 in µ$: of a request, a search, a picture. */
const REQUEST_MICRO_MAX = 1_000_000_000
/** 100 times the rates: a service tier above that is a typing mistake. */
const SERVICE_BP_MAX = 1_000_000
/** Years that a price may lie ahead. */
const AHEAD_MS_MAX = 5 * 366 * 86_400_000

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
  const wrong = wrongIn(tx, checked)
  ensure(Object.keys(wrong).length === 0, "validation_failed", "Check the price.", { formErrors: wrong })
  saveOverride(tx, checked)
  auditIn(tx, {
    action: checked.rates ? "model_price.set" : "model_price.retired",
    subject: `model_price:${checked.provider}/${checked.model}`,
    after: checked,
  })
  return checked
}

function wrongIn(tx: Tx, checked: SetModelPriceInput & { effectiveFromMs: number }): Record<string, string> {
  const wrong: Record<string, string> = {}
  if (!/^[\w.-]{1,64}$/.test(checked.provider)) wrong.provider = "Name the provider, such as openai."
  if (!/^[\w.:/@~+-]{1,200}$/.test(checked.model)) wrong.model = "Name the model as the provider does."
  if (!Number.isSafeInteger(checked.effectiveFromMs) || checked.effectiveFromMs < tx.now) {
    wrong.effectiveFromMs = "A price can only start now or later."
  } else if (checked.effectiveFromMs > tx.now + AHEAD_MS_MAX) {
    wrong.effectiveFromMs = "Choose a day within the next five years."
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
  for (const [kind, amount] of Object.entries(checked.units ?? {})) {
    if (!UNIT_KINDS.includes(kind as UnitKind) || !within(amount, 0, REQUEST_MICRO_MAX)) {
      wrong[kind] = "Use a price from 0 to $1,000."
    }
  }
  Object.assign(wrong, madeErrors(checked.made))
  for (const [tier, bp] of Object.entries(checked.services ?? {})) {
    if (!SERVICE_TIERS.includes(tier as ServiceTier) || !within(bp, 0, SERVICE_BP_MAX)) {
      wrong[tier] = "Use a percentage from 0 to 10,000."
    }
  }
  return wrong
}

/** An earlier decision as it would be made again. */
export function inputOf({ provider, model, price, limits }: ModelPriceOverride): SetModelPriceInput {
  if (!price) return { provider, model, rates: null, limits }
  const perMicro = 1_000_000n
  const rates = Object.entries(price.rates).map(([kind, { base, tiers }]) => [
    kind,
    { base: Number(base), tiers: tiers.map(({ above, rate }) => ({ above, rate: Number(rate) })) },
  ])
  const units = Object.entries(price.units ?? {}).map(([kind, pico]) => [kind, Number(pico / perMicro)])
  return {
    provider,
    model,
    rates: Object.fromEntries(rates) as OverrideRates,
    requestMicro: Number(price.perRequest / perMicro),
    units: Object.fromEntries(units),
    // n$ each: an operator's price has a scale of 1.
    ...(price.made ? { made: mappedMade(price.made, (each) => Number(each / 1_000n)) } : {}),
    services: { ...price.services },
    limits,
  }
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
