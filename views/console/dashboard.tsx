// What do I have, what did I use, by whom? The first page after signing in.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { creditsExact, creditsNumber, creditsText, plural } from "../ui/format.ts"
import {
  Bars,
  Button,
  Countdown,
  Credits,
  DayChart,
  type DayPoint,
  Donut,
  Empty,
  Form,
  type Slice,
  Stat,
} from "../ui/index.ts"
import { type Movement, MovementList } from "./movement.tsx"

export type Claim =
  /** Due: the button grants `amount`. */
  | { state: "ready"; amount: Nano }
  /** Claimed: the next is due at `nextAtMs`. */
  | { state: "waiting"; amount: Nano; nextAtMs: number }
  /** The free budget of this UTC day is spent. */
  | { state: "budget"; amount: Nano; nextAtMs: number }

export interface DashboardProps {
  frame: Frame
  now: number
  /** What can be spent now, n$ (SPEC: unexpired remaining − held, 0 while there is debt). */
  spendable: Nano
  /** Held by calls in progress. */
  held: Nano
  debt?: Nano | undefined
  claim: Claim
  /** Days in a row with a claim; 0 when the streak is broken. */
  streakDays: number
  usedToday: Nano
  usedThisMonth: Nano
  /** The last 30 UTC days, oldest first, zeros included. */
  days: readonly DayPoint[]
  /** The same 30 days, largest first, at most five. */
  topApps: readonly Slice[]
  /** The same 30 days by kind of call, largest first. */
  byType: readonly Slice[]
  /** The last ten, newest first. */
  movements: readonly Movement[]
}

export function DashboardPage(props: DashboardProps): JSX.Element {
  const { frame, now } = props
  const used = props.days.some((day) => day.used > 0)
  return (
    <ConsoleLayout frame={frame} title="Dashboard" lead="Your credits, and where they went.">
      <section class="balance" aria-labelledby="balance-title">
        <div>
          <h2 id="balance-title">You can spend</h2>
          <p class="balance-figure" title={creditsExact(props.spendable)}>
            <span class="num" safe>
              {creditsNumber(props.spendable)}
            </span>{" "}
            credits
          </p>
          <p class="quiet" safe>
            {heldWords(props)}
          </p>
        </div>
        <ClaimBox {...props} />
      </section>

      <section aria-labelledby="use-title">
        <h2 id="use-title">Use</h2>
        <dl class="stats">
          <Stat label="Today (UTC)">
            <Credits amount={props.usedToday} />
          </Stat>
          <Stat label="This month">
            <Credits amount={props.usedThisMonth} />
          </Stat>
        </dl>
        {used ? (
          <DayChart title="Credits used per day, last 30 days" days={props.days} />
        ) : (
          <Empty
            title="Nothing used yet"
            text="Once an app spends your credits, you see here how much and when. Sign in to an app with Purser to begin."
          />
        )}
      </section>

      {props.topApps.length > 0 || props.byType.length > 0 ? (
        <div class="columns">
          <section aria-labelledby="apps-title">
            <h2 id="apps-title">By app, last 30 days</h2>
            <Bars caption="Credits used in the last 30 days by app" head="App" slices={props.topApps} />
          </section>
          <section aria-labelledby="types-title">
            <h2 id="types-title">By type, last 30 days</h2>
            <Donut title="Credits used in the last 30 days by type" slices={props.byType} />
          </section>
        </div>
      ) : null}

      <section aria-labelledby="movements-title">
        <h2 id="movements-title">Last movements</h2>
        {props.movements.length > 0 ? (
          <MovementList movements={props.movements} now={now} />
        ) : (
          <Empty title="No movements yet" text="Every credit that comes or goes stands here, with its reason." />
        )}
      </section>
    </ConsoleLayout>
  )
}

function heldWords({ held, debt }: DashboardProps): string {
  if (debt) return `You owe ${creditsText(debt)}. The next credits you buy pay it first.`
  if (held > 0) return `${creditsText(held)} more are held by calls in progress.`
  return "Nothing is held by calls in progress."
}

/** POST /claims: csrf. */
function ClaimBox({ frame, now, claim, streakDays }: DashboardProps): JSX.Element {
  const ready = claim.state === "ready"
  return (
    <Form action="/claims" csrf={frame.csrf} class="claim">
      <Button
        kind="primary"
        id="claim-button"
        icon="coin"
        disabled={!ready}
        label={ready ? `Claim ${creditsText(claim.amount)}` : `Next: ${creditsText(claim.amount)}`}
      />
      <p class="quiet">
        {claim.state === "ready" ? null : (
          <>
            {claim.state === "budget" ? "Today's free credits are used up. More in " : "Due in "}
            <Countdown ms={claim.nextAtMs} now={now} enables="claim-button" />
            {". "}
          </>
        )}
        <span safe>{streakWords(streakDays)}</span>
      </p>
    </Form>
  )
}

const streakWords = (days: number): string =>
  days > 1
    ? `${plural(days, "day")} in a row.`
    : days === 1
      ? "First day of a streak."
      : "Claim every day to start a streak."
