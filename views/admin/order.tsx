// One payment: who paid what, what went back of it, what a bank says against it, and what that did to the credits.
import type { Nano } from "../../src/app/units.ts"
import { ConfirmPage } from "../layout/confirm-page.tsx"
import { DetailPage, type Fact } from "../layout/detail-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { creditsText, dateText, usdText } from "../ui/format.ts"
import { Badge, Button, Form, type FormView, Id, Table, type Tone, When } from "../ui/index.ts"
import { DISPUTE_WORDS, type DisputeState, OrderBadges, orderPathOf, type PaymentState } from "./orders.tsx"

export interface RefundRow {
  id: string
  amount: Nano
  state: "asked" | "refused" | "pending" | "succeeded" | "failed" | "canceled"
  /** An admin's words; null = made at the payment service. */
  reason: string | null
  note: string | null
  atMs: number
}

export interface DisputeRow {
  id: string
  kind: "dispute" | "warning"
  amount: Nano
  state: DisputeState
  reason: string
  dueMs: number | null
  isReleased: boolean
  /** At the payment service. */
  disputeId: string
  atMs: number
}

/** What a refund or dispute did to one lot. */
export interface EffectRow {
  text: string
  /** Had expired, or was taken away. */
  broken: Nano
  taken: Nano
  debt: Nano
  developers: Nano
  isOver: boolean
  atMs: number
}

export interface AdminOrderProps {
  frame: Frame
  now: number
  order: {
    id: string
    name: string
    who: { label: string; href: string }
    paid: Nano
    refunded: Nano
    left: Nano
    state: PaymentState
    dispute: DisputeState | null
    atMs: number
    paidMs: number | null
    invoiceHref: string | null
    paymentIntentId: string | null
    chargeId: string | null
  }
  refunds: readonly RefundRow[]
  disputes: readonly DisputeRow[]
  effects: readonly EffectRow[]
}

const UP = { href: "/admin/orders", label: "Orders" }

/** GET /admin/orders/:payment */
export function AdminOrderPage(props: AdminOrderProps): JSX.Element {
  const { frame, now, order, refunds, disputes, effects } = props
  return (
    <DetailPage
      frame={frame}
      title={order.name}
      section="Admin"
      up={UP}
      action={
        order.paidMs !== null && order.left > 0 ? (
          <Button dialog href={`${orderPathOf(order.id)}/refund`} label="Refund" />
        ) : undefined
      }
      state={
        <p>
          <OrderBadges {...order} />
        </p>
      }
      facts={{ heading: "Payment", list: factsOf(order, now) }}
    >
      <Refunds now={now} refunds={refunds} />
      {disputes.length > 0 ? <Disputes frame={frame} now={now} orderId={order.id} disputes={disputes} /> : null}
      {effects.length > 0 ? <Effects now={now} effects={effects} /> : null}
    </DetailPage>
  )
}

function factsOf(order: AdminOrderProps["order"], now: number): Fact[] {
  return [
    {
      label: "Person",
      value: (
        <a href={order.who.href}>
          <bdi safe>{order.who.label}</bdi>
        </a>
      ),
    },
    { label: "Paid", text: order.paidMs === null ? `${usdText(order.paid)}, not yet` : usdText(order.paid) },
    ...(order.refunded > 0 ? [{ label: "Refunded", text: usdText(order.refunded) }] : []),
    { label: "When", value: <When ms={order.paidMs ?? order.atMs} now={now} /> },
    { label: "Order", value: <Id text={order.id} /> },
    ...(order.paymentIntentId === null ? [] : [{ label: "Payment id", value: <Id text={order.paymentIntentId} /> }]),
    ...(order.chargeId === null ? [] : [{ label: "Charge", value: <Id text={order.chargeId} /> }]),
    ...(order.invoiceHref === null
      ? []
      : [{ label: "Invoice", value: <a href={order.invoiceHref}>Open the invoice</a> }]),
  ]
}

const REFUND_WORDS: Record<RefundRow["state"], [Tone, string]> = {
  asked: ["warn", "Asked for"],
  refused: ["bad", "Refused"],
  pending: ["warn", "On its way"],
  succeeded: ["ok", "Refunded"],
  failed: ["bad", "Failed"],
  canceled: ["neutral", "Called off"],
}

function Refunds({ now, refunds }: Pick<AdminOrderProps, "now" | "refunds">): JSX.Element {
  return (
    <section aria-labelledby="refunds-title">
      <h2 id="refunds-title">Refunds</h2>
      {refunds.length === 0 ? (
        <p class="quiet">None.</p>
      ) : (
        <Table
          caption="Refunds of this payment"
          hideCaption
          columns={[{ label: "State" }, { label: "Why" }, { label: "When" }, { label: "Amount", numeric: true }]}
          rows={refunds.map((one) => [
            <Badge tone={REFUND_WORDS[one.state][0]} text={REFUND_WORDS[one.state][1]} />,
            <span class="person">
              <bdi safe>{one.reason ?? "Made at the payment service"}</bdi>
              {one.note === null ? null : (
                <span class="quiet">
                  <bdi safe>{one.note}</bdi>
                </span>
              )}
            </span>,
            <When ms={one.atMs} now={now} />,
            <span class="num" safe>
              {usdText(one.amount)}
            </span>,
          ])}
        />
      )}
    </section>
  )
}

interface DisputesProps {
  frame: Frame
  now: number
  orderId: string
  disputes: readonly DisputeRow[]
}

const dueWords = ({ state, dueMs }: DisputeRow): string =>
  state === "open" && dueMs !== null ? `, answer by ${dateText(dueMs)}` : ""

function Disputes({ frame, now, orderId, disputes }: DisputesProps): JSX.Element {
  return (
    <section aria-labelledby="disputes-title">
      <h2 id="disputes-title">What the bank says</h2>
      <p class="quiet">
        Credits of this payment are frozen while it is open. Answer at the payment service: what it decides arrives here
        by itself.
      </p>
      <Table
        caption="Disputes of this payment"
        hideCaption
        columns={[
          { label: "State" },
          { label: "What" },
          { label: "When" },
          { label: "Amount", numeric: true },
          { label: "Credits" },
        ]}
        rows={disputes.map((one) => [
          <Badge
            tone={DISPUTE_WORDS[one.state][0]}
            text={one.kind === "warning" && one.state === "open" ? "Warning of fraud" : DISPUTE_WORDS[one.state][1]}
          />,
          <span class="person">
            <bdi safe>{`${one.reason.replaceAll("_", " ")}${dueWords(one)}`}</bdi>
            <span class="quiet">
              <Id text={one.disputeId} />
            </span>
          </span>,
          <When ms={one.atMs} now={now} />,
          one.amount > 0 ? (
            <span class="num" safe>
              {usdText(one.amount)}
            </span>
          ) : (
            <span class="quiet">Nothing yet</span>
          ),
          one.state !== "open" ? (
            <span class="quiet">Not frozen</span>
          ) : one.isReleased ? (
            <span class="quiet">Released</span>
          ) : (
            <Form
              action={`${orderPathOf(orderId)}/disputes/${encodeURIComponent(one.id)}/release`}
              csrf={frame.csrf}
              class="cell-form"
            >
              <Button small label="Release" />
            </Form>
          ),
        ])}
      />
    </section>
  )
}

function Effects({ now, effects }: Pick<AdminOrderProps, "now" | "effects">): JSX.Element {
  const amount = (value: Nano): JSX.Element =>
    value > 0 ? (
      <span class="num" safe>
        {creditsText(value)}
      </span>
    ) : (
      <span class="quiet">None</span>
    )
  return (
    <section aria-labelledby="effects-title">
      <h2 id="effects-title">What it did to the credits</h2>
      <Table
        caption="What refunds and disputes did to the credits"
        hideCaption
        columns={[
          { label: "What" },
          { label: "Had expired", numeric: true },
          { label: "Taken", numeric: true },
          { label: "Owed", numeric: true },
          { label: "From developers", numeric: true },
          { label: "When" },
        ]}
        rows={effects.map((one) => [
          <span class="badges">
            <bdi safe>{one.text}</bdi>
            {one.isOver ? <Badge text="Undone" /> : null}
          </span>,
          amount(one.broken),
          amount(one.taken),
          amount(one.debt),
          amount(one.developers),
          <When ms={one.atMs} now={now} />,
        ])}
      />
    </section>
  )
}

export interface AdminRefundProps {
  frame: Frame
  order: { id: string; name: string; who: string; left: Nano; isByHand: boolean }
  form: FormView
}

/** GET, POST /admin/orders/:payment/refund */
export function AdminRefundPage({ frame, order, form }: AdminRefundProps): JSX.Element {
  return (
    <ConfirmPage
      frame={frame}
      title={`Refund ${order.name} of ${order.who}?`}
      section="Admin"
      up={[UP, { href: orderPathOf(order.id), label: order.name }]}
      words={[
        order.isByHand
          ? `${usdText(order.left)} are left to refund. It was paid by hand: give the money back yourself, and write it down here.`
          : `${usdText(order.left)} are left to refund. The money goes back to the card or account that paid.`,
        "Credits bought with it are taken back in the same share. Those spent already become a debt, which the next credits they buy pay first.",
      ]}
      form={form}
      cancelHref={orderPathOf(order.id)}
    />
  )
}
