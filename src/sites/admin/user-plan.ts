// /admin/users/:user/plan: which plan a person is on and what happened to it; moving them to another, with a reason.
import { AdminUserPlanPage, type PlanEventRow } from "../../../views/admin/user-plan.tsx"
import { dateText } from "../../../views/ui/format.ts"
import type { FormView } from "../../../views/ui/index.ts"
import { usdDecimal } from "../../app/index.ts"
import { field, form } from "../../http/index.ts"
import type { User } from "../../identity/index.ts"
import type { Plan, PlanChoice, PlanEvent, Standing } from "../../plans/index.ts"
import { type PageRequest, type Status, undoing, undoTo } from "../base/index.ts"
import { actorName, userOf } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<AdminDeps, "plans" | "clock" | "identity" | "oauth">

const CHOICE: Record<PlanChoice, string> = { credits: "Monthly credits", byok: "Own provider keys" }
const EVENTS_SHOWN = 50

const CHANGE_FORM = form(
  {
    planCode: field.choice({ name: "plan", label: "Plan", wrong: "Choose one of the plans." }),
    choice: field.choice({
      label: "Credits or own keys",
      help: "For plans with this choice. Anyone who has not chosen yet gets monthly credits.",
      options: [
        { value: "", label: "As they chose before" },
        { value: "credits", label: CHOICE.credits },
        { value: "byok", label: CHOICE.byok },
      ],
    }),
    paid: field.choice({
      label: "Paid for outside Purser",
      help: "Credits of a plan that was paid for are paid credits: developers’ earnings from them mature sooner.",
      options: [
        { value: "", label: "As it is now" },
        { value: "0", label: "No, it is a gift" },
        { value: "1", label: "Yes" },
      ],
    }),
    reason: field.reason(),
  },
  { submit: "Change plan" },
)

interface Case {
  user: User
  standing: Standing
}

export function userPlanRoutes(site: AdminSite, deps: Deps): void {
  site.form("/admin/users/:user/plan", {
    summary: "Move a person to another plan",
    load(_, params): Case {
      const user = userOf(deps, params.user)
      return { user, standing: deps.plans.assignedOf(user.id) }
    },
    form: CHANGE_FORM,
    adapt: (form, { standing }) => form.with({ planCode: { options: optionsFor(deps, standing) } }),
    present: ({ standing }) => ({ planCode: standing.plan.code, choice: "" as const, paid: "" as const }),
    async act(page, { planCode, choice, paid, reason }, { user, standing: before }) {
      const standing = await deps.plans.change(page.ctx(reason), {
        user: { id: user.id, publicId: user.publicId },
        planCode,
        ...(choice === "" ? {} : { choice }),
        ...(paid === "" ? {} : { paid: paid === "1" }),
      })
      const to = `/admin/users/${user.publicId}/plan`
      const isOnlyPlan = choice === "" && paid === ""
      const undo = isOnlyPlan ? backTo(to, before, standing, undoing(reason)) : undefined
      return { to, say: doneWords(standing), undo }
    },
    show: (page, form, subject, status) => planPage(deps, page, subject, form, status),
  })
}

const doneWords = ({ plan, pendingPlan, period }: Standing): string =>
  pendingPlan && period
    ? `${plan.name} stays until ${dateText(period.endMs)}, then comes ${pendingPlan.name}.`
    : `The plan is ${plan.name} now.`

/** What comes at the end of the period can be put back. A plan that began at once has granted its credits, which stay. */
function backTo(action: string, before: Standing, after: Standing, reason: string) {
  const coming = (standing: Standing): string => (standing.pendingPlan ?? standing.plan).code
  const isLater = before.plan.id === after.plan.id && coming(before) !== coming(after)
  const present = { planCode: coming(before), choice: "" as const, paid: "" as const }
  return isLater ? undoTo(action, CHANGE_FORM, present, { reason }) : undefined
}

/** Plans that take people, and the one they are on. */
const optionsFor = ({ plans }: Deps, standing: Standing) =>
  plans
    .list()
    .filter((each) => each.active || each.id === standing.plan.id)
    .map((each) => ({ value: each.code, label: optionLabel(each, standing) }))

function planPage(deps: Deps, page: PageRequest, { user, standing }: Case, form: FormView, status: Status): Response {
  const { plan, period, choice, paid } = standing
  const props = {
    now: deps.clock.now(),
    user: { id: user.publicId, label: user.name ?? user.email },
    standing: {
      planName: plan.name,
      period,
      choice: choice && CHOICE[choice],
      next: nextWords(standing),
      paid,
      subscription: paidOf(deps, user),
    },
    events: deps.plans.historyOf(user.id, EVENTS_SHOWN).map((event) => eventRow(deps, event)),
    form,
  }
  return page.render((frame) => AdminUserPlanPage({ frame, ...props }), status)
}

/** Two plans of one person: the better one counts. */
function paidOf({ plans }: Deps, { id }: User) {
  const paid = plans.paidOf(id)
  const isCounting = plans.standingOf(id).source === "subscription"
  return paid && { planName: paid.plan.name, untilMs: paid.untilMs, isCounting }
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

function eventRow(deps: Deps, event: PlanEvent): PlanEventRow {
  const choice = event.choice ? CHOICE[event.choice].toLowerCase() : ""
  const text = EVENT[event.event](event.planName, choice)
  return { atMs: event.atMs, text, granted: event.grantedNano, by: actorName(deps, event.actor), reason: event.reason }
}
