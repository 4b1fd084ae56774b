// Codes: the field on /credits, and /redeem, where links lead. What a code gives at once is redeemed here; what takes something off a price
// goes along to what is sold.
import { RedeemPage } from "../../../views/console/redeem.tsx"
import { creditsText, dateText } from "../../../views/ui/format.ts"
import { type AppError, randomSecret } from "../../app/index.ts"
import { type Coupon, isDiscount } from "../../billing/index.ts"
import type { Done, PageRequest } from "../base/index.ts"
import { CODE_CHARS_MAX, CODE_FORM, heldCodes, lookedUp, ON_CREDITS, redeemerOf, withError } from "./coupon-code.ts"
import { foundOf, shopsOf } from "./coupon-words.ts"
import { creditsAnswer } from "./credits.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "billing" | "plans">

export function couponRoutes(site: ConsoleSite, deps: ConsoleDeps): void {
  site.post(ON_CREDITS, {
    form: CODE_FORM,
    act: (page, { code, key }) => used(deps, page, code, key),
    show: (page, view, _, status) =>
      creditsAnswer(deps, page, { coupon: { form: view, held: heldCodes(deps.billing, page) } }, status),
  })
  site.form("/redeem", {
    form: CODE_FORM,
    load: (page, _, sent) => (page.request.method === "GET" ? found(deps, page, sent("code")) : NOTHING),
    present: ({ code }) => ({ code, key: randomSecret(18) }),
    act: (page, { code, key }) => used(deps, page, code, key),
    show(page, view, { coupon, refusal }, status) {
      const shown = coupon && foundOf(deps, coupon)
      return page.render(
        (frame) => RedeemPage({ frame, form: withError(view, refusal?.message ?? null), found: shown }),
        status,
      )
    },
  })
}

interface Found {
  code: string
  coupon: Coupon | null
  refusal: AppError | null
}
const NOTHING: Found = { code: "", coupon: null, refusal: null }

/** Whoever follows a link sees what it gives before they take it. */
async function found(deps: Deps, page: PageRequest, typed: string): Promise<Found> {
  const code = typed.trim().slice(0, CODE_CHARS_MAX)
  return code === "" ? NOTHING : { code, ...(await lookedUp(deps, page, code)) }
}

/** The one act of both forms. @throws AppError with what is wrong */
async function used({ billing, plans }: Deps, page: PageRequest, code: string, key: string): Promise<Done> {
  const { coupons } = billing
  const by = redeemerOf(page)
  if (!coupons.hasRedeemed(by, key)) {
    const coupon = await coupons.look(page.ctx("looked a code up"), by, code)
    // It goes with a price, which is shown first.
    if (isDiscount(coupon)) return { to: shopsOf(coupon)[0]!.href }
  }
  const { coupon, use } = await coupons.redeem(page.ctx("redeemed a coupon"), by, { code, key })
  if (coupon.kind === "credits")
    return { to: "/credits", say: `${creditsText(use.costNano)} are yours, by the code ${coupon.code}.` }
  const { plan, period } = plans.standingOf(by.id)
  const until = period ? ` until ${dateText(period.endMs)}` : ""
  return { to: "/settings/plan", say: `You are on ${plan.name}${until}. Nothing is charged when it ends.` }
}
