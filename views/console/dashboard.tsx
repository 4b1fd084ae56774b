// What do I have, what did I use, by whom? The first page after signing in. Its figures are a part of their own (`#figures`), which
// the page fetches anew whenever the server says that they moved; without scripts a reload does.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { creditsExact, creditsText, dayText } from "../ui/format.ts"
import {
  Bars,
  CreditsTogether,
  creditsWith,
  DayChart,
  type DayPoint,
  Donut,
  Empty,
  Segments,
  type Slice,
  Stat,
  withOther,
} from "../ui/index.ts"
import { withQuery } from "../ui/nav.tsx"
import { creditPlaces, creditsAt, creditsTextAt } from "../ui/together.ts"
import { type Claim, ClaimBox } from "./claim.tsx"
import { type Definition, Definitions, FigureSection } from "./figures.tsx"
import { expiryWords, heldWords } from "./lots.tsx"
import { type Movement, MovementList } from "./movement.tsx"
import { type Next, NextSteps } from "./next-steps.tsx"

export type { Claim } from "./claim.tsx"
export type { Next } from "./next-steps.tsx"

/** Days that the charts tell about. */
export const RANGES = { "7d": 7, "30d": 30, "90d": 90 } as const
export type Range = keyof typeof RANGES
export const DEFAULT_RANGE: Range = "30d"

export interface DashboardProps {
  frame: Frame
  now: number
  /** Changes whenever a figure does; the page listens from there on. */
  stamp: string
  range: Range
  /** Unexpired credits that no call holds, n$. */
  balance: Nano
  /** Held by calls in progress. */
  held: Nano
  /** Nothing can be spent while there is some. */
  debt?: Nano | undefined
  /** What of the balance goes next, when it is not spent before. */
  /** `amount` as the list of lots writes it, in so many decimals. */
  nextExpiry?: { amount: Nano; places?: number | undefined; atMs: number } | undefined
  /** Of a person; a team has none. */
  claim?: Claim | undefined
  /** Whose figures these are, where it is a team. */
  team?: string | undefined
  /** Name of the plan this person is on. */
  plan?: string | undefined
  /** Days in a row with a claim; 0 when the streak is broken. */
  streakDays: number
  usedToday: Nano
  usedThisMonth: Nano
  /** The UTC days of the range, oldest first, zeros included. */
  days: readonly DayPoint[]
  /** When the account was made. */
  sinceMs: number
  /** All apps of the same days. */
  topApps: readonly Slice[]
  /** The same days by kind of call. */
  byType: readonly Slice[]
  /** The last ten, newest first. */
  movements: readonly Movement[]
  definitions: readonly Definition[]
  /** What to do, while no app is linked. */
  next?: Next | undefined
}

/** The same days as a file. */
const csvOf = (range: Range, by: "day" | "app" | "scope"): string => withQuery("/usage.csv", { range, by })

/** `/dashboard?range=7d`; the default needs no query. */
export const dashboardPath = (range: Range, path = "/dashboard"): string =>
  withQuery(path, { range: range === DEFAULT_RANGE ? undefined : range })

export function DashboardPage(props: DashboardProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={props.frame}
      title="Dashboard"
      lead={
        props.team ? `What ${props.team} has, and what its people use of it.` : "Your balance, and what apps use of it."
      }
      live
    >
      <DashboardFigures {...props} />
    </ConsoleLayout>
  )
}

/** GET /dashboard/figures answers this alone; GET /dashboard/events says when. */
export function DashboardFigures(props: DashboardProps): JSX.Element {
  const isNew = props.movements.length === 0 && props.days.every((day) => day.used === 0)
  const places = placesOf(props)
  return (
    <div
      id="figures"
      class="figures"
      hx-get={dashboardPath(props.range, "/dashboard/figures")}
      hx-trigger="moved"
      hx-swap="outerMorph"
      hx-sync="this:queue last"
      data-live={withQuery("/dashboard/events", { since: props.stamp })}
    >
      <Balance {...props} places={places} />
      <dl class="stats">
        <Stat label="Used today" note="Since 00:00 UTC">
          <CreditsTogether amount={props.usedToday} places={places} way="up" />
        </Stat>
        <Stat label="Used this month" note={`Since 1 ${dayText(props.now).split(" ")[1]} UTC`}>
          <CreditsTogether amount={props.usedThisMonth} places={places} way="up" />
        </Stat>
      </dl>
      {props.claim && (props.next || isNew) ? <NextSteps claim={props.claim} next={props.next} /> : null}
      {isNew && props.claim ? null : <History {...props} places={places} />}
    </div>
  )
}

/** One precision for all figures of the page, since they tell of the same credits: whole, or that of the transactions below. */
function placesOf({ balance, usedToday, usedThisMonth, days, topApps, byType }: DashboardProps): number {
  const parts = [days, topApps, byType].flat().map(({ used }) => used as Nano)
  return creditPlaces([balance, usedToday, usedThisMonth, ...parts]) === 0 ? 0 : 2
}

type Placed = DashboardProps & { places: number }

function Balance(props: Placed): JSX.Element {
  return (
    <section class="balance" aria-labelledby="balance-title">
      <div>
        <h2 id="balance-title">Current balance</h2>
        <p class="balance-figure" aria-live="polite" aria-atomic="true" title={creditsExact(props.balance)}>
          <span class="num" safe>
            {creditsAt(props.balance, props.places, "down")}
          </span>{" "}
          credits
        </p>
        {balanceWords(props).map((words) => (
          <p class={props.debt ? "error" : "quiet"} safe>
            {words}
          </p>
        ))}
        {props.plan ? (
          <p class="quiet">
            {"Plan: "}
            <a href="/settings/plan">
              <bdi safe>{props.plan}</bdi>
            </a>
          </p>
        ) : null}
      </div>
      {props.claim ? (
        <ClaimBox
          csrf={props.frame.csrf}
          now={props.now}
          claim={props.claim}
          streakDays={props.streakDays}
          range={props.range === DEFAULT_RANGE ? undefined : props.range}
        />
      ) : null}
    </section>
  )
}

function balanceWords({ held, debt, nextExpiry, now, places }: Placed): string[] {
  const words: string[] = []
  if (debt) words.push(`You owe ${creditsText(debt)}. Nothing can be spent until credits you buy have paid it.`)
  if (held > 0) words.push(heldWords(held))
  if (nextExpiry && !debt)
    words.push(
      `${creditsTextAt(nextExpiry.amount, nextExpiry.places ?? places, "down")} ${expiryWords(nextExpiry, now)}.`,
    )
  return words
}

function History(props: Placed): JSX.Element {
  const span = `last ${RANGES[props.range]} days`
  const total = props.days.reduce((sum, day) => sum + day.used, 0) as Nano
  const apps = withOther(props.topApps, 6, "Other apps")
  const unit = creditsWith(props.places, "up")
  const { range } = props
  const href = dashboardPath(range)
  return (
    <>
      <Days {...props} span={span} total={total} />
      {total > 0 ? (
        <div class="columns">
          <FigureSection id="by-app" title="Top apps by usage" href={href} csvHref={csvOf(range, "app")}>
            <Bars title={`Usage by app, ${span}`} head="App" slices={apps} unit={unit} />
          </FigureSection>
          <FigureSection id="by-type" title="Usage by type" href={href} csvHref={csvOf(range, "scope")}>
            <Donut id="types" title={`Usage by API type, ${span}`} head="Type" slices={props.byType} unit={unit} />
          </FigureSection>
        </div>
      ) : null}
      <section aria-labelledby="movements-title">
        <div class="section-head">
          <h2 id="movements-title">Recent transactions</h2>
          <a href="/credits">All transactions</a>
        </div>
        {props.movements.length > 0 ? (
          <MovementList movements={props.movements} now={props.now} />
        ) : (
          <Empty title="No transactions yet" text="Every credit that comes or goes appears here, with its reason." />
        )}
      </section>
      <Definitions items={props.definitions} />
    </>
  )
}

function Days({ span, total, places, ...props }: Placed & { span: string; total: Nano }): JSX.Element {
  return (
    <FigureSection
      id="by-day"
      title="Daily credit usage"
      href={dashboardPath(props.range)}
      csvHref={csvOf(props.range, "day")}
      note={total > 0 ? `${creditsTextAt(total, places, "up")} in the ${span}` : undefined}
    >
      <RangeLinks range={props.range} />
      {total > 0 ? (
        <DayChart
          id="days"
          title={`Daily credit usage, ${span}`}
          days={props.days}
          unit={creditsWith(places, "up")}
          begins={{ ms: props.sinceMs, words: props.team ? "The team began on" : "Your account began on" }}
          now={props.now}
        />
      ) : (
        <Empty
          title={`No credits used in the ${span}`}
          text={
            props.team
              ? "What the team’s keys and apps use appears here within a second."
              : props.next
                ? "The first call of an app appears here within a second."
                : "What your apps use appears here within a second, with the price of every call."
          }
        />
      )}
    </FigureSection>
  )
}

function RangeLinks({ range }: { range: Range }): JSX.Element {
  return (
    <Segments
      label="Days shown"
      swap="figures"
      links={(Object.keys(RANGES) as Range[]).map((name) => ({
        href: dashboardPath(name),
        label: `${RANGES[name]} days`,
        current: name === range,
      }))}
    />
  )
}
