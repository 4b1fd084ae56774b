// A code as somebody types it: its form, what it is, and what is wrong with it.
import type { CouponSectionProps } from "../../../views/console/credits/coupon.tsx"
import type { FormView } from "../../../views/ui/index.ts"
import { AppError, randomSecret } from "../../app/index.ts"
import type { Coupon, Redeemer } from "../../billing/index.ts"
import { contextOf, field, form } from "../../http/index.ts"
import type { PageRequest } from "../base/index.ts"
import type { ConsoleDeps } from "./site.ts"

/** Longer is no code. */
export const CODE_CHARS_MAX = 64
export const ON_CREDITS = "/credits/coupon"

export const CODE_FORM = form(
  {
    code: field.text({
      label: "Code",
      required: true,
      mono: true,
      autocomplete: "off",
      max: CODE_CHARS_MAX,
      long: "A code is shorter than that.",
      missing: "Type the code.",
    }),
    key: field.formKey(),
  },
  { submit: "Use code" },
)

/** The field on /credits, and what waits with a code. */
export const couponSectionOf = ({ billing }: Pick<ConsoleDeps, "billing">, page: PageRequest): CouponSectionProps => ({
  form: CODE_FORM.show({ action: ON_CREDITS, present: { key: randomSecret(18) } }),
  held: heldCodes(billing, page),
})

export const heldCodes = ({ coupons }: ConsoleDeps["billing"], { session }: PageRequest): CouponSectionProps["held"] =>
  coupons.heldBy(session.userId).map(({ code, ref, untilMs }) => {
    const [kind = "", id = ""] = ref.split(":")
    const isPlan = kind === "signup"
    const href = `/credits/${isPlan ? "signups" : "orders"}/${id}`
    return { code, what: isPlan ? "a plan that is not paid yet" : "an order that is not paid yet", href, untilMs }
  })

/** @throws AppError for all but what is wrong with the code */
export async function lookedUp(
  { billing }: Pick<ConsoleDeps, "billing">,
  page: PageRequest,
  code: string,
): Promise<{ coupon: Coupon | null; refusal: AppError | null }> {
  try {
    return { coupon: await billing.coupons.look(page.ctx("looked a code up"), redeemerOf(page), code), refusal: null }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.extra.param !== "code" && error.code !== "rate_limit_exceeded") throw error
    return { coupon: null, refusal: error }
  }
}

export const redeemerOf = ({ session, request }: PageRequest): Redeemer => ({
  id: session.userId,
  publicId: session.publicId,
  ip: contextOf(request).ip,
})

/** @param name of the field */
export function withError(view: FormView, refusal: string | null, name = "code"): FormView {
  if (refusal === null) return view
  const fields = view.fields.map((one) => (one.name === name ? { ...one, error: refusal } : one))
  return { ...view, fields, errors: { [name]: refusal } }
}
