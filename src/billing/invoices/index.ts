// The door of invoices.
export { netOf, statusOf } from "./figures.ts"
export { creditNoteIn, failInvoiceIn, issueInvoiceIn, payInvoiceIn } from "./issue.ts"
export { INVOICE_SETTINGS } from "./settings.ts"
export { invoiceByKey, invoiceByNumber } from "./store.ts"
export type * from "./types.ts"
