// The door of `billing`: credits for money. Without a key of a processor nothing is sold, and the rest of the house does not notice.
import { AppError } from "../app/index.ts"
import { receive } from "./events.ts"
import { createInvoices } from "./invoices/index.ts"
import { buy, reconcile, refresh } from "./orders.ts"
import { createPackageIn, editPackageIn } from "./packages.ts"
import { replay, setAsideIn } from "./replay.ts"
import { createStatement } from "./statement/index.ts"
import { allPackages, countParked, eventById, eventsBy, orderById, ordersOf, packageBySlug } from "./store.ts"
import type { Billing, BillingDeps, BillingDepsOn, BillingGiven } from "./types.ts"

export { type Connection, type ConnectionGiven, type ConnectionState, createConnection } from "./connection/index.ts"
export { type CreditNote, type Invoice, type InvoiceStatus, netOf, statusOf } from "./invoices/index.ts"
export { BILLING_LIMITS } from "./limits.ts"
export { nanoOfCents } from "./money.ts"
export { packageErrors } from "./packages.ts"
export { billingPart } from "./part.ts"
export type * from "./statement/index.ts"
export { createStripe, type Processor, type StripeOptions } from "./stripe/index.ts"
export type * from "./types.ts"

export function createBilling(given: BillingGiven): Billing {
  const { store, connection } = given
  const deps: BillingDeps = {
    ...given,
    get processor() {
      return connection.processor
    },
  }
  /** @throws AppError conflict */
  const on = (): BillingDepsOn => {
    const { processor } = connection
    if (processor === null) throw new AppError("conflict", "Nothing is sold here yet. Ask the operator for credits.")
    return { ...deps, processor }
  }
  return {
    get isOn() {
      return connection.processor !== null
    },
    get isTest() {
      return connection.processor?.isTest ?? false
    },
    connection,
    statement: createStatement(deps, () => on().processor),
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
    refresh: async (order) => (connection.processor === null ? order : await refresh(on(), order)),
    reconcile: async () => (connection.processor === null ? 0 : await reconcile(on())),
    receive: async (body, signature, requestId) => await receive(on(), body, signature, requestId),
    events: (state, limit, before) => eventsBy(store.read, state, limit, before),
    event: (eventId) => eventById(store.read, eventId),
    countParked: () => countParked(store.read),
    replay: async (ctx, eventId) => await replay(on(), ctx, eventId),
    setAsideIn,
  }
}
