// What became of an order: the page that people come back to from paying.
import type { Nano } from "../../../src/app/units.ts"
import { assetUrl } from "../../layout/assets.ts"
import { ConsoleLayout } from "../../layout/console.tsx"
import { Facts } from "../../layout/detail-page.tsx"
import type { Frame } from "../../layout/frame.ts"
import { creditsText, usdText } from "../../ui/format.ts"
import { Button, Form, Id } from "../../ui/index.ts"
import { PayRecharge, type RechargeOrder, rechargeSays } from "./recharge-order.tsx"

export interface OrderProps {
  frame: Frame
  order: {
    id: string
    name: string
    price: Nano
    bonus: Nano
    /** By a coupon. */
    discount?: { code: string; amount: Nano } | undefined
    state: "open" | "waiting" | "pending" | "paid" | "failed" | "expired"
    payUrl: string | null
    transactionId: string | null
    /** Its number. */
    invoice?: string | null
    /** What went back of it. */
    refunded: Nano
    /** A bank looks at the payment. */
    isFrozen: boolean
    /** …and took it back. */
    isLost: boolean
    /** Of a recharge by a saved card. */
    recharge?: RechargeOrder | null
  }
  /** What can be spent now. */
  balance: Nano
  /** The app that they came from to get credits. */
  cameFrom?: string | undefined
}

const TITLES: Record<OrderProps["order"]["state"], string> = {
  open: "Not paid yet",
  waiting: "Waiting for the payment service",
  pending: "Your bank has the order",
  paid: "Your credits are here",
  failed: "The bank did not pay",
  expired: "Nobody paid",
}
const WORDS: Record<OrderProps["order"]["state"], string> = {
  open: "Go on to the payment page, or leave it: an order that is not paid within a day is forgotten.",
  waiting:
    "It has not told us yet that you paid. It is asked again every few seconds; your credits come even if you leave this page.",
  pending:
    "This way of paying takes some days. Your credits come by themselves once the money has; there is nothing to do.",
  paid: "They are spent after credits that expire sooner.",
  failed: "Nothing was charged and nothing was credited. Try again, or pay another way.",
  expired: "The payment page was open for a day. Nothing was charged; order again whenever you like.",
}

type Shown = OrderProps["order"]

function titleOf({ state, refunded, price, isFrozen, isLost }: Shown): string {
  if (isLost) return "Your bank took this payment back"
  if (isFrozen) return "A bank looks at this payment"
  if (refunded > 0) return refunded >= price ? "Refunded" : "Refunded in part"
  return TITLES[state]
}

/** With a coupon the page to pay on is open for an hour, so that its use comes free again. */
function wordsOf({ state, refunded, isFrozen, isLost, discount }: Shown): string {
  if (isLost) return "The credits that were bought with it are gone."
  if (isFrozen)
    return "The credits that were bought with it cannot be spent until the bank has decided. They come back by themselves if it says that all is well."
  if (refunded > 0)
    return "The money goes back to where it came from; banks take five to ten days to show it. The credits that were bought with it were taken back in the same share."
  if (discount && state === "open")
    return "Go on to the payment page. The coupon is kept for you for an hour; an order that is not paid by then is forgotten."
  if (discount && state === "expired")
    return "The payment page was open for an hour. Nothing was charged, and your coupon is free again."
  return WORDS[state]
}

/** A page that looks again by itself, where scripts run. */
const waiting = (state: OrderProps["order"]["state"]) =>
  state === "waiting" ? { role: "status", "aria-busy": "true", "data-module": assetUrl("js/again.js") } : {}

/** GET /credits/orders/:order, from the payment page with ?paid */
export function OrderPage({ frame, order, balance, cameFrom }: OrderProps): JSX.Element {
  const { state, payUrl, recharge } = order
  const said = (recharge && rechargeSays(state, recharge)) || { title: titleOf(order), words: wordsOf(order) }
  return (
    <ConsoleLayout frame={frame} title={said.title} up={{ href: "/credits", label: "Credits" }}>
      <p class="page-form" {...waiting(state)} safe>
        {said.words}
      </p>
      <Facts
        facts={[
          { label: "Order", text: order.name },
          { label: "Price", text: usdText(order.price) },
          ...(order.discount
            ? [
                { label: "Coupon", value: <Id text={order.discount.code} /> },
                { label: "It takes off", text: usdText(order.discount.amount) },
              ]
            : []),
          ...(order.bonus > 0 ? [{ label: "On top", text: creditsText(order.bonus) }] : []),
          ...(order.refunded > 0 ? [{ label: "Refunded", text: usdText(order.refunded) }] : []),
          ...(order.invoice ? [{ label: "Invoice", value: <InvoiceLink number={order.invoice} /> }] : []),
          ...(state === "paid" ? [{ label: "Balance now", text: creditsText(balance) }] : []),
        ]}
      />
      <p class="quiet">
        Order <Id text={order.id} />
        {order.transactionId === null ? null : (
          <>
            , transaction <Id text={order.transactionId} />
          </>
        )}
      </p>
      <div class="actions">
        {recharge?.isPayable ? (
          <PayRecharge frame={frame} id={order.id} price={order.price} />
        ) : state === "open" && payUrl !== null ? (
          <>
            <Button kind="primary" href={payUrl} label="To the payment page" />
            <Form action={`/credits/orders/${order.id}/end`} csrf={frame.csrf} class="cell-form">
              <Button kind="plain" label="Give it up" />
            </Form>
          </>
        ) : state === "failed" || state === "expired" ? (
          <Button kind="primary" href="/credits#buy" label="Choose a package" />
        ) : state === "waiting" ? (
          <Button kind="primary" href={`/credits/orders/${order.id}?paid`} label="Look again" />
        ) : (
          <Button kind={state === "paid" ? "primary" : "plain"} href="/credits" label="To your credits" />
        )}
        {cameFrom === undefined ? null : <Button kind="plain" href="/credits/back" label="Back to the app" />}
      </div>
    </ConsoleLayout>
  )
}

function InvoiceLink({ number }: { number: string }): JSX.Element {
  return (
    <a href={`/credits/invoices/${number}`} safe>
      {number}
    </a>
  )
}
