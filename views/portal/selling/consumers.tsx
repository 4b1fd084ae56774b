// Who subscribed to an API, for its publisher: name, plan, state and use. No address, nothing of payment.
import type { Nano } from "../../../src/app/units.ts"
import { priceText, type QuotaRow, Quotas } from "../../console/subscriptions/words.tsx"
import { ConfirmPage } from "../../layout/confirm-page.tsx"
import { DetailPage } from "../../layout/detail-page.tsx"
import type { Frame } from "../../layout/frame.ts"
import { ListPage } from "../../layout/list-page.tsx"
import { plural, usdText } from "../../ui/format.ts"
import { Badge, Button, Empty, FormOf, type FormView, Id, RowLink, Table, Time, Usd, When } from "../../ui/index.ts"
import { ProductTabs } from "../publisher/product-frame.tsx"
import type { OfProduct } from "./plans.tsx"

export interface ConsumerRow {
  id: string
  href: string
  /** As they call themselves; may be empty. */
  name: string
  plan: string
  price: Nano
  cycle: "week" | "month" | "year"
  /** Of the terms that they have. */
  version: number
  state: "trialing" | "active" | "past_due" | "banned" | "ended"
  sinceMs: number
  quotas: readonly QuotaRow[]
  overage: Nano
  /** Why they were blocked or ended, in the publisher's words. */
  reason: string | null
}

const STATES = {
  trialing: { text: "Trial", tone: "ok" },
  active: { text: "Active", tone: "ok" },
  past_due: { text: "Unpaid", tone: "warn" },
  banned: { text: "Blocked", tone: "bad" },
  ended: { text: "Ended", tone: "neutral" },
} as const

const called = ({ name }: Pick<ConsumerRow, "name">): string => name || "Without a name"

export interface ConsumersProps {
  frame: Frame
  now: number
  product: OfProduct
  rows: readonly ConsumerRow[]
  olderHref: string | undefined
}

export function ConsumersPage({ frame, now, product, rows, olderHref }: ConsumersProps): JSX.Element {
  return (
    <ListPage
      frame={frame}
      title="Consumers"
      lead={`Who subscribed to ${product.title}, newest first.`}
      filters={<ProductTabs path={product.href} title={product.title} current="consumers" />}
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

/** What a consumer paid for it: no invoice, no method. */
export interface PaymentRow {
  id: number
  kind: "trial" | "period" | "upgrade" | "overage"
  fromMs: number
  toMs: number
  atMs: number
  amount: Nano
  /** Given back so far. */
  refunded: Nano
  /** Nothing is left to give back. */
  isOver: boolean
}

const KINDS: Readonly<Record<PaymentRow["kind"], string>> = {
  trial: "Trial",
  period: "Plan",
  upgrade: "Change of plan",
  overage: "Beyond the plan",
}

export interface ConsumerProps {
  frame: Frame
  now: number
  product: OfProduct
  consumer: ConsumerRow
  payments: readonly PaymentRow[]
  /** That work. */
  keys: number
  move: FormView
  reset: FormView
  unblock: FormView | null
}

export function ConsumerPage(props: ConsumerProps): JSX.Element {
  const { frame, now, product, consumer, keys, move, reset, unblock } = props
  const isOver = consumer.state === "ended"
  return (
    <DetailPage
      frame={frame}
      title={called(consumer)}
      lead={`A consumer of ${product.title}.`}
      up={{ href: `${product.href}/consumers`, label: "Consumers" }}
      facts={{
        heading: "Subscription",
        list: [
          { label: "State", value: <Badge {...STATES[consumer.state]} /> },
          {
            label: "Plan",
            text: `${consumer.plan}, ${priceText(consumer.price, consumer.cycle)}, version ${consumer.version} of its terms`,
          },
          { label: "Since", value: <When ms={consumer.sinceMs} now={now} /> },
          { label: "Keys", text: plural(keys, "key") },
          { label: "Above the plan, this period", value: <Usd amount={consumer.overage} /> },
          { label: "Subscription", value: <Id text={consumer.id} /> },
          ...(consumer.reason ? [{ label: "Reason", text: consumer.reason }] : []),
        ],
      }}
    >
      <section aria-labelledby="use-title">
        <h2 id="use-title">Used</h2>
        <Quotas quotas={consumer.quotas} of={called(consumer)} />
        {isOver || consumer.quotas.length === 0 ? null : (
          <>
            <p class="quiet">Giving the quota back sets what is used of the present periods to 0.</p>
            <FormOf form={reset} csrf={frame.csrf} isPlain />
          </>
        )}
      </section>
      <Payments now={now} consumer={consumer} payments={props.payments} />
      {isOver ? null : <Acts frame={frame} consumer={consumer} move={move} unblock={unblock} />}
    </DetailPage>
  )
}

function Payments({ now, consumer, payments }: Pick<ConsumerProps, "now" | "consumer" | "payments">): JSX.Element {
  return (
    <section aria-labelledby="payments-title">
      <h2 id="payments-title">Payments</h2>
      <Table
        caption="Payments"
        hideCaption
        columns={[
          { label: "For" },
          { label: "Time", minor: true },
          { label: "Paid", minor: true },
          { label: "Amount", numeric: true },
          { label: "Act", silent: true },
        ]}
        rows={payments.map((one) => [
          <span safe>{KINDS[one.kind]}</span>,
          <>
            <Time ms={one.fromMs} kind="day" />
            {" – "}
            <Time ms={one.toMs} kind="day" />
          </>,
          <When ms={one.atMs} now={now} />,
          <>
            <Usd amount={one.amount} />
            {one.refunded === 0 ? null : (
              <p class="quiet">
                {"Given back: "}
                <Usd amount={one.refunded} />
              </p>
            )}
          </>,
          one.isOver ? (
            <span class="quiet">Nothing left</span>
          ) : (
            <Button small dialog href={`${consumer.href}/payments/${one.id}/refund`} label="Give back" />
          ),
        ])}
        empty={
          <Empty title="Nothing paid yet" text="Each payment stands here; you can give it back, whole or in part." />
        }
      />
    </section>
  )
}

function Acts({
  frame,
  consumer,
  move,
  unblock,
}: Pick<ConsumerProps, "frame" | "consumer" | "move" | "unblock">): JSX.Element {
  return (
    <>
      <section aria-labelledby="move-title">
        <h2 id="move-title">Move to another plan</h2>
        <p class="quiet page-form">
          It counts at once and costs them nothing until the period ends. Nobody is made to pay more than they agreed
          to: from a dearer plan they go back with the next period, unless they choose to stay.
        </p>
        <FormOf form={move} csrf={frame.csrf} class="form page-form" isPlain />
      </section>
      <section aria-labelledby="block-title">
        <h2 id="block-title">Block or end</h2>
        <p class="quiet page-form">
          Blocking refuses calls until you unblock. Ending is for good; they may subscribe again. What they paid is
          given back only where you do so above.
        </p>
        <div class="actions">
          {unblock ? (
            <FormOf form={unblock} csrf={frame.csrf} />
          ) : (
            <Button kind="danger" dialog href={`${consumer.href}/block`} label="Block" />
          )}
          <Button kind="plain" dialog href={`${consumer.href}/end`} label="End the subscription" />
        </div>
      </section>
    </>
  )
}

export interface ConsumerActProps {
  frame: Frame
  product: OfProduct
  consumer: ConsumerRow
  form: FormView
}

export function BlockPage({ frame, consumer, form }: ConsumerActProps): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title={`Block ${called(consumer)}?`}
      up={{ href: consumer.href, label: called(consumer) }}
      form={{ ...form, submit: "Block", danger: true }}
      cancelHref={consumer.href}
      words={[
        "Their calls are refused from the next one on, and the subscription is not renewed. They are told by mail, without your reason.",
      ]}
    />
  )
}

export function EndPage({ frame, consumer, form }: ConsumerActProps): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title={`End the subscription of ${called(consumer)}?`}
      up={{ href: consumer.href, label: called(consumer) }}
      form={{ ...form, submit: "End the subscription", danger: true }}
      cancelHref={consumer.href}
      words={[
        "It is over at once, with its keys. They are told by mail, without your reason, and may subscribe again.",
      ]}
    />
  )
}

export interface RefundProps extends ConsumerActProps {
  left: Nano
  kind: PaymentRow["kind"]
}

export function ConsumerRefundPage({ frame, consumer, form, left, kind }: RefundProps): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title={`Give ${called(consumer)} a payment back?`}
      up={{ href: consumer.href, label: called(consumer) }}
      form={form}
      cancelHref={consumer.href}
      words={[
        `${KINDS[kind]}: ${usdText(left)} can be given back. It goes to the credits that paid, with a credit note, and they are told by mail.`,
        "Your part of it comes off what you have pending; what was paid out to you already comes off what you earn next. The platform gives its commission back, too.",
        "The subscription goes on as it is.",
      ]}
    />
  )
}
