// The terms on which developers earn: a small form, and what was changed before, by whom and why.
import { ConsoleLayout } from "../layout/console.tsx"
import type { FormErrors, Frame } from "../layout/frame.ts"
import { Button, ErrorSummary, Field, Form, Timeline } from "../ui/index.ts"

export interface EarningValues {
  paid_days: string
  promo_days: string
  /** Percent. */
  promo_cap: string
  /** Dollars. */
  payout_min: string
  reason: string
}

export interface AdminEarningsProps {
  frame: Frame
  now: number
  values: EarningValues
  /** Newest first. */
  changes: readonly { atMs: number; by: string; reason: string; words: string }[]
  errors?: FormErrors | undefined
}

/** POST /admin/earnings: paid_days, promo_days, promo_cap, payout_min, reason, csrf. */
export function AdminEarningsPage({ frame, now, values, changes, errors }: AdminEarningsProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Earnings"
      section="Admin"
      lead="When developers’ shares become available, and what free credits may earn."
    >
      <section aria-labelledby="terms-title">
        <h2 id="terms-title">Terms</h2>
        <p class="quiet">
          The days apply to everything that is still pending; what is available already stays available. The limit on
          free credits applies to new calls.
        </p>
        <ErrorSummary errors={errors} />
        <Form action="/admin/earnings" csrf={frame.csrf} class="form page-form">
          <Field
            name="paid_days"
            label="Shares of bought credits are available after"
            suffix="days"
            inputmode="numeric"
            required
            help="Long enough for a card payment to be disputed and refunded."
            value={values.paid_days}
            error={errors?.paid_days}
          />
          <Field
            name="promo_days"
            label="Shares of free credits are available after"
            suffix="days"
            inputmode="numeric"
            required
            value={values.promo_days}
            error={errors?.promo_days}
          />
          <Field
            name="promo_cap"
            label="Free credits earn one developer at most"
            suffix="% of the day’s free budget"
            inputmode="decimal"
            required
            help="Per UTC day. 0 pays nothing for free credits."
            value={values.promo_cap}
            error={errors?.promo_cap}
          />
          <Field
            name="payout_min"
            label="Smallest payout"
            prefix="$"
            inputmode="decimal"
            required
            value={values.payout_min}
            error={errors?.payout_min}
          />
          <Field
            name="reason"
            label="Reason"
            required
            maxlength={500}
            help="Kept in the audit log."
            value={values.reason}
            error={errors?.reason}
          />
          <Button kind="primary" label="Save terms" />
        </Form>
      </section>
      {changes.length === 0 ? null : (
        <section aria-labelledby="changes-title">
          <h2 id="changes-title">Changes</h2>
          <Timeline
            now={now}
            events={changes.map(({ atMs, by, reason, words }) => ({
              atMs,
              title: words,
              text: `${by}: ${reason}`,
            }))}
          />
        </section>
      )}
    </ConsoleLayout>
  )
}
