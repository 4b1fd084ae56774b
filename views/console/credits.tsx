// What do I have, and where did it go? Balance, lots in the order they will be spent, and the whole history with filters.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { count, creditsExact, creditsText, daySpan, plural } from "../ui/format.ts"
import { Button, DateRange, Empty, Icon, Pager, type RangeName, Worth } from "../ui/index.ts"
import { creditsAt } from "../ui/together.ts"
import { BuyCredits, type BuyProps } from "./buy.tsx"
import { heldWords, LotList, type LotRow, lotPlaces } from "./lots.tsx"
import { type MovementDay, Statement } from "./movement.tsx"

export interface CreditsFilterProps {
  /** Values of the form, "" = all. */
  kind: string
  app: string
  range: RangeName
  from: string
  to: string
  /** Latest day that can be chosen, "2026-03-31". */
  today: string
  kinds: readonly { value: string; label: string }[]
  apps: readonly { value: string; label: string }[]
  error: string | null
  errorIn: "days" | "app" | null
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
  days: readonly MovementDay[]
  /** Rows of the filter; `isMore`: at least so many. */
  total: { count: number; isMore: boolean }
  newerHref?: string | undefined
  olderHref?: string | undefined
  csvHref: string
  /** What is on sale; nothing where credits cannot be bought. */
  buy?: BuyProps | undefined
}

/** GET /credits?kind=&app=&range=|from=&to=&before=|after= */
export function CreditsPage(props: CreditsProps): JSX.Element {
  const { frame, now } = props
  return (
    <ConsoleLayout frame={frame} title="Credits" lead="What you have, and where it went.">
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
            <LotList now={now} lots={props.lots} more={props.moreLots} />
          </section>
        ) : (
          <Empty
            title="No credits at the moment"
            text="Credits come every day for free. Claim them on the dashboard."
            action={<Button href="/dashboard" label="Go to the dashboard" />}
          />
        )}
      </div>

      {props.buy ? <BuyCredits frame={frame} buy={props.buy} /> : null}

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
    </ConsoleLayout>
  )
}

/** Nothing has ever moved: there is nothing to search or to take along. */
const isEmpty = ({ days, filter, newerHref }: CreditsProps): boolean =>
  days.length === 0 && !filter.active && filter.error === null && !newerHref

/** GET forms and links: every view of the history has an address. */
function HistoryFilter({ filter, days }: CreditsProps): JSX.Element {
  const { kind, app, errorIn } = filter
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
        keep={{ kind, app }}
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

function History(props: CreditsProps): JSX.Element {
  const { now, days, filter, newerHref } = props
  if (days.length > 0)
    return (
      <>
        <p class="quiet" safe>
          {spanWords(props)}
        </p>
        <Statement days={days} now={now} />
      </>
    )
  // The filter itself says what to change.
  if (filter.error !== null) return ""
  if (filter.active || newerHref)
    return (
      <Empty
        title="Nothing matches"
        text="Choose other days, another kind or another app."
        action={<Button href="/credits#history" label="Show all" swap="history" />}
      />
    )
  return <Empty title="No transactions yet" text="Every credit that comes or goes appears here, with its reason." />
}

/** "12–14 March · 25 of 310 movements · days are UTC". */
function spanWords({ days, now, total }: CreditsProps): string {
  const shown = days.reduce((sum, day) => sum + day.movements.length, 0)
  const [last, first] = [days[0]!.dayMs, days.at(-1)!.dayMs]
  const all = total.isMore ? `more than ${count(total.count - 1)}` : count(total.count)
  const rows = total.count > shown ? `${count(shown)} of ${all} movements` : plural(shown, "movement")
  return `${daySpan(first, last, now)} · ${rows} · days are UTC`
}
