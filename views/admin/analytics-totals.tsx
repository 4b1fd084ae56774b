// The figures at the top of the operator's analytics, each with the time before.
import { Latency, Share } from "../console/figures.tsx"
import { Count, Credits, Delta, Stat, Usd } from "../ui/index.ts"
import { usdPlaces, usdPlacesAlone } from "../ui/together.ts"
import type { AdminAnalyticsProps } from "./analytics.tsx"

export function HouseTotals(props: AdminAnalyticsProps): JSX.Element {
  return (
    <>
      <Money {...props} />
      <People {...props} />
      <Calls {...props} />
    </>
  )
}

const thanOf = ({ days }: AdminAnalyticsProps): string => `the ${days.length} days before`

function Money(props: AdminAnalyticsProps): JSX.Element {
  const { totals, before, pending, payable } = props
  const than = thanOf(props)
  const earned = usdPlaces([pending, payable])
  return (
    <section aria-labelledby="totals-money">
      <h2 id="totals-money">Money</h2>
      <dl class="stats">
        <Stat
          label="Revenue"
          note="After upstreams and developers"
          change={<Delta now={totals.revenue} before={before.revenue} than={than} good="up" />}
        >
          <Usd amount={totals.revenue} places={usdPlacesAlone(totals.revenue)} />
        </Stat>
        <Stat label="Margin" note="Of the credits used">
          <Share text={totals.margin} />
        </Stat>
        <Stat label="Upstream cost" change={<Delta now={totals.upstream} before={before.upstream} than={than} />}>
          <Usd amount={totals.upstream} places={usdPlacesAlone(totals.upstream)} />
        </Stat>
        <Stat label="Credits used" change={<Delta now={totals.used} before={before.used} than={than} />}>
          <Credits amount={totals.used} />
        </Stat>
        <Stat label="Money in" change={<Delta now={totals.moneyIn} before={before.moneyIn} than={than} good="up" />}>
          <Usd amount={totals.moneyIn} />
        </Stat>
        <Stat label="Refunds" change={<Delta now={totals.refunds} before={before.refunds} than={than} good="down" />}>
          <Usd amount={totals.refunds} />
        </Stat>
        <Stat label="Earnings that mature" note="Of developers and publishers, now">
          <Usd amount={pending} places={earned} />
        </Stat>
        <Stat label="Earnings to pay out" note="Of developers and publishers, now">
          <Usd amount={payable} places={earned} way="down" />
        </Stat>
      </dl>
    </section>
  )
}

function People(props: AdminAnalyticsProps): JSX.Element {
  const { totals, before, churn, churned } = props
  const than = thanOf(props)
  return (
    <section aria-labelledby="totals-people">
      <h2 id="totals-people">People</h2>
      <dl class="stats">
        <Stat
          label="Active users"
          change={<Delta now={totals.activeUsers} before={before.activeUsers} than={than} good="up" />}
        >
          <Count value={totals.activeUsers} />
        </Stat>
        <Stat label="Active today" note="Since 00:00 UTC">
          <Count value={props.activeToday} />
        </Stat>
        <Stat label="Active in 30 days">
          <Count value={props.activeMonth} />
        </Stat>
        <Stat label="New users" change={<Delta now={totals.newUsers} before={before.newUsers} than={than} good="up" />}>
          <Count value={totals.newUsers} />
        </Stat>
        <Stat
          label="Churn"
          note={`${churned.toLocaleString("en-US")} of ${before.activeUsers.toLocaleString("en-US")}`}
        >
          <Share text={churn} />
        </Stat>
        <Stat label="Credits per active user">
          {totals.perUser === null ? <span class="quiet">–</span> : <Credits amount={totals.perUser} />}
        </Stat>
      </dl>
    </section>
  )
}

function Calls(props: AdminAnalyticsProps): JSX.Element {
  const { totals, before } = props
  return (
    <section aria-labelledby="totals-calls">
      <h2 id="totals-calls">Calls</h2>
      <dl class="stats">
        <Stat label="Calls" change={<Delta now={totals.calls} before={before.calls} than={thanOf(props)} />}>
          <Count value={totals.calls} />
        </Stat>
        <Stat
          label="Error rate"
          note={`${totals.errors.toLocaleString("en-US")} failed, ${totals.refused.toLocaleString("en-US")} refused`}
        >
          <Share text={totals.errorRate} />
        </Stat>
        <Stat label="Mean time of a call">
          <Latency ms={totals.latencyMs} />
        </Stat>
        <Stat label="Mean time to the first token">
          <Latency ms={totals.firstTokenMs} />
        </Stat>
      </dl>
    </section>
  )
}
