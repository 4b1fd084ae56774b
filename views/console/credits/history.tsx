// The whole history under a filter: every view of it has an address, by links and GET forms.
import { count, daySpan, plural } from "../../ui/format.ts"
import { Button, DateRange, Empty, Icon, Pager, type RangeName } from "../../ui/index.ts"
import { type MovementDay, Statement } from "../movement.tsx"

export interface CreditsFilterProps {
  /** Values of the form, "" = all. */
  kind: string
  app: string
  key: string
  range: RangeName
  from: string
  to: string
  /** Latest day that can be chosen, "2026-03-31". */
  today: string
  kinds: readonly { value: string; label: string }[]
  apps: readonly { value: string; label: string }[]
  /** Own keys: none, and they are not asked for. */
  keys: readonly { value: string; label: string }[]
  /** Whole days after which a call no longer names its key. */
  keyKeptDays: number
  error: string | null
  errorIn: "days" | "app" | "key" | null
  /** Something is filtered. */
  active: boolean
}

export interface HistoryProps {
  now: number
  filter: CreditsFilterProps
  /** Newest first, one page. */
  days: readonly MovementDay[]
  /** Rows of the filter; `isMore`: at least so many. */
  total: { count: number; isMore: boolean }
  newerHref?: string | undefined
  olderHref?: string | undefined
  csvHref: string
}

export function HistorySection(props: HistoryProps): JSX.Element {
  return (
    <section aria-labelledby="history-title" id="history">
      <div class="section-head">
        <h2 id="history-title">Transactions</h2>
        {isEmpty(props) || props.filter.error !== null ? null : (
          <a class="button plain small" href={props.csvHref} download="">
            <Icon name="download" />
            <span>Download CSV</span>
          </a>
        )}
      </div>
      {isEmpty(props) ? null : <HistoryFilter {...props} />}
      <History {...props} />
      <Pager label="Pages of transactions" swap="history" previousHref={props.newerHref} nextHref={props.olderHref} />
    </section>
  )
}

/** Nothing has ever moved: there is nothing to search or to take along. */
const isEmpty = ({ days, filter, newerHref }: HistoryProps): boolean =>
  days.length === 0 && !filter.active && filter.error === null && !newerHref

/** GET forms and links: every view of the history has an address. */
function HistoryFilter({ filter, days }: HistoryProps): JSX.Element {
  const { kind, app, key, errorIn } = filter
  // Where nothing matches, the empty list has the link.
  const canClear = filter.active && (days.length > 0 || filter.error !== null)
  return (
    <search>
      <DateRange
        id="filter"
        action="/credits"
        hash="#history"
        withAll
        current={filter.range}
        from={filter.from}
        to={filter.to}
        max={filter.today}
        error={filter.error ?? undefined}
        daysAreWrong={errorIn === "days"}
        keep={{ kind, app, key }}
        fields={
          <>
            <Choice name="kind" label="Kind" all="All kinds" value={kind} options={filter.kinds} />
            <Choice
              name="app"
              label="App"
              all="All apps"
              value={app}
              options={filter.apps}
              isWrong={errorIn === "app"}
            />
            {filter.keys.length === 0 && errorIn !== "key" ? null : (
              <Choice
                name="key"
                label="Key"
                all="All keys"
                value={key}
                options={filter.keys}
                isWrong={errorIn === "key"}
              />
            )}
          </>
        }
        isAuto
        clearHref={canClear ? "/credits#history" : undefined}
      />
    </search>
  )
}

interface ChoiceProps {
  name: string
  label: string
  all: string
  value: string
  options: readonly { value: string; label: string }[]
  isWrong?: boolean | undefined
}

function Choice({ name, label, all, value, options, isWrong }: ChoiceProps): JSX.Element {
  return (
    <div class="field">
      <label for={`filter-${name}`} safe>
        {label}
      </label>
      <select
        id={`filter-${name}`}
        name={name}
        data-auto=""
        aria-invalid={isWrong ? "true" : undefined}
        aria-describedby={isWrong ? "filter-error" : undefined}
      >
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

function History(props: HistoryProps): JSX.Element {
  const { now, days, filter, newerHref } = props
  if (days.length > 0)
    return (
      <>
        <p class="quiet" safe>
          {spanWords(props)}
        </p>
        {filter.key === "" ? null : (
          <p class="quiet" safe>
            {keptWords(filter)}
          </p>
        )}
        <Statement days={days} now={now} />
      </>
    )
  // The filter itself says what to change.
  if (filter.error !== null) return ""
  if (filter.active || newerHref)
    return (
      <Empty
        title="Nothing matches"
        text={
          filter.key === ""
            ? "Choose other days, another kind or another app."
            : `Choose other days or another key. ${keptWords(filter)}`
        }
        action={<Button href="/credits#history" label="Show all" swap="history" />}
      />
    )
  return <Empty title="No transactions yet" text="Every credit that comes or goes appears here, with its reason." />
}

const keptWords = ({ keyKeptDays }: CreditsFilterProps): string =>
  `Calls older than ${plural(keyKeptDays, "day")} no longer say which key they used: find them under all keys.`

/** "12–14 March · 25 of 310 movements · days are UTC". */
function spanWords({ days, now, total }: HistoryProps): string {
  const shown = days.reduce((sum, day) => sum + day.movements.length, 0)
  const [last, first] = [days[0]!.dayMs, days.at(-1)!.dayMs]
  const all = total.isMore ? `more than ${count(total.count - 1)}` : count(total.count)
  const rows = total.count > shown ? `${count(shown)} of ${all} movements` : plural(shown, "movement")
  return `${daySpan(first, last, now)} · ${rows} · days are UTC`
}
