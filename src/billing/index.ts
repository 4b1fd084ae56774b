// The door of `billing`: credits for money. Without a key of a processor nothing is sold, and the rest of the house does not notice.

import { AppError, nano } from "../app/index.ts"
import { buy, giveUpOrder } from "./buy.ts"
import { catchUp } from "./catch-up.ts"
import { type Coupons, createCoupons } from "./coupons/index.ts"
import { customerVerbs } from "./customers.ts"
import { detailsIn, setDetailsIn } from "./details/index.ts"
import { receive } from "./events.ts"
import { createInvoices, creditNoteIn, issueInvoiceIn } from "./invoices/index.ts"
import { giveUpIn, receiveIn, recordIn } from "./manual.ts"
import { reconcile, refresh } from "./orders.ts"
import { createPackageIn, editPackageIn } from "./packages.ts"
import { createRecharges } from "./recharge/index.ts"
import { createRefunds, reconcileRefunds } from "./refunds/index.ts"
import { replay, setAsideIn } from "./replay.ts"
import { createStatement } from "./statement/index.ts"
import { allPackages, countParked, eventById, eventsBy, orderById, ordersOf, packageBySlug } from "./store.ts"
import { eraseBuyer, isPaying } from "./store-personal.ts"
import { createPlanSales, reconcilePlans } from "./subscriptions/index.ts"
import type { Billing, BillingDeps, BillingDepsOn, BillingGiven } from "./types.ts"

export { type AskedAbout, type CaughtUp, isWhole, type LostPayment } from "./catch-up.ts"
export { type Connection, type ConnectionGiven, type ConnectionState, createConnection } from "./connection/index.ts"
export type {
  Coupon,
  CouponGift,
  CouponKind,
  CouponState,
  Coupons,
  CouponUse,
  HeldUse,
  NewCoupon,
  Redeemer,
} from "./coupons/index.ts"
export { COUPON_LIMITS, codeKey, codeText, couponErrors, isDiscount } from "./coupons/index.ts"
export { type BillingDetails, NO_DETAILS } from "./details/index.ts"
export {
  type CreditNote,
  type DebitNote,
  dollarsText,
  type Invoice,
  type InvoiceFound,
  type InvoiceLine,
  type InvoiceStatus,
  type Paper,
  partyLines,
  sellerOf,
  statusOf,
} from "./invoices/index.ts"
export { BILLING_LIMITS } from "./limits.ts"
export { type NewPayment, PAYMENT_WAYS, type PaymentWay, paymentErrors } from "./manual.ts"
export { nanoOfCents, totalOf } from "./money.ts"
export { operatorEmail, operatorLines } from "./operator.ts"
export { packageErrors } from "./packages.ts"
export { billingPart } from "./part.ts"
export { cardName, expiresSoon, isExpired, isPayable } from "./recharge/index.ts"
export type * from "./recharge/types.ts"
export type * from "./refunds/types.ts"
export { SELLS } from "./settings.ts"
export { COMPARE, MONEY_DAYS } from "./statement/index.ts"
export type * from "./statement/types.ts"
export { createStripe, dashboardUrl, type Processor, ProcessorError, type StripeOptions } from "./stripe/index.ts"
export type * from "./subscriptions/index.ts"
export type * from "./types.ts"

/** With the processor and the account of the moment in which they are asked. */
const liveDeps = (given: BillingGiven): BillingDeps => ({
  ...given,
  get processor() {
    return given.connection.processor
  },
  get account() {
    return given.connection.account
  },
})

/** For one act, with the processor of its beginning. @throws AppError conflict */
function depsOn(deps: BillingDeps, connection: BillingGiven["connection"], coupons: Coupons): BillingDepsOn {
  const { processor, account } = connection
  if (processor === null) throw new AppError("conflict", "Nothing is sold here yet. Ask the operator for credits.")
  return {
    ...deps,
    processor,
    coupons,
    // One without a name may be named while it is asked; another key is another account.
    get account() {
      return connection.processor === processor ? connection.account : account
    },
  }
}

/** The tax was that of the credits. */
const PAID_WITH_CREDITS = {
  discountNano: nano(0),
  taxNano: nano(0),
  taxInclusive: false,
  reverseCharge: false,
  notes: ["Paid with credits. What tax there was, the purchase of the credits had."],
} as const

export function createBilling(given: BillingGiven): Billing {
  const { store, connection } = given
  const deps = liveDeps(given)
  const coupons = createCoupons(deps)
  const customers = customerVerbs(deps)
  const on = (): BillingDepsOn => depsOn(deps, connection, coupons)
  return {
    get isOn() {
      return connection.processor !== null
    },
    get isTest() {
      return connection.processor?.isTest ?? false
    },
    cardOfCharge: (chargeId) => connection.processor?.cardOfCharge(chargeId) ?? Promise.resolve(null),
    connection,
    statement: createStatement(deps, () => on().processor),
    invoices: createInvoices(deps),
    recordIn: (tx, input) => recordIn(deps, tx, input),
    receiveIn: (tx, input) => receiveIn(deps, tx, input),
    giveUpIn: (tx, input) => giveUpIn(deps, tx, input),
    productInvoiceIn: (tx, { userId, key, lines }) =>
      issueInvoiceIn(deps, tx, { userId, key, kind: "product", lines, ...PAID_WITH_CREDITS, paidMs: tx.now }),
    creditNoteIn: (tx, input) => creditNoteIn(deps, tx, input),
    packages: () => allPackages(store.read),
    packageBySlug: (slug) => packageBySlug(store.read, slug),
    createPackageIn,
    editPackageIn,
    coupons,
    detailsOf: (ownerId) => detailsIn(store.read, ownerId),
    setDetailsIn: (tx, ownerId, details) => setDetailsIn(deps, tx, ownerId, details),
    ...customers,
    eraseIn: (tx, userId, rows) => customers.forgetIn(tx, userId) + eraseBuyer(tx, userId, rows),
    isPayingIn: isPaying,
    buy: async (ctx, input) => await buy(on(), ctx, input),
    giveUpOrder: async (ctx, buyer, publicId) => await giveUpOrder(on(), ctx, buyer, publicId),
    order(userId, publicId) {
      const order = orderById(store.read, publicId)
      return order?.userId === userId ? order : null
    },
    ordersOf: (userId, limit) => ordersOf(store.read, userId, limit),
    refresh: async (order) => (connection.processor === null ? order : await refresh(on(), order)),
    async reconcile() {
      if (connection.processor === null) return 0
      return (await reconcile(on())) + (await reconcilePlans(on())) + (await reconcileRefunds(on()))
    },
    plans: createPlanSales(deps, on),
    recharges: createRecharges(deps, on),
    refunds: createRefunds(deps, on),
    catchUp: async (sinceMs) =>
      connection.processor === null ? { asked: [], lost: [], lostMore: 0 } : await catchUp(on(), sinceMs),
    receive: async (body, signature, requestId) => await receive(on(), body, signature, requestId),
    events: (state, limit, before) => eventsBy(store.read, state, limit, before),
    event: (eventId) => eventById(store.read, eventId),
    countParked: () => countParked(store.read),
    replay: async (ctx, eventId) => await replay(on(), ctx, eventId),
    setAsideIn,
  }
}
