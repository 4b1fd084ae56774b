// The door of coupons.
import type { Clock } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { codeKey } from "./codes.ts"
import { COUPON_LIMITS } from "./limits.ts"
import { atProcessor } from "./processor.ts"
import { discountOf, objectionTo, stateOf } from "./rules.ts"
import { sought } from "./seek.ts"
import { couponById, couponByKey, couponPage, heldUses, purgeTries, useByRef, useOfPerson, usePage } from "./store.ts"
import { createIn, editIn, endIn } from "./terms.ts"
import type { Coupon, CouponDeps, Coupons, Redeemed } from "./types.ts"
import { redeemedBefore, redeemedIn, redeemIn, releasedIn, reserveIn } from "./uses.ts"

export { codeKey, codeText } from "./codes.ts"
export { COUPON_LIMITS } from "./limits.ts"
export { isDiscount } from "./rules.ts"
export { codeRefusal, waitingWords } from "./seek.ts"
export { livingUses } from "./store.ts"
export { couponErrors } from "./terms.ts"
export type * from "./types.ts"
export { redeemedIn, releasedIn } from "./uses.ts"

/** Of a form without a purchase. */
const formRef = (key: string): string => `form:${key}`

export function createCoupons(deps: CouponDeps & { clock: Clock }): Coupons {
  const { store, clock } = deps
  return {
    page: (place, limit) => couponPage(store.read, place, limit),
    byCode: (code) => couponByKey(store.read, codeKey(code)),
    stateOf: (coupon) => stateOf(coupon, clock.now()),
    usesOf: (coupon, place, limit) => usePage(store.read, coupon.id, place, limit),
    useOf(ref) {
      const use = useByRef(store.read, ref)
      return use && { ...use, code: couponById(store.read, use.couponId)!.code }
    },

    createIn: (tx, input) => createIn(deps, tx, input),
    editIn: (tx, input) => editIn(deps, tx, input),
    endIn,

    look: (ctx, by, code) => sought(deps, ctx, { by, code }, (_, coupon) => coupon),
    offer(coupon, sold) {
      const objection = objectionTo(coupon, sold)
      return objection === null ? { discountNano: discountOf(coupon, sold.priceNano) } : { objection }
    },
    heldBy: (userId) =>
      heldUses(store.read, userId).map((use) => ({ ...use, untilMs: use.createdMs + COUPON_LIMITS.reservedMs })),
    hasRedeemed: (by, key) => useOfPerson(store.read, by.id, formRef(key)) !== null,
    async redeem(ctx, by, { code, key }) {
      const ref = formRef(key)
      const act = (tx: Tx, coupon: Coupon): Redeemed => ({
        use: redeemIn(deps, tx, by, coupon, ref),
        coupon: couponById(tx, coupon.id)!,
        already: false,
      })
      return await sought(deps, ctx, { by, code }, act, (tx) => redeemedBefore(tx, by, ref))
    },

    reserveIn: (tx, input) => reserveIn(deps, tx, input),
    redeemedIn,
    releasedIn,
    atProcessor: (coupon) => atProcessor(deps.processor, coupon),
    purge: (ctx, rows) => store.write(ctx, (tx) => purgeTries(tx, tx.now, rows)),
  }
}
