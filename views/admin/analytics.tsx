// The figures an operator runs the house by: money, people, models, upstreams, what failed and when people call. Each part as a file too.
import type { Nano } from "../../src/app/units.ts"
import { type Definition, Definitions, FigureSection } from "../console/figures.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import {
  BarChart,
  Button,
  counted,
  DateRange,
  Empty,
  HeatMap,
  LineChart,
  type RangeName,
  StackedBarChart,
  USD,
} from "../ui/index.ts"
import { Codes, Cohorts, Money, Top } from "./analytics-tables.tsx"
import { HouseTotals } from "./analytics-totals.tsx"

export interface HouseShown {
  calls: number
  errors: number
  refused: number
  /** "1.25%"; null where nothing was asked. */
  errorRate: string | null
  activeUsers: number
  newUsers: number
  latencyMs: number | null
  firstTokenMs: number | null
  used: Nano
  upstream: Nano
  developers: Nano
  revenue: Nano
  margin: string | null
  perUser: Nano | null
  moneyIn: Nano
  refunds: Nano
}

export interface HousePartRow {
  name: string
  href?: string | undefined
  calls: number
  errors: number
  latencyMs: number | null
  firstTokenMs: number | null
  used: Nano
  upstream: Nano
  developers: Nano
  revenue: Nano
  margin: string | null
}

export interface TopRow {
  name: string
  /** Of a team there is no page. */
  href: string | undefined
  calls: number
  used: Nano
  earned?: Nano | undefined
}

export type HousePartName =
  | "days"
  | "models"
  | "upstreams"
  | "payers"
  | "errors"
  | "refusals"
  | "hours"
  | "cohorts"
  | "users"
  | "apps"

export interface AdminAnalyticsProps {
  frame: Frame
  range: RangeName
  from: string
  to: string
  /** Today, UTC. */
  max: string
  error?: string | undefined
  totals: HouseShown
  before: HouseShown
  /** People of the days before who did not call in these, and as a share of them. */
  churned: number
  churn: string | null
  /** At this moment, whatever days are shown. */
  activeToday: number
  activeMonth: number
  pending: Nano
  payable: Nano
  days: readonly {
    dayMs: number
    calls: number
    errors: number
    refused: number
    activeUsers: number
    newUsers: number
    used: Nano
    upstream: Nano
    developers: Nano
    revenue: Nano
    moneyIn: Nano
    refunds: Nano
    free: Nano
  }[]
  models: readonly HousePartRow[]
  upstreams: readonly HousePartRow[]
  payers: readonly HousePartRow[]
  errors: readonly { code: string; calls: number }[]
  refusals: readonly { code: string; calls: number }[]
  /** Calls by weekday, Monday first, and hour. */
  hours: readonly (readonly number[])[]
  cohorts: readonly { month: string; people: number; active: readonly number[] }[]
  topUsers: readonly TopRow[]
  topApps: readonly TopRow[]
  href: string
  csvOf: Readonly<Record<HousePartName, string>>
  definitions: readonly Definition[]
}

const PATH = "/admin/analytics"
const CALLS = counted("Calls", "call", "calls")
const PEOPLE = counted("People", "person", "people")
const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

export function AdminAnalyticsPage(props: AdminAnalyticsProps): JSX.Element {
  const { totals } = props
  const isQuiet = totals.calls + totals.refused === 0
  return (
    <ConsoleLayout
      frame={props.frame}
      title="Analytics"
      section="Admin"
      lead="Money, people and calls of the whole house in live mode, exact to the last call. Days are UTC."
      action={<Button href={props.csvOf.days} icon="download" label="CSV" />}
    >
      <DateRange
        action={PATH}
        current={props.range}
        from={props.from}
        to={props.to}
        max={props.max}
        error={props.error}
      />
      <HouseTotals {...props} />
      {isQuiet ? (
        <Empty title="No calls in these days" text="Figures stand here a second after a call." />
      ) : (
        <Parts {...props} />
      )}
      <Cohorts {...props} />
      <Definitions items={props.definitions} />
    </ConsoleLayout>
  )
}

function Parts(props: AdminAnalyticsProps): JSX.Element {
  const { href, csvOf } = props
  return (
    <>
      <Days {...props} />
      <FigureSection id="models" title="By model" href={href} csvHref={csvOf.models}>
        <Money caption="By model" head="Model" rows={props.models} />
      </FigureSection>
      <FigureSection id="upstreams" title="By upstream" href={href} csvHref={csvOf.upstreams}>
        <Money caption="By upstream" head="Upstream" rows={props.upstreams} withTimes />
      </FigureSection>
      <FigureSection id="payers" title="By who paid the provider" href={href} csvHref={csvOf.payers}>
        <Money caption="By who paid the provider" head="Paid by" rows={props.payers} />
      </FigureSection>
      <div class="columns">
        <Codes {...props} id="errors" title="Failures by kind" rows={props.errors} none="Nothing failed." />
        <Codes {...props} id="refusals" title="Refusals by reason" rows={props.refusals} none="Nothing was refused." />
      </div>
      <FigureSection id="hours" title="Peak hours" href={href} csvHref={csvOf.hours}>
        <HeatMap
          id="hours-heat"
          title="Calls by weekday and hour"
          unit={CALLS}
          head="Weekday"
          rows={WEEKDAYS.map((label, at) => ({ label, short: label.slice(0, 3), values: props.hours[at] ?? [] }))}
          atMs={props.days.at(-1)?.dayMs ?? 0}
        />
      </FigureSection>
      <div class="columns">
        <Top {...props} id="users" title="Top users" head="Person" rows={props.topUsers} />
        <Top {...props} id="apps" title="Top apps" head="App" rows={props.topApps} />
      </div>
    </>
  )
}

/** A day's loss is drawn as nothing of ours: parts of a bar cannot be below zero, and the figure above tells the sum. */
const drawn = (amount: Nano): number => Math.max(0, amount)

function Days({ days, href, csvOf }: AdminAnalyticsProps): JSX.Element {
  const at = days.map(({ dayMs }) => dayMs)
  return (
    <FigureSection id="days" title="By day" href={href} csvHref={csvOf.days}>
      <h3>Where the money went</h3>
      <StackedBarChart
        id="money"
        title="Dollars per day to upstreams, developers and the house"
        unit={USD}
        days={at}
        series={[
          { label: "Upstreams", values: days.map(({ upstream }) => drawn(upstream)) },
          { label: "Developers", values: days.map(({ developers }) => drawn(developers)) },
          { label: "Revenue", values: days.map(({ revenue }) => drawn(revenue)) },
        ]}
      />
      <h3>Money in and refunds</h3>
      <LineChart
        id="paid"
        title="Dollars per day that people paid, and that went back"
        unit={USD}
        days={at}
        series={[
          { label: "Money in", values: days.map(({ moneyIn }) => moneyIn) },
          { label: "Refunds", values: days.map(({ refunds }) => refunds) },
        ]}
      />
      <PeopleDays days={days} />
    </FigureSection>
  )
}

function PeopleDays({ days }: Pick<AdminAnalyticsProps, "days">): JSX.Element {
  const at = days.map(({ dayMs }) => dayMs)
  return (
    <>
      <h3>Calls</h3>
      <StackedBarChart
        id="calls"
        title="Calls per day"
        unit={CALLS}
        days={at}
        series={[
          { label: "Answered", values: days.map(({ calls, errors }) => calls - errors) },
          { label: "Failed", values: days.map(({ errors }) => errors) },
          { label: "Refused", values: days.map(({ refused }) => refused) },
        ]}
      />
      <h3>People</h3>
      <LineChart
        id="people"
        title="Active and new people per day"
        unit={PEOPLE}
        days={at}
        series={[
          { label: "Active", values: days.map(({ activeUsers }) => activeUsers) },
          { label: "New", values: days.map(({ newUsers }) => newUsers) },
        ]}
      />
      <h3>Free credits granted</h3>
      <BarChart
        id="free"
        title="Free claims per day, in dollars"
        unit={USD}
        days={at}
        series={[{ label: "Granted", values: days.map(({ free }) => free) }]}
      />
    </>
  )
}
