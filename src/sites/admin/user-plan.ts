// /admin/users/:id/plan: which plan a person is on and what happened to it; moving them to another, with a reason.
import { Elysia } from "elysia"
import { AdminUserPlanPage, type PlanEventRow } from "../../../views/admin/user-plan.tsx"
import { dateText } from "../../../views/ui/format.ts"
import { AppError, ensure, usdDecimal } from "../../app/index.ts"
import type { User } from "../../identity/index.ts"
import type { Plan, PlanChoice, PlanEvent, Standing } from "../../plans/index.ts"
import type { Visit } from "../console/index.ts"
import { actorName } from "./people.ts"
import { type AdminDeps, asAdmin } from "./site.ts"

const CHOICE: Record<PlanChoice, string> = { credits: "Monthly credits", byok: "Own provider keys" }
const EVENTS_SHOWN = 50

export function adminUserPlanRoutes(deps: AdminDeps) {
  return new Elysia()
    .get(
      "/admin/users/:id/plan",
      asAdmin(deps, (visit, { id }) => page(deps, visit, userOf(deps, id))),
    )
    .post(
      "/admin/users/:id/plan",
      asAdmin(deps, (visit, { id }) => change(deps, visit, id)),
      { parse: "none" },
    )
}

function userOf({ identity }: AdminDeps, id: string | undefined): User {
  const user = identity.userByPublicId(id ?? "")
  ensure(user, "not_found", "There is no such account.")
  return user
}

type Values = Record<"plan" | "choice" | "paid" | "reason", string>

async function change(deps: AdminDeps, visit: Visit, id: string | undefined): Promise<Response> {
  const { web, plans } = deps
  const form = await web.form(visit.request)
  const user = userOf(deps, id)
  const values = {
    ...{ plan: form.get("plan"), choice: form.get("choice"), paid: form.get("paid"), reason: form.get("reason") },
  }
  const again = (errors: Record<string, string>) => page(deps, visit, user, { values, errors })
  if (!values.reason) return again({ reason: "Give a reason, in a few words." })
  try {
    const standing = await plans.change(visit.ctx(values.reason), {
      user: { id: user.id, publicId: user.publicId },
      planCode: values.plan,
      ...(values.choice === "credits" || values.choice === "byok" ? { choice: values.choice } : {}),
      ...(values.paid === "" ? {} : { paid: values.paid === "1" }),
    })
    return web.back(`/admin/users/${user.publicId}/plan`, { kind: "ok", text: doneWords(standing) })
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error
    return again(error.extra.formErrors ?? { plan: error.message })
  }
}

const doneWords = ({ plan, pendingPlan, period }: Standing): string =>
  pendingPlan && period
    ? `${plan.name} stays until ${dateText(period.endMs)}, then comes ${pendingPlan.name}.`
    : `The plan is ${plan.name} now.`

function page(
  deps: AdminDeps,
  visit: Visit,
  user: User,
  failed?: { values: Values; errors: Record<string, string> },
): Response {
  const { plans, clock } = deps
  const standing = plans.standingOf(user.id)
  const { plan, period, choice, paid } = standing
  const props = {
    now: clock.now(),
    user: { id: user.publicId, label: user.name ?? user.email },
    standing: { planName: plan.name, period, choice: choice && CHOICE[choice], next: nextWords(standing), paid },
    plans: plans
      .list()
      .filter((each) => each.active || each.id === plan.id)
      .map((each) => ({ value: each.code, label: optionLabel(each, standing) })),
    events: plans.historyOf(user.id, EVENTS_SHOWN).map((event) => eventRow(deps, event)),
    values: failed?.values ?? { plan: plan.code },
    errors: failed?.errors,
  }
  return visit.page((frame) => AdminUserPlanPage({ frame, ...props }), { status: failed ? 422 : 200 })
}

function nextWords({ pendingPlan, pendingChoice }: Standing): string | null {
  const choice = pendingChoice && CHOICE[pendingChoice].toLowerCase()
  if (pendingPlan) return choice ? `${pendingPlan.name}, with ${choice}` : pendingPlan.name
  return choice ? `Renewed, with ${choice}` : null
}

/** "Pro, $29.99 a month: at once", so that the choice says what it will do. */
function optionLabel(plan: Plan, { plan: present, period }: Standing): string {
  const name = plan.priceNano > 0 ? `${plan.name}, $${usdDecimal(plan.priceNano)} a month` : plan.name
  if (plan.id === present.id) return `${name}: as it is now`
  if (!period || plan.priceNano > present.priceNano) return `${name}: at once`
  return `${name}: on ${dateText(period.endMs)}`
}

const EVENT: Record<PlanEvent["event"], (name: string, choice: string) => string> = {
  started: (name) => `Started ${name}`,
  renewed: (name) => `A month of ${name} began`,
  upgraded: (name) => `Moved up to ${name}`,
  ended: () => "Ended; on Free since",
  change_scheduled: (name) => `To move to ${name}`,
  change_dropped: (name) => `To stay on ${name}`,
  choice_scheduled: (_, choice) => `To change to ${choice}`,
}

function eventRow(deps: AdminDeps, event: PlanEvent): PlanEventRow {
  const choice = event.choice ? CHOICE[event.choice].toLowerCase() : ""
  const text = EVENT[event.event](event.planName, choice)
  return { atMs: event.atMs, text, granted: event.grantedNano, by: actorName(deps, event.actor), reason: event.reason }
}
