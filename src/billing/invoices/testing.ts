// For tests of invoices only: people and settings on real SQLite, with a clock that is turned by hand.

import { onTestFinished } from "bun:test"
import { type Nano, nano, type UserId } from "../../app/index.ts"
import { BRAND } from "../../brand/index.ts"
import { openIdentity } from "../../identity/testing.ts"
import { createSettings, type Settings } from "../../settings/index.ts"
import { type NotPromise, type Store, type Tx, testCtx } from "../../store/index.ts"
import {
  type CreditInput,
  type CreditNote,
  creditNoteIn,
  INVOICE_SETTINGS,
  type Invoice,
  type InvoiceDeps,
  type IssueInput,
  issueInvoiceIn,
} from "./index.ts"

/** For whoever has the house’s invoices without its billing. */
export { creditNoteIn, INVOICE_SETTINGS, issueInvoiceIn } from "./index.ts"
/** For other domains that print papers. */
export { pdfOf } from "./pdf.ts"

export const usd = (dollars: number): Nano => nano(Math.round(dollars * 100) * 10_000_000)

export interface InvoiceKit {
  deps: InvoiceDeps & { settings: Settings }
  store: Store
  userId: UserId
  /** What the person says of theirs. */
  company(name: string): Promise<void>
  until(text: string): void
  write<T>(body: (tx: Tx) => NotPromise<T>): Promise<T>
  issue(input?: Partial<IssueInput>): Promise<Invoice>
  credit(input: Partial<CreditInput>): Promise<CreditNote | null>
  /** Every number there is, in the order they were taken. */
  numbers(table: "invoices" | "credit_notes"): string[]
}

export const line = (dollars: number, quantity = 1, text = "Credits") => ({
  text,
  quantity,
  unitNano: usd(dollars),
  amountNano: nano(BigInt(usd(dollars)) * BigInt(quantity)),
})

export async function openInvoices(startsAt = "2026-06-01T12:00:00"): Promise<InvoiceKit> {
  const { store, clock, identity, close, join } = await openIdentity()
  onTestFinished(close)
  const settings = createSettings({ store, settings: [...INVOICE_SETTINGS, BRAND.name] })
  const deps = { settings, buyers: identity }
  const { session } = await join("ada@example.com")
  const until = (text: string) => clock.advance(Date.parse(`${text}Z`) - clock.now())
  until(startsAt)
  let keys = 0
  const write = <T>(body: (tx: Tx) => NotPromise<T>): Promise<T> => store.write(testCtx, body)
  const standard = () => ({
    userId: session.userId,
    key: `order:${++keys}`,
    kind: "package" as const,
    lines: [line(25)],
    discountNano: usd(0),
    taxNano: usd(0),
    taxInclusive: false,
    reverseCharge: false,
    paidMs: clock.now(),
  })
  return {
    deps,
    store,
    userId: session.userId,
    company: (company) =>
      identity.setProfile(testCtx, { userId: session.userId, company, locale: "", zoneinfo: "" }).then(() => {}),
    until,
    write,
    issue: (input = {}) => write((tx) => issueInvoiceIn(deps, tx, { ...standard(), ...input })),
    credit: (input) =>
      write((tx) =>
        creditNoteIn(deps, tx, {
          invoiceKey: "order:1",
          key: `refund:${++keys}`,
          amountNano: usd(1),
          reason: "Refund",
          ...input,
        }),
      ),
    numbers: (table) =>
      store.read.all<{ number: string }>(`SELECT number FROM ${table} ORDER BY id`).map(({ number }) => number),
  }
}
