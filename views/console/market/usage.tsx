// /marketplace/:product/usage: used of total, what remains and until when, by endpoint, what went above, and what was refused.
import type { Nano } from "../../../src/app/units.ts"
import { count, plural } from "../../ui/format.ts"
import {
  Count,
  counted,
  DateRange,
  type DateRangeProps,
  Empty,
  Meter,
  Notice,
  StackedBarChart,
  Stat,
  Table,
  Time,
  Usd,
  When,
} from "../../ui/index.ts"
import { type Definition, Definitions, FigureSection } from "../figures.tsx"
import { ProductFrame } from "./frame.tsx"
import type { Period, ProductPage, RateTerm } from "./types.ts"
import { marketPath, rateText, shareText } from "./words.ts"

export interface QuotaNow {
  period: Period
  startMs: number
  /** Excluded. */
  endMs: number
  limit: number
  used: number
}

export interface LimitHit {
  atMs: number
  endpoint: string
  /** "Rate, 60 a minute", "Quota", "Bought credits": what refused. */
  what: string
  /** Refused calls in a row of the same kind. */
  calls: number
}

export interface MarketUsageProps extends ProductPage {
  planName: string
  quotas: readonly QuotaNow[]
  overages: { units: number; cost: Nano; cap: Nano | null; sinceMs: number; unit: Nano | null }
  rates: readonly RateTerm[]
  range: Pick<DateRangeProps, "current" | "from" | "to" | "max" | "error">
  /** UTC days, oldest first. */
  days: readonly { dayMs: number; passed: number; failed: number; refused: number }[]
  byEndpoint: readonly { endpoint: string; calls: number; units: number; errors: number; medianMs: number | null }[]
  hits: readonly LimitHit[]
  /** This page, and its days as a file, with the days chosen. */
  href: string
  csvHref: string
  definitions: readonly Definition[]
}

/** GET /marketplace/:product/usage */
export function MarketUsagePage(props: MarketUsageProps): JSX.Element {
  return (
    <ProductFrame {...props} tab="usage">
      <Quotas {...props} />
      <Overages {...props} />
      <History {...props} />
      <Hits {...props} />
      <Definitions items={props.definitions} />
    </ProductFrame>
  )
}

const NAMES: Readonly<Record<Period, string>> = { day: "Daily", week: "Weekly", month: "Monthly", year: "Yearly" }

function Quotas({ quotas, planName, product }: MarketUsageProps): JSX.Element {
  return (
    <section aria-labelledby="quota-title">
      <h2 id="quota-title">Quota</h2>
      <p class="quiet">
        {"Your plan is "}
        <bdi safe>{planName}</bdi>
        {". One pool for all endpoints and all your keys. "}
        <a href={marketPath(product.slug)}>Compare plans</a>
      </p>
      {quotas.length === 0 ? (
        <Notice text="This plan has no quota: calls are counted, and none is refused for their number." />
      ) : null}
      <div class="market-quotas">
        {quotas.map((quota) => (
          <Quota quota={quota} />
        ))}
      </div>
    </section>
  )
}

function Quota({ quota }: { quota: QuotaNow }): JSX.Element {
  const { period, used, limit, startMs, endMs } = quota
  const left = Math.max(0, limit - used)
  const words = `${count(used)} of ${plural(limit, "unit")}`
  return (
    <article class="market-quota">
      <h3 safe>{`${NAMES[period]} quota`}</h3>
      <Meter label={`${NAMES[period]} quota`} value={used} max={limit} text={words} />
      <dl class="stats">
        <Stat label="Used">
          <span class="num" safe>
            {shareText(used, limit)}
          </span>
        </Stat>
        <Stat label="Remaining">
          <Count value={left} />
        </Stat>
      </dl>
      <p class="quiet">
        <Time ms={startMs} />
        {" to "}
        <Time ms={endMs} />
      </p>
    </article>
  )
}

function Overages({ overages, now }: MarketUsageProps): JSX.Element {
  const { units, cost, cap, sinceMs, unit } = overages
  return (
    <section aria-labelledby="overages-title">
      <h2 id="overages-title">Overages</h2>
      {unit === null ? (
        <p class="quiet">Your plan has none: above the quota, calls are refused.</p>
      ) : (
        <>
          <dl class="stats">
            <Stat label="Units above the quota">
              <Count value={units} />
            </Stat>
            <Stat label="Their cost" note={cap === null ? "No cap" : undefined}>
              <Usd amount={cost} />
            </Stat>
            <Stat label="Each">
              <Usd amount={unit} />
            </Stat>
          </dl>
          {cap === null ? null : (
            <Meter
              label="Cap of overages"
              value={cost}
              max={cap}
              text={`${shareText(cost, cap)} of the cap of this cycle`}
            />
          )}
          <p class="quiet">
            {"In this billing cycle, which began "}
            <When ms={sinceMs} now={now} />
          </p>
        </>
      )}
    </section>
  )
}

function History({ product, range, days, byEndpoint, now, href, csvHref }: MarketUsageProps): JSX.Element {
  const calls = days.reduce((sum, day) => sum + day.passed + day.failed + day.refused, 0)
  return (
    <FigureSection id="history" title="Calls" href={href} csvHref={csvHref}>
      <DateRange {...range} action={marketPath(product.slug, "usage")} hash="#history" />
      {calls === 0 ? (
        <Empty
          title="No call in these days"
          text="Each call with one of your keys is counted here, refused ones too."
        />
      ) : (
        <>
          <StackedBarChart
            id="calls"
            title="Calls a day"
            unit={counted("Calls", "call", "calls")}
            days={days.map(({ dayMs }) => dayMs)}
            now={now}
            series={[
              { label: "Answered", values: days.map(({ passed }) => passed) },
              { label: "Failed", values: days.map(({ failed }) => failed) },
              { label: "Refused", values: days.map(({ refused }) => refused) },
            ]}
          />
          <h3>By endpoint</h3>
          <Table
            caption="Calls by endpoint"
            hideCaption
            columns={[
              { label: "Endpoint" },
              { label: "Calls", numeric: true },
              { label: "Units", numeric: true },
              { label: "Errors", numeric: true },
              { label: "Median time", numeric: true, minor: true },
            ]}
            rows={byEndpoint.map((one) => [
              <bdi safe>{one.endpoint}</bdi>,
              <Count value={one.calls} />,
              <Count value={one.units} />,
              <Count value={one.errors} />,
              <span class="num" safe>
                {one.medianMs === null ? "" : `${count(one.medianMs)} ms`}
              </span>,
            ])}
          />
        </>
      )}
    </FigureSection>
  )
}

function Hits({ hits, rates, now, product }: MarketUsageProps): JSX.Element {
  return (
    <section aria-labelledby="hits-title">
      <h2 id="hits-title">Limits that were hit</h2>
      {rates.length === 0 ? null : (
        <p class="quiet" safe>
          {`Rates of your plan: ${rates.map((one) => `${rateText(one)}${one.endpoint === null ? " to each endpoint" : ` to ${one.endpoint}`}`).join("; ")}.`}
        </p>
      )}
      <Table
        caption="Limits that were hit"
        hideCaption
        columns={[
          { label: "When" },
          { label: "Endpoint" },
          { label: "Limit" },
          { label: "Refused calls", numeric: true },
        ]}
        rows={hits.map((hit) => [
          <When ms={hit.atMs} now={now} />,
          <bdi safe>{hit.endpoint}</bdi>,
          <span safe>{hit.what}</span>,
          <Count value={hit.calls} />,
        ])}
        empty={
          <Empty
            title="None was hit"
            text="Calls that were refused for a rate or a quota in the last days stand here."
          />
        }
      />
      <p class="quiet">
        <a href={`${marketPath(product.slug, "calls")}?only=errors`}>All that failed or were refused</a>
      </p>
    </section>
  )
}
