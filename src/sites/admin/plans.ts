// /admin/plans: what plans cost and give, what is kept of them at full use, and the day's free budget.
import { AdminPlanPage, FullUse } from "../../../views/admin/plan.tsx"
import { AdminPlansPage, type PlanRow } from "../../../views/admin/plans.tsx"
import { creditsExact } from "../../../views/ui/format.ts"
import type { FormView } from "../../../views/ui/index.ts"
import { ensure } from "../../app/index.ts"
import { Form } from "../../http/index.ts"
import { marginAtFullUse, type Plan, planErrors } from "../../plans/index.ts"
import { DEFAULT_RULES } from "../../pricing/index.ts"
import { newValues, type PageRequest, type Status, undoing, undoTo } from "../base/index.ts"
import { FREE_BUDGET_FORM, FREE_PLAN_FORM, PLAN_FORM } from "./plan-form.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<AdminDeps, "plans" | "ledger">

const FREE_BUDGET_PATH = "/admin/plans/free-budget"
const BP = 10_000

/** Of what people pay through apps, the part that providers and developers get by the default price rule, rounded up. */
const appCostBp = (): number => {
  const { developerBp, platformBp } = DEFAULT_RULES.app
  return Math.ceil(((BP + developerBp) * BP) / (BP + developerBp + platformBp))
}

export function planRoutes(site: AdminSite, deps: Deps): void {
  const { plans } = deps
  site.get("/admin/plans", (page) => list(deps, page, freeBudgetForm(deps)))

  site.post(FREE_BUDGET_PATH, {
    summary: "Set the day’s free budget",
    form: FREE_BUDGET_FORM,
    async act(page, { credits, reason }) {
      const before = plans.freeBudgetNano()
      await plans.setFreeBudget(page.ctx(reason), credits)
      const say =
        credits === null ? "Free credits have no limit now." : `Up to ${creditsExact(credits)} a day are free now.`
      const undo = undoTo(FREE_BUDGET_PATH, FREE_BUDGET_FORM, { credits: before }, { reason: undoing(reason) })
      return { to: "/admin/plans", say, undo }
    },
    show: (page, form, _, status) => list(deps, page, form, status),
  })

  site.get("/admin/plans/:plan/full-use", (page, params) => fullUse(page, planOf(deps, params.plan)))

  site.form("/admin/plans/:plan", {
    summary: "Change a plan",
    load: (_, params) => planOf(deps, params.plan),
    form: PLAN_FORM,
    adapt: (_, plan) => formOf(plan),
    present: (plan) => ({ ...plan, seenMs: plan.updatedMs }),
    kept: ["name"],
    check: ({ readable, unread }, plan) => planErrors({ ...plan, ...readable }, unread),
    async act(page, { reason, ...terms }, plan) {
      const saved = await plans.updatePlan(page.ctx(reason), { code: plan.code, ...terms })
      const shown = formOf(plan)
      const changed = newValues(shown, plan, saved)
      if (!changed) return { to: "/admin/plans", say: `${saved.name} is as it was.` }
      const before = { ...plan, seenMs: saved.updatedMs }
      const undo = undoTo(`/admin/plans/${plan.code}`, shown, before, { reason: undoing(reason) })
      return { to: "/admin/plans", say: `${saved.name} now: ${changed}.`, undo }
    },
    show: (page, form, plan, status) => editor(deps, page, plan, form, status),
  })
}

const formOf = (plan: Plan): typeof PLAN_FORM => (plan.kind === "free" ? FREE_PLAN_FORM : PLAN_FORM)

function planOf({ plans }: Deps, code: string): Plan {
  const plan = plans.planByCode(code)
  ensure(plan, "not_found", "There is no such plan.")
  return plan
}

const freeBudgetForm = ({ plans }: Deps): FormView =>
  FREE_BUDGET_FORM.show({ action: FREE_BUDGET_PATH, present: { credits: plans.freeBudgetNano() } })

function list({ plans, ledger }: Deps, page: PageRequest, form: FormView, status?: Status): Response {
  const people = plans.peopleByPlan()
  const props = {
    plans: plans.list().map((plan) => rowOf(plan, people)),
    freeBudget: { form, bound: plans.freeBudgetNano(), usedToday: ledger.freeBudgetUsed("live") },
    appCostPercent: appCostBp() / 100,
  }
  return page.render((frame) => AdminPlansPage({ frame, ...props }), status)
}

function rowOf(plan: Plan, people: Map<string, number>): PlanRow {
  const margin = marginAtFullUse(plan, appCostBp())
  const costNano = margin.monthlyCostNano + margin.dailyCostNano
  return {
    code: plan.code,
    name: plan.name,
    active: plan.active,
    eitherOr: plan.eitherOr,
    price: plan.priceNano,
    daily: plan.dailyClaimNano,
    monthly: plan.monthlyNano,
    kept: margin.keptNano,
    people: plan.kind === "free" ? null : (people.get(plan.code) ?? 0),
    evenAtPercent:
      plan.priceNano > 0 && costNano > 0 ? Number((BigInt(plan.priceNano) * 100n) / BigInt(costNano)) : null,
  }
}

/** What is kept at full use, as the page tells it. */
function marginOf(plan: Plan) {
  const margin = marginAtFullUse(plan, appCostBp())
  return {
    price: plan.priceNano,
    monthly: plan.monthlyNano,
    daily: plan.dailyClaimNano,
    monthlyCost: margin.monthlyCostNano,
    dailyCost: margin.dailyCostNano,
    kept: margin.keptNano,
  }
}

/** Terms that what is kept depends on. */
const COUNTED = ["priceNano", "monthlyNano", "dailyClaimNano", "markupPaidBp"] as const

/** What the terms in the query would come to; those that cannot be read count as they are saved. Nothing is changed. */
function fullUse(page: PageRequest, plan: Plan): Response {
  const form = formOf(plan)
  const { readable, unread } = form.parse(form.fromHtml(new Form(new URL(page.request.url).searchParams)), plan)
  const draft = { ...plan, ...readable, ...Object.fromEntries(unread.map((key) => [key, plan[key as keyof Plan]])) }
  const errors = planErrors(draft)
  const isAllowed = COUNTED.every((key) => errors[key] === undefined)
  const props = {
    isFree: plan.kind === "free",
    margin: marginOf(isAllowed ? draft : plan),
    keptNow: marginOf(plan).kept,
    unread: COUNTED.filter((key) => unread.includes(key)).map((key) => form.fields[key].look.label),
  }
  return page.render(() => FullUse(props))
}

function editor({ plans }: Deps, page: PageRequest, plan: Plan, form: FormView, status: Status): Response {
  const props = {
    plan: {
      code: plan.code,
      name: plan.name,
      isFree: plan.kind === "free",
      people: plans.peopleByPlan().get(plan.code) ?? null,
    },
    margin: marginOf(plan),
    form,
  }
  return page.render((frame) => AdminPlanPage({ frame, ...props }), status)
}
