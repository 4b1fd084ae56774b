// Paying for time: sale, invoice and receipt in one write with the period they pay for, so that each is there once.
import { AppError, invariant, type Nano, UserId } from "../../app/index.ts"
import type { InvoiceLine } from "../../billing/index.ts"
import { principal } from "../../ledger/index.ts"
import type { Tx } from "../../store/index.ts"
import { commissionOf } from "../plans/index.ts"
import { type Core, commissionBp, productOf } from "./core.ts"
import { paidLetter, tellIn } from "./mails.ts"
import { insertBill, saveBill } from "./store.ts"
import type { Bill, BillKind, Subscription } from "./types.ts"

export interface NewBill {
  kind: BillKind
  startMs: number
  endMs: number
  planId: number
  termsId: number
  amountNano: Nano
}

/** It waits to be paid in this very write. */
export function billIn(core: Core, tx: Tx, subscription: Subscription, bill: NewBill): Bill {
  const bp = commissionBp(core, productOf(tx, subscription), tx)
  return insertBill(tx, {
    ...bill,
    subscriptionId: subscription.id,
    commissionNano: commissionOf(bill.amountNano, bp),
    state: "due",
    dueMs: tx.now,
    nextTryMs: tx.now,
  })
}

const SHORT = ["insufficient_credits", "credits_on_hold"]
export const isShort = (error: unknown): boolean => error instanceof AppError && SHORT.includes(error.code)

/**
 * Pays a bill that waits. What costs nothing is paid without a sale and an invoice.
 * @throws AppError insufficient_credits, credits_on_hold; nothing is written then
 */
export function payBillIn(core: Core, tx: Tx, subscription: Subscription, bill: Bill): Bill {
  invariant(bill.state === "due", "a bill is paid once")
  const paid = { state: "paid", paidMs: tx.now, nextTryMs: null } as const
  const { amountNano, commissionNano } = bill
  if (amountNano === 0) return saveBill(tx, bill, paid)
  const product = productOf(tx, subscription)
  const key = `market:${bill.id}`
  const { transactionId } = core.ledger.sellIn(tx, {
    owner: principal(subscription.payerId),
    mode: "live",
    seller: principal(product.ownerId),
    amountNano,
    commissionNano,
    key,
  })
  return invoiceIn(core, tx, subscription, saveBill(tx, bill, { ...paid, saleId: transactionId }), [
    lineOf(core, tx, bill, product.title),
  ])
}

/** The invoice of a bill that is paid, and its receipt. */
export function invoiceIn(core: Core, tx: Tx, subscription: Subscription, bill: Bill, lines: InvoiceLine[]): Bill {
  const userId = UserId(subscription.payerId)
  const { number } = core.billing.productInvoiceIn(tx, { userId, key: `market:${bill.id}`, lines })
  const { slug } = productOf(tx, subscription)
  tellIn(core, tx, userId, paidLetter, {
    product: slug,
    kind: bill.kind,
    paidNano: bill.amountNano,
    untilMs: bill.endMs,
    invoice: number,
    subscription: subscription.publicId,
  })
  return saveBill(tx, bill, { invoice: number })
}

function lineOf(
  { plans }: Core,
  tx: Tx,
  { kind, planId, amountNano, startMs, endMs }: Bill,
  title: string,
): InvoiceLine {
  const plan = plans.planById(planId, tx)?.name ?? ""
  const text = kind === "upgrade" ? `${title}: change to ${plan}` : `${title}: ${plan}`
  return { text, quantity: 1, unitNano: amountNano, amountNano, fromMs: startMs, toMs: endMs }
}
