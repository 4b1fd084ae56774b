// /settings/plan: the plan a person is on, and the choice of an either-or plan, which changes at the end of the period.
import { Elysia } from "elysia"
import { PlanPage } from "../../../views/console/plan.tsx"
import { AppError } from "../../app/index.ts"
import { type ConsoleDeps, signedIn, type Visit } from "./site.ts"

export function planRoutes(deps: ConsoleDeps) {
  const { web, plans } = deps
  return new Elysia()
    .get(
      "/settings/plan",
      signedIn(deps, (visit) => page(deps, visit)),
    )
    .post(
      "/settings/plan/choice",
      signedIn(deps, async (visit) => {
        const choice = (await web.form(visit.request)).get("choice")
        if (choice !== "credits" && choice !== "byok") return page(deps, visit, "Choose one of the two.")
        const { userId, publicId } = visit.session
        try {
          await plans.choose(visit.ctx("chose what the plan gives"), { user: { id: userId, publicId }, choice })
          return web.back("/settings/plan", { kind: "ok", text: "Your choice is saved." })
        } catch (error) {
          if (!(error instanceof AppError) || error.code !== "conflict") throw error
          return web.back("/settings/plan", { kind: "info", text: error.message })
        }
      }),
      { parse: "none" },
    )
}

function page(deps: ConsoleDeps, visit: Visit, error?: string): Response {
  const { plan, period, pendingPlan, choice, pendingChoice } = deps.plans.standingOf(visit.session.userId)
  const coming = pendingPlan ?? plan
  const card = {
    ...{ name: plan.name, description: plan.description, price: plan.priceNano },
    ...{ daily: plan.dailyClaimNano, monthly: plan.monthlyNano, overrides: plan.overrides },
    ...{ prioritySupport: plan.prioritySupport, teams: plan.teams },
    endsMs: period?.endMs ?? null,
    nextName: pendingPlan?.name ?? null,
    choiceNow: choice,
    choiceNext: period && coming.eitherOr ? (pendingChoice ?? choice ?? "credits") : null,
  }
  return visit.page((frame) => PlanPage({ frame, plan: card, error }), { status: error ? 422 : 200 })
}
