// Figures of a developer's apps: totals with the time before, days as charts with their tables, and parts by endpoint, model and kind. What
// each figure is stands on the page itself.
import type { Nano } from "../../src/app/units.ts"
import { Definitions, FigureSection, Latency } from "../console/figures.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import {
  AreaChart,
  BarChart,
  Button,
  Count,
  counted,
  DateRange,
  Delta,
  Empty,
  type RangeName,
  Ref,
  Select,
  Stat,
  USD,
  Usd,
} from "../ui/index.ts"
import { usdPlaces, usdPlacesAlone } from "../ui/together.ts"
import { EachPart, EndpointDays } from "./analytics-parts.tsx"
import { type Mode, ModeSwitch, modeHref } from "./mode-switch.tsx"

export interface FiguresShown {
  calls: number
  errors: number
  refused: number
  /** "1.25%"; null where nothing was asked. */
  errorRate: string | null
  activeUsers: number
  newUsers: number
  latencyMs: number | null
  earned: Nano
  perUser: Nano | null
}

export interface PartRow {
  name: string
  calls: number
  errors: number
  activeUsers: number
  latencyMs: number | null
  earned: Nano
}

export type AnalyticsPart = "day" | "app" | "endpoint" | "endpoint-day" | "model" | "scope" | "payer"

export interface AnalyticsProps {
  frame: Frame
  /** Those of the mode. */
  apps: readonly { id: string; name: string }[]
  mode: Mode
  /** Public id; "" for all of the mode. */
  app: string
  range: RangeName
  from: string
  to: string
  /** Today, UTC. */
  max: string
  error?: string | undefined
  totals: FiguresShown
  before: FiguresShown
  /** People who let these apps in now. */
  users: number
  /** "" for all. */
  filter: { endpoint: string; scope: string; model: string }
  choices: {
    endpoints: readonly string[]
    models: readonly string[]
    kinds: readonly { value: string; label: string }[]
  }
  /** Of all apps of the mode, whatever is chosen. */
  earned: { allTime: Nano; pending: Nano; available: Nano }
  days: readonly { dayMs: number; calls: number; newUsers: number; activeUsers: number; earned: Nano }[]
  endpoints: readonly PartRow[]
  models: readonly PartRow[]
  kinds: readonly PartRow[]
  /** By who paid the provider. */
  payers: readonly PartRow[]
  byApp: readonly PartRow[]
  /** Calls of each day, endpoint by endpoint. */
  endpointCalls: readonly { name: string; values: readonly number[] }[]
  href: string
  csvOf: Readonly<Record<AnalyticsPart, string>>
  definitions: readonly { label: string; words: string }[]
}

const PATH = "/developer/analytics"
const CALLS = counted("Calls", "call", "calls")
const PEOPLE = counted("People", "person", "people")

export function AnalyticsPage(props: AnalyticsProps): JSX.Element {
  const { frame, mode, totals, csvOf } = props
  const isQuiet = totals.calls + totals.refused + totals.newUsers === 0
  return (
    <ConsoleLayout
      frame={frame}
      title="Analytics"
      section="Developer"
      lead="What your apps did and earned, exact to the last call. Days are UTC."
      action={
        <div class="actions">
          <ModeSwitch mode={mode} path={PATH} />
          <Button href={csvOf.day} icon="download" label="CSV" />
        </div>
      }
    >
      <Filters {...props} />
      {mode === "test" ? <p class="quiet">Apps in test mode: test credits are no money.</p> : null}
      <Lifetime {...props} />
      <Totals {...props} />
      {isQuiet ? (
        <Empty
          title="Nothing in these days"
          text="Calls, people and earnings stand here a second after they happened."
        />
      ) : (
        <>
          <Days {...props} />
          <EndpointDays {...props} />
          <EachPart {...props} />
        </>
      )}
      <Definitions items={props.definitions}>
        <p class="quiet">
          {"The same figures by API: "}
          <a href="/reference/getAppUsage">use</a>
          {" and "}
          <a href="/reference/getAppRevenue">revenue</a>
          {" of an app."}
        </p>
      </Definitions>
    </ConsoleLayout>
  )
}

const all = (label: string, names: readonly string[]) => [
  { value: "", label },
  ...names.map((name) => ({ value: name, label: name })),
]

function Filters({ apps, mode, app, filter, choices, range, from, to, max, error }: AnalyticsProps): JSX.Element {
  const options = [
    { value: "", label: `All ${mode} apps` },
    ...apps.map(({ id, name }) => ({ value: id, label: name })),
  ]
  return (
    <DateRange
      action={PATH}
      current={range}
      from={from}
      to={to}
      max={max}
      error={error}
      keep={{ ...(mode === "test" ? { mode } : {}), app, ...filter }}
      fields={
        <>
          {mode === "test" ? <input type="hidden" name="mode" value="test" /> : null}
          <Select name="app" label="App" value={app} options={options} auto />
          <Select
            name="endpoint"
            label="Endpoint"
            value={filter.endpoint}
            options={all("All endpoints", choices.endpoints)}
            auto
          />
          <Select
            name="scope"
            label="Kind"
            value={filter.scope}
            options={[{ value: "", label: "All kinds" }, ...choices.kinds]}
            auto
          />
          <Select name="model" label="Model" value={filter.model} options={all("All models", choices.models)} auto />
        </>
      }
      clearHref={app + filter.endpoint + filter.scope + filter.model === "" ? undefined : modeHref(PATH, mode)}
      isAuto
    />
  )
}

/** Whatever days, apps and kinds are chosen. */
function Lifetime({ earned, mode }: AnalyticsProps): JSX.Element {
  const places = usdPlaces([earned.allTime, earned.pending, earned.available])
  return (
    <section aria-labelledby="lifetime-title">
      <div class="section-head">
        <h2 id="lifetime-title" safe>{`Earned by all your ${mode} apps and APIs`}</h2>
        <Ref href={modeHref("/developer/payouts", mode)} label="Payouts" otherwise="" />
      </div>
      <dl class="stats">
        <Stat label="Earned in all" note="With what was paid out">
          <Usd amount={earned.allTime} places={places} />
        </Stat>
        <Stat label="Pending" note="Becomes available later">
          <Usd amount={earned.pending} places={places} />
        </Stat>
        <Stat label="Available">
          <Usd amount={earned.available} places={places} way="down" />
        </Stat>
      </dl>
    </section>
  )
}

function Totals({ totals, before, users, days }: AnalyticsProps): JSX.Element {
  const than = `the ${days.length} days before`
  return (
    <section aria-labelledby="totals-title">
      <h2 id="totals-title">Your apps in these days</h2>
      <dl class="stats">
        <Stat label="Earned" change={<Delta now={totals.earned} before={before.earned} than={than} good="up" />}>
          <Usd amount={totals.earned} places={usdPlacesAlone(totals.earned)} />
        </Stat>
        <Stat label="Earned per active user">
          {totals.perUser === null ? (
            <span class="quiet">–</span>
          ) : (
            <Usd amount={totals.perUser} places={usdPlacesAlone(totals.perUser)} />
          )}
        </Stat>
        <Stat
          label="Active users"
          change={<Delta now={totals.activeUsers} before={before.activeUsers} than={than} good="up" />}
          note={`${users.toLocaleString("en-US")} let your apps in now`}
        >
          <Count value={totals.activeUsers} />
        </Stat>
        <Stat label="New users" change={<Delta now={totals.newUsers} before={before.newUsers} than={than} good="up" />}>
          <Count value={totals.newUsers} />
        </Stat>
        <Stat label="Calls" change={<Delta now={totals.calls} before={before.calls} than={than} good="up" />}>
          <Count value={totals.calls} />
        </Stat>
        <Stat
          label="Error rate"
          note={`${totals.errors.toLocaleString("en-US")} failed, ${totals.refused.toLocaleString("en-US")} refused`}
        >
          <span class="num" safe>
            {totals.errorRate ?? "–"}
          </span>
        </Stat>
        <Stat label="Mean time of a call">
          <Latency ms={totals.latencyMs} />
        </Stat>
      </dl>
    </section>
  )
}

function Days({ days, href, csvOf }: AnalyticsProps): JSX.Element {
  const at = days.map(({ dayMs }) => dayMs)
  return (
    <FigureSection id="days" title="By day" href={href} csvHref={csvOf.day}>
      <h3>Earned</h3>
      <AreaChart
        id="earned"
        title="Earned per day"
        unit={USD}
        days={at}
        series={[{ label: "Earned", values: days.map(({ earned }) => earned) }]}
      />
      <h3>Calls</h3>
      <BarChart
        id="calls"
        title="Calls per day"
        unit={CALLS}
        days={at}
        series={[{ label: "Calls", values: days.map(({ calls }) => calls) }]}
      />
      <h3>New users</h3>
      <BarChart
        id="new-users"
        title="New users per day"
        unit={PEOPLE}
        days={at}
        series={[{ label: "New users", values: days.map(({ newUsers }) => newUsers) }]}
      />
      <h3>Active users</h3>
      <BarChart
        id="active-users"
        title="Active users per day"
        unit={PEOPLE}
        days={at}
        series={[{ label: "Active users", values: days.map(({ activeUsers }) => activeUsers) }]}
      />
    </FigureSection>
  )
}
