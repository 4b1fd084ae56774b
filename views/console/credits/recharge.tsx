// Credits that come by themselves: whether they do, from which card, within what.
import type { Nano } from "../../../src/app/units.ts"
import { creditsText, usdText } from "../../ui/format.ts"
import { Button, Notice } from "../../ui/index.ts"
import type { SectionProps } from "./sections.tsx"

export interface RechargeProps {
  state: "none" | "on" | "paused" | "off"
  /** Of a team that its reader acts as. */
  ofTeam?: boolean
  /** Why it is off; null = its person turned it off, or never on. */
  offWhy: "card" | "declined" | "expired" | null
  /** null = it was never on. */
  terms: { below: Nano; amount: Nano; month: Nano } | null
  /** "Visa ending in 4242"; null = none is saved. */
  card: string | null
  cardExpires: "soon" | "over" | null
  /** Tax comes on top of each charge. */
  addsTax: boolean
  /** Of this UTC month, with tax. */
  used: Nano
  /** When the next month begins, and with it the cap. */
  isCapped: boolean
  /** The order that its person has to pay themselves. */
  asksOrderId: string | null
}

const OFF: Record<NonNullable<RechargeProps["offWhy"]>, string> = {
  card: "Auto-recharge is off, because no card is left that can be charged. Save a card and turn it on again.",
  declined:
    "Auto-recharge is off, because your bank declined the card three times in a row. Save another card, or turn it on again.",
  expired: "Auto-recharge is off, because your card has expired. Save another one and turn it on again.",
}

/** What it does, in a sentence or two. */
export function rechargeWords({ state, terms, card, used, addsTax, offWhy, ofTeam }: RechargeProps): string {
  if (state === "none" || terms === null)
    return "When your credits run low, a card that you saved can buy more by itself, within a limit that you set."
  if (state === "off") return offWhy === null ? "Auto-recharge is off." : OFF[offWhy]
  if (state === "paused")
    return `Auto-recharge waits while ${ofTeam ? "the owner of the team" : "your account"} is suspended.`
  return `When you have less than ${creditsText(terms.below)}, ${card ? `your ${card}` : "your card"} is charged ${usdText(terms.amount)}${addsTax ? " and the tax on it" : ""}. At most ${usdText(terms.month)} in a month; ${usdText(used)} of this month so far.`
}

/** What its person should do something about. */
export function RechargeNotices(props: RechargeProps): JSX.Element {
  const { state, asksOrderId, cardExpires, isCapped } = props
  return (
    <>
      {asksOrderId === null ? null : (
        <Notice tone="warn" text="Your bank asks you to confirm a payment. Nothing else is charged until you have.">
          <Button href={`/credits/orders/${asksOrderId}`} label="Confirm it" />
        </Notice>
      )}
      {state !== "on" || cardExpires === null ? null : (
        <Notice
          tone="warn"
          text={
            cardExpires === "over"
              ? "Your card has expired. Save another one, or auto-recharge ends with the next charge."
              : "Your card expires soon. Save another one, so that your apps go on working."
          }
        />
      )}
      {state === "on" && isCapped ? (
        <Notice
          tone="neutral"
          text="Your limit for this month leaves no room for another charge. It goes on next month (UTC)."
        />
      ) : null}
    </>
  )
}

export function RechargeSection({ of: recharge }: SectionProps<RechargeProps>): JSX.Element {
  return (
    <section aria-labelledby="recharge-title" id="recharge">
      <h2 id="recharge-title">Auto-recharge</h2>
      <RechargeNotices {...recharge} />
      <p class="page-form" safe>
        {rechargeWords(recharge)}
      </p>
      <div class="actions">
        <Button href="/credits/cards" label={recharge.state === "none" ? "Set it up" : "Cards and auto-recharge"} />
        <Button href="/credits/low" label="Tell me when credits are low" />
      </div>
    </section>
  )
}
