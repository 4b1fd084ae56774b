// The books: the last proof with each promise in plain words, proofs before it, the trial balance, and the way out with all of it.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { Frame } from "../layout/frame.ts"
import { count } from "../ui/format.ts"
import {
  Badge,
  Button,
  Count,
  CreditMeter,
  Credits,
  Form,
  Icon,
  Id,
  Notice,
  Progress,
  Stat,
  Table,
  timeTitle,
  When,
} from "../ui/index.ts"
import { type BooksCheck, Checks } from "./books-checks.tsx"
import { exactUsd, usdPlaces } from "./exact.ts"

export interface BooksRun {
  id: number
  startedMs: number
  tookMs: number
  by: string
  ok: boolean
  transactions: number
  head: string | null
}

export interface BalanceLine {
  label: string
  /** What stands there, in a few words. */
  meaning: string
  live: string
  test: string
  /** Comes back to zero when everything has arrived. */
  clearing?: boolean | undefined
}

export interface AdminBooksProps {
  frame: Frame
  now: number
  running: { done: number; of: number; name: string } | null
  /** Newest first; the first is the last proof, with what it looked at. */
  runs: readonly BooksRun[]
  /** Which of the runs is shown. */
  shown: BooksRun | undefined
  checks: readonly BooksCheck[]
  balance: readonly BalanceLine[]
  /** Sums of the lines: "0" each when the books balance. */
  totals: { live: string; test: string }
  /** Null: no limit is set. */
  freeBudget: { used: Nano; bound: Nano | null }
}

/** GET /admin/books?run=. POST /admin/books/verification: csrf. GET /admin/books.jsonl. */
export function AdminBooksPage(props: AdminBooksProps): JSX.Element {
  const { frame, shown, running } = props
  return (
    <ConsoleLayout
      frame={frame}
      live
      title="Books"
      section="Admin"
      lead="Every unit of money, proved: what was checked last, and what stands in each account."
      action={
        running ? (
          <Button href="/admin/books" label="Look again" />
        ) : (
          <Form action="/admin/books/verification" csrf={frame.csrf} class="inline">
            <Button kind="primary" label="Verify now" />
          </Form>
        )
      }
    >
      {running ? <Running {...running} /> : null}
      {shown ? (
        <LastRun {...props} run={shown} />
      ) : running ? null : (
        <Notice text="The books have not been verified yet. They are, once an hour." />
      )}
      <Balance {...props} />
      <FreeBudget {...props} />
      <History {...props} />
      <section aria-labelledby="export-title">
        <h2 id="export-title">Take the books with you</h2>
        <p class="quiet">
          One JSON line per transaction, with the hash chain. “purser ledger import” reads it into an empty folder and
          ends with the same balances and the same last hash.
        </p>
        <div class="actions">
          <Button icon="download" href="/admin/books.jsonl" label="Export the books" />
        </div>
      </section>
    </ConsoleLayout>
  )
}

/** Asks again every second where scripts run; without them there is a link. */
export function Running({ done, of, name }: { done: number; of: number; name: string }): JSX.Element {
  return (
    <div id="books-running" hx-get="/admin/books/progress" hx-trigger="every 1s" hx-swap="outerHTML" aria-live="polite">
      <Progress
        id="books-progress"
        label="Verifying the books"
        value={done}
        max={of}
        text={`${done} of ${of}: ${name}`}
      />
    </div>
  )
}

function LastRun({ now, run, runs, checks }: AdminBooksProps & { run: BooksRun }): JSX.Element {
  const failed = checks.filter((check) => check.violations > 0)
  const isLast = run.id === runs[0]?.id
  return (
    <section class={run.ok ? "truth ok" : "truth bad"} aria-labelledby="last-title">
      <h2 id="last-title">
        <Icon name={run.ok ? "check" : "cross"} />
        <span>{run.ok ? "The books balance" : "The books do not balance"}</span>
        {isLast ? null : <span class="quiet">{" (an earlier proof)"}</span>}
      </h2>
      <dl class="stats">
        <Stat label="Verified">
          <When ms={run.startedMs} now={now} />
        </Stat>
        <Stat label="Took">
          <span class="num" safe>
            {tookText(run.tookMs)}
          </span>
        </Stat>
        <Stat label="Transactions">
          <Count value={run.transactions} />
        </Stat>
        <Stat label="Promises kept">
          <span class="num" safe>
            {`${checks.length - failed.length} of ${checks.length}`}
          </span>
        </Stat>
      </dl>
      {run.head ? (
        <p class="head-hash">
          <span class="quiet">{"Hash of the newest transaction "}</span>
          <Id text={run.head} />
        </p>
      ) : null}
      <Checks checks={checks} />
    </section>
  )
}

const tookText = (ms: number): string =>
  ms < 1_000 ? `${count(ms)} ms` : ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`

function Balance({ balance, totals }: AdminBooksProps): JSX.Element {
  const places = {
    live: usdPlaces(balance.map((line) => line.live)),
    test: usdPlaces(balance.map((line) => line.test)),
  }
  const total: BalanceLine = { label: "Sum", meaning: "Zero, to the last unit.", ...totals }
  // A column of zeros says nothing, and one exact column still fits beside the names on a phone.
  const hasTest = balance.some((line) => line.test !== "0")
  return (
    <section aria-labelledby="balance-title">
      <h2 id="balance-title">Trial balance</h2>
      <p class="quiet" safe>
        {`What is owed or earned stands above zero, what it came from below.${hasTest ? "" : " The test books are empty."}`}
      </p>
      <Table
        caption="Trial balance"
        hideCaption
        compact={!hasTest}
        columns={[
          { label: "Account" },
          { label: "Live", numeric: true },
          ...(hasTest ? [{ label: "Test", numeric: true }] : []),
        ]}
        rows={[...balance, total].map((line) => [
          <span class={line === total ? "person sum" : "person"}>
            <span class="badges">
              <span safe>{line.label}</span>
              {line.clearing ? <Clearing line={line} /> : null}
            </span>
            <span class="quiet" safe>
              {line.meaning}
            </span>
          </span>,
          <Amount nano={line.live} places={places.live} />,
          ...(hasTest ? [<Amount nano={line.test} places={places.test} />] : []),
        ])}
      />
    </section>
  )
}

function FreeBudget({ freeBudget: { used, bound } }: AdminBooksProps): JSX.Element {
  return (
    <section aria-labelledby="budget-title">
      <h2 id="budget-title">Free budget, granted today (UTC)</h2>
      {bound === null ? (
        <p>
          <Credits amount={used} />
          <span class="quiet">{"; no limit is set. "}</span>
          <a href="/admin/plans">Set one</a>
        </p>
      ) : (
        <div class="page-form">
          <CreditMeter label="Granted today of the free budget" used={used} limit={bound} />
        </div>
      )}
    </section>
  )
}

const Clearing = ({ line }: { line: BalanceLine }): JSX.Element =>
  line.live === "0" && line.test === "0" ? <Badge tone="ok" text="Cleared" /> : <Badge tone="warn" text="On its way" />

const Amount = ({ nano, places }: { nano: string; places: number }): JSX.Element => (
  <span class={nano === "0" ? "num quiet" : "num"} title={`n$ ${nano}`} safe>
    {exactUsd(nano, places)}
  </span>
)

function History({ runs, shown, now }: AdminBooksProps): JSX.Element {
  if (runs.length === 0) return ""
  return (
    <section aria-labelledby="runs-title">
      <h2 id="runs-title">Proofs</h2>
      <p class="quiet" safe>
        {`${runs.length === 1 ? "One proof so far" : `The last ${count(runs.length)} proofs`}; one runs every hour.`}
      </p>
      <Table
        caption="Proofs"
        hideCaption
        columns={[
          { label: "When" },
          { label: "Result" },
          { label: "Transactions", numeric: true },
          { label: "Took", numeric: true },
          { label: "Asked by" },
        ]}
        rows={runs.map((run) => [
          <a
            href={`/admin/books?run=${run.id}`}
            title={timeTitle(run.startedMs)}
            aria-current={run.id === shown?.id ? "true" : undefined}
          >
            <When ms={run.startedMs} now={now} />
          </a>,
          run.ok ? <Badge tone="ok" text="Balanced" /> : <Badge tone="bad" text="Wrong" />,
          <Count value={run.transactions} />,
          <span class="num" safe>
            {tookText(run.tookMs)}
          </span>,
          <bdi safe>{run.by}</bdi>,
        ])}
      />
    </section>
  )
}
