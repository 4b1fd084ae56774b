// Issuing: the number, the document as it is on this day, and the two things that can become of it. Numbers have no gaps because they are
// taken in the write of what they are for.
import { DAY_MS, ensure, invariant, nano } from "../../app/index.ts"
import { brandName } from "../../brand/index.ts"
import type { User } from "../../identity/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import { type BillingDetails, detailsIn, partyOf } from "../details/index.ts"
import { figuresOf, numberOf, taxWithin, yearOf } from "./figures.ts"
import * as is from "./settings.ts"
import {
  creditedTaxOf,
  creditNoteByKey,
  debitNoteOf,
  insertCreditNote,
  insertDebitNote,
  insertInvoice,
  invoiceByKey,
  markFailed,
  markPaid,
  nextSerial,
} from "./store.ts"
import type {
  CancelCreditInput,
  CreditInput,
  CreditNote,
  DebitNote,
  Invoice,
  InvoiceDeps,
  InvoiceDocument,
  InvoiceKind,
  IssueInput,
  Party,
} from "./types.ts"

/** On whatever was paid with a key of test mode. */
export const TEST_NOTE = "Test mode: no money was paid."

const LINE_CHARS = 300
const PARTY_CHARS = 200
/** More lines than any address has. */
const ADDRESS_LINES = 8
const REASON_CHARS = 200
/** Of a line that nobody put in words. */
const FOR: Readonly<Record<InvoiceKind, string>> = {
  package: "Credits",
  recharge: "Credits",
  manual: "Credits",
  plan: "Plan",
  product: "API",
}

/** The house as it stands on its papers. */
export const sellerOf = (settings: InvoiceDeps["settings"], reader?: Reader): Party => ({
  name: settings.get(is.SELLER_NAME, reader) || brandName(settings, reader),
  address: settings.get(is.SELLER_ADDRESS, reader),
  taxId: settings.get(is.SELLER_TAX_ID, reader),
  email: settings.get(is.SELLER_EMAIL, reader),
})

/**
 * The invoice of a key: issued now, or the one that is there.
 * @throws Error where lines, discount and tax do not fit together: whoever asked has counted wrongly
 */
export function issueInvoiceIn(deps: InvoiceDeps, tx: Tx, input: IssueInput): Invoice {
  const known = invoiceByKey(tx, input.key)
  if (known) return known
  const figures = figuresOf(input)
  const year = yearOf(tx.now)
  const serial = nextSerial(tx, "invoices", year)
  const dueDays = input.dueDays ?? deps.settings.get(is.DUE_DAYS, tx)
  return insertInvoice(tx, {
    number: numberOf("INV", year, serial),
    year,
    serial,
    key: input.key,
    userId: input.userId,
    kind: input.kind,
    ...figures,
    discountNano: input.discountNano,
    taxNano: input.taxNano,
    taxInclusive: input.taxInclusive,
    reverseCharge: input.reverseCharge,
    document: documentOf(deps, tx, input),
    issuedMs: tx.now,
    dueMs: input.paidMs === null ? tx.now + dueDays * DAY_MS : tx.now,
    paidMs: input.paidMs,
    failedMs: null,
    creditedNano: nano(0),
  })
}

function documentOf({ settings, buyers }: InvoiceDeps, tx: Tx, input: IssueInput): InvoiceDocument {
  const { reverseCharge, notes = [] } = input
  const footer = settings.get(is.FOOTER, tx)
  return {
    seller: party(sellerOf(settings, tx)),
    buyer: party(buyerOf(buyers.userById(input.userId), detailsIn(tx, input.userId), input)),
    lines: input.lines.map((line) => ({ ...line, text: plain(line.text, LINE_CHARS) || FOR[input.kind] })),
    taxLabel: settings.get(is.TAX_LABEL, tx),
    notes: [...(reverseCharge ? [settings.get(is.REVERSE_CHARGE, tx)] : []), ...notes, ...(footer ? [footer] : [])],
  }
}

/**
 * What an admin wrote down for this one counts first, then what the payer wants on all, then what the processor was told and the account says. Of
 * details nothing else is beside them: a team's paper has nothing of the person who owns it, or pressed.
 */
function buyerOf(person: User | null, details: BillingDetails | null, input: IssueInput): Partial<Party> {
  const { kind, userId, reverseCharge, buyer: told = {} } = input
  if (details === null) {
    const account = person ? { name: person.name ?? "", email: person.email } : {}
    return ofCompany({ ...account, ...told }, person?.company ?? null)
  }
  const own = { ...partyOf(details, told.taxId ?? ""), email: person?.id === userId ? person.email : "" }
  if (kind === "manual") return { ...own, ...told }
  // The number that the tax was decided by stands on the paper.
  return reverseCharge && told.taxId ? { ...own, taxId: told.taxId } : own
}

/** A company is who is billed; whoever buys for it stands below. */
function ofCompany(buyer: Partial<Party>, company: string | null): Partial<Party> {
  if (company === null || company === buyer.name) return buyer
  return { ...buyer, name: company, address: [buyer.name, buyer.address].filter(Boolean).join("\n") }
}

const party = ({ name = "", address = "", taxId = "", email = "" }: Partial<Party>): Party => ({
  name: plain(name, PARTY_CHARS),
  address: address
    .split(/\r?\n/)
    .map((line) => plain(line, PARTY_CHARS))
    .filter(Boolean)
    .slice(0, ADDRESS_LINES)
    .join("\n"),
  taxId: plain(taxId, PARTY_CHARS),
  email: plain(email, PARTY_CHARS),
})

/** One line, without what no paper shows. */
const plain = (text: string, max: number): string =>
  text
    .replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .trim()
    .slice(0, max)

/** Of an invoice that waits: it is paid now. Again changes nothing. @throws AppError not_found, conflict where it was given up */
export function payInvoiceIn(tx: Tx, { key, paidMs }: { key: string; paidMs: number }): Invoice {
  const invoice = requireIn(tx, key)
  if (invoice.paidMs !== null) return invoice
  ensure(invoice.failedMs === null, "conflict", "This invoice was given up. Issue another one.")
  markPaid(tx, invoice.id, paidMs)
  return { ...invoice, paidMs }
}

/** Of an invoice that waits: nobody will pay it. Again changes nothing. @throws AppError not_found, conflict where it was paid */
export function failInvoiceIn(tx: Tx, { key }: { key: string }): Invoice {
  const invoice = requireIn(tx, key)
  if (invoice.failedMs !== null) return invoice
  ensure(invoice.paidMs === null, "conflict", "This invoice was paid. What is given back of it is a refund.")
  markFailed(tx, invoice.id, tx.now)
  return { ...invoice, failedMs: tx.now }
}

function requireIn(tx: Tx, key: string): Invoice {
  const invoice = invoiceByKey(tx, key)
  ensure(invoice, "not_found", "There is no such invoice.")
  return invoice
}

/**
 * What of an invoice went back. The same key is the same note; more than is left of the invoice is no more than that.
 * @returns null where there is no such invoice, or nothing of it is left
 */
export function creditNoteIn(
  _: InvoiceDeps,
  tx: Tx,
  { invoiceKey, key, amountNano, reason }: CreditInput,
): CreditNote | null {
  const known = creditNoteByKey(tx, key)
  if (known) return known
  invariant(amountNano > 0, "a credit note gives something back")
  const invoice = invoiceByKey(tx, invoiceKey)
  if (!invoice) return null
  const before = invoice.creditedNano
  const amount = nano(Math.min(amountNano, invoice.totalNano - before))
  if (amount === 0) return null
  const year = yearOf(tx.now)
  const serial = nextSerial(tx, "creditNotes", year)
  return insertCreditNote(tx, {
    number: numberOf("CN", year, serial),
    year,
    serial,
    key,
    invoiceId: invoice.id,
    amountNano: amount,
    taxNano: nano(Math.max(0, Math.min(amount, taxWithin(invoice, before + amount) - creditedTaxOf(tx, invoice.id)))),
    reason: plain(reason, REASON_CHARS),
    issuedMs: tx.now,
  })
}

/**
 * What a credit note says did not go back, or came again: another paper says so, since the note stays as it is. Once a note.
 * @returns null where there is no such note
 */
export function cancelCreditIn(tx: Tx, { key, reason }: CancelCreditInput): DebitNote | null {
  const note = creditNoteByKey(tx, key)
  if (note === null) return null
  const known = debitNoteOf(tx, note.id)
  if (known) return known
  const year = yearOf(tx.now)
  const serial = nextSerial(tx, "debitNotes", year)
  return insertDebitNote(tx, {
    number: numberOf("DN", year, serial),
    year,
    serial,
    creditNoteId: note.id,
    invoiceId: note.invoiceId,
    amountNano: note.amountNano,
    taxNano: note.taxNano,
    reason: plain(reason, REASON_CHARS),
    issuedMs: tx.now,
  })
}
