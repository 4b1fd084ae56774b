// What do I have, and where did it go? Balance, lots in the order they will be spent, and the whole history with filters.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { creditsExact, creditsNumber, creditsText } from "../ui/format.ts"
import { Button, Empty, Icon, Pager } from "../ui/index.ts"
import { LotList, type LotRow } from "./lots.tsx"
import { type Movement, MovementList } from "./movement.tsx"

export interface CreditsFilterProps {
  /** Values of the form, "" = all. */
  kind: string
  app: string
  from: string
  to: string
  /** Latest day that can be chosen, "2026-03-31". */
  today: string
  kinds: readonly { value: string; label: string }[]
  apps: readonly { value: string; label: string }[]
  /** Links that keep the rest of the filter. */
  ranges: readonly { label: string; href: string; current: boolean }[]
  error: string | null
  /** Something is filtered. */
  active: boolean
}

export interface CreditsProps {
  frame: Frame
  now: number
  spendable: Nano
  held: Nano
  debt?: Nano | undefined
  lots: readonly LotRow[]
  moreLots?: { count: number; amount: Nano } | undefined
  filter: CreditsFilterProps
  /** Newest first, one page. */
  movements: readonly Movement[]
  newerHref?: string | undefined
  olderHref?: string | undefined
  /** The search stopped before the page was full; `olderHref` goes on. */
  stopped?: boolean | undefined
  csvHref: string
}

/** GET /credits?kind=&app=&range=|from=&to=&before=|after= */
export function CreditsPage(props: CreditsProps): JSX.Element {
  const { frame, now } = props
  return (
    <ConsoleLayout frame={frame} title="Credits" lead="What you have, and where it went.">
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
      </section>

      <section aria-labelledby="lots-title">
        <h2 id="lots-title">What you have, in the order it is spent</h2>
        {props.lots.length > 0 ? (
          <LotList now={now} lots={props.lots} more={props.moreLots} />
        ) : (
          <Empty
            title="No credits at the moment"
            text="Credits come every day for free: claim them on the dashboard."
            action={<Button href="/dashboard" label="Go to the dashboard" />}
          />
        )}
      </section>

      <section aria-labelledby="history-title" id="history">
        <div class="history-head">
          <h2 id="history-title">History</h2>
          <a class="button plain small" href={props.csvHref} download="">
            <Icon name="download" />
            <span>Download CSV</span>
          </a>
        </div>
        <HistoryFilter filter={props.filter} />
        <History {...props} />
        <Pager label="Pages of the history" previousHref={props.newerHref} nextHref={props.olderHref} />
      </section>
    </ConsoleLayout>
  )
}

function heldWords({ held, debt }: CreditsProps): string {
  if (debt) return `You owe ${creditsText(debt)}. The next credits you buy pay it first.`
  if (held > 0) return `${creditsText(held)} more are held by calls in progress.`
  return "Nothing is held by calls in progress."
}

/** A GET form: every view of the history has an address. The links choose days, the form everything. */
function HistoryFilter({ filter }: { filter: CreditsFilterProps }): JSX.Element {
  const current = filter.ranges.find((range) => range.current)
  return (
    <search class="history-filter">
      <nav class="segments" aria-label="Last days">
        {filter.ranges.map((range) => (
          <a href={range.href} aria-current={range === current ? "true" : undefined} safe>
            {range.label}
          </a>
        ))}
      </nav>
      <form method="get" action="/credits" class="filter-form">
        <Choice name="kind" label="Kind" all="All kinds" value={filter.kind} options={filter.kinds} />
        <Choice name="app" label="App" all="All apps" value={filter.app} options={filter.apps} />
        <Day name="from" label="From" value={filter.from} filter={filter} />
        <Day name="to" label="To" value={filter.to} filter={filter} />
        <Button label="Show" />
        {filter.active ? <Button kind="link" href="/credits#history" label="Show all" /> : null}
      </form>
      {filter.error === null ? null : (
        <p class="error" id="filter-error" role="alert">
          <Icon name="alert" />
          <span safe>{filter.error}</span>
        </p>
      )}
    </search>
  )
}

interface ChoiceProps {
  name: string
  label: string
  all: string
  value: string
  options: readonly { value: string; label: string }[]
}

function Choice({ name, label, all, value, options }: ChoiceProps): JSX.Element {
  return (
    <div class="field">
      <label for={`filter-${name}`} safe>
        {label}
      </label>
      <select id={`filter-${name}`} name={name}>
        <option value="" safe>
          {all}
        </option>
        {options.map((option) => (
          <option value={option.value} selected={option.value === value} safe>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  )
}

interface DayProps {
  name: string
  label: string
  value: string
  filter: CreditsFilterProps
}

function Day({ name, label, value, filter }: DayProps): JSX.Element {
  return (
    <div class="field">
      <label for={`filter-${name}`} safe>
        {label}
      </label>
      <input
        type="date"
        id={`filter-${name}`}
        name={name}
        value={value}
        max={filter.today}
        aria-invalid={filter.error ? "true" : undefined}
        aria-describedby={filter.error ? "filter-error" : undefined}
      />
    </div>
  )
}

function History({ now, movements, filter, stopped, newerHref }: CreditsProps): JSX.Element {
  if (movements.length > 0) {
    return (
      <>
        <MovementList movements={movements} now={now} />
        {stopped ? <p class="quiet">There may be more: go on with “Older”.</p> : null}
      </>
    )
  }
  if (filter.error !== null) return <Empty title="Nothing to show yet" text="Mend the filter above, then press Show." />
  if (stopped)
    return (
      <Empty title="Nothing charged so far" text="Many calls cost nothing. Go on with “Older” to look further back." />
    )
  if (filter.active || newerHref)
    return (
      <Empty
        title="Nothing matches"
        text="Choose other days, another kind or another app."
        action={<Button href="/credits#history" label="Show all" />}
      />
    )
  return <Empty title="No movements yet" text="Every credit that comes or goes stands here, with its reason." />
}
