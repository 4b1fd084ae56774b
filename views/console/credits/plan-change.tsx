// Before a plan is changed: what it costs now, what it gives from when on, what comes after; and the page that people come back to from paying.
import type { Nano } from "../../../src/app/units.ts"
import { assetUrl } from "../../layout/assets.ts"
import { ConfirmPage } from "../../layout/confirm-page.tsx"
import { ConsoleLayout } from "../../layout/console.tsx"
import { Facts } from "../../layout/detail-page.tsx"
import type { Frame } from "../../layout/frame.ts"
import { creditsText, dateText, usdText } from "../../ui/format.ts"
import { Button, Form, FormOf, type FormView, Id, Time } from "../../ui/index.ts"

const UP = [
  { href: "/credits", label: "Credits" },
  { href: "/credits/plans", label: "Plans" },
] as const

export interface PlanChangeProps {
  frame: Frame
  kind: "subscribe" | "now" | "later" | "keep" | "same"
  name: string
  price: Nano
  per: "month" | "year"
  /** What it gives. */
  points: readonly string[]
  /** When it comes, of what does not come at once. */
  atMs: number | null
  /** What is taken at once: lines below 0 are given back. */
  due: { lines: readonly { text: string; amount: Nano }[]; tax: Nano; total: Nano; credit: Nano } | null
  /** Off the first invoice. */
  coupon: { code: string; off: Nano } | null
  /** A period of another length begins now. */
  isRestart: boolean
  form: FormView
}

const TITLES: Record<PlanChangeProps["kind"], (name: string) => string> = {
  subscribe: (name) => `Subscribe to ${name}`,
  now: (name) => `Move up to ${name}`,
  later: (name) => `Move to ${name}`,
  keep: (name) => `Stay on ${name}`,
  same: (name) => `You are on ${name}`,
}

/** GET /credits/plans/change?to=&by= */
export function PlanChangePage(props: PlanChangeProps): JSX.Element {
  const { frame, kind, name, price, per, points, due, coupon, form } = props
  return (
    <ConsoleLayout frame={frame} title={TITLES[kind](name)} up={UP} lead={leadOf(props)}>
      <section class="page-form" aria-labelledby="gives-title">
        <h2 id="gives-title">
          <bdi safe>{name}</bdi>
          <span class="quiet" safe>{` ${usdText(price)} a ${per}`}</span>
        </h2>
        <ul>
          {points.map((point) => (
            <li safe>{point}</li>
          ))}
        </ul>
      </section>
      {due ? <Due due={due} /> : null}
      {coupon ? (
        <p class="page-form">
          <Id text={coupon.code} /> <span safe>{couponWords(price, coupon.off)}</span>
        </p>
      ) : null}
      <p class="quiet page-form" safe>
        {afterwards(props)}
      </p>
      {kind === "same" ? (
        <div class="actions">
          <Button href="/credits/plans" label="To all plans" />
        </div>
      ) : (
        <FormOf form={form} csrf={frame.csrf} class="form page-form" cancelHref="/credits/plans" />
      )}
    </ConsoleLayout>
  )
}

const couponWords = (price: Nano, off: Nano): string =>
  `takes ${usdText(off)} off: the first invoice is ${usdText((price - off) as Nano)}.`

function Due({ due }: { due: NonNullable<PlanChangeProps["due"]> }): JSX.Element {
  const { lines, tax, total, credit } = due
  return (
    <section aria-labelledby="due-title">
      <h2 id="due-title">What you pay now</h2>
      <Facts
        facts={[
          ...lines.map(({ text, amount }) => ({ label: text, text: usdText(amount) })),
          ...(tax > 0 ? [{ label: "Tax", text: usdText(tax) }] : []),
          { label: "Charged to your card now", text: usdText(total) },
          ...(credit > 0 ? [{ label: "Kept for later payments", text: usdText(credit) }] : []),
        ]}
        wide
      />
    </section>
  )
}

function leadOf({ kind, name, atMs, isRestart, due }: PlanChangeProps): string {
  const day = atMs === null ? "" : dateText(atMs)
  switch (kind) {
    case "subscribe":
      return "You pay on the payment page. The plan begins as soon as it is paid."
    case "now":
      return isRestart
        ? "It begins at once, with a period of its own; what is left of your present one is taken off."
        : `It begins at once. You pay ${due ? usdText(due.total) : "the difference"} for what is left of your period.`
    case "later":
      return `Nothing changes until ${day}; then ${name} begins. Nothing is charged before.`
    case "keep":
      return `What was planned for ${day} no longer comes: ${name} goes on.`
    case "same":
      return "There is nothing to change."
  }
}

function afterwards({ kind, name, price, per, atMs }: PlanChangeProps): string {
  const each = `${usdText(price)} each ${per}`
  const end = "You can end it at any time; it then stays until the end of what is paid."
  if (kind === "same") return `${name} renews on ${dateText(atMs ?? 0)}, for ${usdText(price)}.`
  if (kind === "subscribe" || kind === "now") return `After that it is ${each}. ${end}`
  return `From ${dateText(atMs ?? 0)} on it is ${each}. ${end}`
}

export interface EndPlanProps {
  frame: Frame
  name: string
  endMs: number
  /** Monthly credits that no longer come. */
  monthly: Nano
  form: FormView
}

/** GET /credits/subscription/end */
export const EndPlanPage = ({ frame, name, endMs, monthly, form }: EndPlanProps): JSX.Element => (
  <ConfirmPage
    frame={frame}
    title={`End ${name}?`}
    words={[
      `${name} stays until ${dateText(endMs)}, because it is paid until then. After that you are on Free, and nothing more is charged.`,
      ...(monthly > 0 ? [`From then on the ${creditsText(monthly)} of each month no longer come.`] : []),
      "You can take it back until that day.",
    ]}
    form={form}
    cancelHref="/credits/plans"
    up={UP}
  />
)

export interface SignupProps {
  frame: Frame
  id: string
  name: string
  state: "open" | "waiting" | "done" | "expired"
  payUrl: string | null
  /** A code that is reserved for it, while nobody paid. */
  held?: { code: string; untilMs: number } | undefined
}

const SIGNUP: Record<SignupProps["state"], { title: (name: string) => string; text: string }> = {
  open: {
    title: () => "Not paid yet",
    text: "Go on to the payment page, or leave it: what is not paid within a day is forgotten.",
  },
  waiting: {
    title: () => "Waiting for the payment service",
    text: "It has not told us yet that you paid. It is asked again every few seconds; your plan begins even if you leave this page.",
  },
  done: {
    title: (name) => `You are on ${name}`,
    text: "It is paid, and its credits are there. It renews by itself until you end it.",
  },
  expired: {
    title: () => "Nobody paid",
    text: "The payment page is closed. Nothing was charged; choose a plan again whenever you like.",
  },
}

/** GET /credits/signups/:signup, from the payment page with ?paid */
export function SignupPage({ frame, id, name, state, payUrl, held }: SignupProps): JSX.Element {
  const { title, text } = SIGNUP[state]
  const waits =
    state === "waiting" ? { role: "status", "aria-busy": "true", "data-module": assetUrl("js/again.js") } : {}
  return (
    <ConsoleLayout frame={frame} title={title(name)} up={UP}>
      <p class="page-form" {...waits} safe>
        {held
          ? "Go on to the payment page. The coupon is kept for you for an hour; what is not paid by then is forgotten."
          : text}
      </p>
      <Facts
        facts={[
          { label: "Plan", text: name },
          ...(held
            ? [
                { label: "Coupon", value: <Id text={held.code} /> },
                { label: "It is kept for you until", value: <Time ms={held.untilMs} /> },
              ]
            : []),
        ]}
      />
      <div class="actions">
        {state === "open" && payUrl !== null ? (
          <>
            <Button kind="primary" href={payUrl} label="To the payment page" />
            <Form action={`/credits/signups/${id}/end`} csrf={frame.csrf} class="cell-form">
              <Button kind="plain" label="Give it up" />
            </Form>
          </>
        ) : state === "waiting" ? (
          <Button kind="primary" href={`/credits/signups/${id}?paid`} label="Look again" />
        ) : (
          <Button
            kind="primary"
            href={state === "done" ? "/credits" : "/credits/plans"}
            label={state === "done" ? "To your credits" : "To all plans"}
          />
        )}
      </div>
    </ConsoleLayout>
  )
}
