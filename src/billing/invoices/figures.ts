// The figures of an invoice and of its credit notes: whole cents, and every sum exact. Pure.
import { invariant, type Nano, nano } from "../../app/index.ts"
import { isWholeCents, NANO_PER_CENT } from "../money.ts"
import type { Invoice, InvoiceStatus, IssueInput } from "./types.ts"

export interface Figures {
  subtotalNano: Nano
  totalNano: Nano
}

type Charged = Pick<IssueInput, "kind" | "lines" | "discountNano" | "taxNano" | "taxInclusive" | "reverseCharge">

/** @throws when something does not add up: whoever asked for it has counted wrongly, and nothing of it may stand */
export function figuresOf({ kind, lines, discountNano, taxNano, taxInclusive, reverseCharge }: Charged): Figures {
  invariant(lines.length > 0, "an invoice is for something")
  for (const { text, quantity, unitNano, amountNano } of lines) {
    // What credits pay may cost less than a cent apiece.
    const isWhole = kind === "product" ? Number.isSafeInteger(unitNano) : isWholeCents(unitNano)
    invariant(Number.isSafeInteger(quantity) && isWhole, `whole pieces and cents: ${text}`)
    invariant(BigInt(quantity) * BigInt(unitNano) === BigInt(amountNano), `quantity × unit is the amount: ${text}`)
  }
  const subtotalNano = nano(lines.reduce((sum, { amountNano }) => sum + BigInt(amountNano), 0n))
  invariant(discountNano >= 0 && isWholeCents(discountNano), "a discount takes whole cents off")
  invariant(taxNano >= 0 && isWholeCents(taxNano), "tax is whole cents")
  invariant(!reverseCharge || taxNano === 0, "with the reverse charge the customer owes the tax")
  const netNano = BigInt(subtotalNano) - BigInt(discountNano)
  invariant(netNano >= 0n, "an invoice asks for nothing less than 0; what is given back is a credit note")
  invariant(!taxInclusive || BigInt(taxNano) <= netNano, "tax that is part of a price is no more than the price")
  return { subtotalNano, totalNano: nano(taxInclusive ? netNano : netNano + BigInt(taxNano)) }
}

/** Before tax. */
export const netOf = ({ totalNano, taxNano }: Pick<Invoice, "totalNano" | "taxNano">): Nano => nano(totalNano - taxNano)

/**
 * The tax in the part of an invoice that was given back, all in all: in proportion, to the nearest cent. Notes take the difference to what
 * stands of those before, so that they add up, and the last one takes the rest.
 */
export function taxWithin(invoice: Pick<Invoice, "totalNano" | "taxNano">, creditedNano: number): Nano {
  if (invoice.totalNano === 0) return nano(0)
  const cent = BigInt(NANO_PER_CENT)
  const twice = 2n * BigInt(invoice.taxNano) * BigInt(creditedNano)
  const whole = BigInt(invoice.totalNano) * cent
  return nano(((twice + whole) / (2n * whole)) * cent)
}

export function statusOf(invoice: Pick<Invoice, "paidMs" | "failedMs" | "dueMs">, nowMs: number): InvoiceStatus {
  if (invoice.paidMs !== null) return "paid"
  if (invoice.failedMs !== null) return "failed"
  return nowMs > invoice.dueMs ? "overdue" : "pending"
}

export const yearOf = (ms: number): number => new Date(ms).getUTCFullYear()

/** INV-2026-001: at least three digits. */
export const numberOf = (prefix: "INV" | "CN" | "DN", year: number, serial: number): string =>
  `${prefix}-${String(year).padStart(4, "0")}-${String(serial).padStart(3, "0")}`
