// /credits/invoices: what was paid and the paper for it; payments that are on their way, or came to nothing, among them.

import { InvoicePage, InvoicesPage } from "../../../views/console/invoices.tsx"
import type { InvoiceRow, InvoiceState } from "../../../views/invoices/list.tsx"
import { ensure, LIMITS, nano } from "../../app/index.ts"
import { type InvoiceFound, type Order, totalOf } from "../../billing/index.ts"
import { placeText, readPlace } from "../../store/index.ts"
import { type PageRequest, paperAnswer, paperProps, readState, rowOf } from "../base/index.ts"
import { orderPath } from "./buy.ts"
import { countDownloads } from "./downloads.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "billing" | "clock">

const PATH = "/credits/invoices"
/** Payments without an invoice that are listed, the last ones. */
const WITHOUT_MAX = 10
const SECTION_ROWS = 3
const UP = { href: PATH, label: "Invoices" }

export function invoiceRoutes(site: ConsoleSite, deps: Deps): void {
  const { billing, clock } = deps
  site.get("/credits/invoices", (page) => {
    const { searchParams } = new URL(page.request.url)
    const state = readState(searchParams.get("state"))
    const place = readPlace(searchParams.get("page"))
    const found = billing.invoices.list(page.holder.id, { status: state, place })
    const rows = found.rows.map((invoice) => rowOf(invoice, PATH, clock.now()))
    const href = (to: typeof place) =>
      to && `${PATH}?${new URLSearchParams({ ...(state && { state }), page: placeText(to) })}`
    const props = {
      now: clock.now(),
      state,
      rows: found.previous ? rows : withOrders(rows, ordersOf(deps, page, state)),
      newerHref: href(found.previous) ?? undefined,
      olderHref: href(found.next) ?? undefined,
    }
    return page.render((frame) => InvoicesPage({ frame, ...props }))
  })
  site.get("/credits/invoices/:invoice", (page, { invoice: number }) => {
    const found = ownOf(deps, page, number)
    const props = { ...paperProps(billing.invoices, found, PATH, clock.now()), up: UP }
    return page.render((frame) => InvoicePage({ frame, ...props }))
  })
  const count = countDownloads(clock, "papers", LIMITS.papersPerMinute)
  site.get("/credits/invoices/:invoice/pdf", (page, { invoice: number }) => {
    const found = ownOf(deps, page, number)
    count(page)
    return paperAnswer(billing.invoices, found)
  })
  site.get("/credits/invoices/:invoice/notes/:note", (page, { invoice: number, note }) => {
    const found = ownOf(deps, page, number)
    count(page)
    return paperAnswer(billing.invoices, found, note)
  })
}

function ownOf({ billing }: Deps, page: PageRequest, number: string): InvoiceFound {
  const found = billing.invoices.byNumber(number)
  ensure(found?.invoice.userId === page.holder.id, "not_found", "There is no such invoice. Yours are under Credits.")
  return found!
}

/** The last few, for /credits; nothing where there is none. */
export function lastInvoices({ billing, clock }: Deps, page: PageRequest): InvoiceRow[] | undefined {
  const { rows } = billing.invoices.list(page.holder.id, {})
  if (rows.length === 0) return undefined
  return rows.slice(0, SECTION_ROWS).map((invoice) => rowOf(invoice, PATH, clock.now()))
}

/** Payments that have no invoice: the bank has not said yes, or said no. */
function ordersOf({ billing }: Deps, page: PageRequest, state: InvoiceState | null): InvoiceRow[] {
  if (state !== null && state !== "pending" && state !== "failed") return []
  return billing
    .ordersOf(page.holder.id, 50)
    .filter(
      (order) => (order.state === "pending" || order.state === "failed") && (state ?? order.state) === order.state,
    )
    .slice(0, WITHOUT_MAX)
    .map(orderRow)
}

const orderRow = (order: Order): InvoiceRow => ({
  href: orderPath(order),
  number: null,
  what: order.packageName,
  state: order.state === "pending" ? "pending" : "failed",
  credited: nano(0),
  total: totalOf(order),
  atMs: order.updatedMs,
})

const withOrders = (rows: InvoiceRow[], orders: InvoiceRow[]): InvoiceRow[] =>
  [...rows, ...orders].toSorted((a, b) => b.atMs - a.atMs)
