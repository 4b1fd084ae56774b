// The last invoices, and the way to all of them.
import { type InvoiceRow, invoiceCells, invoiceColumns } from "../../invoices/list.tsx"
import { Button, Table } from "../../ui/index.ts"
import type { SectionProps } from "./sections.tsx"

export function InvoicesSection({ now, of: rows }: SectionProps<readonly InvoiceRow[]>): JSX.Element {
  return (
    <section aria-labelledby="invoices-title" id="invoices">
      <div class="section-head">
        <h2 id="invoices-title">Invoices</h2>
        <Button kind="plain" small href="/credits/invoices" label="All invoices" />
      </div>
      <Table
        caption="Your last invoices"
        hideCaption
        columns={invoiceColumns(false)}
        rows={rows.map((row) => invoiceCells(row, now))}
      />
    </section>
  )
}
