// What a plan may be, and which plan opens which endpoint. Pure.
import { AppError, type Nano, nameProblem, tidyName } from "../../app/index.ts"
import type { QuotaPeriod } from "../types.ts"
import { PLAN_LIMITS as L } from "./limits.ts"
import type { NeedsPlan, ProductPlanRow, ProductTerms, TermsInput } from "./types.ts"

/**
 * Whether a plan has an endpoint: the one mapping that access, documentation and MCP read. Whoever has a plan has what lower ones have.
 * A plan that nobody knows opens nothing.
 * @param plans of the product, retired ones too
 */
export function opens(
  planRank: number,
  { minPlanId }: NeedsPlan,
  plans: readonly Pick<ProductPlanRow, "id" | "rank">[],
): boolean {
  if (minPlanId === null) return true
  const least = plans.find(({ id }) => id === minPlanId)
  return least !== undefined && planRank >= least.rank
}

const NANO_PER_CENT = 10_000_000
const PERIODS: readonly QuotaPeriod[] = ["day", "week", "month", "year"]
const ANCHORS = ["calendar", "anniversary"]
const SPANS = ["second", "minute", "hour"]
const CYCLES = ["week", "month", "year"]

export const byPeriod = (a: { period: QuotaPeriod }, b: { period: QuotaPeriod }): number =>
  PERIODS.indexOf(a.period) - PERIODS.indexOf(b.period)

const isWhole = (value: number, min: number, max: number): boolean =>
  Number.isSafeInteger(value) && value >= min && value <= max

type Errors = Record<string, string>

/** By field of the form. */
export function termsErrors(terms: TermsInput): Errors {
  const errors: Errors = {}
  const { priceNano, overageNano, overageCapNano, quotas, rates } = terms
  if (!isWhole(priceNano, 0, L.priceNanoMax) || priceNano % NANO_PER_CENT !== 0)
    errors.priceNano = "Give a price in whole cents, from $0 to $100,000."
  if (!CYCLES.includes(terms.cycle)) errors.cycle = "Choose one of the list."
  if (!isWhole(terms.trialDays, 0, L.trialDaysMax)) errors.trialDays = `Give whole days from 0 to ${L.trialDaysMax}.`
  if (overageNano !== null && !isWhole(overageNano, 1, L.overageNanoMax))
    errors.overageNano = "Give a price above $0, up to $1,000 a unit, or leave it empty."
  if (overageCapNano !== null && !isWhole(overageCapNano, 1, L.priceNanoMax))
    errors.overageCapNano = "Give an amount above $0, or leave it empty."
  else if (overageCapNano !== null && overageNano === null)
    errors.overageCapNano = "Give a price per unit first, or leave the most empty."
  else if (overageCapNano !== null && overageCapNano < overageNano!)
    errors.overageCapNano = "The most is less than one unit costs."
  if (overageNano !== null && quotas.length === 0) errors.overageNano = "Without a quota nothing is above it."
  for (const { period, anchor, units } of quotas)
    if (!PERIODS.includes(period) || !ANCHORS.includes(anchor) || !isWhole(units, 0, L.unitsMax))
      errors.quotas = "Give whole units, up to a trillion."
  if (new Set(quotas.map(({ period }) => period)).size < quotas.length) errors.quotas = "Give each period one quota."
  for (const { span, requests, endpointId } of rates)
    if (
      !SPANS.includes(span) ||
      !isWhole(requests, 1, L.requestsMax) ||
      !isWhole(endpointId, 0, Number.MAX_SAFE_INTEGER)
    )
      errors.rates = "Give whole requests, at least 1."
  if (new Set(rates.map(({ span, endpointId }) => `${span} ${endpointId}`)).size < rates.length)
    errors.rates = "Give each endpoint one rule for each span."
  if (rates.length > L.ratesMax) errors.rates = `There are more than ${L.ratesMax} rules.`
  return errors
}

export interface Named {
  name: string
  features: string
  rank: number
}

export function planErrors({ name, features, rank }: Named): Errors {
  const errors: Errors = {}
  const wrong = nameProblem(name, { of: "thing", charsMax: L.nameCharsMax })
  if (wrong) errors.name = wrong
  if (features.length > L.featuresCharsMax) errors.features = `Keep this within ${L.featuresCharsMax} characters.`
  if (!isWhole(rank, 0, L.rankMax)) errors.rank = `Give a whole number from 0 to ${L.rankMax}.`
  return errors
}

/** @throws AppError validation_failed with a message per field */
export function refuse(formErrors: Errors): void {
  const [first] = Object.values(formErrors)
  if (first) throw new AppError("validation_failed", first, { formErrors })
}

export const cleanName = (name: string): string => tidyName(name)
export const cleanFeatures = (features: string): string =>
  features
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean)
    .join("\n")

/** What decides about money and access; a change of anything else needs no new version. */
const meaning = (terms: TermsInput): string =>
  JSON.stringify([
    terms.priceNano,
    terms.cycle,
    terms.trialDays,
    terms.overageNano,
    terms.overageCapNano,
    terms.resetsOnUpgrade ?? false,
    [...terms.quotas].sort(byPeriod).map(({ period, anchor, units }) => [period, anchor, units]),
    terms.rates.map(({ endpointId, span, requests }) => `${endpointId} ${span} ${requests}`).sort(),
  ])

export const isSameTerms = (one: TermsInput, other: TermsInput): boolean => meaning(one) === meaning(other)

export const isFree = ({ priceNano }: Pick<ProductTerms, "priceNano">): boolean => priceNano === 0

/** The platform's part of a price: rounded once, up. */
export const commissionOf = (amountNano: Nano, commissionBp: number): Nano =>
  Number((BigInt(amountNano) * BigInt(commissionBp) + 9_999n) / 10_000n) as Nano

type Above = Pick<TermsInput, "overageNano" | "overageCapNano" | "quotas">

/** Whether nobody pays more for a call beside their plan under other terms: above a quota they agreed to so much, so many units and no more. */
export function isNoDearer(before: Above, after: Above): boolean {
  if (after.overageNano === null) return true
  if (before.overageNano === null || after.overageNano > before.overageNano) return false
  const isCapped =
    before.overageCapNano === null || (after.overageCapNano !== null && after.overageCapNano <= before.overageCapNano)
  const unitsOf = ({ quotas }: Above, period: string) => quotas.find((one) => one.period === period)?.units
  return (
    isCapped &&
    after.quotas.every(({ period, units }) => (unitsOf(before, period) ?? Number.POSITIVE_INFINITY) <= units)
  )
}

/** …and for the plan itself. */
export const isNoDearerPlan = (before: TermsInput, after: TermsInput): boolean =>
  after.priceNano <= before.priceNano && after.cycle === before.cycle && isNoDearer(before, after)
