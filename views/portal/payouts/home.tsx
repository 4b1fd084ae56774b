// What a developer has coming and can have paid out, where it goes, and what was paid. Publishers' earnings are in the same figures.
import type { Nano } from "../../../src/app/units.ts"
import { ConsoleLayout } from "../../layout/console.tsx"
import type { Frame } from "../../layout/frame.ts"
import { dateText, usdText } from "../../ui/format.ts"
import { Button, Empty, FormOf, type FormView, Notice, Pager, Table, Time } from "../../ui/index.ts"
import { Earnings, type EarningsProps, earningPlaces } from "../earnings.tsx"
import { type Mode, ModeSwitch } from "../mode-switch.tsx"
import { PAYOUT_COLUMNS, type PayoutRow, payoutCells } from "./row.tsx"

const PATH = "/developer/payouts"

export interface MethodShown {
  /** "Bank account ending in 3000" */
  name: string
  currency: string
  /** Payouts go there from then on; null = now. */
  usableMs: number | null
  /** Its address has to be proved first, or it has to be finished at Stripe. */
  isUnproved: boolean
  isStripe: boolean
}

export interface PayoutsProps {
  frame: Frame
  now: number
  mode: Mode
  earnings: EarningsProps
  method: MethodShown | null
  /** "VAT ID of Germany ending in 6789"; null: none was given. */
  taxNumber: string | null
  /** Why nothing can be asked for now; null = something can. */
  refusal: string | null
  /** Of what is available, what can be asked for: whole cents. */
  most: Nano
  form: FormView
  /** null: there are no monthly payouts here. */
  schedule: { day: number; isOn: boolean; form: FormView } | null
  payouts: readonly PayoutRow[]
  /** Test earnings: what can be paid out as a test now, and what is not available yet. */
  test: { available: Nano; pending: Nano; form: FormView }
  nextHref?: string | undefined
  firstHref?: string | undefined
}

/** POST /developer/payouts: csrf, amount, key. POST /developer/payouts/test: csrf, key. */
export function PayoutsPage(props: PayoutsProps): JSX.Element {
  const { frame, now, mode, earnings, payouts } = props
  return (
    <ConsoleLayout
      frame={frame}
      title="Payouts"
      section="Developer"
      lead="What your apps and APIs earned, and how you get it."
      action={
        <div class="actions">
          <ModeSwitch mode={mode} path={PATH} />
          {mode === "live" ? <Button href={`${PATH}/documents`} label="Documents" /> : null}
          {mode === "live" ? <Button href={`${PATH}/statements`} label="Statements" /> : null}
        </div>
      }
    >
      <Earnings {...earnings} places={earningPlaces(earnings, [])} />
      {mode === "test" ? (
        <Test {...props} />
      ) : (
        <>
          <Method method={props.method} now={now} />
          <Ask {...props} />
          <Schedule {...props} />
          <Tax taxNumber={props.taxNumber} />
        </>
      )}
      <section aria-labelledby="history-title">
        <h2 id="history-title">Your payouts</h2>
        <Table
          caption="Your payouts"
          hideCaption
          columns={PAYOUT_COLUMNS}
          rows={payouts.map((row) => payoutCells(row, PATH, now))}
          empty={<Empty title="No payout yet" text="Each one stands here, with what became of it." />}
        />
        <Pager label="More payouts" firstHref={props.firstHref} nextHref={props.nextHref} />
      </section>
    </ConsoleLayout>
  )
}

function Method({ method, now }: Pick<PayoutsProps, "method" | "now">): JSX.Element {
  return (
    <section aria-labelledby="method-title">
      <h2 id="method-title">Where it goes</h2>
      {method === null ? (
        <Empty
          title="No payout method"
          text="Say where your money should go: a bank account or PayPal."
          action={<Button kind="primary" href={`${PATH}/method`} label="Choose a payout method" />}
        />
      ) : (
        <>
          <p class="page-form">
            <strong>
              <bdi safe>{method.name}</bdi>
            </strong>
            <span safe>{`, in ${method.currency}.`}</span>
          </p>
          {method.isUnproved && method.isStripe ? (
            <Notice tone="warn" text="Stripe cannot pay you yet.">
              <Button href={`${PATH}/method/stripe`} label="Go on at Stripe" />
            </Notice>
          ) : method.isUnproved ? (
            <Notice tone="warn" text="We mailed a code to this address. Enter it before money goes there.">
              <Button href={`${PATH}/method/code`} label="Enter the code" />
            </Notice>
          ) : null}
          {method.usableMs !== null && method.usableMs > now ? (
            <p class="quiet page-form">
              {"It is new. Payouts go there from "}
              <Time ms={method.usableMs} />
              {" on, so that you would notice a change that was not yours."}
            </p>
          ) : null}
          <div class="actions">
            <Button href={`${PATH}/method`} label="Change" />
          </div>
        </>
      )}
    </section>
  )
}

function Tax({ taxNumber }: Pick<PayoutsProps, "taxNumber">): JSX.Element {
  return (
    <section aria-labelledby="tax-title">
      <h2 id="tax-title">Tax number</h2>
      {taxNumber === null ? (
        <p class="quiet page-form">None yet. Tax offices ask for it together with what you were paid.</p>
      ) : (
        <p class="page-form">
          <bdi safe>{taxNumber}</bdi>
        </p>
      )}
      <div class="actions">
        <Button href={`${PATH}/tax-number`} label={taxNumber === null ? "Add it" : "Change"} />
      </div>
    </section>
  )
}

function Ask({ frame, refusal, most, form, method, earnings }: PayoutsProps): JSX.Element {
  if (method === null) return ""
  const { minimum } = earnings.terms
  return (
    <section aria-labelledby="ask-title">
      <h2 id="ask-title">Ask for a payout</h2>
      {refusal !== null ? (
        <p class="quiet page-form" safe>
          {refusal}
        </p>
      ) : most < minimum ? (
        <p
          class="quiet page-form"
          safe
        >{`Payouts start at ${usdText(minimum)}. You have ${usdText(most)} available.${earnings.upcoming[0] ? ` More becomes available on ${dateText(earnings.upcoming[0].ms)}.` : ""}`}</p>
      ) : (
        <>
          <p class="quiet page-form" safe>
            {`From ${usdText(minimum)} to ${usdText(most)}. Leave it empty for all of it.`}
          </p>
          <FormOf form={form} csrf={frame.csrf} class="form page-form" isPlain />
        </>
      )}
    </section>
  )
}

function Schedule({ frame, schedule, method, earnings }: PayoutsProps): JSX.Element {
  if (schedule === null || method === null) return ""
  const { day, isOn, form } = schedule
  const what = `all that is available, if it is ${usdText(earnings.terms.minimum)} or more`
  return (
    <section aria-labelledby="schedule-title">
      <h2 id="schedule-title">Each month</h2>
      <p class="quiet page-form" safe>
        {isOn
          ? `On day ${day} of each month (UTC) a payout is asked for on your behalf: ${what}.`
          : `A payout can be asked for on your behalf on day ${day} of each month (UTC): ${what}.`}
      </p>
      <FormOf form={form} csrf={frame.csrf} class="form page-form" isPlain />
    </section>
  )
}

function Test({ frame, test }: PayoutsProps): JSX.Element {
  return (
    <section aria-labelledby="test-title">
      <h2 id="test-title">Try it with test money</h2>
      <p class="quiet page-form" safe>
        {`Test earnings can be paid out as a test: it takes every step and sends nothing. They are available the day (UTC) after they were earned. You have ${usdText(test.available)} of them now${test.pending > 0 ? `, and ${usdText(test.pending)} from later days` : ""}.`}
      </p>
      {test.available + test.pending > 0 ? null : (
        <p class="page-form">
          {"To earn some, "}
          <a href="/developer/apps/new?mode=test">make an app in test mode</a>
          {" and let a "}
          <a href="/developer/test-users">test user</a>
          {" sign in to it and call a model."}
        </p>
      )}
      {test.available > 0 ? <FormOf form={test.form} csrf={frame.csrf} class="form page-form" isPlain /> : null}
    </section>
  )
}
