// The list of invoices: a person's own, and everybody's for an admin. They differ in words, and in whom an invoice is billed to.
import { ListPage, type ListPageProps } from "../layout/list-page.tsx"
import { Button, Empty, Segments } from "../ui/index.ts"
import { type InvoiceRow, type InvoiceState, invoiceCells, invoiceColumns, STATE_LINKS } from "./list.tsx"

export interface InvoicesProps extends Pick<ListPageProps, "frame"> {
  now: number
  state: InvoiceState | null
  rows: readonly InvoiceRow[]
  newerHref?: string | undefined
  olderHref?: string | undefined
}

interface Given extends InvoicesProps, Pick<ListPageProps, "lead" | "section" | "up" | "action"> {
  path: string
  caption: string
  /** Says to whom each is billed. */
  withWho: boolean
  /** Of a list that was never anything else. */
  none: string
}

export function InvoiceListPage(given: Given): JSX.Element {
  const { path, caption, withWho, none, now, state, rows, newerHref, olderHref, ...layout } = given
  return (
    <ListPage
      {...layout}
      title="Invoices"
      filters={
        <Segments
          label="State"
          links={STATE_LINKS.map((one) => ({
            label: one.label,
            href: one.state === null ? path : `${path}?state=${one.state}`,
            current: one.state === state,
          }))}
        />
      }
      table={{
        caption,
        columns: invoiceColumns(withWho),
        rows: rows.map((row) => invoiceCells(row, now)),
        empty:
          state === null ? (
            <Empty title="No invoices yet" text={none} />
          ) : (
            <Empty
              title="Nothing in this state"
              text="Choose another one."
              action={<Button href={path} label="Show all" />}
            />
          ),
      }}
      pager={{ label: "Pages of invoices", previousHref: newerHref, nextHref: olderHref }}
    />
  )
}
