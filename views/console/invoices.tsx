// What was paid, and the paper for it: the list of a person's invoices, and one of them.
import type { Children } from "@kitajs/html"
import type { Nano } from "../../src/app/units.ts"
import {
  InvoiceBadge,
  type InvoiceRow,
  type InvoiceState,
  invoiceCells,
  invoiceColumns,
  STATE_LINKS,
} from "../invoices/list.tsx"
import { Paper, type PaperProps } from "../invoices/paper.tsx"
import { DetailPage } from "../layout/detail-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { ListPage } from "../layout/list-page.tsx"
import { usdText } from "../ui/format.ts"
import { Button, Empty, Icon, Segments, Table, When } from "../ui/index.ts"

export interface InvoicesProps {
  frame: Frame
  now: number
  state: InvoiceState | null
  rows: readonly InvoiceRow[]
  newerHref?: string | undefined
  olderHref?: string | undefined
}

const PATH = "/credits/invoices"

/** GET /credits/invoices?state=&page= */
export function InvoicesPage({ frame, now, state, rows, newerHref, olderHref }: InvoicesProps): JSX.Element {
  const isAll = state === null
  return (
    <ListPage
      frame={frame}
      title="Invoices"
      lead="One for each payment, with its PDF."
      up={{ href: "/credits", label: "Credits" }}
      filters={
        <Segments
          label="State"
          links={STATE_LINKS.map((one) => ({
            label: one.label,
            href: one.state === null ? PATH : `${PATH}?state=${one.state}`,
            current: one.state === state,
          }))}
        />
      }
      table={{
        caption: "Your invoices",
        columns: invoiceColumns(false),
        rows: rows.map((row) => invoiceCells(row, now)),
        empty: isAll ? (
          <Empty title="No invoices yet" text="Whatever you pay for here has its invoice on this page." />
        ) : (
          <Empty
            title="Nothing in this state"
            text="Choose another one."
            action={<Button href={PATH} label="Show all" />}
          />
        ),
      }}
      pager={{ label: "Pages of invoices", previousHref: newerHref, nextHref: olderHref }}
    />
  )
}

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
        <a class="button primary" href={pdfHref} download="">
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
        caption="Credit notes"
        hideCaption
        columns={[
          { label: "Credit note" },
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
