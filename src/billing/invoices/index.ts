// The door of invoices.
import type { Clock, UserId } from "../../app/index.ts"
import type { KeysetPage, Place, ReadWorker, Store } from "../../store/index.ts"
import { creditPaper, debitPaper, invoicePaper, type Paper } from "./paper.ts"
import { DRAW_PDF } from "./reads.ts"
import { debitsOf, invoiceByKey, invoiceByNumber, invoicesBy, notesOf } from "./store.ts"
import type { CreditNote, DebitNote, Invoice, InvoiceStatus } from "./types.ts"

export { statusOf } from "./figures.ts"
export {
  cancelCreditIn,
  creditNoteIn,
  failInvoiceIn,
  issueInvoiceIn,
  payInvoiceIn,
  sellerOf,
  TEST_NOTE,
} from "./issue.ts"
export { dollarsText, type Paper, type PaperLine, type PaperTotal, partyLines } from "./paper.ts"
export { INVOICE_READS } from "./reads.ts"
export { ASK_ADDRESS, INVOICE_SETTINGS, STRIPE_TAX } from "./settings.ts"
export { invoiceByKey, invoiceByNumber } from "./store.ts"
export type * from "./types.ts"

/** An invoice with what was given back of it, and what of that did not arrive. */
export interface InvoiceFound {
  invoice: Invoice
  notes: CreditNote[]
  debits: DebitNote[]
}

/** How invoices are looked at. */
export interface Invoices {
  /** Newest first. @param userId null = of everybody */
  list(userId: UserId | null, query: { status?: InvoiceStatus | null; place?: Place | null }): KeysetPage<Invoice>
  byNumber(number: string): InvoiceFound | null
  /** null = it is not paid, or was before there were invoices. */
  ofOrder(order: { publicId: string }): Invoice | null
  /** As it is printed. */
  paper(found: InvoiceFound, note?: CreditNote | DebitNote): Paper
  /** The paper as a PDF; equal papers are equal bytes. */
  pdf(paper: Paper): Promise<Uint8Array<ArrayBuffer>>
}

const PAGE = 25

interface Deps {
  store: Pick<Store, "read">
  clock: Clock
  reads: Pick<ReadWorker, "ask">
  baseUrl: string
}

export function createInvoices({ store, clock, reads, baseUrl }: Deps): Invoices {
  return {
    list: (userId, { status = null, place = null }) =>
      invoicesBy(store.read, { userId, status, place, limit: PAGE, nowMs: clock.now() }),
    byNumber(number) {
      const invoice = invoiceByNumber(store.read, number)
      if (!invoice) return null
      return { invoice, notes: notesOf(store.read, invoice.id), debits: debitsOf(store.read, invoice.id) }
    },
    ofOrder: ({ publicId }) => invoiceByKey(store.read, `order:${publicId}`),
    paper({ invoice, notes }, note) {
      if (!note) return invoicePaper(invoice, baseUrl)
      if (!("creditNoteId" in note)) return creditPaper(invoice, note, baseUrl)
      return debitPaper(invoice, note, notes.find(({ id }) => id === note.creditNoteId)!, baseUrl)
    },
    pdf: (paper) => reads.ask(DRAW_PDF, paper),
  }
}
