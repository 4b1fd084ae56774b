// The daily claim: a button when it is due, else a countdown that frees it; and the streak.
import type { Nano } from "../../src/app/units.ts"
import { creditsText, plural } from "../ui/format.ts"
import { Button, Countdown, Form, Worth } from "../ui/index.ts"

export type Claim =
  /** Due: the button grants `amount`. */
  | { state: "ready"; amount: Nano }
  /** Claimed: the next is due at `nextAtMs`. */
  | { state: "waiting"; amount: Nano; nextAtMs: number }
  /** The free budget of this UTC day is spent. */
  | { state: "budget"; amount: Nano; nextAtMs: number }

export interface ClaimBoxProps {
  csrf: string
  now: number
  claim: Claim
  streakDays: number
  /** Carried along, so that the way back leads to the same view. */
  range?: string | undefined
}

/** POST /claims: csrf, range. */
export function ClaimBox({ csrf, now, claim, streakDays, range }: ClaimBoxProps): JSX.Element {
  const ready = claim.state === "ready"
  return (
    <Form action="/claims" csrf={csrf} class="claim" hidden={{ range }}>
      <h2>Daily claim</h2>
      <Button
        kind="primary"
        id="claim-button"
        icon="coin"
        disabled={!ready}
        label={`Claim ${creditsText(claim.amount)}`}
      />
      <Worth amount={claim.amount} />
      {claim.state === "ready" ? null : (
        <p class="quiet">
          {claim.state === "budget" ? "Today’s free credits are used up. More in " : "Due in "}
          <Countdown ms={claim.nextAtMs} now={now} enables="claim-button" />
        </p>
      )}
      <p class="quiet" safe>
        {streakWords(streakDays)}
      </p>
    </Form>
  )
}

const streakWords = (days: number): string =>
  days > 1
    ? `${plural(days, "day")} in a row`
    : days === 1
      ? "First day of a streak"
      : "Claim every day to start a streak"
