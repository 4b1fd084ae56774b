// Is everything well? One line of truth, then a few figures with their days, then what waits for somebody.
import type { Nano } from "../../src/app/units.ts"
import { type Definition, Definitions, FigureSection, Latency } from "../console/figures.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { creditsText, plural } from "../ui/format.ts"
import {
  Count,
  Credits,
  counted,
  DayChart,
  Delta,
  Empty,
  Segments,
  StackedBarChart,
  Stat,
  USD,
  Usd,
} from "../ui/index.ts"
import { withQuery } from "../ui/nav.tsx"
import { usdPlaces, usdPlacesAlone } from "../ui/together.ts"
import { type Check, type FirstStep, FirstSteps, Truth } from "./truth.tsx"

/** Days that figures and charts tell about. */
export const RANGE_DAYS = { "7d": 7, "30d": 30, "90d": 90 } as const
export type AdminRange = keyof typeof RANGE_DAYS

interface PeriodTotals {
  calls: number
  /** Failed or refused. */
  errors: number
  /** Credits that left wallets. */
  used: Nano
  upstream: Nano
  /** What stays with the house after upstreams and developers; below zero is a loss. */
  ours: Nano
}

export interface AdminDay {
  dayMs: number
  used: Nano
  /** Answered calls. */
  calls: number
  failed: number
  refused: number
  upstream: Nano
  developers: Nano
  ours: Nano
}

export interface AdminHomeProps {
  frame: Frame
  checks: readonly Check[]
  /** Shown until all are done. */
  firstSteps: readonly FirstStep[]
  range: AdminRange
  metrics: {
    users: number
    /** Signed up within the range. */
    newUsers: number
    developers: number
    /** Live ones of developers, and those of them that the directory shows. */
    apps: number
    listed: number
    /** Different people who called today (UTC), and in the last 30 days. */
    activeToday: number
    activeMonth: number
    /** The UTC hour that runs and the 23 before it. */
    lastDay: { calls: number; used: Nano; revenue: Nano }
    /** What developers and publishers earned and were not paid yet. */
    owed: Nano
    /** Granted by free claims today, and what there is for them; null: no limit. */
    free: Nano
    freeBudget: Nano | null
    latencyMs: number | null
    /** "1.25%" */
    errorRate: string | null
    now: PeriodTotals
    /** As many days before the range. */
    before: PeriodTotals
  }
  /** The UTC days of the range, oldest first. */
  days: readonly AdminDay[]
  /** When the first account was made: charts start there. */
  sinceMs: number
  /** Work that waits; those with a count of 0 are left out. */
  queues: readonly { label: string; count: number; href?: string | undefined }[]
  definitions: readonly Definition[]
}

const CALLS = counted("Calls", "call", "calls")

/** GET /admin?range=7d|30d|90d. */
export function AdminHomePage(props: AdminHomeProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={props.frame}
      title="Overview"
      section="Admin"
      lead="Whether everything works, what is used and what it earns."
    >
      <FirstSteps firstSteps={props.firstSteps} />
      <Truth checks={props.checks} />
      <Queues queues={props.queues} />
      {isNew(props) ? (
        <Empty title="No calls yet" text="Use, money and calls of each day appear here with the first call." />
      ) : (
        <>
          <Now {...props} />
          <Figures {...props} />
          <Charts {...props} />
          <Definitions items={props.definitions} />
        </>
      )}
    </ConsoleLayout>
  )
}

/** A house that was just set up: eight zeros say nothing. */
const isNew = ({ firstSteps, metrics: { now, before } }: AdminHomeProps): boolean =>
  firstSteps.some((step) => !step.isDone) && now.calls + now.errors + before.calls + before.errors === 0

function Queues({ queues }: Pick<AdminHomeProps, "queues">): JSX.Element {
  const waiting = queues.filter((queue) => queue.count > 0)
  if (waiting.length === 0) return ""
  return (
    <section aria-labelledby="queues-title">
      <h2 id="queues-title">Waiting for you</h2>
      <ul class="plain queues">
        {waiting.map((queue) => (
          <li>
            {queue.href ? (
              <a href={queue.href} safe>
                {queue.label}
              </a>
            ) : (
              <span safe>{queue.label}</span>
            )}
            <Count value={queue.count} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** A period with hardly any calls is nothing to compare with: every figure would have multiplied. */
const NOTHING: PeriodTotals = { calls: 0, errors: 0, used: 0 as Nano, upstream: 0 as Nano, ours: 0 as Nano }

function Figures({ frame, range, metrics }: AdminHomeProps): JSX.Element {
  const { now } = metrics
  const isComparable = metrics.before.calls * 10 > now.calls
  const before = isComparable ? metrics.before : NOTHING
  const places = usdPlaces([now.upstream, now.ours])
  const than = `the ${RANGE_DAYS[range]} days before`
  return (
    <section aria-labelledby="figures-title">
      <div class="section-head">
        <h2 id="figures-title" safe>{`Last ${RANGE_DAYS[range]} days`}</h2>
        <Segments
          label="Days shown"
          links={(Object.keys(RANGE_DAYS) as AdminRange[]).map((each) => ({
            href: withQuery(frame.path, { range: each === "30d" ? undefined : each }),
            label: `${RANGE_DAYS[each]} days`,
            current: each === range,
          }))}
        />
      </div>
      {before.calls > 0 ? <p class="quiet" safe>{`Compared with ${than}.`}</p> : null}
      <dl class="stats house">
        <Stat label="Credits used" change={<Delta now={now.used} before={before.used} than={than} />}>
          <Credits amount={now.used} />
        </Stat>
        <Stat label="Upstream cost" change={<Delta now={now.upstream} before={before.upstream} than={than} />}>
          <Usd amount={now.upstream} places={places} />
        </Stat>
        <Stat
          label="Revenue"
          note="After upstreams and developers"
          change={<Delta now={now.ours} before={before.ours} than={than} good="up" />}
        >
          <Usd amount={now.ours} places={places} />
        </Stat>
        <Stat label="Calls" change={<Delta now={now.calls} before={before.calls} than={than} />}>
          <Count value={now.calls} />
        </Stat>
        <Stat
          label="Errors"
          note={metrics.errorRate === null ? undefined : `${metrics.errorRate} of what was asked`}
          change={<Delta now={now.errors} before={before.errors} than={than} good="down" />}
        >
          <Count value={now.errors} />
        </Stat>
        <Stat label="Mean time of a call">
          <Latency ms={metrics.latencyMs} />
        </Stat>
        <Stat label="Users" note={`${plural(metrics.newUsers, "new", "new")} in ${RANGE_DAYS[range]} days`}>
          <Count value={metrics.users} />
        </Stat>
      </dl>
    </section>
  )
}

/** What does not depend on the days that are shown. */
function Now({ metrics }: AdminHomeProps): JSX.Element {
  const { lastDay, freeBudget } = metrics
  return (
    <section aria-labelledby="now-title">
      <div class="section-head">
        <h2 id="now-title">Now</h2>
        <a href="/admin/analytics">All figures</a>
      </div>
      <dl class="stats house">
        <Stat label="Active today" note="People who called">
          <Count value={metrics.activeToday} />
        </Stat>
        <Stat label="Active in 30 days" note="People who called">
          <Count value={metrics.activeMonth} />
        </Stat>
        <Stat label="Calls in 24 hours">
          <Count value={lastDay.calls} />
        </Stat>
        <Stat label="Credits used in 24 hours">
          <Credits amount={lastDay.used} />
        </Stat>
        <Stat label="Revenue in 24 hours">
          <Usd amount={lastDay.revenue} places={usdPlacesAlone(lastDay.revenue)} />
        </Stat>
        <Stat label="Developers" note="People and teams">
          <Count value={metrics.developers} />
        </Stat>
        <Stat label="Apps" note={`${metrics.listed.toLocaleString("en-US")} listed in the directory`}>
          <Count value={metrics.apps} />
        </Stat>
        <Stat label="Earnings owed" note="To developers and publishers">
          <Usd amount={metrics.owed} places={usdPlacesAlone(metrics.owed)} />
        </Stat>
        <Stat
          label="Free credits today"
          note={freeBudget === null ? "No budget is set" : `Of ${creditsText(freeBudget)}`}
        >
          <Credits amount={metrics.free} />
        </Stat>
      </dl>
    </section>
  )
}

/** A day's loss is drawn as nothing of ours: parts of a bar cannot be below zero, and the figure above tells the sum. */
const shown = (amount: Nano): number => Math.max(0, amount)

function Charts({ days, sinceMs, range }: Pick<AdminHomeProps, "days" | "sinceMs" | "range">): JSX.Element {
  if (days.every((day) => day.calls + day.failed + day.refused + day.used === 0))
    return <Empty title="No calls yet" text="Use, money and calls of each day appear here with the first call." />
  const dayMs = days.map((day) => day.dayMs)
  const begins = { ms: sinceMs, words: "The first account was made on" }
  const links = {
    href: withQuery("/admin", { range: range === "30d" ? undefined : range }),
    csvHref: withQuery("/admin/analytics.csv", { range, part: "days" }),
  }
  return (
    <>
      <FigureSection id="used-by-day" title="Credits used" {...links}>
        <DayChart id="used" title="Credits used per day by everybody" days={days} begins={begins} now={dayMs.at(-1)} />
      </FigureSection>
      <div class="columns">
        <FigureSection id="money-by-day" title="Where the money went" {...links}>
          <StackedBarChart
            id="money"
            title="Dollars per day to upstreams, developers and the house"
            unit={USD}
            days={dayMs}
            begins={begins}
            series={[
              { label: "Upstreams", values: days.map((day) => shown(day.upstream)) },
              { label: "Developers", values: days.map((day) => shown(day.developers)) },
              { label: "Revenue", values: days.map((day) => shown(day.ours)) },
            ]}
          />
        </FigureSection>
        <FigureSection id="calls-by-day" title="Calls" {...links}>
          <StackedBarChart
            id="calls"
            title="Calls per day"
            unit={CALLS}
            days={dayMs}
            begins={begins}
            series={[
              { label: "Answered", values: days.map((day) => day.calls) },
              { label: "Failed", values: days.map((day) => day.failed) },
              { label: "Refused", values: days.map((day) => day.refused) },
            ]}
          />
        </FigureSection>
      </div>
    </>
  )
}
