// What a coupon is, in the words of whoever holds it.
import type { FoundCoupon } from "../../../views/console/redeem.tsx"
import { creditsText, plural, usdText } from "../../../views/ui/format.ts"
import type { Coupon } from "../../billing/index.ts"
import type { ConsoleDeps } from "./site.ts"

type Deps = { billing: Pick<ConsoleDeps["billing"], "packageBySlug">; plans: Pick<ConsoleDeps["plans"], "planByCode"> }

/** "15% off", "$5 off"; empty for what is redeemed. */
export function offWords({ kind, percent, amountNano }: Pick<Coupon, "kind" | "percent" | "amountNano">): string {
  if (kind === "percent") return `${percent}% off`
  return kind === "amount" ? `${usdText(amountNano)} off` : ""
}

/** "10,000 credits, for 90 days", "A month of Pro", "15% off one purchase" */
export function givesWords({ plans }: Deps, coupon: Coupon): string {
  const { kind, amountNano, creditDays, planCode } = coupon
  if (kind === "credits")
    return `${creditsText(amountNano)}${creditDays === null ? ", which do not expire" : `, for ${plural(creditDays, "day")}`}`
  if (kind === "plan") return `A month of ${plans.planByCode(planCode ?? "")?.name ?? planCode}`
  return `${offWords(coupon)} one purchase`
}

const PACKAGES = /^package:/
const PLANS = /^plan:/

/** Where it is used, packages first; nothing for what is redeemed. */
export function shopsOf({ code, kind, onlyFor }: Coupon): { href: string; label: string }[] {
  if (kind === "credits" || kind === "plan") return []
  const query = `?coupon=${encodeURIComponent(code)}`
  const isFor = (sold: RegExp) => onlyFor.length === 0 || onlyFor.some((one) => sold.test(one))
  return [
    ...(isFor(PACKAGES) ? [{ href: `/credits${query}#buy`, label: "Choose a package" }] : []),
    ...(isFor(PLANS) ? [{ href: `/credits/plans${query}`, label: "Choose a plan" }] : []),
  ]
}

/** The name of what is sold, by `package:plus`, `plan:pro`. */
export function soldName({ billing, plans }: Deps, subject: string): string {
  const name = subject.slice(subject.indexOf(":") + 1)
  return (PACKAGES.test(subject) ? billing.packageBySlug(name) : plans.planByCode(name))?.name ?? name
}

export function foundOf(deps: Deps, coupon: Coupon): FoundCoupon {
  return {
    code: coupon.code,
    gives: givesWords(deps, coupon),
    onlyFor: coupon.onlyFor.map((one) => soldName(deps, one)),
    minimum: coupon.minimumNano > 0 ? coupon.minimumNano : null,
    expiresMs: coupon.expiresMs,
    shops: shopsOf(coupon),
  }
}
