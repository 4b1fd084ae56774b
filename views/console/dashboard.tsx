// What do I have, what did I use, by whom? The first page after signing in. Its figures are a part of their own (`#figures`), which
// the page fetches anew whenever the server says that they moved; without scripts a reload does.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { creditsExact, creditsNumber, creditsText, creditsUsed, dayText } from "../ui/format.ts"
import {
  Bars,
  CreditsUsed,
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
import { type Claim, ClaimBox } from "./claim.tsx"
import { expiryWords, heldWords } from "./lots.tsx"
import { type Movement, MovementList } from "./movement.tsx"

export type { Claim } from "./claim.tsx"

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
  nextExpiry?: { amount: Nano; atMs: number } | undefined
  claim: Claim
  /** Name of the plan this person is on. */
  plan?: string | undefined
  /** Days in a row with a claim; 0 when the streak is broken. */
  streakDays: number
  usedToday: Nano
  usedThisMonth: Nano
  /** The UTC days of the range, oldest first, zeros included. */
  days: readonly DayPoint[]
  /** All apps of the same days. */
  topApps: readonly Slice[]
  /** The same days by kind of call. */
  byType: readonly Slice[]
  /** The last ten, newest first. */
  movements: readonly Movement[]
}

/** `/dashboard?range=7d`; the default needs no query. */
export const dashboardPath = (range: Range, path = "/dashboard"): string =>
  withQuery(path, { range: range === DEFAULT_RANGE ? undefined : range })

export function DashboardPage(props: DashboardProps): JSX.Element {
  return (
    <ConsoleLayout frame={props.frame} title="Dashboard" lead="Your balance, and what apps use of it." live>
      <DashboardFigures {...props} />
    </ConsoleLayout>
  )
}

/** GET /dashboard/figures answers this alone; GET /dashboard/events says when. */
export function DashboardFigures(props: DashboardProps): JSX.Element {
  const isNew = props.movements.length === 0 && props.days.every((day) => day.used === 0)
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
      <Balance {...props} />
      <dl class="stats">
        <Stat label="Used today" note="Since 00:00 UTC">
          <CreditsUsed amount={props.usedToday} />
        </Stat>
        <Stat label="Used this month" note={`Since 1 ${dayText(props.now).split(" ")[1]} UTC`}>
          <CreditsUsed amount={props.usedThisMonth} />
        </Stat>
      </dl>
      {isNew ? <FirstSteps claim={props.claim} /> : <History {...props} />}
    </div>
  )
}

function Balance(props: DashboardProps): JSX.Element {
  return (
    <section class="balance" aria-labelledby="balance-title">
      <div>
        <h2 id="balance-title">Current balance</h2>
        <p class="balance-figure" aria-live="polite" aria-atomic="true" title={creditsExact(props.balance)}>
          <span class="num" safe>
            {creditsNumber(props.balance)}
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
      <ClaimBox
        csrf={props.frame.csrf}
        now={props.now}
        claim={props.claim}
        streakDays={props.streakDays}
        range={props.range === DEFAULT_RANGE ? undefined : props.range}
      />
    </section>
  )
}

function balanceWords({ held, debt, nextExpiry, now }: DashboardProps): string[] {
  const words: string[] = []
  if (debt) words.push(`You owe ${creditsText(debt)}. Nothing can be spent until credits you buy have paid it.`)
  if (held > 0) words.push(heldWords(held))
  if (nextExpiry && !debt) words.push(`${creditsText(nextExpiry.amount)} ${expiryWords(nextExpiry, now)}.`)
  return words
}

/** What to do when nothing has happened yet. */
function FirstSteps({ claim }: { claim: Claim }): JSX.Element {
  const ready = claim.state === "ready"
  return (
    <section aria-label="How to begin">
      <Empty
        title={ready ? "Begin with your daily credits" : "Nothing has moved yet"}
        text={`${
          ready ? `Claim ${creditsText(claim.amount)} above. Then sign` : "Sign"
        } in to an app with Purser and say how much it may spend a day. What it uses appears here within a second, with the price of every call.`}
      />
    </section>
  )
}

function History(props: DashboardProps): JSX.Element {
  const span = `last ${RANGES[props.range]} days`
  const total = props.days.reduce((sum, day) => sum + day.used, 0) as Nano
  const apps = withOther(props.topApps, 6, "Other apps")
  return (
    <>
      <section aria-labelledby="days-title">
        <div class="section-head">
          <div>
            <h2 id="days-title">Daily credit usage</h2>
            {total > 0 ? <p class="quiet" safe>{`${creditsText(creditsUsed(total))} in the ${span}`}</p> : null}
          </div>
          <RangeLinks range={props.range} />
        </div>
        {total > 0 ? (
          <DayChart id="days" title={`Daily credit usage, ${span}`} days={props.days} />
        ) : (
          <Empty
            title={`No credits used in the ${span}`}
            text="Sign in to an app with Purser and say how much it may spend a day. What it uses appears here within a second."
          />
        )}
      </section>
      {total > 0 ? (
        <div class="columns">
          <section aria-labelledby="apps-title">
            <h2 id="apps-title">Top apps by usage</h2>
            <Bars title={`Usage by app, ${span}`} head="App" slices={apps} />
          </section>
          <section aria-labelledby="types-title">
            <h2 id="types-title">Usage by type</h2>
            <Donut id="types" title={`Usage by API type, ${span}`} head="Type" slices={props.byType} />
          </section>
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
    </>
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
