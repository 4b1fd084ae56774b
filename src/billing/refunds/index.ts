// The door of refunds and disputes: money that goes back to a buyer, and the credits that follow it.
import { ensure, type UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import { invoiceByKey } from "../invoices/index.ts"
import type { BillingDeps, BillingDepsOn } from "../types.ts"
import { refund } from "./ask.ts"
import { paymentByKey } from "./payments.ts"
import { leftOf } from "./rules.ts"
import { standIn } from "./stand.ts"
import * as rows from "./store.ts"
import { openDisputeCount, paymentRows } from "./store-list.ts"
import type { Dispute, PaymentStory, Refunds } from "./types.ts"

export { disputeEvents, refundEvents } from "./events.ts"
export { REFUND_LETTERS } from "./mails.ts"
export { reconcileRefunds } from "./reconcile.ts"
export { standIn } from "./stand.ts"
export type * from "./types.ts"

/** Of one person, on pages. */
const SHOWN = 50

/** @param on the processor, where there is one */
export function createRefunds(deps: BillingDeps, on: () => BillingDepsOn): Refunds {
  const { read } = deps.store
  return {
    payments: (query) => paymentRows(read, query),
    openDisputes: () => openDisputeCount(read),
    story: (paymentKey) => storyOf(read, paymentKey),
    refund: (ctx, input) => refund(deps, on, ctx, input),
    releaseIn: (tx, publicId) => releaseIn(deps, tx, publicId),
    disputesOf: (userId: UserId) => rows.disputesOfUser(read, userId, SHOWN),
    refundsOf: (userId: UserId) => rows.refundsOfUser(read, userId, SHOWN),
  }
}

function storyOf(reader: Reader, paymentKey: string): PaymentStory | null {
  const payment = paymentByKey(reader, paymentKey)
  if (!payment) return null
  const refunds = rows.refundsOf(reader, paymentKey)
  const disputes = rows.disputesOf(reader, paymentKey)
  const leftNano = leftOf(payment.paidNano, refunds, disputes)
  return {
    payment,
    refunds,
    disputes,
    holdbacks: rows.holdbacksOf(reader, paymentKey),
    leftNano,
    invoiceNumber: invoiceByKey(reader, paymentKey)?.number ?? null,
    isByHand: payment.paymentIntentId === null,
  }
}

function releaseIn(deps: BillingDeps, tx: Tx, publicId: string): Dispute {
  const dispute = rows.disputeById(tx, publicId)
  ensure(dispute, "not_found", "There is no such dispute.")
  if (dispute.releasedMs !== null) return dispute
  ensure(dispute.state === "open", "conflict", "This is over already.")
  const after = { ...dispute, releasedMs: tx.now, updatedMs: tx.now }
  rows.saveDispute(tx, after)
  auditIn(tx, { action: "payment.released", subject: publicId, after: { dispute: dispute.disputeId } })
  if (dispute.paymentKey !== null) standIn(deps, tx, dispute.paymentKey)
  return after
}
