// The field for a code: credits, a period of a plan, or something off a price.
import { FormOf, type FormView } from "../../ui/index.ts"
import type { SectionProps } from "./sections.tsx"

export interface CouponSectionProps {
  form: FormView
}

export function CouponSection({ frame, of: { form } }: SectionProps<CouponSectionProps>): JSX.Element {
  return (
    <section aria-labelledby="coupon-title" id="coupon">
      <h2 id="coupon-title">Coupon</h2>
      <p class="quiet page-form">A code gives you credits, a month of a plan, or something off what you buy.</p>
      <FormOf form={{ ...form, ids: "coupon" }} csrf={frame.csrf} class="form page-form" isPlain />
    </section>
  )
}
