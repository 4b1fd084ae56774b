// One API subscription: what is used, what it costs, what was paid; and the pages that change it.
import type { Nano } from "../../../src/app/units.ts"
import { ConfirmPage } from "../../layout/confirm-page.tsx"
import { ConsoleLayout } from "../../layout/console.tsx"
import type { Frame } from "../../layout/frame.ts"
import { usdText } from "../../ui/format.ts"
import { Button, FormOf, type FormView, Notice, RowLink, Table, Time, Usd } from "../../ui/index.ts"
import { type Recharging, ShortNotice } from "../market/billing.tsx"
import { BillingFacts, type BillRow, Bills, type PaymentMethod, PaymentMethodWords } from "./billing.tsx"
import { type SubscriptionRow, subscriptionPath } from "./list.tsx"
import { type CycleName, priceText, Quotas } from "./words.tsx"

const UP = { href: "/subscriptions", label: "API subscriptions" }

export interface SubscriptionProps {
  frame: Frame
  now: number
  row: SubscriptionRow
  /** Of its product in the marketplace. */
  slug: string
  bills: readonly BillRow[]
  method: PaymentMethod
  /** What must be known first, in a sentence; null = all is well. */
  warning: string | null
  /** The button that is offered with it. */
  form: FormView | null
  /** What whoever reads it may do with it: of a team not everything. */
  may: { pay: boolean; call: boolean }
}

export function SubscriptionPage(props: SubscriptionProps): JSX.Element {
  const { frame, now, row, slug, bills, method, warning, form, may } = props
  const market = `/marketplace/${encodeURIComponent(slug)}`
  return (
    <ConsoleLayout frame={frame} title={row.title} lead={`Your subscription to an API of ${row.publisher}.`} up={UP}>
      {warning === null ? null : (
        <section aria-labelledby="warning-title">
          <h2 id="warning-title" class="sr">
            What to know
          </h2>
          <Notice tone="warn" text={warning} />
          {form ? <FormOf form={form} csrf={frame.csrf} /> : null}
        </section>
      )}
      <section aria-labelledby="used-title">
        <h2 id="used-title">Used</h2>
        <Quotas quotas={row.quotas} of={row.title} />
        <p>
          <a href={`${market}/usage`}>Usage by day</a> ·{" "}
          {may.call ? (
            <>
              <a href={`${market}/keys`}>Keys</a> ·{" "}
            </>
          ) : null}
          <a href={`${market}/docs`}>Documentation</a>
        </p>
      </section>
      <section aria-labelledby="billing-title">
        <h2 id="billing-title">Billing</h2>
        <BillingFacts
          row={row}
          now={now}
          last={bills.find(({ kind }) => kind !== "overage")}
          onItsPage
          mayPay={may.pay}
        />
        <PaymentMethodWords {...method} />
      </section>
      <section aria-labelledby="bills-title">
        <h2 id="bills-title">Invoices and receipts</h2>
        <Bills bills={bills} now={now} caption="Invoices and receipts" />
      </section>
    </ConsoleLayout>
  )
}

export interface PlanChoice {
  id: string
  name: string
  price: Nano
  cycle: CycleName
  features: readonly string[]
  /** What a change to it is, as of now. */
  kind: "upgrade" | "downgrade" | "same"
  /** To be paid at once. */
  nowNano: Nano
  isPlanned: boolean
}

export interface PlanChoiceProps {
  frame: Frame
  row: SubscriptionRow
  plans: readonly PlanChoice[]
}

const WHAT = (plan: PlanChoice): string =>
  plan.isPlanned
    ? "Begins with the next period"
    : plan.kind === "same"
      ? "Your plan"
      : plan.kind === "downgrade"
        ? "With the next period"
        : plan.nowNano === 0
          ? "At once, for nothing until then"
          : `At once, for ${usdText(plan.nowNano)} now`

/** GET /subscriptions/:subscription/plan */
export function PlanChoicePage({ frame, row, plans }: PlanChoiceProps): JSX.Element {
  const path = subscriptionPath(row.id)
  return (
    <ConsoleLayout
      frame={frame}
      title={`Plans of ${row.title}`}
      lead="Higher plans begin at once, lower ones with the next period. Units that you used stay used."
      up={{ href: path, label: row.title }}
    >
      <section aria-labelledby="plans-title">
        <h2 id="plans-title" class="sr">
          Plans
        </h2>
        <Table
          caption="Plans"
          hideCaption
          columns={[{ label: "Plan" }, { label: "Price" }, { label: "Has", minor: true }, { label: "A change counts" }]}
          rows={plans.map((plan) => [
            plan.kind === "same" && !plans.some(({ isPlanned }) => isPlanned) ? (
              <bdi safe>{plan.name}</bdi>
            ) : (
              <RowLink href={`${path}/plan?to=${encodeURIComponent(plan.id)}`} label={plan.name} />
            ),
            <span class="num" safe>
              {priceText(plan.price, plan.cycle)}
            </span>,
            <span safe>{plan.features.join(", ")}</span>,
            <span safe>{WHAT(plan)}</span>,
          ])}
        />
      </section>
    </ConsoleLayout>
  )
}

export interface PlanChangeProps {
  frame: Frame
  row: SubscriptionRow
  plan: PlanChoice
  quote: { credit: Nano; has: Nano; fromMs: number; nextMs: number; recharge?: Recharging | undefined }
  form: FormView
}

/** The price before anything is paid. */
export function PlanChangePage({ frame, row, plan, quote, form }: PlanChangeProps): JSX.Element {
  const path = subscriptionPath(row.id)
  const isShort = plan.kind === "upgrade" && plan.nowNano > quote.has
  return (
    <ConfirmPage
      frame={frame}
      title={plan.kind === "same" ? `Keep ${plan.name}?` : `Change to ${plan.name}?`}
      up={{ href: path, label: row.title }}
      form={form}
      cancelHref={`${path}/plan`}
      isQuiet
    >
      {plan.kind === "upgrade" ? (
        <>
          <p>
            {"You pay "}
            <strong>
              <Usd amount={plan.nowNano} />
            </strong>
            {" now, with bought credits, and the plan begins at once."}
            {quote.credit > 0 ? (
              <>
                {" What is unused of your present plan, "}
                <Usd amount={quote.credit} />
                {", is taken off."}
              </>
            ) : null}
          </p>
          <p>
            {"From "}
            <Time ms={quote.nextMs} kind="day" />
            <span safe>{` on it costs ${priceText(plan.price, plan.cycle)}.`}</span>
          </p>
          {isShort ? <ShortNotice recharge={quote.recharge} /> : null}
        </>
      ) : (
        <p>
          <span safe>
            {plan.kind === "same"
              ? "The change that was planned is taken back. Nothing is charged now."
              : `Nothing is charged now, and nothing is given back. Your present plan stays until then; from then on it costs ${priceText(plan.price, plan.cycle)}, from `}
          </span>
          {plan.kind === "same" ? null : <Time ms={quote.fromMs} kind="day" />}
        </p>
      )}
    </ConfirmPage>
  )
}

export interface CancelProps {
  frame: Frame
  row: SubscriptionRow
  endsMs: number
  /** The period is not paid: it ends at once. */
  atOnce: boolean
  form: FormView
}

export function CancelPage({ frame, row, endsMs, atOnce, form }: CancelProps): JSX.Element {
  const path = subscriptionPath(row.id)
  return (
    <ConfirmPage
      frame={frame}
      title={`Cancel ${row.title}?`}
      up={{ href: path, label: row.title }}
      form={form}
      cancelHref={path}
      words={
        atOnce
          ? ["It is not paid, so it ends at once: calls with its keys are refused. Nothing is to be paid any more."]
          : [
              "Its plan and its keys work until the period ends; then calls are refused. Nothing more is charged, and what was paid is not given back.",
            ]
      }
    >
      {atOnce ? null : (
        <p>
          {"The period ends on "}
          <Time ms={endsMs} kind="day" />
          {"."}
        </p>
      )}
      <p>
        <Button kind="plain" small href={`${path}/plan`} label="Look at other plans instead" />
      </p>
    </ConfirmPage>
  )
}
