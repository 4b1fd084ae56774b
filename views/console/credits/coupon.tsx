// The field for a code: credits, a period of a plan, or something off a price.
import { FormOf, type FormView, Id, Time } from "../../ui/index.ts"
import type { SectionProps } from "./sections.tsx"

export interface CouponSectionProps {
  form: FormView
  /** Codes that wait with something that is not paid yet. */
  held?: readonly { code: string; what: string; href: string; untilMs: number }[] | undefined
}

export function CouponSection({ frame, of: { form, held = [] } }: SectionProps<CouponSectionProps>): JSX.Element {
  return (
    <section aria-labelledby="coupon-title" id="coupon">
      <h2 id="coupon-title">Coupon</h2>
      <p class="quiet page-form">A code gives you credits, a month of a plan, or something off what you buy.</p>
      {held.map(({ code, what, href, untilMs }) => (
        <p class="page-form">
          <Id text={code} />
          {" is kept for "}
          <a href={href}>
            <bdi safe>{what}</bdi>
          </a>
          {" until "}
          <Time ms={untilMs} />
          {", or until you give that up."}
        </p>
      ))}
      <FormOf form={{ ...form, ids: "coupon" }} csrf={frame.csrf} class="form page-form" isPlain />
    </section>
  )
}
