// The person's plan in a few lines: what counts, until when it is paid, what comes next, and what to do about it.
import type { Children } from "@kitajs/html"
import type { Nano } from "../../../src/app/units.ts"
import { Facts } from "../../layout/detail-page.tsx"
import type { Frame } from "../../layout/frame.ts"
import { creditsText, dateText, usdText } from "../../ui/format.ts"
import { Button, Form, Notice } from "../../ui/index.ts"

export interface PlanNow {
  name: string
  /** Credits to claim each day, and those of a month. */
  daily: Nano
  monthly: Nano
  /** Own provider keys in place of the monthly credits. */
  isByok: boolean
  source: "free" | "assigned" | "subscription"
  /** When its period ends; null on Free. */
  endMs: number | null
  /** What comes then; null = the same again. */
  nextName: string | null
  /** The other plan of who has two. */
  beside: { name: string; source: "assigned" | "subscription"; endMs: number } | null
  /** What is paid for, whether or not it is the plan that counts. */
  paid: {
    name: string
    price: Nano
    per: "month" | "year"
    endMs: number
    /** Nothing new is charged after the end of the period. */
    isEnding: boolean
    next: { name: string; price: Nano; per: "month" | "year" } | null
    /** The last payment failed; until when the plan counts, null = it no longer does. */
    failing: { untilMs: number | null } | null
    /** It goes on, but nothing of the present period was paid: it was not charged for. */
    isIdle: boolean
  } | null
  /** Anybody can subscribe here. */
  isSold: boolean
}

export function PlanSection({ frame, of }: { frame: Frame; of: PlanNow }): JSX.Element {
  return (
    <section aria-labelledby="plan-title" id="plan">
      <h2 id="plan-title">
        {"Your plan: "}
        <bdi safe>{of.name}</bdi>
      </h2>
      <PlanBody frame={frame} of={of}>
        <Button href="/credits/plans" label={of.isSold ? "Compare plans" : "See all plans"} />
      </PlanBody>
    </section>
  )
}

/** Facts, what is wrong, and the acts that are there whatever plan is looked at. */
export function PlanBody({ frame, of, children }: { frame: Frame; of: PlanNow; children?: Children }): JSX.Element {
  return (
    <>
      {of.paid?.isIdle ? <Notice text={idleWords(of.paid)} /> : null}
      {of.paid?.failing ? <Notice tone="warn" text={failingWords(of.paid.name, of.paid.failing.untilMs)} /> : null}
      <Facts facts={factsOf(of)} wide />
      {of.beside ? <p safe>{besideWords(of)}</p> : null}
      {of.paid || children !== undefined ? (
        <div class="actions">
          {children ?? null}
          {of.paid ? <PaidActs frame={frame} paid={of.paid} /> : null}
        </div>
      ) : null}
    </>
  )
}

function PaidActs({ frame, paid }: { frame: Frame; paid: NonNullable<PlanNow["paid"]> }): JSX.Element {
  const isPlanned = paid.isEnding || paid.next !== null
  return (
    <>
      <Form action="/credits/subscription/portal" csrf={frame.csrf} class="cell-form">
        <Button kind={paid.failing ? "primary" : "plain"} label="Card and payments" />
      </Form>
      {isPlanned ? (
        <Form action="/credits/subscription/renewal" csrf={frame.csrf} class="cell-form">
          <Button kind="plain" label={`Keep ${paid.name}`} />
        </Form>
      ) : null}
      {paid.isEnding ? null : <Button href="/credits/subscription/end" label={`End ${paid.name}`} dialog />}
    </>
  )
}

function factsOf(of: PlanNow) {
  const { paid } = of
  return [
    { label: "Each day", text: `${creditsText(of.daily)} to claim` },
    ...(of.isByok ? [{ label: "Each month", text: "Calls with your own provider keys" }] : []),
    ...(of.monthly > 0 && !of.isByok ? [{ label: "Each month", text: creditsText(of.monthly) }] : []),
    ...(paid ? [{ label: "You pay", text: `${usdText(paid.price)} a ${paid.per}, for ${paid.name}` }] : []),
    ...(of.source === "assigned" ? [{ label: "From", text: "An admin gave it to you" }] : []),
    ...nextFacts(of),
  ]
}

function nextFacts({ paid, source, endMs, nextName }: PlanNow) {
  if (source === "assigned" && endMs !== null)
    return [
      {
        label: nextName ? "Changes" : "Renews",
        text: nextName ? `${dateText(endMs)}, to ${nextName}` : dateText(endMs),
      },
    ]
  if (!paid || paid.failing) return []
  const day = dateText(paid.endMs)
  if (paid.isEnding) return [{ label: "Ends", text: `${day}; nothing more is charged` }]
  if (paid.next)
    return [
      { label: "Changes", text: `${day}, to ${paid.next.name} for ${usdText(paid.next.price)} a ${paid.next.per}` },
    ]
  return [{ label: "Renews", text: `${day}, for ${usdText(paid.price)}` }]
}

const besideWords = ({ name, beside }: PlanNow): string =>
  beside?.source === "subscription"
    ? `You also pay for ${beside.name}. ${name} is the better plan, so it counts; the credits of both are yours.`
    : `An admin also gave you ${beside?.name}. ${name} is the better plan, so it counts; the credits of both are yours.`

const idleWords = ({ name, endMs }: NonNullable<PlanNow["paid"]>): string =>
  `${name} was not charged for while your account was suspended, so it does not count. It does again from its next payment on, ${dateText(endMs)}.`

const failingWords = (name: string, untilMs: number | null): string =>
  untilMs === null
    ? `The payment for ${name} failed, so you are on Free. Use another card under “Card and payments”: once it is paid, the plan is back.`
    : `The payment for ${name} failed. Use another card under “Card and payments” before ${dateText(untilMs)}; after that you are on Free until it is paid.`
