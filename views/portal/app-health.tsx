// How an app is, for its developer: what failed and was refused, what could not be charged, how long answered calls took, and which took longest.
import type { Nano } from "../../src/app/units.ts"
import { Definitions, FigureSection } from "../console/figures.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import {
  Count,
  CreditsUsed,
  counted,
  DateRange,
  Empty,
  type RangeName,
  StackedBarChart,
  Stat,
  Table,
} from "../ui/index.ts"
import { type AppCallRow, type AppOf, CallTable, requestsHref } from "./app-requests.tsx"
import { AppTabs, appPath } from "./app-tabs.tsx"

export type HealthPart = "days" | "errors" | "unpaid" | "times" | "slow"

interface KindRow {
  /** "" for calls that were answered and not paid in full. */
  code: string
  isRefused: boolean
  calls: number
  people: number
  words: string
}

export interface AppHealthProps extends AppOf {
  range: RangeName
  from: string
  to: string
  /** Today, UTC. */
  max: string
  error?: string | undefined
  errors: readonly KindRow[]
  unpaid: readonly (KindRow & { missing: Nano })[]
  /** Answered calls by class: "Up to 500 ms". */
  times: readonly { label: string; calls: number; part: string | null }[]
  /** "2 s"; null: there was none. */
  within: { half: string | null; most: string | null; nearlyAll: string | null }
  slow: readonly AppCallRow[]
  days: readonly { dayMs: number; answered: number; failed: number; refused: number }[]
  href: string
  csvOf: Readonly<Record<HealthPart, string>>
  definitions: readonly { label: string; words: string }[]
}

export function AppHealthPage(props: AppHealthProps): JSX.Element {
  const { frame, now, app, range, from, to, max, error, slow, href, csvOf } = props
  return (
    <ConsoleLayout
      frame={frame}
      title="Health"
      section="Developer"
      lead="What went wrong, what could not be charged, and what took long. Days are UTC."
      up={{ href: appPath(app.id), label: app.name }}
    >
      <AppTabs app={app} part="health" />
      <DateRange
        action={`${appPath(app.id)}/health`}
        current={range}
        from={from}
        to={to}
        max={max}
        error={error}
        isAuto
      />
      <Totals {...props} />
      <Days {...props} />
      <Errors {...props} />
      <Unpaid {...props} />
      <Times {...props} />
      <FigureSection id="slow" title="Slowest calls" href={href} csvHref={csvOf.slow}>
        <CallTable app={app} now={now} calls={slow} caption="Slowest calls" />
      </FigureSection>
      <Definitions items={props.definitions}>
        <p class="quiet">
          {"The same by API: "}
          <a href="/reference/getMyAppHealth">health</a>
          {" of an app."}
        </p>
      </Definitions>
    </ConsoleLayout>
  )
}

function Days({ days, href, csvOf }: AppHealthProps): JSX.Element {
  if (days.every(({ answered, failed, refused }) => answered + failed + refused === 0)) return ""
  return (
    <FigureSection id="days" title="By day" href={href} csvHref={csvOf.days}>
      <StackedBarChart
        id="calls"
        title="Calls per day"
        unit={counted("Calls", "call", "calls")}
        days={days.map(({ dayMs }) => dayMs)}
        series={[
          { label: "Not failed", values: days.map(({ answered }) => answered) },
          { label: "Failed", values: days.map(({ failed }) => failed) },
          { label: "Refused", values: days.map(({ refused }) => refused) },
        ]}
      />
    </FigureSection>
  )
}

const sum = (rows: readonly { calls: number }[]): number => rows.reduce((total, { calls }) => total + calls, 0)

function Totals({ errors, unpaid, times, within }: AppHealthProps): JSX.Element {
  return (
    <dl class="stats">
      <Stat label="Answered">
        <Count value={sum(times)} />
      </Stat>
      <Stat label="Failed">
        <Count value={sum(errors.filter(({ isRefused }) => !isRefused))} />
      </Stat>
      <Stat label="Refused">
        <Count value={sum(errors.filter(({ isRefused }) => isRefused))} />
      </Stat>
      <Stat label="Charges that failed">
        <Count value={sum(unpaid)} />
      </Stat>
      <Stat label="Half within">
        <Within text={within.half} />
      </Stat>
      <Stat label="95 of 100 within">
        <Within text={within.most} />
      </Stat>
      <Stat label="99 of 100 within">
        <Within text={within.nearlyAll} />
      </Stat>
    </dl>
  )
}

const Within = ({ text }: { text: string | null }): JSX.Element => (
  <span class="num" safe>
    {text ?? "–"}
  </span>
)

const codeCell = (id: string, { code, isRefused }: KindRow): JSX.Element => (
  <a href={requestsHref(id, isRefused ? "refused" : "failed", "")}>
    <code safe>{code}</code>
  </a>
)

function Errors({ app, errors, href, csvOf }: AppHealthProps): JSX.Element {
  return (
    <FigureSection id="errors" title="Errors by kind" href={href} csvHref={csvOf.errors}>
      <Table
        caption="Errors by kind"
        hideCaption
        columns={[
          { label: "Kind" },
          { label: "What it is" },
          { label: "Calls", numeric: true },
          { label: "Users", numeric: true },
        ]}
        rows={errors.map((row) => [
          codeCell(app.id, row),
          <span safe>{row.words}</span>,
          <Count value={row.calls} />,
          <Count value={row.people} />,
        ])}
        empty={<Empty title="Nothing went wrong" text="Failed and refused calls stand here by their kind." />}
      />
    </FigureSection>
  )
}

function Unpaid({ app, unpaid, href, csvOf }: AppHealthProps): JSX.Element {
  return (
    <FigureSection id="unpaid" title="Charges that failed" href={href} csvHref={csvOf.unpaid}>
      <Table
        caption="Charges that failed"
        hideCaption
        columns={[
          { label: "Kind" },
          { label: "What it is" },
          { label: "Calls", numeric: true },
          { label: "Users", numeric: true },
          { label: "Not charged", numeric: true },
        ]}
        rows={unpaid.map((row) => [
          row.code === "" ? <span class="quiet">Answered</span> : codeCell(app.id, row),
          <span safe>{row.words}</span>,
          <Count value={row.calls} />,
          <Count value={row.people} />,
          row.code === "" ? <CreditsUsed amount={row.missing} /> : <span class="quiet">–</span>,
        ])}
        empty={<Empty title="Everything was charged" text="Calls whose credits could not be taken stand here." />}
      />
    </FigureSection>
  )
}

function Times({ times, href, csvOf }: AppHealthProps): JSX.Element {
  return (
    <FigureSection id="times" title="How long calls took" href={href} csvHref={csvOf.times}>
      <Table
        caption="How long calls took"
        hideCaption
        columns={[{ label: "Time" }, { label: "Calls", numeric: true }, { label: "Part", numeric: true }]}
        rows={times.map(({ label, calls, part }) => [
          <span safe>{label}</span>,
          <Count value={calls} />,
          <span class="num" safe>
            {part ?? "–"}
          </span>,
        ])}
      />
    </FigureSection>
  )
}
