// Plans as pages show them: what each gives, point by point; how a person's own stands; what may be chosen.
import type { PlanNow } from "../../../views/console/credits/plan.tsx"
import type { PlanOffer, PlansProps } from "../../../views/console/credits/plans.tsx"
import { creditsText, dateText, usdText } from "../../../views/ui/format.ts"
import type { UserId } from "../../app/index.ts"
import type { Months, OwnSubscription } from "../../billing/index.ts"
import { percentText } from "../../http/index.ts"
import type { Plan, Standing } from "../../plans/index.ts"
import type { PageRequest } from "../base/index.ts"
import type { ConsoleDeps } from "./site.ts"

type Deps = Pick<ConsoleDeps, "plans" | "billing">

export const perOf = (months: Months): "month" | "year" => (months === 12 ? "year" : "month")
export const monthsOf = (by: string): Months => (by === "year" || by === "12" ? 12 : 1)

/** For the section of /credits. */
export const planNowOf = (deps: Deps, page: PageRequest): PlanNow => planNow(deps, page.session.userId)

export function planNow({ plans, billing }: Deps, userId: UserId): PlanNow {
  const standing = plans.standingOf(userId)
  const { plan, source, period, pendingPlan, beside } = standing
  return {
    name: plan.name,
    daily: plan.dailyClaimNano,
    monthly: plan.monthlyNano,
    isByok: standing.choice === "byok",
    source,
    endMs: period?.endMs ?? null,
    nextName: pendingPlan?.name ?? null,
    beside:
      beside && beside.source !== "free"
        ? { name: beside.plan.name, source: beside.source, endMs: beside.endMs }
        : null,
    paid: paidOf(billing.plans.ownOf(userId)),
    isSold: plans.list().some((one) => billing.plans.isSold(one, 1) || billing.plans.isSold(one, 12)),
  }
}

function paidOf(own: OwnSubscription | null): PlanNow["paid"] {
  if (!own) return null
  const { plan, months, priceNano, periodEndMs, endsMs, next, isFailing, untilMs } = own
  return {
    name: plan.name,
    price: priceNano,
    per: perOf(months),
    endMs: endsMs ?? periodEndMs,
    isEnding: endsMs !== null,
    next: next && { name: next.plan.name, price: next.priceNano, per: perOf(next.months) },
    failing: isFailing ? { untilMs } : null,
    isIdle: !isFailing && untilMs === null && own.status === "active" && endsMs === null,
  }
}

/** What a plan gives, for its card. */
export function pointsOf(plan: Plan, months: Months = 1): string[] {
  return [
    `${creditsText(plan.dailyClaimNano)} to claim each day`,
    ...(plan.monthlyNano > 0
      ? [
          plan.eitherOr
            ? `${creditsText(plan.monthlyNano)} each month, or your own provider keys`
            : `${creditsText(plan.monthlyNano)} each month`,
        ]
      : []),
    ...(plan.overrides ? ["Your choice of model for each task"] : []),
    ...(plan.prioritySupport ? ["Priority support"] : []),
    ...(plan.teams ? ["Teams"] : []),
    ...(months === 12 ? ["Paid once a year"] : []),
  ]
}

/** Active plans, and the one that somebody is on. */
export const shownPlans = (plans: readonly Plan[], present: readonly Plan[]): Plan[] =>
  plans.filter((plan) => plan.active || present.some(({ id }) => id === plan.id))

/** @param code of a coupon, which goes along */
export function offersOf(deps: Deps, userId: UserId, by: "month" | "year", code = ""): PlanOffer[] {
  const { plans, billing } = deps
  const standing = plans.standingOf(userId)
  const own = billing.plans.ownOf(userId)
  const months = monthsOf(by)
  return shownPlans(plans.list(), [standing.plan, ...(own ? [own.plan] : [])]).map((plan) => {
    const price = plan.kind === "free" ? null : billing.plans.priceOf(plan, months)
    return {
      code: plan.code,
      name: plan.name,
      price: plan.kind === "free" ? "Free" : price === null ? "—" : usdText(price),
      per: price === null ? (plan.kind === "free" ? undefined : `not sold by the ${by}`) : `a ${by}`,
      text: plan.description,
      points: pointsOf(plan, months),
      mark: markOf(plan, months, standing, own),
      // What an admin gave is not sold to the same person again.
      action:
        standing.source === "assigned" && plan.id === standing.plan.id ? null : actionOf(deps, plan, months, own, code),
    }
  })
}

function markOf(plan: Plan, months: Months, standing: Standing, own: OwnSubscription | null): string | undefined {
  const isPaid = own?.plan.id === plan.id
  if (plan.id === standing.plan.id && (!isPaid || own.months === months)) return "Your plan"
  if (isPaid && own.months === months) return "You pay for it"
  if (own?.next?.plan.id === plan.id && own.next.months === months) return `From ${dateText(own.periodEndMs)}`
  if (own?.endsMs && plan.kind === "free") return `From ${dateText(own.endsMs)}`
  return undefined
}

function actionOf(
  { billing }: Deps,
  plan: Plan,
  months: Months,
  own: OwnSubscription | null,
  code: string,
): PlanOffer["action"] {
  const query = new URLSearchParams({ to: plan.code, by: perOf(months), ...(code === "" ? {} : { coupon: code }) })
  const href = `/credits/plans/change?${query}`
  if (plan.kind === "free")
    return own && own.endsMs === null
      ? { href: "/credits/subscription/end", label: `End ${own.plan.name}`, isMain: false }
      : null
  if (!billing.plans.isSold(plan, months)) return null
  if (!own) return { href, label: `Choose ${plan.name}`, isMain: true }
  if (own.isFailing || (own.plan.id === plan.id && own.months === months)) return null
  const isUp = months >= own.months && plan.priceNano >= own.plan.priceNano
  return { href, label: isUp ? `Move up to ${plan.name}` : `Move to ${plan.name}`, isMain: isUp }
}

const COLUMNS = 5

/** Free is what everybody has: it gives way where there are too many. */
export function tablesOf(plans: readonly Plan[], present: Plan | null = null): PlansProps["tables"] {
  const shown = plans.length > COLUMNS ? plans.filter(({ kind }) => kind !== "free") : plans
  const tables = []
  for (let at = 0; at < shown.length; at += COLUMNS) tables.push(tableOf(shown.slice(at, at + COLUMNS), present))
  return tables
}

function tableOf(plans: readonly Plan[], present: Plan | null): PlansProps["tables"][number] {
  const row = (label: string, of: (plan: Plan) => string | boolean) => ({ label, values: plans.map(of) })
  const percent = (bp: number) => (bp === 0 ? "No markup" : `${percentText(bp)}% markup`)
  return {
    plans: plans.map((plan) => ({
      name: plan.name,
      price: plan.priceNano > 0 ? `${usdText(plan.priceNano)} a month` : "Free",
      mark: plan.id === present?.id ? "Your plan" : undefined,
    })),
    groups: [
      {
        title: "Credits",
        rows: [
          row("Each day, to claim", (plan) => creditsText(plan.dailyClaimNano)),
          row("Each month", (plan) => (plan.monthlyNano > 0 ? creditsText(plan.monthlyNano) : "—")),
          row("Unused ones live on", (plan) =>
            plan.rolloverMaxNano > 0 ? `Up to ${creditsText(plan.rolloverMaxNano)}` : false,
          ),
        ],
      },
      {
        title: "Your own API keys",
        rows: [
          row("Models that cost something", (plan) =>
            plan.freeModelsOnly ? "Free models only" : percent(plan.markupPaidBp),
          ),
          row("Your own provider keys", (plan) => (plan.eitherOr ? "In place of monthly credits" : plan.byokAllowed)),
        ],
      },
      {
        title: "Also",
        rows: [
          row("Your choice of model for each task", (plan) => plan.overrides),
          row("Priority support", (plan) => plan.prioritySupport),
          row("Teams", (plan) => plan.teams),
        ],
      },
    ],
  }
}
