// Figures of a developer's apps: totals with the time before, days as charts with their tables, and parts by endpoint, model and kind. What
// each figure is stands on the page itself.
import type { Nano } from "../../src/app/units.ts"
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
  Select,
  Stat,
  Table,
  USD,
  Usd,
} from "../ui/index.ts"

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

export interface AnalyticsProps {
  frame: Frame
  apps: readonly { id: string; name: string; testMode: boolean }[]
  /** Public id; "" for all that are live. */
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
  days: readonly { dayMs: number; calls: number; newUsers: number; activeUsers: number; earned: Nano }[]
  endpoints: readonly PartRow[]
  models: readonly PartRow[]
  kinds: readonly PartRow[]
  byApp: readonly PartRow[]
  csvHref: string
  definitions: readonly { label: string; words: string }[]
}

const PATH = "/developer/analytics"
const CALLS = counted("Calls", "call", "calls")
const PEOPLE = counted("People", "person", "people")

/** Whole milliseconds; a dash where there was no call. */
function Latency({ ms }: { ms: number | null }): JSX.Element {
  return (
    <span class="num" safe>
      {ms === null ? "–" : `${ms.toLocaleString("en-US")} ms`}
    </span>
  )
}

export function AnalyticsPage(props: AnalyticsProps): JSX.Element {
  const { frame, apps, app, totals, csvHref } = props
  const isQuiet = totals.calls + totals.refused + totals.newUsers === 0
  const isTest = apps.find(({ id }) => id === app)?.testMode ?? false
  return (
    <ConsoleLayout
      frame={frame}
      title="Analytics"
      section="Developer"
      lead="What your apps did and earned, exact to the last call. Days are UTC."
      action={<Button href={csvHref} icon="download" label="CSV" />}
    >
      <Filters {...props} />
      {isTest ? <p class="quiet">This app is in test mode: test credits pay nothing out.</p> : null}
      <Totals {...props} />
      {isQuiet ? (
        <Empty
          title="Nothing in these days"
          text="Calls, people and earnings stand here a second after they happened."
        />
      ) : (
        <>
          <Days {...props} />
          {props.byApp.length > 1 ? <Parts id="apps" title="By app" head="App" rows={props.byApp} /> : null}
          <Parts id="endpoints" title="By endpoint" head="Endpoint" rows={props.endpoints} />
          <Parts id="models" title="By model" head="Model" rows={props.models} />
          <Parts id="kinds" title="By kind" head="Kind" rows={props.kinds} />
        </>
      )}
      <Definitions {...props} />
    </ConsoleLayout>
  )
}

function Filters({ apps, app, range, from, to, max, error }: AnalyticsProps): JSX.Element {
  const options = [
    { value: "", label: "All live apps" },
    ...apps.map(({ id, name, testMode }) => ({ value: id, label: testMode ? `${name} (test)` : name })),
  ]
  return (
    <DateRange
      action={PATH}
      current={range}
      from={from}
      to={to}
      max={max}
      error={error}
      keep={{ app }}
      fields={<Select name="app" label="App" value={app} options={options} auto />}
      isAuto
    />
  )
}

function Totals({ totals, before, users, days }: AnalyticsProps): JSX.Element {
  const than = `the ${days.length} days before`
  return (
    <section aria-labelledby="totals-title">
      <h2 id="totals-title">In these days</h2>
      <dl class="stats">
        <Stat label="Earned" change={<Delta now={totals.earned} before={before.earned} than={than} good="up" />}>
          <Usd amount={totals.earned} />
        </Stat>
        <Stat label="Earned per active user">
          {totals.perUser === null ? <span class="quiet">–</span> : <Usd amount={totals.perUser} />}
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

function Days({ days }: AnalyticsProps): JSX.Element {
  const at = days.map(({ dayMs }) => dayMs)
  return (
    <section aria-labelledby="days-title">
      <h2 id="days-title">By day</h2>
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
    </section>
  )
}

interface PartsProps {
  id: string
  title: string
  head: string
  rows: readonly PartRow[]
}

function Parts({ id, title, head, rows }: PartsProps): JSX.Element {
  return (
    <section aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} safe>
        {title}
      </h2>
      <Table
        caption={title}
        hideCaption
        columns={[
          { label: head },
          { label: "Calls", numeric: true },
          { label: "Failed", numeric: true },
          { label: "Active users", numeric: true, minor: true },
          { label: "Mean time", numeric: true, minor: true },
          { label: "Earned", numeric: true },
        ]}
        rows={rows.map((row) => [
          <bdi safe>{row.name}</bdi>,
          <Count value={row.calls} />,
          <Count value={row.errors} />,
          <Count value={row.activeUsers} />,
          <Latency ms={row.latencyMs} />,
          <Usd amount={row.earned} />,
        ])}
      />
    </section>
  )
}

function Definitions({ definitions }: AnalyticsProps): JSX.Element {
  return (
    <details class="change" id="definitions">
      <summary>What is this?</summary>
      <dl class="facts wide">
        {definitions.map(({ label, words }) => (
          <div>
            <dt safe>{label}</dt>
            <dd safe>{words}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet">
        {"The same figures by API: "}
        <a href="/reference/getAppUsage">use</a>
        {" and "}
        <a href="/reference/getAppRevenue">revenue</a>
        {" of an app."}
      </p>
    </details>
  )
}
