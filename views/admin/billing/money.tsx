// Money by day, from the books: what came in, went back, is disputed, and was kept by the payment service.
import type { Nano } from "../../../src/app/units.ts"
import { type Definition, Definitions, FigureSection } from "../../console/figures.tsx"
import { ConsoleLayout } from "../../layout/console.tsx"
import type { Frame } from "../../layout/frame.ts"
import { BarChart, Button, DateRange, Empty, Notice, StackedBarChart, Stat, USD, Usd } from "../../ui/index.ts"
import type { SpanProps } from "./span.tsx"
import { BillingTabs } from "./tabs.tsx"

export interface MoneyFigures {
  in: Nano
  refunds: Nano
  disputes: Nano
  fees: Nano
}

export interface AdminBillingProps {
  frame: Frame
  span: SpanProps
  parked: number
  /** What is still to be set up; nothing = all is. */
  todo: string | null
  /** The key is of another account than before; null = it is not. */
  moved: string | null
  /** No money moves. */
  isTest: boolean
  total: MoneyFigures & { left: Nano }
  /** The UTC days of the span, oldest first. */
  days: readonly (MoneyFigures & { dayMs: number })[]
  /** What Stripe and the books tell differently in the span; null: it was never compared. */
  differences: number | null
  /** This page with its days. */
  href: string
  csvHref: string
  definitions: readonly Definition[]
}

/** GET /admin/billing?range=|from=&to= */
export function AdminBillingPage(props: AdminBillingProps): JSX.Element {
  const { frame, span, todo, moved, isTest, parked } = props
  return (
    <ConsoleLayout
      frame={frame}
      title="Billing"
      section="Admin"
      lead="Money in, what went back, and whether Stripe and the books say the same."
    >
      <BillingTabs at="money" parked={parked} />
      {todo === null ? null : (
        <Notice tone="warn" text={todo}>
          <Button href="/admin/billing/setup" label="Set up payments" />
        </Notice>
      )}
      {moved === null ? null : (
        <Notice tone="warn" text={moved}>
          <Button href="/admin/billing/setup" label="Payment setup" />
        </Notice>
      )}
      {isTest ? <Notice text="The key is one of test mode: no money moves, and these figures are trials." /> : null}
      <Verdict {...props} />
      <DateRange
        action="/admin/billing"
        current={span.range}
        from={span.from}
        to={span.to}
        max={span.today}
        error={span.error ?? undefined}
      />
      {span.error === null ? <Figures {...props} /> : null}
    </ConsoleLayout>
  )
}

function Verdict({ differences, parked }: AdminBillingProps): JSX.Element {
  if (differences === null && parked === 0) return ""
  const words = [
    ...(parked > 0 ? [parked === 1 ? "An event is parked." : `${parked} events are parked.`] : []),
    ...(differences === null ? [] : [differencesWords(differences)]),
  ]
  const isWell = parked === 0 && !differences
  return (
    <Notice tone={isWell ? "ok" : "bad"} text={words.join(" ")}>
      {isWell ? null : (
        <Button
          href={parked > 0 ? "/admin/billing/events?state=parked" : "/admin/billing/comparison"}
          label="Look at it"
        />
      )}
    </Notice>
  )
}

const differencesWords = (count: number): string =>
  count === 0
    ? "Stripe and the books say the same."
    : count === 1
      ? "Stripe and the books differ in one object."
      : `Stripe and the books differ in ${count} objects.`

function Figures({ days, total, href, csvHref, definitions }: AdminBillingProps): JSX.Element {
  if (days.every((day) => day.in === 0 && day.refunds === 0 && day.disputes === 0 && day.fees === 0))
    return (
      <Empty
        title="No money moved on these days"
        text="Purchases, refunds, disputes and fees of each day appear here."
      />
    )
  return (
    <>
      <Totals total={total} />
      <MoneyIn days={days} href={href} csvHref={csvHref} />
      <MoneyOut days={days} href={href} csvHref={csvHref} />
      <Definitions items={definitions} />
    </>
  )
}

function Totals({ total }: Pick<AdminBillingProps, "total">): JSX.Element {
  return (
    <dl class="stats">
      <Stat label="Money in">
        <Usd amount={total.in} />
      </Stat>
      <Stat label="Refunded">
        <Usd amount={total.refunds} />
      </Stat>
      <Stat label="Disputed">
        <Usd amount={total.disputes} />
      </Stat>
      <Stat label="Fees">
        <Usd amount={total.fees} />
      </Stat>
      <Stat label="What is left" note="before upstreams and developers">
        <Usd amount={total.left} />
      </Stat>
    </dl>
  )
}

type DaysOfMoney = Pick<AdminBillingProps, "days" | "href" | "csvHref">

function MoneyIn({ days, ...links }: DaysOfMoney): JSX.Element {
  const dayMs = days.map((day) => day.dayMs)
  return (
    <FigureSection id="money-in" title="Money in" {...links}>
      <BarChart
        id="in"
        title="Dollars paid per day"
        unit={USD}
        days={dayMs}
        now={dayMs.at(-1)}
        series={[{ label: "Money in", values: days.map((day) => day.in) }]}
      />
    </FigureSection>
  )
}

function MoneyOut({ days, ...links }: DaysOfMoney): JSX.Element {
  const dayMs = days.map((day) => day.dayMs)
  return (
    <FigureSection id="money-out" title="What went back, and what it cost" {...links}>
      <StackedBarChart
        id="out"
        title="Dollars refunded, disputed and kept by Stripe per day"
        unit={USD}
        days={dayMs}
        now={dayMs.at(-1)}
        series={[
          { label: "Refunds", values: days.map((day) => shown(day.refunds)) },
          { label: "Disputes", values: days.map((day) => shown(day.disputes)) },
          { label: "Fees", values: days.map((day) => shown(day.fees)) },
        ]}
      />
      <p class="quiet">Days are UTC. A dispute that was won comes back on the day it was decided.</p>
    </FigureSection>
  )
}

/** Parts of a bar cannot be below zero; the figures above tell the sum. */
const shown = (amount: Nano): number => Math.max(0, amount)
