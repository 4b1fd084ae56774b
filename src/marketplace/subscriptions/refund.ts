// Gives back what a bill took, whole or in part: credits to the lots that paid it, the platform's part and the publisher's earning back from
// where they are, a credit note on the invoice. One write; the same form twice is one refund. The subscription goes on as it was.
import { AppError, ensure, type Nano, nano, type PrincipalId, UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { RefundedCharge } from "../../ledger/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import { type Core, ofPublisherIn, productOf } from "./core.ts"
import { SUBSCRIPTION_LIMITS as L } from "./limits.ts"
import { refundedLetter, tellIn } from "./mails.ts"
import * as rows from "./store.ts"
import { billById, billByInvoice, chargedCalls, insertRefund, refundByKey, refundedOf } from "./store-refunds.ts"
import type { Bill, BillRefund, RefundBill, Subscription } from "./types.ts"

const NO_BILL = "There is no such payment."

/** A bill of a consumer of this publisher. @throws AppError not_found */
export function billOfConsumer(reader: Reader, ownerId: PrincipalId, subscription: string, billId: number): Bill {
  const { id } = ofPublisherIn(reader, ownerId, subscription)
  const bill = billById(reader, billId)
  ensure(bill?.subscriptionId === id, "not_found", NO_BILL)
  return bill
}

/** What the invoice of a product is for. @throws AppError not_found */
export function billOfInvoice(reader: Reader, invoice: string): Bill {
  const bill = billByInvoice(reader, invoice)
  ensure(bill, "not_found", NO_BILL)
  return bill
}

/** n$ that can still be given back. */
export const leftOf = (reader: Reader, { id, state, amountNano, invoice }: Bill): Nano =>
  nano(state === "paid" && invoice !== null ? amountNano - refundedOf(reader, id) : 0)

/** @throws AppError validation_failed with what is left, conflict for a key with other content or nothing to give back */
export function refundBillIn(core: Core, tx: Tx, { bill, by, key, reason, amountNano }: RefundBill): BillRefund {
  const known = refundByKey(tx, key)
  if (known) {
    const isSame = known.billId === bill.id && (amountNano === null || amountNano === known.amountNano)
    ensure(isSame, "conflict", "This form was sent before with other content. Open it again.")
    return known
  }
  const left = leftOf(tx, bill)
  ensure(left > 0, "conflict", "Nothing of this payment is left to give back.")
  const amount = amountNano ?? left
  if (amount <= 0 || amount > left) throw wrongAmount(left)
  const subscription = rows.byId(tx, bill.subscriptionId)
  ensure(subscription, "not_found", NO_BILL)
  const publicId = core.ids.next("mrf")
  const parts =
    bill.saleId === null
      ? refundCallsIn(core, tx, { subscription, bill, amount, key: publicId })
      : [core.ledger.refundChargeIn(tx, { transactionId: bill.saleId, amountNano: amount, key: publicId })]
  const sum = (of: (part: RefundedCharge) => number) => nano(parts.reduce((total, part) => total + of(part), 0))
  const note = core.billing.creditNoteIn(tx, {
    invoiceKey: `market:${bill.id}`,
    key: publicId,
    amountNano: amount,
    reason,
  })
  ensure(note?.amountNano === amount, "conflict", "The invoice of this payment was given back in another way.")
  const refund = insertRefund(tx, {
    publicId,
    billId: bill.id,
    key,
    amountNano: amount,
    commissionNano: sum(({ fromPlatformNano }) => fromPlatformNano),
    earnedNano: sum(({ fromDeveloperNano }) => fromDeveloperNano),
    byWhom: by,
    reason,
    note: note.number,
    createdMs: tx.now,
  })
  const after = { nano: amount, kind: bill.kind, invoice: bill.invoice, note: note.number }
  auditIn(tx, { action: "api.refunded", subject: subscription.publicId, after })
  tell(core, tx, subscription, bill, refund)
  return refund
}

const wrongAmount = (left: Nano): AppError => {
  const words = `Give an amount above 0, up to $${(Number(left) / 1e9).toFixed(left % 10_000_000 === 0 ? 2 : 9)}.`
  return new AppError("validation_failed", words, { formErrors: { amountNano: words } })
}

/** Calls of the period that were charged above the plan, newest first, until it is enough. */
function refundCallsIn(
  { ledger }: Core,
  tx: Tx,
  { subscription, bill, amount, key }: { subscription: Subscription; bill: Bill; amount: Nano; key: string },
): RefundedCharge[] {
  const parts: RefundedCharge[] = []
  let missing = Number(amount)
  for (const { transactionId, leftNano } of chargedCalls(tx, subscription.id, bill, L.refundCalls)) {
    if (missing === 0) break
    const part = Math.min(missing, leftNano)
    parts.push(
      ledger.refundChargeIn(tx, {
        transactionId,
        amountNano: nano(part),
        bySeller: true,
        key: `${key}:${parts.length}`,
      }),
    )
    missing -= part
  }
  if (missing > 0) throw wrongAmount(nano(amount - missing))
  return parts
}

function tell(core: Core, tx: Tx, subscription: Subscription, bill: Bill, { byWhom, ...refund }: BillRefund): void {
  const product = productOf(tx, subscription)
  const data = { product: product.slug, backNano: refund.amountNano, invoice: bill.invoice ?? "", note: refund.note }
  const consumer = { ...data, subscription: subscription.publicId, earnedNano: null }
  tellIn(core, tx, UserId(subscription.payerId), refundedLetter, consumer)
  if (byWhom === "admin")
    tellIn({ ...core, identity: core.makers }, tx, UserId(product.ownerId), refundedLetter, {
      ...consumer,
      earnedNano: refund.earnedNano,
    })
}
