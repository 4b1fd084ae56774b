// The invoice of an order: issued in the write that pays it.
import { type Nano, nano } from "../app/index.ts"
import type { Tx } from "../store/index.ts"
import { type Invoice, type InvoiceLine, issueInvoiceIn, payInvoiceIn, TEST_NOTE } from "./invoices/index.ts"
import { creditsWords } from "./money.ts"
import type { BillingDeps, Order, OrderPaper } from "./types.ts"

export const invoiceKeyOf = ({ publicId }: Pick<Order, "publicId">): string => `order:${publicId}`

/** Once an order: the same one again is the same invoice, which is paid when the order is. */
export function invoiceOrderIn(deps: BillingDeps, tx: Tx, order: Order): Invoice {
  const { userId, kind, discountNano, taxNano, taxInclusive, reverseCharge } = order
  const { buyer, receivedMs, notes = [] } = paperOf(order)
  const isTest = kind !== "manual" && deps.processor?.isTest === true
  const paidMs = order.paidMs === null ? null : (receivedMs ?? order.paidMs)
  const key = invoiceKeyOf(order)
  const invoice = issueInvoiceIn(deps, tx, {
    userId,
    key,
    kind,
    lines: linesOf(order),
    discountNano,
    taxNano,
    taxInclusive: taxInclusive === true,
    reverseCharge: reverseCharge === true,
    paidMs,
    notes: isTest ? [TEST_NOTE, ...notes] : notes,
    ...(buyer ? { buyer } : {}),
  })
  return paidMs === null || invoice.paidMs !== null ? invoice : payInvoiceIn(tx, { key, paidMs })
}

export const paperOf = ({ paper }: Pick<Order, "paper">): OrderPaper => (paper ? (JSON.parse(paper) as OrderPaper) : {})

function linesOf({ kind, packageName, priceNano, bonusNano }: Order): InvoiceLine[] {
  const credits = creditsWords(priceNano)
  const sold = line(kind === "manual" ? credits : `${packageName}: ${credits}`, priceNano)
  return bonusNano > 0 ? [sold, line(`On top: ${creditsWords(bonusNano)}`, nano(0))] : [sold]
}

const line = (text: string, unitNano: Nano): InvoiceLine => ({ text, quantity: 1, unitNano, amountNano: unitNano })
