// /publisher: what a publisher's APIs did and earned in the last 30 days, and what asks to be looked at.
import { type Nano, nano } from "../../../src/app/units.ts"
import { count } from "../../ui/format.ts"
import { Count, Empty, isOffered, Ref, Stat, Usd } from "../../ui/index.ts"
import { apportion, usdPlaces, usdStep } from "../../ui/together.ts"

export interface CallSums {
  calls: number
  status4xx: number
  /** Of its server, and calls that never reached it. */
  status5xx: number
  /** ms; null = there was no answer. */
  p50: number | null
  p95: number | null
  p99: number | null
}

export interface PublisherFigures {
  sums: CallSums
  revenue: { gross: Nano; commission: Nano; net: Nano }
  consumers: number
}

export interface PublisherAlert {
  /** Of the API. */
  title: string
  words: string
  href: string
}

export function Milliseconds({ ms }: { ms: number | null }): JSX.Element {
  return (
    <span class="num" safe>
      {ms === null ? "–" : `${count(ms)} ms`}
    </span>
  )
}

export function Alerts({ alerts }: { alerts: readonly PublisherAlert[] }): JSX.Element {
  if (alerts.length === 0) return ""
  return (
    <section aria-labelledby="alerts-title">
      <h2 id="alerts-title">To look at</h2>
      <ul>
        {alerts.map(({ title, words, href }) => (
          <li>
            <a href={href}>
              <bdi safe>{title}</bdi>
            </a>
            <span safe>{`: ${words}`}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

export function Days({ figures }: { figures: PublisherFigures }): JSX.Element {
  const { sums, consumers } = figures
  return (
    <section aria-labelledby="days-title">
      <h2 id="days-title">Last 30 days</h2>
      {sums.calls + sums.status5xx === 0 ? (
        <Empty
          title="No call yet"
          text="As soon as somebody subscribes and calls, calls, errors and times stand here."
        />
      ) : (
        <Sums sums={sums} />
      )}
      <dl class="stats">
        {isOffered("GET", "/publisher/revenue") ? <Revenue {...figures} /> : null}
        <Stat label="Consumers now">
          <Count value={consumers} />
        </Stat>
      </dl>
      <p>
        <Ref href="/publisher/revenue?range=3m" label="Revenue by month, API and plan" otherwise="" />
      </p>
    </section>
  )
}

export function Sums({ sums }: { sums: CallSums }): JSX.Element {
  return (
    <dl class="stats">
      <Stat label="Calls">
        <Count value={sums.calls} />
      </Stat>
      <Stat label="4xx" note="Wrong calls">
        <Count value={sums.status4xx} />
      </Stat>
      <Stat label="5xx" note="Failures of your server">
        <Count value={sums.status5xx} />
      </Stat>
      <Stat label="Time, p50">
        <Milliseconds ms={sums.p50} />
      </Stat>
      <Stat label="p95">
        <Milliseconds ms={sums.p95} />
      </Stat>
      <Stat label="p99">
        <Milliseconds ms={sums.p99} />
      </Stat>
    </dl>
  )
}

/** They add up to the eye. */
function Revenue({ revenue: { gross, commission, net } }: Pick<PublisherFigures, "revenue">): JSX.Element {
  const places = usdPlaces([gross, commission, net])
  const [kept, earned] = apportion([commission, net], usdStep(places))
  return (
    <>
      <Stat label="Gross revenue">
        <Usd amount={gross} places={places} />
      </Stat>
      <Stat label="Commission">
        <Usd amount={commission} places={places} shown={nano(kept!)} />
      </Stat>
      <Stat label="Net revenue">
        <Usd amount={net} places={places} shown={nano(earned!)} />
      </Stat>
    </>
  )
}
