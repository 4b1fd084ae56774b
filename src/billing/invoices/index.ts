// The door of invoices.
import type { Clock, UserId } from "../../app/index.ts"
import type { KeysetPage, Place, Store } from "../../store/index.ts"
import { invoiceByNumber, invoicesBy, notesOf } from "./store.ts"
import type { CreditNote, Invoice, InvoiceStatus } from "./types.ts"

export { netOf, statusOf } from "./figures.ts"
export { creditNoteIn, failInvoiceIn, issueInvoiceIn, payInvoiceIn } from "./issue.ts"
export { INVOICE_SETTINGS } from "./settings.ts"
export { invoiceByKey, invoiceByNumber } from "./store.ts"
export type * from "./types.ts"

/** How invoices are looked at. */
export interface Invoices {
  /** Of a person, newest first. */
  of(
    userId: UserId,
    query: { status?: InvoiceStatus | null; place?: Place | null; limit?: number },
  ): KeysetPage<Invoice>
  /** Of this person, with what was given back of it. */
  byNumber(userId: UserId, number: string): { invoice: Invoice; notes: CreditNote[] } | null
}

const PAGE = 25

export function createInvoices({ store, clock }: { store: Pick<Store, "read">; clock: Clock }): Invoices {
  return {
    of: (userId, { status = null, place = null, limit = PAGE }) =>
      invoicesBy(store.read, { userId, status, place, limit, nowMs: clock.now() }),
    byNumber(userId, number) {
      const invoice = invoiceByNumber(store.read, number)
      return invoice?.userId === userId ? { invoice, notes: notesOf(store.read, invoice.id) } : null
    },
  }
}
