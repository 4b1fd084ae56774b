// The door of `billing`: credits for money. Without a key of a processor nothing is sold, and the rest of the house does not notice.
import { AppError } from "../app/index.ts"
import { catchUp } from "./catch-up.ts"
import { receive } from "./events.ts"
import { createInvoices } from "./invoices/index.ts"
import { buy, reconcile, refresh } from "./orders.ts"
import { createPackageIn, editPackageIn } from "./packages.ts"
import { createRecharges } from "./recharge/index.ts"
import { allPackages, eventsBy, orderById, ordersOf, packageBySlug } from "./store.ts"
import type { Processor } from "./stripe/index.ts"
import type { Billing, BillingDeps } from "./types.ts"

export { type AskedAbout, type CaughtUp, isWhole, type LostPayment } from "./catch-up.ts"
export { type CreditNote, type Invoice, type InvoiceStatus, netOf, statusOf } from "./invoices/index.ts"
export { BILLING_LIMITS } from "./limits.ts"
export { packageErrors } from "./packages.ts"
export { billingPart } from "./part.ts"
export { cardName, expiresSoon, isExpired, isPayable, nextMonthOf } from "./recharge/index.ts"
export type * from "./recharge/types.ts"
export { createStripe, type Processor, type StripeOptions } from "./stripe/index.ts"
export type * from "./types.ts"

export function createBilling(deps: BillingDeps): Billing {
  const { store, processor } = deps
  /** @throws AppError conflict */
  const on = (): BillingDeps & { processor: Processor } => {
    if (processor === null) throw new AppError("conflict", "Nothing is sold here yet. Ask the operator for credits.")
    return { ...deps, processor }
  }
  return {
    isOn: processor !== null,
    isTest: processor?.isTest ?? false,
    invoices: createInvoices(deps),
    packages: () => allPackages(store.read),
    packageBySlug: (slug) => packageBySlug(store.read, slug),
    createPackageIn,
    editPackageIn,
    buy: async (ctx, input) => await buy(on(), ctx, input),
    order(userId, publicId) {
      const order = orderById(store.read, publicId)
      return order?.userId === userId ? order : null
    },
    ordersOf: (userId, limit) => ordersOf(store.read, userId, limit),
    refresh: async (order) => (processor === null ? order : await refresh(on(), order)),
    reconcile: async () => (processor === null ? 0 : await reconcile(on())),
    recharges: createRecharges(deps, on),
    catchUp: async (sinceMs) =>
      processor === null ? { asked: [], lost: [], lostMore: 0 } : await catchUp(on(), sinceMs),
    receive: async (body, signature, requestId) => await receive(on(), body, signature, requestId),
    events: (state, limit) => eventsBy(store.read, state, limit),
  }
}
