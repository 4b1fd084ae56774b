// /settings/plan: the plan a person is on, and the choice of an either-or plan, which changes at the end of the period.
import { PlanPage } from "../../../views/console/plan.tsx"
import { dateText } from "../../../views/ui/format.ts"
import { field, form } from "../../http/index.ts"
import type { Standing } from "../../plans/index.ts"
import { type PageRequest, type Status, undoTo } from "../base/index.ts"
import { perOf } from "./plan-words.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "plans" | "billing">

const PATH = "/settings/plan/choice"
const CHOICE = { credits: "Monthly credits", byok: "Own provider keys" } as const

const CHOICE_FORM = form(
  {
    choice: field.choice({
      label: "What the plan gives you",
      control: "radios",
      wrong: "Choose one of the two.",
      options: [
        { value: "credits", label: CHOICE.credits, help: "New credits when each month begins." },
        {
          value: "byok",
          label: CHOICE.byok,
          help: "Your calls use keys that you hold at AI providers, and they bill you.",
        },
      ],
    }),
  },
  { submit: "Save choice" },
)

export function planRoutes(site: ConsoleSite, deps: Deps): void {
  const standingOf = (page: PageRequest) => deps.plans.standingOf(page.session.userId)
  site.get("/settings/plan", (page) => planPage(deps, page, standingOf(page)))
  site.post(PATH, {
    load: standingOf,
    form: CHOICE_FORM,
    async act(page, { choice }, before) {
      const { userId, publicId } = page.session
      await deps.plans.choose(page.ctx("chose what the plan gives"), { user: { id: userId, publicId }, choice })
      const { period } = standingOf(page)
      const say = `From ${dateText(period?.endMs ?? 0)} on you get ${CHOICE[choice].toLowerCase()}.`
      const was = before.pendingChoice ?? before.choice
      const undo = was && was !== choice ? undoTo(PATH, CHOICE_FORM, { choice: was }) : undefined
      return { to: "/settings/plan", say, undo }
    },
    show: (page, form, standing, status) => planPage(deps, page, standing, form.errors, status),
  })
}

function planPage(
  { billing }: Deps,
  page: PageRequest,
  standing: Standing,
  errors?: Record<string, string>,
  status?: Status,
): Response {
  const own = standing.source === "subscription" ? billing.plans.ownOf(page.session.userId) : null
  const { plan, period, pendingPlan, choice, pendingChoice } = standing
  const coming = pendingPlan ?? plan
  const card = {
    name: plan.name,
    description: plan.description,
    price: own?.priceNano ?? plan.priceNano,
    per: perOf(own?.months ?? 1),
    daily: plan.dailyClaimNano,
    monthly: plan.monthlyNano,
    overrides: plan.overrides,
    prioritySupport: plan.prioritySupport,
    teams: plan.teams,
    endsMs: period?.endMs ?? null,
    nextName: pendingPlan?.name ?? null,
    choiceNow: choice,
  }
  const words = {
    label: `From ${dateText(period?.endMs ?? 0)} on`,
    help: choice ? `Until then this plan gives you ${CHOICE[choice].toLowerCase()}.` : undefined,
  }
  const present = { choice: pendingChoice ?? choice ?? "credits" }
  const canChoose = period !== null && coming.eitherOr
  const form = canChoose ? CHOICE_FORM.with({ choice: words }).show({ action: PATH, present, errors }) : undefined
  // A choice that came too late has no form to stand on.
  const late = form ? undefined : Object.values(errors ?? {})[0]
  return page.render((frame) => PlanPage({ frame, plan: card, form, notice: late }), status)
}
