// /admin/plans: what plans cost and give, what is kept of them at full use, and the day's free budget.
import { Elysia } from "elysia"
import { AdminPlanPage, type PlanValues } from "../../../views/admin/plan.tsx"
import { AdminPlansPage, type PlanRow } from "../../../views/admin/plans.tsx"
import { group } from "../../../views/ui/format.ts"
import { AppError, creditsDecimal, ensure, parseCredits, parseUsd, usdDecimal } from "../../app/index.ts"
import type { Form } from "../../http/index.ts"
import { marginAtFullUse, type Plan, type PlanTerms, planErrors } from "../../plans/index.ts"
import { DEFAULT_RULES } from "../../pricing/index.ts"
import type { Visit } from "../console/index.ts"
import { type AdminDeps, asAdmin } from "./site.ts"

const NO_PARSE = { parse: "none" } as const
const BP = 10_000
const NO_REASON = "Give a reason, in a few words."

/** Of what people pay through apps, the part that providers and developers get by the default price rule, rounded up. */
const appCostBp = (): number => {
  const { developerBp, platformBp } = DEFAULT_RULES.app
  return Math.ceil(((BP + developerBp) * BP) / (BP + developerBp + platformBp))
}

export function adminPlanRoutes(deps: AdminDeps) {
  const { web, plans } = deps
  return new Elysia()
    .get(
      "/admin/plans",
      asAdmin(deps, (visit) => list(deps, visit)),
    )
    .post(
      "/admin/plans/free-budget",
      asAdmin(deps, (visit) => saveFreeBudget(deps, visit)),
      NO_PARSE,
    )
    .get(
      "/admin/plans/:code",
      asAdmin(deps, (visit, { code }) => {
        const plan = planOf(deps, code)
        return editor(deps, visit, plan, { values: valuesOf(plan), seenMs: plan.updatedMs })
      }),
    )
    .post(
      "/admin/plans/:code",
      asAdmin(deps, async (visit, { code }) => {
        const form = await web.form(visit.request)
        const plan = planOf(deps, code)
        const seenMs = Number(form.get("seen_ms"))
        const { terms, errors } = termsFrom(form, plan)
        const again = (wrong: Record<string, string>, fresh = seenMs) =>
          editor(deps, visit, plan, { values: typedValues(form), seenMs: fresh, errors: wrong })
        const reason = form.get("reason")
        if (!reason) errors.reason = NO_REASON
        if (Object.keys(errors).length > 0)
          return again(inOrder({ ...named(planErrors({ ...plan, ...terms })), ...errors }))
        try {
          const saved = await plans.updatePlan(visit.ctx(reason), { code: plan.code, seenMs, ...terms })
          return web.back("/admin/plans", { kind: "ok", text: `${saved.name} is saved.` })
        } catch (error) {
          if (!(error instanceof AppError)) throw error
          // What was typed stays; saving again then means to overwrite what somebody else changed.
          if (error.code === "conflict") return again({ form: error.message }, plan.updatedMs)
          if (error.code !== "validation_failed") throw error
          return again(inOrder(named(error.extra.formErrors ?? { form: error.message })))
        }
      }),
      NO_PARSE,
    )
}

function planOf({ plans }: AdminDeps, code: string | undefined): Plan {
  const plan = plans.planByCode(code ?? "")
  ensure(plan, "not_found", "There is no such plan.")
  return plan
}

function list(
  deps: AdminDeps,
  visit: Visit,
  failed?: { value: string; reason: string; errors: Record<string, string> },
): Response {
  const { plans, ledger } = deps
  const bound = plans.freeBudgetNano()
  const people = plans.peopleByPlan()
  const value = failed?.value ?? (bound === null ? "" : group(creditsDecimal(bound)))
  const props = {
    plans: plans.list().map((plan) => rowOf(plan, people)),
    freeBudget: { value, reason: failed?.reason, bound, usedToday: ledger.freeBudgetUsed("live") },
    appCostPercent: appCostBp() / 100,
    errors: failed?.errors,
  }
  return visit.page((frame) => AdminPlansPage({ frame, ...props }), { status: failed ? 422 : 200 })
}

function rowOf(plan: Plan, people: Map<string, number>): PlanRow {
  const margin = marginAtFullUse(plan, appCostBp())
  const costNano = margin.monthlyCostNano + margin.dailyCostNano
  const { code, name, active, eitherOr } = plan
  return {
    ...{ code, name, active, eitherOr },
    ...{ price: plan.priceNano, daily: plan.dailyClaimNano, monthly: plan.monthlyNano, kept: margin.keptNano },
    people: plan.kind === "free" ? null : (people.get(plan.code) ?? 0),
    evenAtPercent:
      plan.priceNano > 0 && costNano > 0 ? Number((BigInt(plan.priceNano) * 100n) / BigInt(costNano)) : null,
  }
}

async function saveFreeBudget(deps: AdminDeps, visit: Visit): Promise<Response> {
  const form = await deps.web.form(visit.request)
  const value = form.get("credits")
  const reason = form.get("reason")
  const amount = value === "" ? null : parseCredits(value)
  const errors: Record<string, string> = {}
  if (value !== "" && amount === null) errors.credits = "Give a number of credits, such as 100,000, or leave it empty."
  if (!reason) errors.reason = NO_REASON
  if (Object.keys(errors).length > 0) return list(deps, visit, { value, reason, errors })
  await deps.plans.setFreeBudget(visit.ctx(reason), amount)
  return deps.web.back("/admin/plans", { kind: "ok", text: "The free budget is saved." })
}

interface Editing {
  values: PlanValues
  seenMs: number
  errors?: Record<string, string>
}

function editor(deps: AdminDeps, visit: Visit, plan: Plan, { values, seenMs, errors }: Editing): Response {
  const margin = marginAtFullUse(plan, appCostBp())
  const isFree = plan.kind === "free"
  const props = {
    plan: { code: plan.code, name: plan.name, isFree, people: deps.plans.peopleByPlan().get(plan.code) ?? null },
    margin: {
      ...{ price: plan.priceNano, monthly: plan.monthlyNano, daily: plan.dailyClaimNano },
      ...{ monthlyCost: margin.monthlyCostNano, dailyCost: margin.dailyCostNano, kept: margin.keptNano },
    },
    ...{ values, seenMs, errors },
  }
  return visit.page((frame) => AdminPlanPage({ frame, ...props }), { status: errors ? 422 : 200 })
}

const percent = (bp: number): string => String(bp / 100)
const box = (on: boolean): string => (on ? "1" : "")

const valuesOf = (plan: Plan): PlanValues => ({
  ...{ name: plan.name, description: plan.description, sort_order: String(plan.sortOrder), reason: "" },
  price: group(usdDecimal(plan.priceNano)),
  daily: group(creditsDecimal(plan.dailyClaimNano)),
  monthly: group(creditsDecimal(plan.monthlyNano)),
  rollover_max: group(creditsDecimal(plan.rolloverMaxNano)),
  rollover_cap: plan.rolloverCapNano === null ? "" : group(creditsDecimal(plan.rolloverCapNano)),
  rollover_periods: String(plan.rolloverPeriods),
  markup_paid: percent(plan.markupPaidBp),
  markup_free: percent(plan.markupFreeBp),
  per_1k: creditsDecimal(plan.freePer1kNano),
  free_budget: box(plan.freeBudgetCounts),
  free_models_only: box(plan.freeModelsOnly),
  byok: box(plan.byokAllowed),
  either_or: box(plan.eitherOr),
  overrides: box(plan.overrides),
  support: box(plan.prioritySupport),
  teams: box(plan.teams),
  active: box(plan.active),
})

const FIELDS: Readonly<Record<keyof PlanTerms, keyof PlanValues>> = {
  ...{ name: "name", description: "description", priceNano: "price", sortOrder: "sort_order", active: "active" },
  ...{ dailyClaimNano: "daily", freeBudgetCounts: "free_budget", monthlyNano: "monthly" },
  ...{ rolloverMaxNano: "rollover_max", rolloverCapNano: "rollover_cap", rolloverPeriods: "rollover_periods" },
  ...{ markupPaidBp: "markup_paid", markupFreeBp: "markup_free", freeModelsOnly: "free_models_only" },
  ...{ freePer1kNano: "per_1k", byokAllowed: "byok", eitherOr: "either_or" },
  ...{ overrides: "overrides", prioritySupport: "support", teams: "teams" },
}
const FORM = [...Object.values(FIELDS), "reason"]

/** Errors of the domain under the names of the form's fields. */
const named = (errors: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(errors).map(([field, text]) => [FIELDS[field as keyof PlanTerms] ?? field, text]))

/** As the fields stand in the form; what belongs to none of them first. */
const inOrder = (errors: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(errors).toSorted(([a], [b]) => FORM.indexOf(a) - FORM.indexOf(b)))

const typedValues = (form: Form): PlanValues =>
  Object.fromEntries(FORM.map((name) => [name, form.get(name)])) as unknown as PlanValues

/** What the form says; what does not read as a number is NaN, and an error of its field. The free plan has no monthly fields. */
function termsFrom(form: Form, plan: Plan): { terms: PlanTerms; errors: Record<string, string> } {
  const errors: Record<string, string> = {}
  const read = <T>(name: keyof PlanValues, parse: (text: string) => T | null, message: string, present: T): T => {
    if (!form.has(name)) return present
    const value = parse(form.get(name))
    if (value === null) errors[name] = message
    return value ?? (Number.NaN as T)
  }
  const someCredits = "Give a number of credits, such as 500."
  const isChecked = (name: keyof PlanValues): boolean => form.get(name) === "1"
  const terms: PlanTerms = {
    name: form.has("name") ? form.get("name") : plan.name,
    description: form.has("description") ? form.get("description") : plan.description,
    sortOrder: read("sort_order", parseCount, "Give a whole number.", plan.sortOrder),
    priceNano: read("price", parseUsd, "Give an amount in dollars, such as 9.99.", plan.priceNano),
    dailyClaimNano: read("daily", parseCredits, someCredits, plan.dailyClaimNano),
    monthlyNano: read("monthly", parseCredits, someCredits, plan.monthlyNano),
    rolloverMaxNano: read("rollover_max", parseCredits, someCredits, plan.rolloverMaxNano),
    rolloverCapNano:
      form.has("rollover_cap") && form.get("rollover_cap") === ""
        ? null
        : read("rollover_cap", parseCredits, "Give a number of credits, or leave it empty.", plan.rolloverCapNano),
    rolloverPeriods: read("rollover_periods", parseCount, "Give a whole number of months.", plan.rolloverPeriods),
    markupPaidBp: read("markup_paid", parsePercent, "Give a percentage, such as 10 or 2.5.", plan.markupPaidBp),
    markupFreeBp: read("markup_free", parsePercent, "Give a percentage, such as 0 or 2.5.", plan.markupFreeBp),
    freePer1kNano: read("per_1k", parseCredits, "Give a number of credits, such as 1.", plan.freePer1kNano),
    ...{ freeBudgetCounts: isChecked("free_budget"), freeModelsOnly: isChecked("free_models_only") },
    ...{ byokAllowed: isChecked("byok"), eitherOr: isChecked("either_or"), overrides: isChecked("overrides") },
    ...{ prioritySupport: isChecked("support"), teams: isChecked("teams"), active: isChecked("active") },
  }
  return { terms, errors }
}

const parseCount = (text: string): number | null => (/^\d{1,6}$/.test(text) ? Number(text) : null)

/** "2.5" → 250 basis points; at most two places. */
function parsePercent(text: string): number | null {
  const match = /^(\d{1,4})(?:\.(\d{1,2}))?%?$/.exec(text)
  return match ? Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0")) : null
}
