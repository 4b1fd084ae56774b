// What apps did, parted by app, endpoint, model, kind or who paid the provider.
import { FigureSection, Latency } from "../console/figures.tsx"
import { Count, counted, StackedBarChart, Table, Usd } from "../ui/index.ts"
import { usdPlaces } from "../ui/together.ts"
import type { AnalyticsProps, PartRow } from "./analytics.tsx"

interface PartsProps {
  id: string
  title: string
  head: string
  rows: readonly PartRow[]
  /** The page with its filters. */
  href: string
  csvHref: string
}

function Parts({ id, title, head, rows, href, csvHref }: PartsProps): JSX.Element {
  const places = usdPlaces(rows.map(({ earned }) => earned))
  return (
    <FigureSection id={id} title={title} href={href} csvHref={csvHref}>
      <Table
        caption={title}
        hideCaption
        columns={[
          { label: head },
          { label: "Calls", numeric: true },
          { label: "Failed", numeric: true },
          { label: "Active users", numeric: true, minor: true },
          { label: "Mean time", numeric: true, minor: true },
          { label: "Earned", numeric: true },
        ]}
        rows={rows.map((row) => [
          <bdi safe>{row.name}</bdi>,
          <Count value={row.calls} />,
          <Count value={row.errors} />,
          <Count value={row.activeUsers} />,
          <Latency ms={row.latencyMs} />,
          <Usd amount={row.earned} places={places} />,
        ])}
      />
    </FigureSection>
  )
}

/** Each day, parted by endpoint; nothing where there is one alone. */
export function EndpointDays({ days, endpointCalls, href, csvOf }: AnalyticsProps): JSX.Element {
  if (endpointCalls.length < 2) return ""
  return (
    <FigureSection id="endpoint-days" title="Calls by endpoint" href={href} csvHref={csvOf["endpoint-day"]}>
      <StackedBarChart
        id="endpoint-calls"
        title="Calls per day by endpoint"
        unit={counted("Calls", "call", "calls")}
        days={days.map(({ dayMs }) => dayMs)}
        series={endpointCalls.map(({ name, values }) => ({ label: name, values }))}
      />
    </FigureSection>
  )
}

export function EachPart({ byApp, endpoints, models, kinds, payers, href, csvOf }: AnalyticsProps): JSX.Element {
  return (
    <>
      {byApp.length > 1 ? (
        <Parts id="apps" title="By app" head="App" rows={byApp} href={href} csvHref={csvOf.app} />
      ) : null}
      <Parts id="endpoints" title="By endpoint" head="Endpoint" rows={endpoints} href={href} csvHref={csvOf.endpoint} />
      <Parts id="models" title="By model" head="Model" rows={models} href={href} csvHref={csvOf.model} />
      <Parts id="kinds" title="By kind" head="Kind" rows={kinds} href={href} csvHref={csvOf.scope} />
      <Parts
        id="payers"
        title="By who paid the provider"
        head="Paid by"
        rows={payers}
        href={href}
        csvHref={csvOf.payer}
      />
    </>
  )
}
