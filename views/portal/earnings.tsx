// What a developer has earned: what is available, what is pending, and on which day it becomes payable.
import { type Nano, nano } from "../../src/app/units.ts"
import { dateText, usdText } from "../ui/format.ts"
import { Stat, Table, Usd } from "../ui/index.ts"
import { apportion, usdAt, usdPlaces, usdStep } from "../ui/together.ts"

export interface EarningsProps {
  /** May be paid out now. */
  available: Nano
  pending: Nano
  /** Asked for and on its way. */
  requested: Nano
  paid: Nano
  /** Soonest first; `ms` = start of the UTC day on which it becomes payable. */
  upcoming: readonly { ms: number; source: "paid" | "promo"; amount: Nano }[]
  terms: { paidDays: number; promoDays: number; minimum: Nano }
}

/** More days than this are summed up in one last row. */
const ROWS_MAX = 5

const days = (count: number): string => (count === 1 ? "1 day" : `${count} days`)
const SOURCE = { paid: "Bought credits", promo: "Free credits" } as const

/** Decimals of all that stands together: what was earned, by whichever app. A beginner earns parts of a cent, which must still add up. */
export const earningPlaces = (earnings: EarningsProps | undefined, byApp: readonly Nano[]): number =>
  usdPlaces([
    ...byApp,
    ...(earnings ? [earnings.available, earnings.pending, earnings.requested, earnings.paid] : []),
    ...(earnings?.upcoming.map(({ amount }) => amount) ?? []),
  ])

const matures = ({ paidDays, promoDays }: EarningsProps["terms"]): string =>
  paidDays === promoDays
    ? `${days(paidDays)} later`
    : `${days(paidDays)} later when it was paid from bought credits, ${days(promoDays)} later when it was paid from free ones`

export function Earnings(props: EarningsProps & { places: number }): JSX.Element {
  const { available, pending, requested, paid, upcoming, terms, places } = props
  return (
    <section aria-labelledby="earnings-title" id="earnings">
      <h2 id="earnings-title">Earnings</h2>
      <dl class="stats">
        <Stat
          label="Available"
          note={
            available < 0
              ? "Refunds of what was paid out; it comes off what you earn next"
              : `Payouts start at ${usdText(terms.minimum)}`
          }
        >
          <Usd amount={available} places={places} way="down" />
        </Stat>
        <Stat label="Pending" note={upcoming[0] ? `Next on ${dateText(upcoming[0].ms)}` : "Nothing on the way"}>
          <Usd amount={pending} places={places} />
        </Stat>
        <Stat label="Paid out" note={requested > 0 ? `${usdAt(requested, places)} on its way` : undefined}>
          <Usd amount={paid} places={places} way="down" />
        </Stat>
      </dl>
      <p class="lead" safe>
        {`Your share of a call becomes available ${matures(terms)}. A call that is refunded before that earns you ` +
          "nothing. Free credits earn up to a daily limit, and never when you spend them yourself."}
      </p>
      {upcoming.length === 0 ? null : <Upcoming upcoming={upcoming} places={places} />}
    </section>
  )
}

/** Rows are the parts of what is pending, and add up to it. */
function Upcoming({ upcoming, places }: Pick<EarningsProps, "upcoming"> & { places: number }): JSX.Element {
  const soon = upcoming.slice(0, ROWS_MAX)
  const later = upcoming.slice(ROWS_MAX)
  const shown = apportion(
    upcoming.map(({ amount }) => amount),
    usdStep(places),
  )
  return (
    <Table
      caption="Becomes available"
      compact
      columns={[{ label: "Day (UTC)" }, { label: "From" }, { label: "Amount", numeric: true }]}
      rows={[
        ...soon.map(({ ms, source, amount }, index) => [
          <time datetime={new Date(ms).toISOString().slice(0, 10)} safe>
            {dateText(ms)}
          </time>,
          <span>{SOURCE[source]}</span>,
          <Usd amount={amount} places={places} shown={shown[index]} />,
        ]),
        ...(later.length === 0
          ? []
          : [
              [
                <span>Later</span>,
                <span>
                  {later.every(({ source }) => source === later[0]!.source)
                    ? SOURCE[later[0]!.source]
                    : "Bought and free"}
                </span>,
                <Usd
                  amount={nano(later.reduce((n, one) => n + one.amount, 0))}
                  places={places}
                  shown={shown.slice(ROWS_MAX).reduce((n, one) => n + one, 0)}
                />,
              ],
            ]),
      ]}
    />
  )
}
