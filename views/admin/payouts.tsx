// Payouts that developers and publishers asked for, by what they wait for; one of them; and the questions before a decision.
import type { Nano } from "../../src/app/units.ts"
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import { DetailPage } from "../layout/detail-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { type PayoutDetail, payoutEvents, payoutFacts } from "../portal/payouts/one.tsx"
import { PayoutBadge, type PayoutRow, type PayoutState } from "../portal/payouts/row.tsx"
import { usdText } from "../ui/format.ts"
import { Button, Empty, type FormView, Notice, Pager, RowLink, Table, Tabs, Timeline, Usd, When } from "../ui/index.ts"

const LIST = "/admin/payouts"
const pathOf = (id: string): string => `${LIST}/${encodeURIComponent(id)}`

interface Whose {
  who: string
  whoHref: string | null
  /** Why their payouts are held; null = they are not. */
  held: string | null
}

export interface AdminPayoutsProps {
  frame: Frame
  now: number
  state: PayoutState
  counts: Partial<Record<PayoutState, number>>
  rows: readonly (PayoutRow & Whose)[]
  /** Whose payouts are held. */
  held: readonly (Whose & { reason: string; heldMs: number })[]
  /** Who sent documents that nobody has looked at. */
  documents: readonly { who: string; href: string; atMs: number }[]
  firstHref?: string | undefined
  nextHref?: string | undefined
}

const TABS = [
  ["requested", "Waiting"],
  ["approved", "Approved"],
  ["paid", "Paid"],
  ["failed", "Came back"],
  ["rejected", "Refused"],
  ["withdrawn", "Taken back"],
] as const satisfies readonly (readonly [PayoutState, string])[]

const EMPTY: Readonly<Record<PayoutState, string>> = {
  requested: "What developers ask for stands here, the oldest first.",
  approved: "What you approve waits here until it is sent.",
  paid: "What was paid stands here, the newest first.",
  failed: "What did not arrive stands here. Its money returned.",
  rejected: "What you refused stands here. Its money returned.",
  withdrawn: "What its developer took back stands here.",
}

export function AdminPayoutsPage(props: AdminPayoutsProps): JSX.Element {
  const { frame, now, state, counts, rows, firstHref, nextHref } = props
  const canChoose = state === "requested" && rows.length > 0
  return (
    <ConsoleLayout
      frame={frame}
      title="Payouts"
      section="Admin"
      lead="What developers and publishers asked to be paid. Approve it, send it, and say what came of it."
      action={<Button kind="primary" href={`${LIST}/files`} label="Files for the bank" />}
    >
      <Tabs
        label="Which payouts"
        tabs={TABS.map(([name, label]) => ({
          label,
          href: name === "requested" ? LIST : `${LIST}?state=${name}`,
          current: name === state,
          count: name === "requested" || name === "approved" ? String(counts[name] ?? 0) : undefined,
        }))}
      />
      <section aria-labelledby="list-title">
        <h2 id="list-title" class="sr">
          Payouts
        </h2>
        <Choice isOpen={canChoose}>
          <Table
            caption="Payouts"
            hideCaption
            columns={[
              ...(canChoose ? [{ label: "Chosen" }] : []),
              { label: "Payout" },
              { label: "Developer" },
              { label: "To" },
              { label: "State" },
              { label: "Asked for" },
              { label: "Arrives as", numeric: true, minor: true },
              { label: "Amount", numeric: true },
            ]}
            rows={rows.map((row) => [
              ...(canChoose ? [<Tick {...row} />] : []),
              <RowLink href={pathOf(row.id)} label={`…${row.id.slice(-6)}`} />,
              <Person {...row} />,
              <bdi safe>{row.to ?? ""}</bdi>,
              <PayoutBadge {...row} />,
              <When ms={row.askedMs} now={now} />,
              <span class="num" safe>
                {row.arrives ?? "—"}
              </span>,
              <Usd amount={row.amount} />,
            ])}
            empty={<Empty title="Nothing here" text={EMPTY[state]} />}
          />
        </Choice>
        <Pager label="More payouts" firstHref={firstHref} nextHref={nextHref} />
      </section>
      <Documents {...props} />
      <Held {...props} />
    </ConsoleLayout>
  )
}

/** GET /admin/payouts/approvals: payout, one for each that is ticked. */
function Choice({ isOpen, children }: { isOpen: boolean; children: JSX.Element }): JSX.Element {
  if (!isOpen) return children
  return (
    <form method="get" action={`${LIST}/approvals`}>
      {children}
      <Button label="Approve those ticked" />
    </form>
  )
}

function Tick({ id, who, amount }: PayoutRow & Whose): JSX.Element {
  return <input type="checkbox" name="payout" value={id} aria-label={`${usdText(amount)} of ${who}`} />
}

function Person({ who, whoHref, held }: Whose): JSX.Element {
  return (
    <>
      {whoHref === null ? (
        <bdi safe>{who}</bdi>
      ) : (
        <a href={whoHref}>
          <bdi safe>{who}</bdi>
        </a>
      )}
      {held === null ? null : <span class="quiet">, held</span>}
    </>
  )
}

function Held({ held, now }: AdminPayoutsProps): JSX.Element {
  if (held.length === 0) return ""
  return (
    <section aria-labelledby="held-title">
      <h2 id="held-title">Held</h2>
      <Table
        caption="Whose payouts are held"
        hideCaption
        columns={[{ label: "Developer" }, { label: "Why" }, { label: "Since" }]}
        rows={held.map((one) => [
          <Person {...one} held={null} />,
          <bdi safe>{one.reason}</bdi>,
          <When ms={one.heldMs} now={now} />,
        ])}
      />
    </section>
  )
}

function Documents({ documents, now }: AdminPayoutsProps): JSX.Element {
  if (documents.length === 0) return ""
  return (
    <section aria-labelledby="documents-title">
      <h2 id="documents-title">Documents to look at</h2>
      <Table
        caption="Documents to look at"
        hideCaption
        columns={[{ label: "Developer" }, { label: "Sent" }]}
        rows={documents.map(({ who, href, atMs }) => [
          <a href={href}>
            <bdi safe>{who}</bdi>
          </a>,
          <When ms={atMs} now={now} />,
        ])}
      />
    </section>
  )
}

export interface AdminPayoutProps extends Whose {
  frame: Frame
  now: number
  payout: PayoutDetail
  /** What refunds since they asked left them owing, below 0; null = nothing. */
  owes: Nano | null
}

export function AdminPayoutPage({ frame, now, payout, owes, ...whose }: AdminPayoutProps): JSX.Element {
  const path = pathOf(payout.id)
  return (
    <DetailPage
      frame={frame}
      title={`Payout of ${usdText(payout.amount)}`}
      section="Admin"
      up={{ href: LIST, label: "Payouts" }}
      state={<PayoutBadge {...payout} />}
      facts={{
        heading: "Payout",
        list: [{ label: "Developer", value: <Person {...whose} held={null} /> }, ...payoutFacts(payout)],
      }}
    >
      {whose.held === null ? null : <Notice tone="warn" text={`Payouts of this developer are held: ${whose.held}`} />}
      {owes === null ? null : (
        <Notice
          tone="warn"
          text={`Refunds since they asked left this developer owing ${usdText(owes).replace("\u2212", "")}. If you refuse this payout, it is set off; if you pay it, it comes off what they earn next.`}
        />
      )}
      {payout.because === null ? null : <Notice tone="bad" text={payout.because} />}
      {payout.state === "requested" ? (
        <div class="actions">
          <Button kind="primary" dialog href={`${path}/approval`} label="Approve" />
          <Button kind="danger" dialog href={`${path}/rejection`} label="Refuse" />
        </div>
      ) : null}
      {payout.state === "approved" ? (
        <div class="actions">
          <Button kind="primary" dialog href={`${path}/payment`} label="Mark as paid" />
          <Button kind="danger" dialog href={`${path}/failure`} label="It came back" />
          {payout.inFile ? null : <Button kind="danger" dialog href={`${path}/rejection`} label="Refuse" />}
        </div>
      ) : null}
      <section aria-labelledby="events-title">
        <h2 id="events-title">What happened</h2>
        <Timeline now={now} events={payoutEvents(payout)} />
      </section>
    </DetailPage>
  )
}

export type PayoutActName = "approval" | "rejection" | "payment" | "failure"

export interface AdminPayoutActProps {
  frame: Frame
  act: PayoutActName
  payout: PayoutDetail
  who: string
  form: FormView
}

const ACTS: Readonly<Record<PayoutActName, { title: string; words: string }>> = {
  approval: {
    title: "Approve this payout?",
    words: "Currency and rate are fixed now, and it can go into a file for the bank. Its developer gets a mail.",
  },
  rejection: {
    title: "Refuse this payout?",
    words: "The money is its developer’s again. They get a mail, and read what you say here.",
  },
  payment: {
    title: "Was it paid?",
    words: "Say so only once the money has left: this cannot be undone. Its developer gets a mail with the reference.",
  },
  failure: {
    title: "Did it come back?",
    words: "The money is its developer’s again. They get a mail, and read what you say here.",
  },
}

export function AdminPayoutActPage({ frame, act, payout, who, form }: AdminPayoutActProps): JSX.Element {
  const { title, words } = ACTS[act]
  return (
    <ConfirmPage
      frame={frame}
      title={title}
      section="Admin"
      up={{ href: pathOf(payout.id), label: "Payout" }}
      form={form}
      cancelHref={pathOf(payout.id)}
      words={[`${usdText(payout.amount)} for ${who}, to: ${payout.to ?? "nowhere"}.`, words]}
    />
  )
}
