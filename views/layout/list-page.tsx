// A page around one table: head, filters, the rows or what their place will hold, older and newer.
import type { Children } from "@kitajs/html"
import { Pager, type PagerProps, Table, type TableProps } from "../ui/table.tsx"
import { ConsoleLayout, type ConsoleLayoutProps } from "./console.tsx"

export interface ListPageProps extends Omit<ConsoleLayoutProps, "children" | "head"> {
  table: TableProps
  /** Search box, tabs, ranges: what narrows the list. */
  filters?: Children
  pager?: PagerProps | undefined
  after?: Children
}

export function ListPage(props: ListPageProps): JSX.Element {
  const { table, filters, pager, after, ...layout } = props
  return (
    <ConsoleLayout {...layout}>
      {filters ?? null}
      <section aria-labelledby="list-title">
        <h2 id="list-title" class="sr" safe>
          {table.caption}
        </h2>
        <Table {...table} hideCaption />
        {pager ? <Pager {...pager} /> : null}
      </section>
      {after ?? null}
    </ConsoleLayout>
  )
}
