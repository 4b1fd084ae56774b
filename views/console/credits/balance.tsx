// What can be spent, and which credits go first.
import type { Nano } from "../../../src/app/units.ts"
import { creditsExact, creditsText } from "../../ui/format.ts"
import { Button, Empty, Worth } from "../../ui/index.ts"
import { creditsAt } from "../../ui/together.ts"
import { heldWords, LotList, type LotRow, lotPlaces } from "../lots.tsx"

export interface BalanceProps {
  now: number
  spendable: Nano
  held: Nano
  debt?: Nano | undefined
  lots: readonly LotRow[]
  moreLots?: { count: number; amount: Nano } | undefined
}

export function BalanceSection(props: BalanceProps): JSX.Element {
  return (
    <div class="columns">
      <section class="balance" aria-labelledby="balance-title">
        <div>
          <h2 id="balance-title">Current balance</h2>
          <p class="balance-figure" title={creditsExact(props.spendable)}>
            <span class="num" safe>
              {creditsAt(props.spendable, lotPlaces({ lots: props.lots, more: props.moreLots }), "down")}
            </span>{" "}
            credits
          </p>
          <Worth amount={props.spendable} />
          {props.debt ? (
            <p class="error" safe>{`You owe ${creditsText(props.debt)}. The next credits you buy pay it first.`}</p>
          ) : props.held > 0 ? (
            <p class="quiet" safe>
              {heldWords(props.held)}
            </p>
          ) : null}
        </div>
      </section>
      {props.lots.length > 0 ? (
        <section aria-labelledby="lots-title">
          <h2 id="lots-title">Spent in this order</h2>
          <LotList now={props.now} lots={props.lots} more={props.moreLots} />
        </section>
      ) : (
        <Empty
          title="No credits at the moment"
          text="Credits come every day for free. Claim them on the dashboard."
          action={<Button href="/dashboard" label="Go to the dashboard" />}
        />
      )}
    </div>
  )
}
