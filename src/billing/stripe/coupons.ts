// Discounts as the processor knows them: off one payment.
import type Stripe from "stripe"
import type { Asked } from "./client.ts"

export type CouponInput = { id: string; name: string } & ({ percentOff: number } | { centsOff: number })

/** @throws ProcessorError */
export interface CouponCalls {
  /** @throws ProcessorError with the code `resource_already_exists` for an id that there is */
  createCoupon(input: CouponInput, key: string): Promise<void>
}

export const couponCalls = (stripe: Stripe, asked: Asked): CouponCalls => ({
  async createCoupon(input, idempotencyKey) {
    const { id, name } = input
    const off =
      "percentOff" in input ? { percent_off: input.percentOff } : { amount_off: input.centsOff, currency: "usd" }
    await asked(stripe.coupons.create({ id, name, duration: "once", ...off }, { idempotencyKey }))
  },
})
