// Who subscribed to an API, for an admin who helps a consumer or steps in: plan, state, use, and what can be done.
import type { Nano } from "../../src/app/units.ts"
import { priceText, type QuotaRow, Quotas } from "../console/subscriptions/words.tsx"
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { DetailPage } from "../layout/detail-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { ListPage } from "../layout/list-page.tsx"
import { Badge, Button, Empty, FormOf, type FormView, Id, RowLink, Usd, When } from "../ui/index.ts"

export interface AdminConsumerRow {
  id: string
  href: string
  /** As they call themselves; may be empty. */
  name: string
  /** Null = the account is gone. */
  userHref: string | null
  plan: string
  price: Nano
  cycle: "week" | "month" | "year"
  state: "trialing" | "active" | "past_due" | "banned" | "ended"
  sinceMs: number
  quotas: readonly QuotaRow[]
  overage: Nano
  /** Why it was blocked or ended. */
  reason: string | null
}

const STATES = {
  trialing: { text: "Trial", tone: "ok" },
  active: { text: "Active", tone: "ok" },
  past_due: { text: "Unpaid", tone: "warn" },
  banned: { text: "Blocked", tone: "bad" },
  ended: { text: "Ended", tone: "neutral" },
} as const

const called = ({ name }: Pick<AdminConsumerRow, "name">): string => name || "Without a name"

interface OfProduct {
  title: string
  href: string
}

export interface AdminConsumersProps {
  frame: Frame
  now: number
  product: OfProduct
  rows: readonly AdminConsumerRow[]
  olderHref: string | undefined
}

/** GET /admin/products/:product/consumers */
export function AdminConsumersPage({ frame, now, product, rows, olderHref }: AdminConsumersProps): JSX.Element {
  return (
    <ListPage
      frame={frame}
      title="Consumers"
      section="Admin"
      lead={`Who subscribed to ${product.title}, newest first.`}
      up={{ href: product.href, label: product.title }}
      table={{
        caption: "Consumers",
        columns: [
          { label: "Who" },
          { label: "Plan" },
          { label: "Used", minor: true },
          { label: "Since", minor: true },
          { label: "State" },
        ],
        rows: rows.map((row) => [
          <RowLink href={row.href} label={called(row)} />,
          <bdi safe>{row.plan}</bdi>,
          <Quotas quotas={row.quotas} of={called(row)} />,
          <When ms={row.sinceMs} now={now} />,
          <Badge {...STATES[row.state]} />,
        ]),
        empty: <Empty title="Nobody yet" text="Whoever subscribes stands here, with what they use." />,
      }}
      pager={olderHref === undefined ? undefined : { label: "Consumers", nextHref: olderHref }}
    />
  )
}

export interface AdminConsumerProps {
  frame: Frame
  now: number
  product: OfProduct
  consumer: AdminConsumerRow
  move: FormView
  unblock: FormView | null
}

/** GET /admin/products/:product/consumers/:consumer */
export function AdminConsumerPage({ frame, now, product, consumer, move, unblock }: AdminConsumerProps): JSX.Element {
  const isOver = consumer.state === "ended"
  const name = called(consumer)
  return (
    <DetailPage
      frame={frame}
      title={name}
      section="Admin"
      lead={`A consumer of ${product.title}.`}
      up={{ href: `${product.href}/consumers`, label: "Consumers" }}
      facts={{
        heading: "Subscription",
        list: [
          { label: "State", value: <Badge {...STATES[consumer.state]} /> },
          { label: "Plan", text: `${consumer.plan}, ${priceText(consumer.price, consumer.cycle)}` },
          { label: "Since", value: <When ms={consumer.sinceMs} now={now} /> },
          { label: "Above the plan, this period", value: <Usd amount={consumer.overage} /> },
          { label: "Subscription", value: <Id text={consumer.id} /> },
          ...(consumer.userHref === null
            ? []
            : [{ label: "Account", value: <RowLink href={consumer.userHref} label={name} /> }]),
          ...(consumer.reason ? [{ label: "Reason", text: consumer.reason }] : []),
        ],
      }}
    >
      <section aria-labelledby="use-title">
        <h2 id="use-title">Used</h2>
        <Quotas quotas={consumer.quotas} of={name} />
        {isOver || consumer.quotas.length === 0 ? null : (
          <div class="actions">
            <Button dialog href={`${consumer.href}/quota`} label="Give the quota back" />
          </div>
        )}
      </section>
      {isOver ? null : <Acts frame={frame} consumer={consumer} move={move} unblock={unblock} />}
    </DetailPage>
  )
}

function Acts({
  frame,
  consumer,
  move,
  unblock,
}: Pick<AdminConsumerProps, "frame" | "consumer" | "move" | "unblock">): JSX.Element {
  return (
    <>
      <section aria-labelledby="move-title">
        <h2 id="move-title">Move to another plan</h2>
        <p class="quiet page-form">
          It counts at once and costs them nothing until the period ends. From a dearer plan they go back with the next
          period, unless they choose to stay.
        </p>
        <FormOf form={move} csrf={frame.csrf} class="form page-form" isPlain />
      </section>
      <section aria-labelledby="block-title">
        <h2 id="block-title">Block or end</h2>
        <p class="quiet page-form">
          Blocking refuses calls until somebody unblocks; the publisher can, too. Ending is for good. Payments are given
          back from their invoices.
        </p>
        <div class="actions">
          {unblock ? (
            <FormOf form={unblock} csrf={frame.csrf} />
          ) : (
            <Button kind="danger" dialog href={`${consumer.href}/block`} label="Block" />
          )}
          <Button dialog href={`${consumer.href}/end`} label="End the subscription" />
        </div>
      </section>
    </>
  )
}

export interface AdminConsumerActProps {
  frame: Frame
  /** The consumer. */
  at: { href: string; label: string }
  title: string
  words: string
  form: FormView
}

/** GET …/quota, …/block and …/end */
export function AdminConsumerActPage({ frame, at, title, words, form }: AdminConsumerActProps): JSX.Element {
  return (
    <ConfirmPage frame={frame} title={title} section="Admin" up={at} form={form} words={[words]} cancelHref={at.href} />
  )
}
