// What a paid invoice of a plan means here: its months and their credits, a document of ours, and the row by which a refund finds them.
import { type Nano, nano, type UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { PaidLine } from "../../plans/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import { type Invoice, issueInvoiceIn, TEST_NOTE } from "../invoices/index.ts"
import { centsOf, nanoOfCents } from "../money.ts"
import { type PlanPaid, planReceiptIn } from "../receipts/tell.ts"
import { standIn } from "../refunds/stand.ts"
import type { InvoiceFacts, InvoiceLineFacts, SubscriptionFacts } from "../stripe/index.ts"
import type { BillingDepsOn } from "../types.ts"
import { insertPlanInvoice, priceById, signupById } from "./store.ts"
import type { PlanInvoice } from "./types.ts"

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
  // What stood to the customer's credit was paid before.
  const netCents = Math.max(0, invoice.paidCents - invoice.taxCents)
  const granted = deps.plans.payIn(tx, {
    user: { id: user.id, publicId: user.publicId },
    subscription: subscription.id,
    lines: lines.filter((line) => line !== null),
    netNano: nanoOfCents(netCents),
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
    grantedNano: granted.grantedNano,
    paymentIntentId: invoice.paymentIntentId,
    paidMs: invoice.paidMs ?? tx.now,
  }
  insertPlanInvoice(tx, row)
  incomeIn(deps, tx, row, granted.paidNano)
  const document = documentIn(deps, tx, userId, invoice, row.paidMs)
  if (document)
    planReceiptIn(
      deps,
      tx,
      document,
      receiptOf(
        row,
        lines.filter((line) => line !== null),
      ),
    )
  standIn(deps, tx, `stripe:${invoice.id}`)
  const { paidNano: paid } = row
  auditIn(tx, {
    action: "plan.paid",
    subject: user.publicId,
    after: { invoice: invoice.id, paid, granted: row.grantedNano },
  })
  return null
}

/** What a person is told of it. */
function receiptOf(row: Omit<PlanInvoice, "id">, lines: readonly PaidLine[]): PlanPaid {
  const last = lines
    .filter(({ isBack }) => !isBack)
    .toSorted((a, b) => a.endMs - b.endMs)
    .at(-1)
  return {
    userId: row.userId,
    paidNano: row.paidNano,
    taxNano: row.taxNano,
    grantedNano: row.grantedNano,
    planId: last?.planId ?? null,
    untilMs: last?.endMs ?? null,
    isYear: last?.months === 12,
    isChange: lines.some(({ isBack }) => isBack),
  }
}

/** What was paid beyond credits: tax is the state's, the rest the house's, so that all of the money stands in the books. */
function incomeIn({ ledger }: BillingDepsOn, tx: Tx, row: Omit<PlanInvoice, "id">, creditsNano: Nano): void {
  const { paidNano, taxNano, invoiceId } = row
  if (paidNano === creditsNano) return
  const revenueNano = nano(paidNano - taxNano - creditsNano)
  ledger.bookIncomeIn(tx, {
    mode: "live",
    type: "subscription",
    revenueNano,
    taxNano,
    key: `stripe:${invoiceId}:income`,
  })
}

/** @returns null where nothing was asked for */
function documentIn(
  deps: BillingDepsOn,
  tx: Tx,
  userId: UserId,
  invoice: InvoiceFacts,
  paidMs: number,
): Invoice | null {
  // One that only gives back asks for nothing: the processor keeps it for later invoices.
  if (invoice.lines.length === 0 || invoice.grossCents < invoice.discountCents) return null
  return issueInvoiceIn(deps, tx, {
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
    reverseCharge: invoice.isReverseCharge && invoice.taxCents === 0,
    paidMs,
    notes: deps.processor.isTest ? [TEST_NOTE] : [],
    ...(invoice.buyer ? { buyer: invoice.buyer } : {}),
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
