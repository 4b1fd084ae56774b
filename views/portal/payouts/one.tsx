// One payout: how much, where to, and everything that happened to it, newest first.
import type { Nano } from "../../../src/app/units.ts"
import { ConfirmPage } from "../../layout/confirm-page.tsx"
import { DetailPage } from "../../layout/detail-page.tsx"
import type { Frame } from "../../layout/frame.ts"
import { usdText } from "../../ui/format.ts"
import { Button, type FormView, Id, Notice, Timeline, type TimelineEvent, Usd } from "../../ui/index.ts"
import { PayoutBadge, type PayoutRow } from "./row.tsx"

const PATH = "/developer/payouts"

export interface PayoutDetail extends PayoutRow {
  bySchedule: boolean
  approvedMs: number | null
  /** "$1 = 0.92 EUR" */
  rate: string | null
  /** Why it was refused or came back. */
  because: string | null
  /** Of the payment, as the bank has it. */
  reference: string | null
}

export interface PayoutProps {
  frame: Frame
  now: number
  payout: PayoutDetail
}

export function PayoutPage({ frame, now, payout }: PayoutProps): JSX.Element {
  return (
    <DetailPage
      frame={frame}
      title={`Payout of ${usdText(payout.amount)}`}
      section="Developer"
      up={{ href: PATH, label: "Payouts" }}
      state={<PayoutBadge {...payout} />}
      facts={{ heading: "Payout", list: payoutFacts(payout) }}
    >
      {payout.because === null ? null : <Notice tone="bad" text={payout.because} />}
      <section aria-labelledby="events-title">
        <h2 id="events-title">What happened</h2>
        <Timeline now={now} events={payoutEvents(payout)} />
      </section>
      {payout.state === "requested" ? (
        <div class="actions">
          <Button
            kind="danger"
            dialog
            href={`${PATH}/${encodeURIComponent(payout.id)}/withdrawal`}
            label="Take it back"
          />
        </div>
      ) : null}
    </DetailPage>
  )
}

export const payoutFacts = (payout: PayoutDetail) => [
  { label: "Id", value: <Id text={payout.id} /> },
  { label: "Amount", value: <Usd amount={payout.amount} /> },
  { label: "To", text: payout.to ?? "Nowhere, it is a test" },
  ...(payout.arrives === null ? [] : [{ label: "Arrives as", text: payout.arrives }]),
  ...(payout.rate === null ? [] : [{ label: "Rate", text: payout.rate }]),
  ...(payout.reference === null ? [] : [{ label: "Reference", text: payout.reference }]),
]

const ENDS = {
  paid: { title: "Paid", tone: "ok" },
  rejected: { title: "Refused; the money is available again", tone: "bad" },
  failed: { title: "Came back; the money is available again", tone: "bad" },
  withdrawn: { title: "Taken back; the money is available again", tone: "neutral" },
} as const

/** Newest first. */
export function payoutEvents(payout: PayoutDetail): TimelineEvent[] {
  const { state, resolvedMs, approvedMs, isTest } = payout
  const end = state === "requested" || state === "approved" || resolvedMs === null ? null : ENDS[state]
  return [
    ...(end === null || resolvedMs === null
      ? []
      : [{ title: isTest ? "Went through, as a test" : end.title, tone: end.tone, atMs: resolvedMs }]),
    ...(approvedMs === null ? [] : [{ title: "Approved", atMs: approvedMs }]),
    { title: payout.bySchedule ? "Asked for, on the day of monthly payouts" : "Asked for", atMs: payout.askedMs },
  ]
}

export interface PayoutWithdrawalProps {
  frame: Frame
  payout: { id: string; amount: Nano }
  form: FormView
}

export function PayoutWithdrawalPage({ frame, payout, form }: PayoutWithdrawalProps): JSX.Element {
  const path = `${PATH}/${encodeURIComponent(payout.id)}`
  return (
    <ConfirmPage
      frame={frame}
      title="Take this payout back?"
      section="Developer"
      up={{ href: path, label: "Payout" }}
      form={form}
      cancelHref={path}
      words={[`${usdText(payout.amount)} are available to you again. You can ask for them another time.`]}
    />
  )
}
