// What every verb of subscriptions works with, and whose subscription it is about.
import { ensure, type Nano, nano, type PrincipalId, UserId } from "../../app/index.ts"
import { principal } from "../../ledger/index.ts"
import type { OrmReader, Reader, Tx } from "../../store/index.ts"
import { COMMISSION } from "../catalog/settings.ts"
import type { MarketplaceDeps } from "../deps.ts"
import type { ProductPlans } from "../plans/index.ts"
import { byPublicId, productById, type SoldProduct } from "./store.ts"
import type { IssuedKey, QuotaUse, Subscription, SubscriptionShown } from "./types.ts"

/** What calls do for subscriptions. */
export interface CallVerbs {
  issueKeyIn(tx: Tx, input: { subscriptionId: number; userId: UserId; name: string }): IssuedKey
  resetQuotaIn(tx: Tx, subscriptionId: number): void
  quotaOf(subscription: Subscription): readonly QuotaUse[]
}

export interface Core
  extends Pick<MarketplaceDeps, "store" | "clock" | "ids" | "log" | "settings" | "mails">,
    Pick<MarketplaceDeps, "consoleUrl"> {
  teams: Pick<MarketplaceDeps["teams"], "nameOf" | "circleOf">
  identity: Pick<MarketplaceDeps["identity"], "userById" | "requireActiveIn" | "isSuspended">
  makers: MarketplaceDeps["makers"]
  ledger: Pick<MarketplaceDeps["ledger"], "sellIn" | "refundChargeIn" | "paidSpendableIn" | "paidSpendableOf">
  billing: Pick<MarketplaceDeps["billing"], "productInvoiceIn" | "creditNoteIn"> & {
    recharges: Pick<MarketplaceDeps["billing"]["recharges"], "needIn" | "brings" | "of">
  }
  plans: ProductPlans
  /** Asked for late: calls stand on subscriptions. */
  calls: () => CallVerbs
}

const NO_SUCH = "There is no such subscription."

/** Somebody else's is not there. @throws AppError not_found */
export function mineIn(reader: Reader, userId: UserId, publicId: string): Subscription {
  const found = byPublicId(reader, publicId)
  ensure(found?.userId === userId, "not_found", NO_SUCH)
  return found
}

/** Of a product of this publisher. @throws AppError not_found */
export function ofPublisherIn(reader: Reader, ownerId: PrincipalId, publicId: string): Subscription {
  const found = byPublicId(reader, publicId)
  ensure(found && productById(reader, found.productId)?.ownerId === ownerId, "not_found", NO_SUCH)
  return found
}

export function productOf(reader: Reader, { productId }: Pick<Subscription, "productId">): SoldProduct {
  const product = productById(reader, productId)
  ensure(product, "not_found", "There is no such product.")
  return product
}

export const commissionBp = ({ settings }: Pick<Core, "settings">, product: SoldProduct, tx?: Tx): number =>
  product.commissionBp ?? settings.get(COMMISSION, tx)

/** What is there to pay with, and what a card would bring where that is short. */
export function reachOf(
  { ledger, billing }: Core,
  payerId: PrincipalId,
  needNano: Nano,
): { haveNano: Nano; rechargeNano: Nano } {
  const haveNano = ledger.paidSpendableOf(principal(payerId), "live")
  return { haveNano, rechargeNano: needNano > haveNano ? billing.recharges.brings(UserId(payerId)) : nano(0) }
}

/** With its plan and its terms. */
export function shown({ plans }: Pick<Core, "plans">, reader: OrmReader, row: Subscription): SubscriptionShown {
  const plan = plans.planById(row.planId, reader)
  const terms = plans.termsById(row.termsId, reader)
  ensure(plan && terms, "not_found", NO_SUCH)
  return { ...row, plan, terms, nextPlan: row.nextPlanId === null ? null : plans.planById(row.nextPlanId, reader) }
}
