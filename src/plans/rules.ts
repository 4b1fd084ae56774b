// What an admin may put into a plan. Pure: every field is looked at, so that a form shows all that is wrong at once.
import { AppError, nameProblem, tidyName } from "../app/index.ts"
import type { Plan, PlanTerms } from "./types.ts"

/** Most a plan may cost or grant in a month: a million dollars. */
const PLAN_AMOUNT_MAX_NANO = 1_000_000_000_000_000
/** Most of one daily claim, so that a month of them is still an exact number. */
const DAILY_CLAIM_MAX_NANO = 100_000_000_000_000
const MARKUP_BP_MAX = 100_000
const ROLLOVER_PERIODS_MAX = 12
const SORT_ORDER_MAX = 10_000

const refused = (errors: Record<string, string>): AppError =>
  new AppError("validation_failed", Object.values(errors)[0] ?? "Check the fields.", { formErrors: errors })

/** What is wrong with an amount; null = it is a whole, safe, non-negative amount of n$. */
export const amountProblem = (value: number): string | null =>
  Number.isSafeInteger(value) && value >= 0 ? null : "Give a whole amount of credits, zero or more."

const isWhole = (value: number, min: number, max: number): boolean =>
  Number.isSafeInteger(value) && value >= min && value <= max

type Check = (plan: Plan) => string | false

const amount =
  (field: "priceNano" | "monthlyNano" | "rolloverMaxNano" | "freePer1kNano"): Check =>
  (plan) =>
    !isWhole(plan[field], 0, PLAN_AMOUNT_MAX_NANO) && "Give an amount of zero or more, up to a million dollars."
const markup =
  (field: "markupPaidBp" | "markupFreeBp"): Check =>
  (plan) =>
    !isWhole(plan[field], 0, MARKUP_BP_MAX) && "Give a percentage from 0 to 1,000."

/** In the order of the form; the first message of a field counts. A check that looks at another field too names it. */
const CHECKS: readonly [field: keyof PlanTerms, check: Check, needs?: keyof PlanTerms][] = [
  ["name", ({ name }) => nameProblem(name, { of: "thing", charsMax: 80 }) ?? false],
  ["description", ({ description }) => description.length > 500 && "Keep the description within 500 characters."],
  ["priceNano", amount("priceNano")],
  ["priceNano", ({ kind, priceNano }) => kind === "free" && priceNano > 0 && "The free plan costs nothing."],
  [
    "yearlyNano",
    ({ yearlyNano: price }) =>
      price !== null && !isWhole(price, 1, 12 * PLAN_AMOUNT_MAX_NANO) && "Give a price above zero, or leave it empty.",
  ],
  ["yearlyNano", ({ kind, yearlyNano }) => kind === "free" && yearlyNano !== null && "The free plan costs nothing."],
  [
    "dailyClaimNano",
    (plan) =>
      !isWhole(plan.dailyClaimNano, 0, DAILY_CLAIM_MAX_NANO) && "Give a number of credits from 0 to 100,000,000 a day.",
  ],
  ["monthlyNano", amount("monthlyNano")],
  [
    "monthlyNano",
    ({ kind, monthlyNano }) =>
      kind === "free" && monthlyNano > 0 && "The free plan has no periods. Raise its daily credits instead.",
  ],
  ["rolloverMaxNano", amount("rolloverMaxNano")],
  [
    "rolloverMaxNano",
    (plan) => plan.rolloverMaxNano > plan.monthlyNano && "At most what is granted in a month can roll over. Give less.",
    "monthlyNano",
  ],
  [
    "rolloverCapNano",
    ({ rolloverCapNano: cap }) =>
      cap !== null && !isWhole(cap, 0, PLAN_AMOUNT_MAX_NANO) && "Give an amount of zero or more, or leave it empty.",
  ],
  [
    "rolloverPeriods",
    (plan) => !isWhole(plan.rolloverPeriods, 1, ROLLOVER_PERIODS_MAX) && "Give a number of months from 1 to 12.",
  ],
  ["markupPaidBp", markup("markupPaidBp")],
  ["markupFreeBp", markup("markupFreeBp")],
  ["freePer1kNano", amount("freePer1kNano")],
  [
    "eitherOr",
    (plan) =>
      plan.eitherOr &&
      (!plan.byokAllowed || plan.monthlyNano === 0) &&
      "A choice needs both: monthly credits, and own provider keys allowed.",
    "monthlyNano",
  ],
  ["active", ({ kind, active }) => kind === "free" && !active && "The free plan is everybody’s plan. It stays active."],
  ["sortOrder", (plan) => !isWhole(plan.sortOrder, 0, SORT_ORDER_MAX) && "Give a whole number from 0 to 10,000."],
]

const cleaned = (plan: Plan): Plan => ({
  ...plan,
  name: tidyName(plan.name),
  description: plan.description.normalize("NFC").replaceAll(/\s+/g, " ").trim(),
})

/**
 * What is wrong, by field.
 * @param unread fields that nobody could read: wrong already, and no reason to refuse another one
 */
export function planErrors(plan: Plan, unread: readonly string[] = []): Partial<Record<keyof PlanTerms, string>> {
  const clean = cleaned(plan)
  const errors: Partial<Record<keyof PlanTerms, string>> = {}
  for (const [field, check, needs] of CHECKS) {
    if (unread.includes(field) || (needs && unread.includes(needs))) continue
    const message = check(clean)
    if (message && !errors[field]) errors[field] = message
  }
  return errors
}

/** The plan with its texts trimmed. @throws AppError validation_failed with a message for each field that is wrong */
export function checkedPlan(plan: Plan): Plan {
  const errors = planErrors(plan)
  if (Object.keys(errors).length > 0) throw refused(errors)
  return cleaned(plan)
}
