// Invoices on pages and as files, the same for the person and for an admin.

import type { InvoiceRow, InvoiceState } from "../../../views/invoices/list.tsx"
import type { InvoiceProps } from "../../../views/invoices/page.tsx"
import { ensure, nano } from "../../app/index.ts"
import { type Billing, type Invoice, type InvoiceFound, statusOf } from "../../billing/index.ts"

type Invoices = Billing["invoices"]

const STATES: readonly InvoiceState[] = ["paid", "pending", "overdue", "failed"]

/** @returns null = all */
export const readState = (text: string | null): InvoiceState | null => STATES.find((one) => one === text) ?? null

/** What was bought: of a move to another plan not what is given back of the one before. */
const whatOf = ({ document: { lines } }: Invoice): string =>
  (lines.find(({ amountNano }) => amountNano > 0) ?? lines[0])?.text ?? ""

/** @param path of the list */
export const rowOf = (invoice: Invoice, path: string, now: number): InvoiceRow => ({
  href: `${path}/${invoice.number}`,
  number: invoice.number,
  what: whatOf(invoice),
  state: statusOf(invoice, now),
  credited: invoice.creditedNano,
  total: invoice.totalNano,
  atMs: invoice.issuedMs,
})

export function paperProps(
  invoices: Invoices,
  found: InvoiceFound,
  path: string,
  now: number,
): Omit<InvoiceProps, "frame" | "up"> {
  const { invoice, notes, debits } = found
  const here = `${path}/${invoice.number}`
  return {
    now,
    number: invoice.number,
    state: statusOf(invoice, now),
    total: invoice.totalNano,
    credited: invoice.creditedNano,
    paper: invoices.paper(found),
    pdfHref: `${here}/pdf`,
    notes: [
      ...notes.map(({ number, amountNano, reason, issuedMs }) => ({ number, amount: amountNano, reason, issuedMs })),
      ...debits.map(({ number, amountNano, reason, issuedMs, creditNoteId }) => {
        const cancelled = notes.find(({ id }) => id === creditNoteId)?.number ?? ""
        return { number, amount: nano(-amountNano), reason: `${reason}: ${cancelled} no longer holds`, issuedMs }
      }),
    ]
      .toSorted((a, b) => a.issuedMs - b.issuedMs)
      .map((note) => ({ ...note, pdfHref: `${here}/notes/${note.number}` })),
  }
}

/** The PDF of an invoice, or of one of its notes. @throws AppError not_found */
export async function paperAnswer(invoices: Invoices, found: InvoiceFound, note?: string): Promise<Response> {
  const given = [...found.notes, ...found.debits].find(({ number }) => number === note)
  ensure(note === undefined || given, "not_found", "There is no such credit note.")
  const paper = invoices.paper(found, given)
  return new Response(await invoices.pdf(paper), {
    headers: {
      "content-type": "application/pdf",
      "content-disposition": `attachment; filename="${paper.number}.pdf"`,
      "cache-control": "private, no-store",
      "x-content-type-options": "nosniff",
    },
  })
}
