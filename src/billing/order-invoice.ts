// The invoice of an order: issued in the write that pays it.
import { creditsDecimal, type Nano, nano } from "../app/index.ts"
import type { Tx } from "../store/index.ts"
import { type Invoice, type InvoiceLine, issueInvoiceIn } from "./invoices/index.ts"
import type { BillingDeps, Order } from "./types.ts"

export const invoiceKeyOf = ({ publicId }: Pick<Order, "publicId">): string => `order:${publicId}`

const TEST = "Test mode: no money was paid."

/** Once an order: the same one again is the same invoice. */
export function invoiceOrderIn(deps: BillingDeps, tx: Tx, order: Order): Invoice {
  const { userId, kind, discountNano, taxNano, paidMs } = order
  const isTest = kind !== "manual" && deps.processor?.isTest === true
  return issueInvoiceIn(deps, tx, {
    userId,
    key: invoiceKeyOf(order),
    kind,
    lines: linesOf(order),
    discountNano,
    taxNano,
    taxInclusive: false,
    reverseCharge: false,
    paidMs,
    notes: isTest ? [TEST] : [],
  })
}

function linesOf({ packageName, priceNano, bonusNano }: Order): InvoiceLine[] {
  const sold = line(`${packageName}: ${creditsText(priceNano)}`, priceNano)
  return bonusNano > 0 ? [sold, line(`On top: ${creditsText(bonusNano)}`, nano(0))] : [sold]
}

const line = (text: string, unitNano: Nano): InvoiceLine => ({ text, quantity: 1, unitNano, amountNano: unitNano })

function creditsText(amount: Nano): string {
  const [whole = "0", part] = creditsDecimal(amount).split(".")
  return `${Number(whole).toLocaleString("en-US")}${part ? `.${part}` : ""} credits`
}
