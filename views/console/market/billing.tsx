// /marketplace/:product/billing: a glance at the subscription, the whole of it is elsewhere; and the question before subscribing.
import type { Nano } from "../../../src/app/units.ts"
import { ConfirmPage } from "../../layout/confirm-page.tsx"
import { Facts } from "../../layout/detail-page.tsx"
import { dateText, plural } from "../../ui/format.ts"
import { Badge, Button, type FormView, Notice, Time, Usd, When, Worth } from "../../ui/index.ts"
import { ProductFrame } from "./frame.tsx"
import type { Cycle, MarketPlan, ProductPage, SubscriptionState } from "./types.ts"
import { CYCLES, marketPath, overageText, priceText, quotaText, STATES } from "./words.ts"

export interface SubscriptionGlance {
  state: SubscriptionState
  planName: string
  price: Nano
  cycle: Cycle
  periodStartMs: number
  periodEndMs: number
  /** It ends with the period. */
  isCancelled: boolean
  nextPlanName: string | null
  /** Access ends then unless it is paid. */
  graceEndMs: number | null
  overages: Nano
  reason: string | null
}

export interface MarketBillingProps extends ProductPage {
  subscription: SubscriptionGlance
  /** The page with all of it: invoices, payment, change and end. */
  href: string
}

/** GET /marketplace/:product/billing */
export function MarketBillingPage({ subscription, href, ...rest }: MarketBillingProps): JSX.Element {
  const { state, planName, price, cycle, periodEndMs, isCancelled, nextPlanName, overages } = subscription
  const next = isCancelled ? "Ends" : price === 0 ? "Renews" : "Next billing date"
  return (
    <ProductFrame {...rest} tab="billing">
      <section aria-labelledby="billing-title">
        <h2 id="billing-title">Billing</h2>
        <Trouble subscription={subscription} now={rest.now} />
        <Facts
          wide
          facts={[
            { label: "Plan", text: planName },
            { label: "State", value: <Badge {...STATES[state]!} /> },
            { label: "Price", text: price === 0 ? "Free" : `${priceText(price)} ${CYCLES[cycle]}` },
            { label: next, value: <Time ms={periodEndMs} kind="day" /> },
            { label: "Overages of this cycle", value: <Usd amount={overages} /> },
            ...(nextPlanName === null ? [] : [{ label: "Next cycle begins with", text: nextPlanName }]),
          ]}
        />
        <Worth />
        <div class="actions">
          <Button kind="primary" href={href} label="Change, pay, see invoices" />
          <Button href={marketPath(rest.product.slug, "usage")} label="Usage" />
        </div>
      </section>
    </ProductFrame>
  )
}

function Trouble({ subscription, now }: { subscription: SubscriptionGlance; now: number }): JSX.Element {
  const { state, graceEndMs, isCancelled, periodEndMs, reason } = subscription
  if (state === "past_due")
    return (
      <Notice tone="bad" text="The last payment failed. Your keys come back to life as soon as it is paid.">
        {graceEndMs === null ? null : (
          <p>
            {"Calls are refused "}
            <When ms={graceEndMs} now={now} />
          </p>
        )}
      </Notice>
    )
  if (state === "banned")
    return <Notice tone="bad" text={`The publisher stopped this subscription${reason ? `: ${reason}` : "."}`} />
  if (isCancelled)
    return <Notice text={`You cancelled it. It works until ${dateText(periodEndMs)} (UTC), and is not renewed.`} />
  return ""
}

export interface SubscribeProps extends Omit<ProductPage, "now"> {
  plan: MarketPlan
  balance: Nano
  /** The balance does not reach. */
  short?: boolean | undefined
  /** What the person's card is charged then. */
  recharge?: Recharging | undefined
  form: FormView
}

/** GET and POST /marketplace/:product/subscribe?plan= */
export function MarketSubscribePage({
  frame,
  product,
  plan,
  balance,
  short,
  recharge,
  form,
}: SubscribeProps): JSX.Element {
  const path = marketPath(product.slug)
  const isFree = plan.price === 0
  const paid = isFree
    ? "It costs nothing."
    : plan.trialDays > 0
      ? `The first ${plural(plan.trialDays, "day")} cost nothing. Then it costs ${priceText(plan.price)} ${CYCLES[plan.cycle]}, from your paid credits, until you cancel.`
      : `It costs ${priceText(plan.price)} ${CYCLES[plan.cycle]}, from your paid credits: now, and each time it renews, until you cancel.`
  return (
    <ConfirmPage
      frame={frame}
      title={`Subscribe to ${plan.name} of ${product.title}?`}
      up={[
        { href: "/marketplace", label: "Marketplace" },
        { href: path, label: product.title },
      ]}
      form={form}
      cancelHref={path}
      words={[paid, "You get a key at once. You can change or cancel at any time; what is paid runs to its end."]}
    >
      <Facts
        wide
        facts={[
          { label: "Quota", text: plan.quotas.map(quotaText).join(", ") || "No limit of its own" },
          { label: "Above it", text: plan.quotas.length === 0 ? "Nothing is refused" : overageText(plan) },
          ...(isFree ? [] : [{ label: "Your balance", value: <Usd amount={balance} way="down" /> }]),
        ]}
      />
      {isFree ? null : <Worth />}
      {short ? <ShortNotice recharge={recharge} /> : null}
    </ConfirmPage>
  )
}

/** What auto-recharge does where paid credits are short. */
export interface Recharging {
  /** n$ at a time; 0 = nothing. */
  buys: Nano
  /** It is enough then. */
  reaches: boolean
}

/** Paid credits do not reach: a card is charged first, or its person is told what to do. */
export function ShortNotice({ recharge }: { recharge: Recharging | undefined }): JSX.Element {
  if (recharge && recharge.buys > 0 && recharge.reaches)
    return (
      <Notice
        text={`Your paid credits do not reach for it, so auto-recharge buys ${priceText(recharge.buys)} of credits first, with your saved card.`}
      />
    )
  const words =
    recharge && recharge.buys > 0
      ? `Auto-recharge buys ${priceText(recharge.buys)} at a time, which is too little for this. No card is charged.`
      : "Your paid credits do not reach for it. Bonus credits do not pay for APIs."
  return (
    <Notice tone="warn" text={words}>
      <p>
        <a href="/credits">Add credits</a>
      </p>
    </Notice>
  )
}
