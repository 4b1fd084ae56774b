// An order's state moves, and what follows from that, in the same write: credits where it is paid, and one line for each who takes part.
import { creditsDecimal, DAY_MS, nano } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import { emitIn } from "../webhooks/index.ts"
import { costOf, dollars } from "./money.ts"
import { couponFollowsIn } from "./order-coupon.ts"
import { invoiceOrderIn } from "./order-invoice.ts"
import { receiptIn } from "./receipts/tell.ts"
import { rechargeMovedIn } from "./recharge/moved.ts"
import { standIn } from "./refunds/index.ts"
import { saveOrder } from "./store.ts"
import type { BillingDeps, Order, OrderState } from "./types.ts"

/** @param order as it stands, with what is newly known of it */
export function moveIn(deps: BillingDeps, tx: Tx, order: Order, state: Exclude<OrderState, "paid">): Order {
  return savedIn(deps, tx, order, { ...order, state, updatedMs: tx.now })
}

/**
 * Paid: credits and payment are one write, and the ledger's key is the order's, so that they come once.
 * What was paid for comes as paid credits; what a coupon took off, and the bonus, as lots that nobody paid for.
 */
export function payIn(deps: BillingDeps, tx: Tx, order: Order): Order {
  if (order.state === "paid") return order
  const transactionId = creditIn(deps, tx, order)
  const paid = { state: "paid", transactionId, payUrl: null, updatedMs: tx.now, paidMs: tx.now } as const
  const { publicId, priceNano, bonusNano, userId } = order
  auditIn(tx, { action: "order.paid", subject: publicId, after: { price: priceNano, bonus: bonusNano, user: userId } })
  const bought = { order: publicId, credits: creditsDecimal(nano(priceNano + bonusNano)), amount: amountOf(order) }
  emitIn(tx, { type: "payment.succeeded", person: userId, subject: publicId, data: bought })
  return savedIn(deps, tx, order, { ...order, ...paid })
}

/** What was charged: `9.00 USD`. */
export const amountOf = (order: Order): string => `${dollars(costOf(order)).replace(/[$,]/g, "")} USD`

/** @returns the transaction of the credits that were paid for; of the coupon where nothing was to be paid */
function creditIn({ ledger }: BillingDeps, tx: Tx, order: Order): string {
  const { userId, discountNano, bonusNano, bonusDays, publicId } = order
  const to = { owner: { kind: "principal", id: userId }, mode: "live" } as const
  const granted: string[] = []
  const paidNano = costOf(order)
  const key = `order:${publicId}`
  if (paidNano > 0)
    granted.push(
      ledger.grantIn(tx, { ...to, type: "topup", bucket: "purchase", amountNano: paidNano, paid: true, key })
        .transactionId,
    )
  if (discountNano > 0) {
    const off = { type: "coupon", bucket: "coupon", amountNano: discountNano, paid: false } as const
    granted.push(ledger.grantIn(tx, { ...to, ...off, key: `${key}:coupon` }).transactionId)
  }
  if (bonusNano > 0) {
    const expiresMs = bonusDays === null ? null : tx.now + bonusDays * DAY_MS
    const extra = { type: "bonus", bucket: "bonus", amountNano: bonusNano, paid: false, expiresMs } as const
    ledger.grantIn(tx, { ...to, ...extra, key: `${key}:bonus` })
  }
  return granted[0]!
}

function savedIn(deps: BillingDeps, tx: Tx, before: Order, after: Order): Order {
  saveOrder(tx, after)
  if (before.state !== after.state) followIn(deps, tx, before, after)
  return after
}

/** One line for each who takes part. */
function followIn(deps: BillingDeps, tx: Tx, _before: Order, after: Order): void {
  if (after.state === "paid") receiptIn(deps, tx, after, invoiceOrderIn(deps, tx, after))
  couponFollowsIn(tx, after)
  // A refund or a dispute may have been told before the payment.
  if (after.state === "paid") standIn(deps, tx, `order:${after.publicId}`)
  if (after.kind === "recharge") rechargeMovedIn(deps, tx, after)
}
