// /pricing: what is sold, from the rows that are sold. The same for everybody who has no cookie, so that caches may keep it.
import type { LandingProps } from "../../../views/public/landing/index.ts"
import { PricingPage, type PricingProps } from "../../../views/public/pricing.tsx"
import { usdText } from "../../../views/ui/format.ts"
import type { Billing } from "../../billing/index.ts"
import type { Plan, Plans } from "../../plans/index.ts"
import { packageCards, planPoints, planTables } from "../console/index.ts"
import type { PublicSite } from "./site.ts"

export interface PricingDeps {
  billing: Pick<Billing, "isOn" | "isTest" | "packages" | "plans" | "coupons">
  plans: Pick<Plans, "list">
  /** As invoices have it; empty = none is set. */
  operatorEmail: () => string
}

const SIGN_UP = { href: "/signup", label: "Create an account" }

/** A new price is seen after this, s. */
const KEPT_SECONDS = 60

export function pricingRoutes(site: PublicSite, deps: PricingDeps): void {
  site.get("/pricing", (page) => {
    const props = pricing(deps, new URL(page.request.url).searchParams.get("by"), page.user !== undefined)
    return page.render((frame) => PricingPage({ frame, ...props }), { keepSeconds: KEPT_SECONDS })
  })
}

function pricing(
  { billing, plans, operatorEmail }: PricingDeps,
  asked: string | null,
  isSignedIn: boolean,
): Omit<PricingProps, "frame"> {
  const sold = plans.list().filter(({ active }) => active)
  const hasYears = sold.some((plan) => plan.kind !== "free" && billing.plans.priceOf(plan, 12) !== null)
  const by = hasYears && asked === "year" ? "year" : "month"
  return {
    isSold: billing.isOn,
    isTest: billing.isTest,
    operatorEmail: operatorEmail() || null,
    packages: packageCards(billing),
    plans: sold.map((plan) => pricedPlan(billing, plan, by, isSignedIn)),
    tables: planTables(sold),
    by: hasYears ? by : null,
  }
}

/** Plans of a month that are paid for, and packages: for the front page. */
export function soldNow({ billing, plans }: PricingDeps): Pick<LandingProps, "packages" | "plans"> {
  if (!billing.isOn) return { packages: [], plans: [] }
  const sold = plans.list().filter((plan) => plan.active && plan.kind !== "free" && billing.plans.isSold(plan, 1))
  return {
    packages: packageCards(billing),
    plans: sold.map((plan) => {
      const { name, price, per, points } = pricedPlan(billing, plan, "month", true)
      return { name, price, per, points }
    }),
  }
}

function pricedPlan(billing: PricingDeps["billing"], plan: Plan, by: "month" | "year", isSignedIn: boolean) {
  const months = by === "year" ? 12 : 1
  const words = { name: plan.name, text: plan.description, points: planPoints(plan, months) }
  if (plan.kind === "free") return { ...words, price: "Free", per: undefined, action: isSignedIn ? null : SIGN_UP }
  const price = billing.plans.priceOf(plan, months)
  const href = `/credits/plans/change?to=${encodeURIComponent(plan.code)}&by=${by}`
  return {
    ...words,
    price: price === null ? "—" : usdText(price),
    per: price === null ? `not sold by the ${by}` : `a ${by}`,
    action: billing.plans.isSold(plan, months) ? { href, label: `Choose ${plan.name}` } : null,
  }
}
