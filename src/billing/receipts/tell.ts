// A receipt is queued in the write that pays: once a payment, whoever told of it first, and never without its invoice.
import { DAY_MS, type Nano, nano, type UserId } from "../../app/index.ts"
import type { Letter } from "../../part/index.ts"
import type { Tx } from "../../store/index.ts"
import type { Invoice } from "../invoices/index.ts"
import { totalOf } from "../money.ts"
import { rechargeOf } from "../recharge/store.ts"
import type { BillingDeps, Order } from "../types.ts"
import { orderPaid, planPaid } from "./mails.ts"

export function receiptIn(deps: BillingDeps, tx: Tx, order: Order, { number: invoice }: Invoice): void {
  const { kind, priceNano, discountNano: couponNano, bonusNano, bonusDays, taxNano } = order
  // A card that was charged by itself has a letter of its own.
  if (kind === "recharge" && rechargeOf(tx, order.id)?.pages === 0) return
  mailIn(deps, tx, order.userId, orderPaid, {
    what: kind === "package" ? order.packageName : "credits",
    isByHand: kind === "manual",
    paidNano: totalOf(order),
    taxNano,
    creditsNano: nano(priceNano + bonusNano),
    couponNano,
    bonusNano,
    bonusUntil: bonusDays === null ? null : dayWords(tx.now + bonusDays * DAY_MS),
    invoice,
    isTest: kind !== "manual" && isTest(deps),
  })
}

/** What a paid invoice of a plan means for its person. */
export interface PlanPaid {
  userId: UserId
  paidNano: Nano
  taxNano: Nano
  grantedNano: Nano
  planId: number | null
  untilMs: number | null
  isYear: boolean
  isChange: boolean
}

export function planReceiptIn(deps: BillingDeps, tx: Tx, { number: invoice }: Invoice, paid: PlanPaid): void {
  const { userId, planId, untilMs, ...figures } = paid
  if (planId === null || untilMs === null) return
  const plan = deps.plans.list().find(({ id }) => id === planId)?.name ?? "your plan"
  mailIn(deps, tx, userId, planPaid, { ...figures, plan, until: dayWords(untilMs), invoice, isTest: isTest(deps) })
}

const isTest = ({ processor }: BillingDeps): boolean => processor?.isTest === true

/** "1 June 2027", UTC. */
export const dayWords = (ms: number): string =>
  new Date(ms).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" })

/** To whoever is still there. */
export function mailIn<T>(deps: BillingDeps, tx: Tx, userId: UserId, letter: Letter<T>, data: T): void {
  const user = deps.identity.userById(userId)
  if (user) deps.mails.queueIn(tx, letter, { to: user.email, data, uselessAfterMs: null })
}
