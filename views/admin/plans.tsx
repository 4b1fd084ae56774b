// What people can subscribe to, what the operator keeps of each plan if everything is used, and the day's free budget.
import { type Nano, nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { creditsText, nanoExact, plural, usdText } from "../ui/format.ts"
import { Badge, CreditMeter, CreditsNumber, FormOf, type FormView, Table } from "../ui/index.ts"

export interface PlanRow {
  code: string
  name: string
  active: boolean
  price: Nano
  daily: Nano
  monthly: Nano
  /** Monthly credits or own keys, the person's choice. */
  eitherOr: boolean
  /** People on it; null for the free plan, which everybody without another is on. */
  people: number | null
  /** Price less what a month of full use costs. */
  kept: Nano
  /** Share of everything granted that can be used before the plan costs more than it brings, in percent; null at price 0. */
  evenAtPercent: number | null
}

export interface AdminPlansProps {
  frame: Frame
  plans: readonly PlanRow[]
  freeBudget: {
    form: FormView
    bound: Nano | null
    usedToday: Nano
  }
  /** Of what people pay through apps, the part that providers and developers get, in percent. */
  appCostPercent: number
}

const NANO_PER_CENT = 10_000_000

/** "Keeps $4.00" or "Loses $3.65": a minus sign alone is overlooked. Down to the cent, so that no loss looks smaller. */
export function keptWords(kept: Nano): string {
  const cents = nano(Math.floor(kept / NANO_PER_CENT) * NANO_PER_CENT)
  return cents < 0 ? `Loses ${usdText(cents).slice(1)}` : `Keeps ${usdText(cents)}`
}

const assumptions = (appCostPercent: number): readonly string[] => [
  "The person claims on 30 days, spends every credit, and pays the price of one month. Rolled-over credits count once, in the month that granted them.",
  `Credits are spent in the way that costs you most: with the person’s own API key, where you get the model’s price and the plan’s markup, or through apps, where ${appCostPercent}% goes to providers and developers. Keys of a plan with free models only cost you nothing.`,
  "On plans with a choice, the person takes the credits. Own provider keys cost you nothing.",
  "Payment fees, refunds and tax are not counted.",
]

export function AdminPlansPage({ frame, plans, freeBudget, appCostPercent }: AdminPlansProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Plans"
      section="Admin"
      lead="What people pay by the month, what they get for it, and what you keep if they use all of it."
    >
      <section aria-labelledby="plans-title">
        <h2 id="plans-title" class="sr">
          All plans
        </h2>
        <PlanTable plans={plans} />
        <div class="assumptions">
          <h3>How “at full use” is counted</h3>
          <ul>
            {assumptions(appCostPercent).map((line) => (
              <li safe>{line}</li>
            ))}
          </ul>
        </div>
      </section>
      <FreeBudget frame={frame} freeBudget={freeBudget} />
    </ConsoleLayout>
  )
}

function PlanTable({ plans }: Pick<AdminPlansProps, "plans">): JSX.Element {
  return (
    <Table
      caption="Plans"
      hideCaption
      columns={[
        { label: "Plan" },
        { label: "Price a month", numeric: true },
        { label: "Credits a day", numeric: true },
        { label: "Credits a month", numeric: true },
        { label: "At full use", numeric: true },
      ]}
      rows={plans.map((plan) => [
        <span class="person">
          <span class="badges">
            <a href={`/admin/plans/${encodeURIComponent(plan.code)}`}>
              <bdi safe>{plan.name}</bdi>
            </a>
            {plan.active ? null : <Badge text="Closed to new people" />}
          </span>
          <span class="quiet" safe>
            {plan.people === null ? "Everybody without another plan" : plural(plan.people, "person", "people")}
          </span>
        </span>,
        <span class="num" title={nanoExact(plan.price)} safe>
          {usdText(plan.price)}
        </span>,
        <CreditsNumber amount={plan.daily} />,
        plan.monthly > 0 ? (
          <span class="person">
            <CreditsNumber amount={plan.monthly} />
            {plan.eitherOr ? <span class="quiet">or own keys</span> : null}
          </span>
        ) : (
          <span class="quiet">None</span>
        ),
        <span class="person">
          <span class={plan.kept < 0 ? "num loss" : "num"} title={nanoExact(plan.kept)} safe>
            {keptWords(plan.kept)}
          </span>
          {plan.evenAtPercent === null || plan.kept >= 0 ? null : (
            <span class="quiet" safe>
              {`breaks even at ${plan.evenAtPercent}% use`}
            </span>
          )}
        </span>,
      ])}
    />
  )
}

function FreeBudget({ frame, freeBudget }: Pick<AdminPlansProps, "frame" | "freeBudget">): JSX.Element {
  return (
    <section aria-labelledby="budget-title">
      <h2 id="budget-title">Free budget</h2>
      <p class="quiet page-form">
        What claims may grant together in one day, UTC, on plans whose claims count against it. Once it is spent, they
        wait for the next day. Claims on other plans are always granted.
      </p>
      {freeBudget.bound === null ? (
        <p safe>{`No limit. ${creditsText(freeBudget.usedToday)} granted today (UTC).`}</p>
      ) : (
        <div class="page-form full-use">
          <h3>Granted today (UTC)</h3>
          <CreditMeter label="Granted today of the free budget" used={freeBudget.usedToday} limit={freeBudget.bound} />
        </div>
      )}
      <FormOf form={freeBudget.form} csrf={frame.csrf} class="form page-form" />
    </section>
  )
}
