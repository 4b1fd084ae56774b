// The field for a code: credits, a period of a plan, or something off a price.
import { FormOf, type FormView, Id, Time } from "../../ui/index.ts"
import type { SectionProps } from "./sections.tsx"

export interface CouponSectionProps {
  form: FormView
  /** Codes that wait with something that is not paid yet. */
  held?: readonly { code: string; what: string; href: string; untilMs: number }[] | undefined
}

/** Folded while nobody has a code: the rest of the page is what most people come for. */
export function CouponSection({ frame, of: { form, held = [] } }: SectionProps<CouponSectionProps>): JSX.Element {
  const isAsked = Object.keys(form.errors ?? {}).length > 0 || form.fields.some(({ error }) => Boolean(error))
  return (
    <section aria-labelledby="coupon-title" id="coupon">
      <h2 id="coupon-title">Coupon</h2>
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
      <details class="change" open={isAsked}>
        <summary>Use a code: credits, a month of a plan, or something off what you buy</summary>
        <FormOf form={{ ...form, ids: "coupon" }} csrf={frame.csrf} class="form page-form" isPlain />
      </details>
    </section>
  )
}
