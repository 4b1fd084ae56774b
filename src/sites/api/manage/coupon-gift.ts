// What a coupon gives, as the API says it.
import { Type as t } from "@sinclair/typebox"
import type { Coupon } from "../../../billing/index.ts"
import { Amount, amount, maybe } from "./schemas.ts"

export const CODE = t.String({
  minLength: 1,
  maxLength: 64,
  description: "A code, in any case",
  examples: ["WELCOME10"],
})
export const CouponKindSent = t.Union(
  [t.Literal("credits"), t.Literal("plan"), t.Literal("percent"), t.Literal("amount")],
  {
    description:
      "Credits, or one period of a plan, at once; a share of a price, or an amount off it, at the next checkout",
  },
)

/** What a code gives, for whoever holds it. */
export const GIFT = {
  code: CODE,
  kind: CouponKindSent,
  amount: maybe({ ...Amount, description: "Credits that it gives, or what it takes off a price" } as typeof Amount),
  days: maybe(
    t.Integer({ description: "Days until its credits expire; null: never, or it gives none", examples: [90] }),
  ),
  percent: maybe(t.Integer({ description: "Percent off a price", examples: [15] })),
  plan: maybe(t.String({ description: "The plan it starts, by its code" })),
}

export const giftOf = (coupon: Coupon) => ({
  code: coupon.code,
  kind: coupon.kind,
  amount: coupon.amountNano > 0 ? amount(coupon.amountNano) : null,
  days: coupon.creditDays,
  percent: coupon.percent,
  plan: coupon.planCode,
})
