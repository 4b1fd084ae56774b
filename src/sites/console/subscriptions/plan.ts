// /subscriptions/:subscription/plan: which plans there are, what a change costs, and the change.
import { PlanChangePage, type PlanChoice, PlanChoicePage } from "../../../../views/console/subscriptions/detail.tsx"
import { subscriptionPath } from "../../../../views/console/subscriptions/list.tsx"
import { usdText } from "../../../../views/ui/format.ts"
import type { FormView } from "../../../../views/ui/index.ts"
import { ensure, type Nano } from "../../../app/index.ts"
import { field, form } from "../../../http/index.ts"
import type { Glance, ProductPlan, Quote } from "../../../marketplace/index.ts"
import type { PageRequest, Status } from "../../base/index.ts"
import type { ConsoleSite } from "../site.ts"
import { payingContext } from "./paying.ts"
import { rowOf, type SubscriptionDeps } from "./rows.ts"

const PATH = "/subscriptions/:subscription/plan"

/** What was shown goes along, so that nobody pays another price than they saw. */
const CHANGE = form(
  {
    to: field.hidden({ label: "Plan" }),
    terms: field.hidden({ label: "Terms" }),
    most: field.hidden({ label: "Price" }),
  },
  { submit: "Change plan" },
)

export function planChangeRoutes(site: ConsoleSite, deps: SubscriptionDeps): void {
  const { subscriptions } = deps.marketplace
  const load = (page: PageRequest, { subscription }: { subscription: string }) =>
    subscriptions.mine(page.holder.id, subscription)
  site.form(PATH, {
    load,
    form: CHANGE,
    present: () => ({ to: "", terms: "", most: "" }),
    async act(page, { to, terms, most }, glance) {
      const plan = planOf(deps, glance, to)
      const { publicId } = glance.subscription
      const seen =
        /^\d{1,15}$/.test(terms) && /^\d{1,16}$/.test(most)
          ? { termsId: Number(terms), mostNano: Number(most) as Nano }
          : undefined
      const input = { userId: page.holder.id, subscription: publicId, planId: plan.id }
      const change = { ...input, ...(seen ? { seen } : {}) }
      const after = await subscriptions.changePlan(
        payingContext(deps, page, "changed the plan of an API", plan),
        change,
      )
      return {
        to: subscriptionPath(publicId),
        say: saidOf(plan, after.nextPlanId === plan.id, after.planId === plan.id),
      }
    },
    show: (page, view, glance, status) => planPage(deps, page, glance, view, status),
  })
}

const saidOf = ({ name }: ProductPlan, isPlanned: boolean, isNow: boolean): string =>
  isPlanned ? `${name} begins with the next period.` : isNow ? `Your plan is ${name} now.` : `${name} stays your plan.`

function planOf({ marketplace }: SubscriptionDeps, { subscription }: Glance, publicId: string): ProductPlan {
  const plan = marketplace.plans.planByPublicId(publicId)
  ensure(plan?.productId === subscription.productId, "not_found", "This API has no such plan.")
  return plan
}

function choiceOf(quote: Quote, { nextPlanId }: Glance["subscription"]): PlanChoice {
  const { plan } = quote
  return {
    id: plan.publicId,
    name: plan.name,
    price: plan.terms.priceNano,
    cycle: plan.terms.cycle,
    features: plan.features.split("\n").filter(Boolean),
    kind: quote.kind === "upgrade" || quote.kind === "downgrade" ? quote.kind : "same",
    nowNano: quote.nowNano,
    isPlanned: nextPlanId === plan.id,
  }
}

function planPage(deps: SubscriptionDeps, page: PageRequest, glance: Glance, view: FormView, status: Status): Response {
  const { marketplace } = deps
  const { subscription } = glance
  const { id: userId } = page.holder
  const quoteOf = (planId: number) =>
    marketplace.subscriptions.quoteChange({ userId, subscription: subscription.publicId, planId })
  const asked = new URL(page.request.url).searchParams.get("to")
  const row = rowOf(glance)
  if (asked === null) {
    const open = marketplace.plans
      .plansOf(subscription.productId)
      .filter(({ id, retiredMs }) => retiredMs === null || id === subscription.planId)
    const plans = open.map(({ id }) => choiceOf(quoteOf(id), subscription))
    return page.render((frame) => PlanChoicePage({ frame, row, plans }), status)
  }
  const quote = quoteOf(planOf(deps, glance, asked).id)
  const choice = choiceOf(quote, subscription)
  const typed: Record<string, string> = {
    to: choice.id,
    terms: String(quote.plan.terms.id),
    most: String(quote.nowNano),
  }
  const form = {
    ...view,
    // The page that is shown again has the price of now, not the one that was sent.
    action: `${subscriptionPath(subscription.publicId)}/plan?to=${encodeURIComponent(choice.id)}`,
    fields: view.fields.map((one) => ({ ...one, typed: [typed[one.name] ?? ""] })),
    submit:
      choice.kind === "same"
        ? `Keep ${choice.name}`
        : choice.kind === "upgrade" && choice.nowNano > 0
          ? `Pay ${usdText(choice.nowNano)} and change`
          : `Change to ${choice.name}`,
  }
  const { creditNano: credit, haveNano: has, rechargeNano: buys, fromMs, nextMs } = quote
  const shown = { credit, has, fromMs, nextMs, recharge: { buys, reaches: has + buys >= quote.nowNano } }
  return page.render((frame) => PlanChangePage({ frame, row, plan: choice, quote: shown, form }), status)
}
