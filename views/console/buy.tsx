// Credits for money: what is sold, the way to the page to pay on, and what became of an order.
import type { Nano } from "../../src/app/units.ts"
import { assetUrl } from "../layout/assets.ts"
import { AuthLayout } from "../layout/auth.tsx"
import { ConsoleLayout } from "../layout/console.tsx"
import { Facts } from "../layout/detail-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { creditsText, plural, usdText } from "../ui/format.ts"
import { Button, Form, Id, Notice, PriceCard, PriceCards } from "../ui/index.ts"

export interface PackageCard {
  slug: string
  name: string
  price: Nano
  /** Credits that are paid for, worth the price. */
  credits: Nano
  bonus: Nano
  bonusDays: number | null
}

export interface BuyProps {
  packages: readonly PackageCard[]
  /** Of the form: a second press is the same order. */
  formKey: string
  /** No money moves. */
  isTest: boolean
}

export function BuyCredits({ frame, buy }: { frame: Frame; buy: BuyProps }): JSX.Element {
  return (
    <section aria-labelledby="buy-title" id="buy">
      <h2 id="buy-title">Buy credits</h2>
      {buy.isTest ? <Notice tone="warn" text="This server tries payments out: no money moves." /> : null}
      <PriceCards>
        {buy.packages.map((one) => (
          <PriceCard
            name={one.name}
            price={usdText(one.price)}
            per="once"
            points={pointsOf(one)}
            action={
              <Form action={`/credits/packages/${encodeURIComponent(one.slug)}`} csrf={frame.csrf} class="cell-form">
                <input type="hidden" name="key" value={`${buy.formKey}-${one.slug}`.slice(0, 64)} />
                <Button kind="primary" label={`Buy ${one.name}`} />
              </Form>
            }
          />
        ))}
      </PriceCards>
    </section>
  )
}

function pointsOf({ credits, bonus, bonusDays }: PackageCard): string[] {
  const points = [`${creditsText(credits)}, which do not expire`]
  if (bonus > 0)
    points.push(`${creditsText(bonus)} on top${bonusDays === null ? "" : `, for ${plural(bonusDays, "day")}`}`)
  return points
}

export interface PayProps {
  frame: Frame
  /** Host of the page. */
  host: string
  location: string
}

/** On the way to the page to pay on; goes on by itself. A redirect after a form would be held against `form-action`. */
export function PayPage({ frame, host, location }: PayProps): JSX.Element {
  return (
    <AuthLayout
      frame={frame}
      title="To the payment page"
      heading="To the payment page"
      goesTo={location}
      lead={
        <p>
          {"You pay at "}
          <bdi class="strong" safe>
            {host}
          </bdi>
          . Your credits are here as soon as you come back.
        </p>
      }
    >
      <Button kind="primary" wide href={location} label="Continue" />
    </AuthLayout>
  )
}

export interface OrderProps {
  frame: Frame
  order: {
    id: string
    name: string
    price: Nano
    bonus: Nano
    state: "open" | "waiting" | "pending" | "paid" | "failed" | "expired"
    payUrl: string | null
    transactionId: string | null
  }
  /** What can be spent now. */
  balance: Nano
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

/** A page that looks again by itself, where scripts run. */
const waiting = (state: OrderProps["order"]["state"]) =>
  state === "waiting" ? { role: "status", "aria-busy": "true", "data-module": assetUrl("js/again.js") } : {}

/** GET /credits/orders/:order, from the payment page with ?paid */
export function OrderPage({ frame, order, balance }: OrderProps): JSX.Element {
  const { state, payUrl } = order
  return (
    <ConsoleLayout frame={frame} title={TITLES[state]} up={{ href: "/credits", label: "Credits" }}>
      <p class="page-form" {...waiting(state)} safe>
        {WORDS[state]}
      </p>
      <Facts
        facts={[
          { label: "Order", text: order.name },
          { label: "Price", text: usdText(order.price) },
          ...(order.bonus > 0 ? [{ label: "On top", text: creditsText(order.bonus) }] : []),
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
        {state === "open" && payUrl !== null ? (
          <Button kind="primary" href={payUrl} label="To the payment page" />
        ) : state === "failed" || state === "expired" ? (
          <Button kind="primary" href="/credits#buy" label="Choose a package" />
        ) : state === "waiting" ? (
          <Button kind="primary" href={`/credits/orders/${order.id}?paid`} label="Look again" />
        ) : (
          <Button kind={state === "paid" ? "primary" : "plain"} href="/credits" label="To your credits" />
        )}
      </div>
    </ConsoleLayout>
  )
}
