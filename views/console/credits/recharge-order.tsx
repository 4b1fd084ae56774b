// An order that auto-recharge made: what its page says of it, and the way to pay it oneself.
import type { Nano } from "../../../src/app/units.ts"
import type { Frame } from "../../layout/frame.ts"
import { usdText } from "../../ui/format.ts"
import { Button, Form } from "../../ui/index.ts"

export interface RechargeOrder {
  /** "Visa ending in 4242" */
  card: string
  trouble: "declined" | "authentication" | null
  /** Its person may pay it on a page. */
  isPayable: boolean
}

interface Said {
  title: string
  words: string
}

/** null = as every other order. */
export function rechargeSays(state: string, { card, trouble, isPayable }: RechargeOrder): Said | null {
  if (state === "open" && trouble === "authentication" && isPayable)
    return {
      title: "Your bank asks you to confirm",
      words: `Your credits ran low, and the bank of your ${card} pays only when you confirm it yourself. Nothing was charged yet.`,
    }
  if (state === "open" && trouble === null)
    return {
      title: "Your card is being charged",
      words: `Your credits ran low, so your ${card} is charged as you had set it. The credits come by themselves.`,
    }
  if (state === "failed" && isPayable)
    return {
      title: "Your card was declined",
      words: `Your credits ran low, and the bank of your ${card} refused the payment. Nothing was charged. You can pay it yourself, with this card or another one.`,
    }
  if (state === "expired" && isPayable)
    return {
      title: "Nobody paid",
      words:
        "This recharge ended without a payment. Nothing was charged. You can still pay it, if you want the credits.",
    }
  return null
}

export const PayRecharge = ({ frame, id, price }: { frame: Frame; id: string; price: Nano }): JSX.Element => (
  <>
    <Form action={`/credits/orders/${id}/payment`} csrf={frame.csrf} class="cell-form">
      <Button kind="primary" label={`Pay ${usdText(price)}`} />
    </Form>
    <Button href="/credits/cards" label="Cards and auto-recharge" />
  </>
)
