// What was used, by day, app, model, endpoint, kind and key: totals with the time before, charts with their tables, each as a file too.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import {
  AreaChart,
  Bars,
  Button,
  Count,
  CREDITS,
  CreditsUsed,
  cellsOf,
  counted,
  DateRange,
  Delta,
  Donut,
  Empty,
  type RangeName,
  Select,
  StackedBarChart,
  Stat,
  Table,
  withOther,
} from "../ui/index.ts"
import { type Definition, Definitions, FigureSection } from "./figures.tsx"
import { LatestRequests, type RequestRow } from "./request.tsx"
import { type CacheUsed, Free, Saved } from "./usage-totals.tsx"

export interface UsedFigures {
  used: Nano
  calls: number
  errors: number
  refused: number
  inputTokens: number
  outputTokens: number
}

export interface UsedRow extends UsedFigures {
  name: string
  href?: string | undefined
}

type CutName = "app" | "model" | "endpoint" | "scope" | "key" | "payer"

export interface UsageProps {
  frame: Frame
  range: RangeName
  from: string
  to: string
  /** Today, UTC. */
  max: string
  error?: string | undefined
  /** Public ids, and the name of a model; "" for all. */
  app: string
  apiKey: string
  model: string
  apps: readonly { id: string; name: string }[]
  keys: readonly { id: string; name: string }[]
  /** Names of models of these days. */
  models: readonly string[]
  totals: UsedFigures
  before: UsedFigures
  cache: CacheUsed
  days: readonly (UsedFigures & { dayMs: number })[]
  cuts: Readonly<Record<CutName, readonly UsedRow[]>>
  now: number
  /** The newest requests; none where the page is of one app, model or key. */
  latest?: readonly RequestRow[] | undefined
  /** Of a team: who used what. */
  members?: readonly UsedRow[] | undefined
  /** Of daily claims that have not expired; a team has none. */
  free?: { used: Nano; granted: Nano } | undefined
  /** This page with its filters. */
  href: string
  csvOf: Readonly<Record<CutName | "member" | "day", string>>
  definitions: readonly Definition[]
}

const PATH = "/usage"
const CALLS = counted("Calls", "call", "calls")
const TOKENS = counted("Tokens", "token", "tokens")
const BARS = 6

export function UsagePage(props: UsageProps): JSX.Element {
  const { totals, members } = props
  const isQuiet = totals.calls + totals.refused === 0
  return (
    <ConsoleLayout
      frame={props.frame}
      title="Usage"
      lead={`What ${members ? "the team used, and who of it" : "your apps and keys used"}, exact to the last call. Days are UTC.`}
      action={<Button href={props.csvOf.day} icon="download" label="CSV" />}
    >
      <Filters {...props} />
      <Totals {...props} />
      {isQuiet ? (
        <Empty
          title="Nothing used in these days"
          text="Calls of your apps and keys stand here a second after they happened."
          action={members ? undefined : <Button href="/apps" label="See your apps" />}
        />
      ) : (
        <>
          <Days {...props} />
          {members ? <Cut {...props} cut="member" title="By person" head="Person" chart="bars" /> : null}
          <Cut {...props} cut="app" title="By app" head="App" chart="bars" />
          <Cut {...props} cut="model" title="By model" head="Model" chart="bars" />
          <Cut {...props} cut="scope" title="By kind" head="Kind" chart="donut" />
          <Cut {...props} cut="endpoint" title="By endpoint" head="Endpoint" />
          <Cut {...props} cut="key" title="By API key" head="API key" />
          <Cut {...props} cut="payer" title="By who paid the provider" head="Paid by" />
          <Saved {...props.cache} />
        </>
      )}
      {props.latest && !(isQuiet && props.latest.length === 0) ? (
        <LatestRequests rows={props.latest} now={props.now} />
      ) : null}
      <Definitions items={props.definitions}>
        <p class="quiet">
          {"Every movement of your credits, one by one: "}
          <a href="/credits">Credits</a>
          {"."}
        </p>
      </Definitions>
    </ConsoleLayout>
  )
}

const named = (all: readonly { id: string; name: string }[], label: string) => [
  { value: "", label },
  ...all.map(({ id, name }) => ({ value: id, label: name })),
]

function Filters(props: UsageProps): JSX.Element {
  const { app, apiKey, model } = props
  const models = [{ value: "", label: "All models" }, ...props.models.map((name) => ({ value: name, label: name }))]
  const isFiltered = app !== "" || apiKey !== "" || model !== ""
  return (
    <DateRange
      action={PATH}
      current={props.range}
      from={props.from}
      to={props.to}
      max={props.max}
      error={props.error}
      keep={{ app, key: apiKey, model }}
      fields={
        <>
          <Select name="app" label="App" value={app} options={named(props.apps, "All apps")} auto />
          <Select name="model" label="Model" value={model} options={models} auto />
          <Select name="key" label="API key" value={apiKey} options={named(props.keys, "All keys")} auto />
        </>
      }
      isAuto
      clearHref={isFiltered ? PATH : undefined}
    />
  )
}

function Totals({ totals, before, days, free }: UsageProps): JSX.Element {
  const than = `the ${days.length} days before`
  return (
    <section aria-labelledby="totals-title">
      <h2 id="totals-title">In these days</h2>
      <dl class="stats">
        <Stat label="Credits used" change={<Delta now={totals.used} before={before.used} than={than} />}>
          <CreditsUsed amount={totals.used} />
        </Stat>
        <Stat
          label="Calls"
          change={<Delta now={totals.calls} before={before.calls} than={than} />}
          note={`${totals.errors.toLocaleString("en-US")} failed, ${totals.refused.toLocaleString("en-US")} refused`}
        >
          <Count value={totals.calls} />
        </Stat>
        <Stat label="Tokens in" change={<Delta now={totals.inputTokens} before={before.inputTokens} than={than} />}>
          <Count value={totals.inputTokens} />
        </Stat>
        <Stat label="Tokens out" change={<Delta now={totals.outputTokens} before={before.outputTokens} than={than} />}>
          <Count value={totals.outputTokens} />
        </Stat>
      </dl>
      {free ? <Free free={free} /> : null}
    </section>
  )
}

function Days({ days, href, csvOf }: UsageProps): JSX.Element {
  const at = days.map(({ dayMs }) => dayMs)
  return (
    <FigureSection id="days" title="By day" href={href} csvHref={csvOf.day}>
      <h3>Credits used</h3>
      <AreaChart
        id="used"
        title="Credits used per day"
        unit={CREDITS}
        days={at}
        series={[{ label: "Credits", values: days.map(({ used }) => used) }]}
      />
      <h3>Calls</h3>
      <StackedBarChart
        id="calls"
        title="Calls per day"
        unit={CALLS}
        days={at}
        series={[
          { label: "Answered", values: days.map(({ calls, errors }) => calls - errors) },
          { label: "Failed", values: days.map(({ errors }) => errors) },
          { label: "Refused", values: days.map(({ refused }) => refused) },
        ]}
      />
      <h3>Tokens</h3>
      <StackedBarChart
        id="tokens"
        title="Tokens per day"
        unit={TOKENS}
        days={at}
        series={[
          { label: "In", values: days.map(({ inputTokens }) => inputTokens) },
          { label: "Out", values: days.map(({ outputTokens }) => outputTokens) },
        ]}
      />
    </FigureSection>
  )
}

interface CutProps extends UsageProps {
  cut: CutName | "member"
  title: string
  head: string
  chart?: "bars" | "donut"
}

function Cut({ cut, title, head, chart, cuts, members = [], href, csvOf }: CutProps): JSX.Element {
  const rows = cut === "member" ? members : cuts[cut]
  if (rows.length === 0) return ""
  const slices = rows.flatMap(({ name, used, href: to }) => (used > 0 ? [{ label: name, used, href: to }] : []))
  const named = `Credits used, ${title.toLowerCase()}`
  const written = cellsOf(
    rows.map(({ used }) => used),
    CREDITS,
  )
  return (
    <FigureSection id={`by-${cut}`} title={title} href={href} csvHref={csvOf[cut]}>
      {chart === "bars" && slices.length > 1 ? (
        <Bars title={named} head={head} slices={withOther(slices, BARS)} />
      ) : null}
      {chart === "donut" && slices.length > 1 ? (
        <Donut id={`${cut}-donut`} title={named} head={head} slices={slices} />
      ) : null}
      <Table
        caption={title}
        hideCaption
        columns={[
          { label: head },
          { label: "Credits", numeric: true },
          { label: "Calls", numeric: true },
          ...["Failed", "Refused", "Tokens in", "Tokens out"].map((label) => ({ label, numeric: true, minor: true })),
        ]}
        rows={rows.map((row, at) => [
          <UsedBy {...row} />,
          <span class="num" title={CREDITS.exact(row.used)} safe>
            {written[at]!}
          </span>,
          <Count value={row.calls} />,
          <Count value={row.errors} />,
          <Count value={row.refused} />,
          <Count value={row.inputTokens} />,
          <Count value={row.outputTokens} />,
        ])}
      />
    </FigureSection>
  )
}

const UsedBy = ({ name, href }: UsedRow): JSX.Element =>
  href ? (
    <a href={href}>
      <bdi safe>{name}</bdi>
    </a>
  ) : (
    <bdi safe>{name}</bdi>
  )
