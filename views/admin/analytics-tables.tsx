// The tables of the operator's analytics: what models and upstreams cost and brought, what failed, who used most, who came back.
import { FigureSection, Latency, Share } from "../console/figures.tsx"
import { Count, Credits, Table, Usd } from "../ui/index.ts"
import { usdPlaces } from "../ui/together.ts"
import type { AdminAnalyticsProps, HousePartRow, TopRow } from "./analytics.tsx"

interface MoneyProps {
  caption: string
  head: string
  rows: readonly HousePartRow[]
  withTimes?: boolean
}

export function Money({ caption, head, rows, withTimes = false }: MoneyProps): JSX.Element {
  const times = [
    { label: "Mean time", numeric: true, minor: true },
    { label: "First token", numeric: true, minor: true },
  ]
  const places = usdPlaces(rows.flatMap(({ upstream, developers, revenue }) => [upstream, developers, revenue]))
  return (
    <Table
      caption={caption}
      hideCaption
      columns={[
        { label: head },
        { label: "Calls", numeric: true },
        { label: "Failed", numeric: true, minor: true },
        ...(withTimes ? times : []),
        { label: "Credits used", numeric: true, minor: true },
        { label: "Upstream cost", numeric: true },
        ...(withTimes ? [] : [{ label: "Developers", numeric: true, minor: true }]),
        { label: "Revenue", numeric: true },
        { label: "Margin", numeric: true },
      ]}
      rows={rows.map((row) => [
        row.href ? (
          <a href={row.href}>
            <bdi safe>{row.name}</bdi>
          </a>
        ) : (
          <bdi safe>{row.name}</bdi>
        ),
        <Count value={row.calls} />,
        <Count value={row.errors} />,
        ...(withTimes ? [<Latency ms={row.latencyMs} />, <Latency ms={row.firstTokenMs} />] : []),
        <Credits amount={row.used} />,
        <Usd amount={row.upstream} places={places} />,
        ...(withTimes ? [] : [<Usd amount={row.developers} places={places} />]),
        <Usd amount={row.revenue} places={places} />,
        <Share text={row.margin} />,
      ])}
    />
  )
}

interface CodesProps extends AdminAnalyticsProps {
  id: "errors" | "refusals"
  title: string
  rows: readonly { code: string; calls: number }[]
  none: string
}

export function Codes({ id, title, rows, none, href, csvOf }: CodesProps): JSX.Element {
  return (
    <FigureSection id={id} title={title} href={href} csvHref={csvOf[id]}>
      {rows.length === 0 ? (
        <p class="quiet" safe>
          {none}
        </p>
      ) : (
        <Table
          caption={title}
          hideCaption
          compact
          columns={[{ label: "Code" }, { label: "Calls", numeric: true }]}
          rows={rows.map((row) => [<code safe>{row.code}</code>, <Count value={row.calls} />])}
        />
      )}
    </FigureSection>
  )
}

interface TopProps extends AdminAnalyticsProps {
  id: "users" | "apps"
  title: string
  head: string
  rows: readonly TopRow[]
}

export function Top({ id, title, head, rows, href, csvOf }: TopProps): JSX.Element {
  return (
    <FigureSection id={id} title={title} href={href} csvHref={csvOf[id]}>
      <Table
        caption={title}
        hideCaption
        columns={[{ label: head }, { label: "Calls", numeric: true }, { label: "Credits used", numeric: true }]}
        rows={rows.map((row) => [<TopName {...row} />, <Count value={row.calls} />, <Credits amount={row.used} />])}
      />
    </FigureSection>
  )
}

/** How many of each month's people came back, month by month. */
export function Cohorts({ cohorts: all, href, csvOf }: AdminAnalyticsProps): JSX.Element {
  // Months before the first sign-up say nothing.
  const first = all.findIndex(({ people }) => people > 0)
  const cohorts = all.slice(first < 0 ? all.length - 1 : first)
  const later = cohorts.map((_, at) => (at === 0 ? "That month" : `Month ${at}`))
  return (
    <FigureSection
      id="cohorts"
      title="Cohorts"
      href={href}
      csvHref={csvOf.cohorts}
      note="People by the month of their sign-up, and how many of them called then and in each month after."
    >
      <Table
        caption="Who came back, by month of the sign-up"
        hideCaption
        compact
        scrolls
        columns={[
          { label: "Signed up in" },
          { label: "People", numeric: true },
          ...later.map((label) => ({ label, numeric: true })),
        ]}
        rows={cohorts.map(({ month, people, active }) => [
          <span safe>{month}</span>,
          <Count value={people} />,
          ...later.map((_, at) => {
            const called = active[at]
            if (called === undefined) return <span class="quiet">–</span>
            const share = people === 0 ? "" : ` (${Math.round((100 * called) / people)}%)`
            return <span class="num" safe>{`${called.toLocaleString("en-US")}${share}`}</span>
          }),
        ])}
      />
    </FigureSection>
  )
}

const TopName = ({ name, href }: TopRow): JSX.Element => {
  const shown = (
    <bdi class="clip" title={name} safe>
      {name}
    </bdi>
  )
  return href === undefined ? shown : <a href={href}>{shown as "safe"}</a>
}
