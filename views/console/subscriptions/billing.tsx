// What API subscriptions cost: each with plan, next payment, bill of the period, overages and quick actions; and all their invoices.
import type { Nano } from "../../../src/app/units.ts"
import { ConsoleLayout } from "../../layout/console.tsx"
import { Facts } from "../../layout/detail-page.tsx"
import type { Frame } from "../../layout/frame.ts"
import { usdText } from "../../ui/format.ts"
import { Badge, Button, Empty, Segments, Table, Time, Usd, When } from "../../ui/index.ts"
import { type SubscriptionRow, subscriptionPath } from "./list.tsx"
import { priceText, SubscriptionState } from "./words.tsx"

export interface BillRow {
  kind: "trial" | "period" | "upgrade" | "overage"
  api: string
  plan: string
  fromMs: number
  toMs: number
  amount: Nano
  state: "due" | "paid" | "void"
  atMs: number
  /** INV-2026-001; null = nothing was to be paid. */
  invoice: string | null
  /** What of it went back to the credits that paid. */
  refunds: readonly { amount: Nano; note: string }[]
}

export interface PaymentMethod {
  /** "Visa ending in 4242"; null = none is saved. */
  card: string | null
  autoRecharge: boolean
  /** Bought credits that are free now. */
  has: Nano
}

const KINDS: Readonly<Record<BillRow["kind"], string>> = {
  trial: "Trial",
  period: "Plan",
  upgrade: "Change of plan",
  overage: "Beyond the plan",
}
const STATES = {
  due: { text: "Unpaid", tone: "warn" },
  paid: { text: "Paid", tone: "ok" },
  void: { text: "Not to be paid", tone: "neutral" },
} as const

export function Bills({
  bills,
  now,
  caption,
}: {
  bills: readonly BillRow[]
  now: number
  caption: string
}): JSX.Element {
  return (
    <Table
      caption={caption}
      hideCaption
      columns={[
        { label: "For" },
        { label: "Time", minor: true },
        { label: "State" },
        { label: "Date", minor: true },
        { label: "Invoice" },
        { label: "Amount", numeric: true },
      ]}
      rows={bills.map((bill) => [
        <bdi safe>{`${bill.api}: ${KINDS[bill.kind]} ${bill.kind === "overage" ? "" : bill.plan}`.trim()}</bdi>,
        <>
          <Time ms={bill.fromMs} kind="day" />
          {" – "}
          <Time ms={bill.toMs} kind="day" />
        </>,
        <Badge {...STATES[bill.state]} />,
        <When ms={bill.atMs} now={now} />,
        bill.invoice === null ? (
          <span class="quiet">None</span>
        ) : (
          <a href={`/credits/invoices/${encodeURIComponent(bill.invoice)}`} safe>
            {bill.invoice}
          </a>
        ),
        <>
          <Usd amount={bill.amount} />
          <GivenBack bill={bill} />
        </>,
      ])}
      empty={<Empty title="Nothing yet" text="Each payment stands here, with its invoice." />}
    />
  )
}

function GivenBack({ bill: { invoice, refunds } }: { bill: BillRow }): JSX.Element {
  return (
    <>
      {refunds.map(({ amount, note }) => (
        <p class="quiet">
          {"Given back: "}
          <Usd amount={amount} />
          {", "}
          <a href={`/credits/invoices/${encodeURIComponent(invoice ?? "")}/notes/${encodeURIComponent(note)}`} safe>
            {note}
          </a>
        </p>
      ))}
    </>
  )
}

export function PaymentMethodWords({ card, autoRecharge, has }: PaymentMethod): JSX.Element {
  const words =
    card === null
      ? "No card is saved."
      : `${card}, ${autoRecharge ? "charged by itself when credits are short" : "not charged by itself"}.`
  return (
    <p>
      {"Plans are paid with bought credits; you have "}
      <Usd amount={has} />
      {" of them. "}
      <span safe>{words}</span> <a href="/credits/cards">Cards and auto-recharge</a>
    </p>
  )
}

/** What one of them costs, and what can be done about it. */
export function BillingFacts({
  row,
  now,
  last,
  onItsPage = false,
  mayPay = true,
}: {
  row: SubscriptionRow
  now: number
  last: BillRow | undefined
  onItsPage?: boolean
  mayPay?: boolean
}): JSX.Element {
  return (
    <>
      <Facts
        wide
        facts={[
          { label: "Plan", text: `${row.plan}, ${priceText(row.price, row.cycle)}` },
          { label: "State", value: <SubscriptionState state={row.state} /> },
          {
            label: "Next payment",
            value: row.next ? (
              <>
                <span
                  safe
                >{`${row.next.amount === 0 ? "Nothing" : usdText(row.next.amount)} for ${row.next.plan}, `}</span>
                <When ms={row.next.atMs} now={now} />
              </>
            ) : (
              <span>None</span>
            ),
          },
          { label: "This period’s bill", value: last ? <Usd amount={last.amount} /> : <span>Nothing</span> },
          { label: "Beyond the plan so far", value: <Usd amount={row.overage} /> },
        ]}
      />
      {mayPay ? <QuickActions row={row} invoice={last?.invoice ?? null} onItsPage={onItsPage} /> : null}
    </>
  )
}

function QuickActions({
  row,
  invoice,
  onItsPage,
}: {
  row: SubscriptionRow
  invoice: string | null
  onItsPage: boolean
}): JSX.Element {
  const path = subscriptionPath(row.id)
  const isLiving = row.state !== "ended" && row.state !== "banned"
  return (
    <div class="actions">
      {isLiving && row.state !== "refused" && row.state !== "past_due" ? (
        <Button kind="plain" small href={`${path}/plan`} label="Change plan" />
      ) : null}
      {invoice === null ? null : (
        <Button kind="plain" small href={`/credits/invoices/${encodeURIComponent(invoice)}`} label="Last receipt" />
      )}
      {onItsPage ? null : <Button kind="plain" small href={path} label="Usage and history" />}
      {isLiving && row.state !== "cancelled" ? (
        <Button kind="plain" small dialog href={`${path}/cancellation`} label="Cancel" />
      ) : null}
    </div>
  )
}

export interface BillingProps {
  frame: Frame
  now: number
  rows: readonly SubscriptionRow[]
  /** Bill of the present period, by subscription. */
  last: ReadonlyMap<string, BillRow>
  bills: readonly BillRow[]
  /** Which of them are shown; null = all. */
  shown: BillRow["state"] | null
  method: PaymentMethod
}

const SHOWN = [
  { state: null, label: "All" },
  { state: "paid", label: "Paid" },
  { state: "due", label: "Unpaid" },
] as const

/** GET /subscriptions/billing?state= */
export function BillingPage({ frame, now, rows, last, bills, shown, method }: BillingProps): JSX.Element {
  const links = SHOWN.map(({ state, label }) => ({
    label,
    href: `/subscriptions/billing${state === null ? "" : `?state=${state}`}`,
    current: shown === state,
  }))
  return (
    <ConsoleLayout
      frame={frame}
      title="Billing of API subscriptions"
      lead="What each API costs you, when it is paid next, and every receipt."
      up={{ href: "/subscriptions", label: "API subscriptions" }}
    >
      <section aria-labelledby="method-title">
        <h2 id="method-title">How it is paid</h2>
        <PaymentMethodWords {...method} />
      </section>
      {rows.map((row) => (
        <section aria-labelledby={`of-${row.id}`}>
          <h2 id={`of-${row.id}`}>
            <bdi safe>{row.title}</bdi>
          </h2>
          <BillingFacts row={row} now={now} last={last.get(row.id)} />
        </section>
      ))}
      <section aria-labelledby="bills-title">
        <h2 id="bills-title">Invoices and receipts</h2>
        <Segments label="Which" links={links} />
        <Bills bills={bills} now={now} caption="Invoices and receipts" />
      </section>
    </ConsoleLayout>
  )
}
