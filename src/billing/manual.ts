// Money that came by another road than the processor (a bank, cash), written down by an admin: an order of its own kind, with its credits
// and its invoice. An invoice may also go out first, and the credits follow when the money has come.
import { AppError, ensure, type Nano, type UserId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import { failInvoiceIn, type Invoice, invoiceByNumber, type Party } from "./invoices/index.ts"
import { BILLING_LIMITS as L } from "./limits.ts"
import { isWholeCents } from "./money.ts"
import { invoiceKeyOf, invoiceOrderIn, paperOf } from "./order-invoice.ts"
import { moveIn, payIn } from "./order-moves.ts"
import { insertOrder, orderByForm, orderById } from "./store.ts"
import type { BillingDeps, Order, OrderPaper } from "./types.ts"

export const PAYMENT_WAYS = { bank: "Bank transfer", cash: "Cash", cheque: "Cheque", other: "Another way" } as const
export type PaymentWay = keyof typeof PAYMENT_WAYS

export interface PaymentTerms {
  /** What the credits cost, without tax that comes on top. */
  priceNano: Nano
  /** On top. */
  taxNano: Nano
  /** The customer owes the tax. */
  reverseCharge: boolean
  way: PaymentWay
  /** Such as the bank's. */
  reference: string
  /** The day it came; null = it is still to come. */
  paidMs: number | null
  /** Where it is billed to somebody else than the account says. */
  buyerName: string
  buyerAddress: string
  buyerTaxId: string
}

export interface NewPayment extends PaymentTerms {
  userId: UserId
  /** The same one again is the same order. */
  key: string
}

type Errors = Partial<Record<keyof PaymentTerms, string>>

/** What is wrong, by field. @param unread fields that nobody could read: wrong already */
export function paymentErrors(terms: PaymentTerms, nowMs: number, unread: readonly string[] = []): Errors {
  const { priceNano, taxNano, reverseCharge } = terms
  const found: Errors = {
    ...(priceNano <= 0 || priceNano > L.manualNanoMax || !isWholeCents(priceNano)
      ? { priceNano: "Give an amount from $0.01 to $100,000, in whole cents." }
      : {}),
    ...(taxNano < 0 || taxNano > priceNano || !isWholeCents(taxNano)
      ? { taxNano: "Give at most the amount itself, in whole cents." }
      : {}),
    ...(reverseCharge && taxNano > 0
      ? { reverseCharge: "With the reverse charge there is no tax on the invoice." }
      : {}),
    ...dayError(terms.paidMs, nowMs),
    ...tooLong(terms, ["reference", "buyerTaxId"], L.referenceCharsMax),
    ...tooLong(terms, ["buyerName"], L.referenceCharsMax),
    ...tooLong(terms, ["buyerAddress"], L.addressCharsMax),
  }
  return Object.fromEntries(Object.entries(found).filter(([field]) => !unread.includes(field)))
}

function dayError(paidMs: number | null, nowMs: number): Errors {
  if (paidMs === null || (paidMs <= nowMs && paidMs >= nowMs - L.manualAgeMs)) return {}
  return { paidMs: "Give the day it came: today or before, within the last year." }
}

const tooLong = (
  terms: PaymentTerms,
  fields: ("reference" | "buyerTaxId" | "buyerName" | "buyerAddress")[],
  max: number,
) =>
  Object.fromEntries(
    fields.filter((field) => terms[field].length > max).map((field) => [field, `Keep this within ${max} characters.`]),
  )

/** @throws AppError validation_failed */
function check(errors: Errors): void {
  const formErrors = errors as Record<string, string>
  const [first] = Object.values(formErrors)
  if (first) throw new AppError("validation_failed", first, { formErrors })
}

export function recordIn(deps: BillingDeps, tx: Tx, input: NewPayment): Order {
  const formKey = `manual:${input.key}`
  const known = orderByForm(tx, input.userId, formKey)
  if (known) return known
  ensure(deps.identity.userById(input.userId), "not_found", "There is no such person.")
  check(paymentErrors(input, tx.now))
  const row = rowOf(deps, tx, input, formKey)
  const order = { id: insertOrder(tx, row), ...row }
  const { priceNano, taxNano, way, reference, paidMs } = input
  auditIn(tx, {
    action: "payment.recorded",
    subject: order.publicId,
    after: { priceNano, taxNano, way, reference, paidMs },
  })
  if (paidMs !== null) return payIn(deps, tx, order)
  invoiceOrderIn(deps, tx, order)
  return order
}

function rowOf(deps: BillingDeps, tx: Tx, input: NewPayment, formKey: string): Omit<Order, "id"> {
  const { userId, priceNano, taxNano, reverseCharge } = input
  return {
    publicId: deps.ids.next("ord"),
    kind: "manual",
    userId,
    packageSlug: "",
    packageName: "Credits",
    priceNano,
    discountNano: 0 as Nano,
    taxNano,
    refundedNano: 0 as Nano,
    reverseCharge,
    paper: JSON.stringify(paperFrom(input)),
    bonusNano: 0 as Nano,
    bonusDays: null,
    formKey,
    state: "pending",
    sessionId: null,
    payUrl: null,
    paymentIntentId: null,
    chargeId: null,
    transactionId: null,
    createdMs: tx.now,
    updatedMs: tx.now,
    askedMs: null,
    paidMs: null,
  }
}

function paperFrom({ way, reference, paidMs, buyerName, buyerAddress, buyerTaxId }: NewPayment): OrderPaper {
  const asked: Partial<Party> = {
    ...(buyerName === "" ? {} : { name: buyerName }),
    ...(buyerAddress === "" ? {} : { address: buyerAddress }),
    ...(buyerTaxId === "" ? {} : { taxId: buyerTaxId }),
  }
  const words =
    way === "other"
      ? paidMs === null
        ? ""
        : "Paid"
      : `${paidMs === null ? "To be paid by" : "Paid by"} ${PAYMENT_WAYS[way].toLowerCase()}`
  const note = [words, reference === "" ? "" : `reference ${reference}`].filter(Boolean).join(", ")
  return {
    ...(Object.keys(asked).length > 0 ? { buyer: asked } : {}),
    ...(paidMs === null ? {} : { receivedMs: paidMs }),
    notes: note === "" ? [] : [`${note.charAt(0).toUpperCase()}${note.slice(1)}.`],
  }
}

/** @throws AppError not_found, conflict where it is none that waits */
function waitingIn(tx: Tx, number: string): { invoice: Invoice; order: Order } {
  const invoice = invoiceByNumber(tx, number)
  ensure(invoice, "not_found", "There is no such invoice. They are listed under Invoices.")
  const order = invoice.kind === "manual" ? orderById(tx, invoice.key.slice("order:".length)) : null
  ensure(order?.state === "pending", "conflict", "This invoice does not wait for a payment by hand.")
  return { invoice, order }
}

export function receiveIn(deps: BillingDeps, tx: Tx, { invoice, paidMs }: { invoice: string; paidMs: number }): Order {
  const { order } = waitingIn(tx, invoice)
  check(dayError(paidMs, tx.now))
  auditIn(tx, { action: "payment.received", subject: order.publicId, after: { paidMs } })
  return payIn(deps, tx, { ...order, paper: JSON.stringify({ ...paperOf(order), receivedMs: paidMs }) })
}

export function giveUpIn(deps: BillingDeps, tx: Tx, { invoice: number }: { invoice: string }): Order {
  const { order } = waitingIn(tx, number)
  failInvoiceIn(tx, { key: invoiceKeyOf(order) })
  auditIn(tx, { action: "payment.given_up", subject: order.publicId })
  return moveIn(deps, tx, order, "failed")
}
