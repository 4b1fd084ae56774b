// One invoice on a page: the paper, what was given back of it, and what may be done about it.
import type { Children } from "@kitajs/html"
import type { Nano } from "../../src/app/units.ts"
import { DetailPage } from "../layout/detail-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { usdText } from "../ui/format.ts"
import { Icon, Table, When } from "../ui/index.ts"
import { InvoiceBadge, type InvoiceState } from "./list.tsx"
import { Paper, type PaperProps } from "./paper.tsx"

/** A credit note, or the debit note that cancels one: then the amount is below 0. */
export interface CreditNoteRow {
  number: string
  amount: Nano
  reason: string
  issuedMs: number
  pdfHref: string
}

export interface InvoiceProps {
  frame: Frame
  now: number
  number: string
  state: InvoiceState
  total: Nano
  credited: Nano
  paper: PaperProps
  pdfHref: string
  notes: readonly CreditNoteRow[]
  up: { href: string; label: string }
  section?: "Admin" | undefined
  /** What may be done about it. */
  acts?: Children
}

/** GET /credits/invoices/:invoice, and of any person /admin/invoices/:invoice */
export function InvoicePage(props: InvoiceProps): JSX.Element {
  const { frame, now, number, state, total, credited, paper, pdfHref, notes, up, section, acts } = props
  return (
    <DetailPage
      frame={frame}
      title={number}
      up={up}
      section={section}
      action={
        <a class={acts ? "button plain" : "button primary"} href={pdfHref} download="">
          <Icon name="download" />
          <span>Download PDF</span>
        </a>
      }
      state={
        <p>
          <InvoiceBadge state={state} credited={credited} total={total} />
        </p>
      }
    >
      {acts ?? null}
      <Paper paper={paper} />
      {notes.length > 0 ? <CreditNotes now={now} notes={notes} /> : null}
    </DetailPage>
  )
}

function CreditNotes({ now, notes }: Pick<InvoiceProps, "now" | "notes">): JSX.Element {
  return (
    <section aria-labelledby="credit-notes">
      <h2 id="credit-notes">Given back</h2>
      <Table
        caption="Credit notes, and debit notes that cancel them"
        hideCaption
        columns={[
          { label: "Number" },
          { label: "Why" },
          { label: "Date" },
          { label: "Amount", numeric: true },
          { label: "PDF" },
        ]}
        rows={notes.map((note) => [
          <span safe>{note.number}</span>,
          <bdi safe>{note.reason}</bdi>,
          <When ms={note.issuedMs} now={now} />,
          <span class="num" safe>
            {usdText(note.amount)}
          </span>,
          <a class="button plain small" href={note.pdfHref} download="">
            PDF<span class="sr" safe>{` of ${note.number}`}</span>
          </a>,
        ])}
      />
    </section>
  )
}
