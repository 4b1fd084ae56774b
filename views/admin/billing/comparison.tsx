// What Stripe says against what the books say: by kind, and every object that both tell differently, with what to do about it.
import type { Nano } from "../../../src/app/units.ts"
import { ConsoleLayout } from "../../layout/console.tsx"
import type { Frame } from "../../layout/frame.ts"
import { Badge, Button, DateRange, Empty, Form, Id, Notice, Table, Time, Usd, When } from "../../ui/index.ts"
import type { SpanProps } from "./span.tsx"
import { BillingTabs } from "./tabs.tsx"

export interface ComparedRow {
  label: string
  processor: Nano
  books: Nano
  elsewhere: Nano
  difference: Nano
}

export interface Named {
  id: string
  href: string | null
}

export interface DifferenceRow {
  kind: "not_in_books" | "not_at_processor" | "amounts" | "fee_not_booked"
  /** "Payments". */
  label: string
  /** At Stripe, with the page of its dashboard. */
  object: Named | null
  /** The order, or the invoice of a plan; no link where it has no page here. */
  payment: Named | null
  person: { label: string; href: string } | null
  transactions: readonly Named[]
  processor: Nano
  books: Nano
  atMs: number
  text: string | null
}

export interface AdminComparisonProps {
  frame: Frame
  now: number
  span: SpanProps
  parked: number
  /** Whether it can be read now. */
  isOn: boolean
  readThroughMs: number | null
  lines: readonly ComparedRow[]
  differences: readonly DifferenceRow[]
  isMore: boolean
  /** What went to the operator's bank, and what is of other business. */
  bank: Nano
  foreign: Nano
  /** Must return to 0. */
  clearing: readonly { label: string; stands: Nano }[]
}

/** GET /admin/billing/comparison?range=|from=&to=. POST /admin/billing/comparison/reading: csrf. */
export function AdminComparisonPage(props: AdminComparisonProps): JSX.Element {
  const { frame, now, span, parked, isOn, readThroughMs, differences } = props
  return (
    <ConsoleLayout
      frame={frame}
      title="Stripe and the books"
      section="Admin"
      lead="Each payment, refund, dispute and fee that Stripe tells of, beside what the books have."
      action={
        isOn ? (
          <Form action="/admin/billing/comparison/reading" csrf={frame.csrf} class="inline">
            <Button kind="primary" label="Read the statement now" />
          </Form>
        ) : undefined
      }
    >
      <BillingTabs at="comparison" parked={parked} />
      <DateRange
        action="/admin/billing/comparison"
        current={span.range}
        from={span.from}
        to={span.to}
        max={span.today}
        error={span.error ?? undefined}
      />
      <p class="quiet">
        {readThroughMs === null ? (
          "Stripe's statement has not been read yet. It is, once an hour."
        ) : (
          <>
            {"Stripe's statement is read up to "}
            <When ms={readThroughMs} now={now} />
            {", once an hour."}
          </>
        )}
      </p>
      {span.error === null && readThroughMs !== null ? (
        <>
          <Verdict count={differences.length} />
          <Lines {...props} />
          <Differences {...props} />
          <Clearing {...props} />
        </>
      ) : null}
    </ConsoleLayout>
  )
}

function Verdict({ count }: { count: number }): JSX.Element {
  if (count === 0) return <Notice tone="ok" text="Both say the same, object by object." />
  const words =
    count === 1 ? "One object differs. It is named below." : `${count} objects differ. They are named below.`
  return <Notice tone="bad" text={words} />
}

function Lines({ lines, bank, foreign }: AdminComparisonProps): JSX.Element {
  return (
    <section aria-labelledby="lines-title">
      <h2 id="lines-title">In these days</h2>
      <Table
        caption="What Stripe and the books say in these days"
        hideCaption
        columns={[
          { label: "Kind" },
          { label: "Stripe", numeric: true },
          { label: "Books", numeric: true },
          { label: "On another day", numeric: true, minor: true },
          { label: "Difference", numeric: true },
        ]}
        rows={lines.map(({ label, processor, books, elsewhere, difference }) => [
          <span safe>{label}</span>,
          <Usd amount={processor} />,
          <Usd amount={books} />,
          <Usd amount={elsewhere} />,
          difference === 0 ? <Badge tone="ok" text="None" /> : <Usd amount={difference} />,
        ])}
      />
      <p class="quiet">
        Money in is above zero. “On another day” is told by both, but by one of them before or after these days.
        {bank === 0 ? null : (
          <>
            {" To your bank went "}
            <Usd amount={bank} />.
          </>
        )}
        {foreign === 0 ? null : (
          <>
            {" Other business of this Stripe account, which is not compared: "}
            <Usd amount={foreign} />.
          </>
        )}
      </p>
    </section>
  )
}

const KINDS: Record<DifferenceRow["kind"], string> = {
  not_in_books: "Stripe only",
  not_at_processor: "Books only",
  amounts: "Amounts differ",
  fee_not_booked: "Not booked",
}

const REMEDIES: Record<DifferenceRow["kind"], string> = {
  not_in_books:
    "The books do not know it. If it is an order of ours, replay its event under Events; else somebody made it at Stripe by hand: give it back there.",
  not_at_processor:
    "Stripe knows no payment for it. Look at the transaction in the wallet; if nobody paid, take the credits back.",
  amounts: "Both know it, with other amounts. Look at the object at Stripe, then correct the wallet by hand.",
  fee_not_booked:
    "It was kept in another currency and Stripe tells no rate. Count it in your own accounting; these books leave it out.",
}

function Differences({ differences, isMore, now }: AdminComparisonProps): JSX.Element {
  return (
    <section aria-labelledby="differences-title">
      <h2 id="differences-title">Differences</h2>
      <Table
        caption="Objects that Stripe and the books tell differently"
        hideCaption
        columns={[
          { label: "Object" },
          { label: "What" },
          { label: "Stripe", numeric: true },
          { label: "Books", numeric: true },
          { label: "When", minor: true },
        ]}
        rows={differences.map((one) => [
          <Names one={one} />,
          <div>
            <span class="badges">
              <Badge tone="bad" text={KINDS[one.kind]} />
              <span safe>{one.label}</span>
            </span>
            <p class="quiet" safe>
              {REMEDIES[one.kind]}
            </p>
            {one.text === null ? null : (
              <p class="quiet">
                <bdi safe>{one.text}</bdi>
              </p>
            )}
          </div>,
          <Usd amount={one.processor} />,
          <Usd amount={one.books} />,
          <When ms={one.atMs} now={now} />,
        ])}
        empty={
          <Empty
            title="No differences"
            text="What Stripe and the books would tell differently is named here, with what to do."
          />
        }
      />
      {isMore ? <p class="quiet">There are more. Look at fewer days.</p> : null}
    </section>
  )
}

function Names({ one: { object, payment, person, transactions } }: { one: DifferenceRow }): JSX.Element {
  return (
    <span class="person">
      {object === null ? null : <Name of={object} />}
      {payment === null ? null : <Name of={payment} />}
      {person === null ? null : (
        <a href={person.href}>
          <bdi safe>{person.label}</bdi>
        </a>
      )}
      {transactions.slice(0, TRANSACTIONS_SHOWN).map((one) => (
        <Name of={one} />
      ))}
    </span>
  )
}

const TRANSACTIONS_SHOWN = 3

const Name = ({ of: { id, href } }: { of: Named }): JSX.Element => <Id text={id} {...(href === null ? {} : { href })} />

function Clearing({ clearing, now }: AdminComparisonProps): JSX.Element {
  return (
    <section aria-labelledby="clearing-title">
      <h2 id="clearing-title">Accounts that return to zero</h2>
      <Table
        caption="Accounts that return to zero"
        hideCaption
        compact
        columns={[{ label: "Account" }, { label: "Stands", numeric: true }, { label: "State" }]}
        rows={clearing.map(({ label, stands }) => [
          <span safe>{label}</span>,
          <Usd amount={stands} />,
          stands === 0 ? <Badge tone="ok" text="At zero" /> : <Badge tone="warn" text="On its way" />,
        ])}
      />
      <p class="quiet">
        {"What stands there is decided by a bank or arrives later. As of "}
        <Time ms={now} />.
      </p>
    </section>
  )
}
