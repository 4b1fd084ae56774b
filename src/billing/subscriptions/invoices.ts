// What a paid invoice of a plan means here: its months and their credits, a document of ours, and the row by which a refund finds them.
import type { UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { PaidLine } from "../../plans/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import { issueInvoiceIn } from "../invoices/index.ts"
import { centsOf, nanoOfCents } from "../money.ts"
import { standIn } from "../refunds/stand.ts"
import type { InvoiceFacts, InvoiceLineFacts, SubscriptionFacts } from "../stripe/index.ts"
import type { BillingDepsOn } from "../types.ts"
import { insertPlanInvoice, priceById, signupById } from "./store.ts"

/** @returns why somebody has to look; nothing was granted then */
export function payInvoiceIn(
  deps: BillingDepsOn,
  tx: Tx,
  userId: UserId,
  subscription: SubscriptionFacts,
  invoice: InvoiceFacts,
): string | null {
  if (invoice.currency !== "usd") return `the invoice ${invoice.id} was paid in ${invoice.currency}, not in usd`
  const lines = invoice.lines.filter(({ startMs, endMs }) => endMs > startMs).map((line) => paidLine(tx, invoice, line))
  const unknown = invoice.lines.find(({ priceId }) => priceId === null || !priceById(tx, priceId))
  if (unknown || lines.includes(null))
    return `the invoice ${invoice.id} is for ${unknown?.priceId ?? "no plan of ours"}`
  const user = deps.identity.userById(userId)
  if (!user) return `the invoice ${invoice.id} is of a person who is gone`
  const choice = subscription.signupId === null ? null : (signupById(tx, subscription.signupId)?.choice ?? null)
  const grantedNano = deps.plans.payIn(tx, {
    user: { id: user.id, publicId: user.publicId },
    subscription: subscription.id,
    lines: lines.filter((line) => line !== null),
    netNano: nanoOfCents(Math.max(0, invoice.netCents)),
    anchorMs: subscription.anchorMs,
    choice,
  })
  const row = {
    invoiceId: invoice.id,
    userId,
    subscriptionId: subscription.id,
    grossNano: nanoOfCents(invoice.grossCents),
    discountNano: nanoOfCents(invoice.discountCents),
    taxNano: nanoOfCents(invoice.taxCents),
    paidNano: nanoOfCents(invoice.paidCents),
    refundedNano: nanoOfCents(0),
    grantedNano,
    paymentIntentId: invoice.paymentIntentId,
    paidMs: invoice.paidMs ?? tx.now,
  }
  insertPlanInvoice(tx, row)
  documentIn(deps, tx, userId, invoice, row.paidMs)
  standIn(deps, tx, `stripe:${invoice.id}`)
  const { paidNano: paid } = row
  auditIn(tx, {
    action: "plan.paid",
    subject: user.publicId,
    after: { invoice: invoice.id, paid, granted: grantedNano },
  })
  return null
}

function documentIn(deps: BillingDepsOn, tx: Tx, userId: UserId, invoice: InvoiceFacts, paidMs: number): void {
  issueInvoiceIn(deps, tx, {
    userId,
    key: `stripe:${invoice.id}`,
    kind: "plan",
    lines: invoice.lines.map(({ text, cents, startMs, endMs }) => ({
      text,
      quantity: 1,
      unitNano: nanoOfCents(cents),
      amountNano: nanoOfCents(cents),
      fromMs: startMs,
      toMs: endMs,
    })),
    discountNano: nanoOfCents(invoice.discountCents),
    taxNano: nanoOfCents(invoice.taxCents),
    taxInclusive: invoice.isTaxInside,
    reverseCharge: false,
    paidMs,
  })
}

/** @returns null for what is no plan of ours */
function paidLine(reader: Reader, invoice: InvoiceFacts, line: InvoiceLineFacts): PaidLine | null {
  const price = line.priceId === null ? null : priceById(reader, line.priceId)
  if (!price) return null
  return {
    key: `stripe:${invoice.id}:${line.id}`,
    planId: price.planId,
    months: price.months,
    startMs: line.startMs,
    endMs: line.endMs,
    cents: Math.abs(line.cents),
    priceCents: centsOf(price.priceNano),
    isBack: line.cents < 0,
  }
}
