// /admin/invoices: of everybody; one that waits for a payment by hand is marked as paid here, or given up.
import {
  AdminInvoiceFailedPage,
  AdminInvoicePage,
  AdminInvoicePaidPage,
  AdminInvoicesPage,
} from "../../../views/admin/invoices.tsx"
import { usdText } from "../../../views/ui/format.ts"
import { DAY_MS, ensure } from "../../app/index.ts"
import type { InvoiceFound } from "../../billing/index.ts"
import { field, form } from "../../http/index.ts"
import { placeText, readPlace } from "../../store/index.ts"
import { paperAnswer, paperProps, readState, rowOf } from "../base/index.ts"
import { labelOf } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"
import { LATE } from "./wallet-acts.ts"

type Deps = Pick<AdminDeps, "billing" | "store" | "identity" | "clock" | "replica" | "marketplace">

const PATH = "/admin/invoices"

const PAID_FORM = form(
  { paidMs: field.date({ name: "paid_on", label: "The day it came", required: true }), reason: field.reason() },
  { submit: "Mark as paid" },
)
const FAILED_FORM = form({ reason: field.reason() }, { submit: "Give it up", danger: true })

export function invoiceRoutes(site: AdminSite, deps: Deps): void {
  const { billing, clock } = deps
  const { subscriptions } = deps.marketplace
  site.get(PATH, (page) => {
    const { searchParams } = new URL(page.request.url)
    const state = readState(searchParams.get("state"))
    const found = billing.invoices.list(null, { status: state, place: readPlace(searchParams.get("page")) })
    const href = (to: typeof found.next) =>
      to ? `${PATH}?${new URLSearchParams({ ...(state && { state }), page: placeText(to) })}` : undefined
    const rows = found.rows.map((invoice) => {
      const { name, email } = invoice.document.buyer
      return { ...rowOf(invoice, PATH, clock.now()), who: name || email }
    })
    const links = { newerHref: href(found.previous), olderHref: href(found.next) }
    return page.render((frame) => AdminInvoicesPage({ frame, now: clock.now(), state, rows, ...links }))
  })
  site.get("/admin/invoices/:invoice", (page, params) => {
    const found = foundOf(deps, params)
    const user = deps.identity.userById(found.invoice.userId)
    const props = {
      ...paperProps(billing.invoices, found, PATH, clock.now()),
      user: user && { id: user.publicId, label: labelOf(user) },
      waits: waits(found),
      isRefundable:
        found.invoice.kind === "product" && subscriptions.leftOfBill(subscriptions.billOfInvoice(params.invoice)) > 0,
    }
    return page.render((frame) => AdminInvoicePage({ frame, ...props }))
  })
  site.get("/admin/invoices/:invoice/pdf", (_, params) => paperAnswer(billing.invoices, foundOf(deps, params)))
  site.get("/admin/invoices/:invoice/notes/:note", (_, params) =>
    paperAnswer(billing.invoices, foundOf(deps, params), params.note),
  )
  actRoutes(site, deps)
}

function actRoutes(site: AdminSite, deps: Deps): void {
  const { billing, store, clock, replica } = deps
  const load = (_: unknown, params: { invoice: string }) => foundOf(deps, params)
  site.form("/admin/invoices/:invoice/payment", {
    summary: "Mark an invoice as paid",
    load,
    form: PAID_FORM,
    kept: ["paidMs"],
    present: () => ({ paidMs: clock.now() - (clock.now() % DAY_MS) }),
    async act(page, { paidMs, reason }, { invoice: { number } }) {
      await store.write(page.ctx(reason), (tx) => billing.receiveIn(tx, { invoice: number, paidMs }))
      const held = await replica.holds()
      return { to: `${PATH}/${number}`, say: `${number} is paid; the credits are in the wallet.${LATE[held]}` }
    },
    show: (page, view, found, status) =>
      page.render((frame) => AdminInvoicePaidPage({ frame, ...actProps(found), form: view }), status),
  })
  site.form("/admin/invoices/:invoice/failure", {
    summary: "Give an invoice up",
    load,
    form: FAILED_FORM,
    async act(page, { reason }, { invoice: { number } }) {
      await store.write(page.ctx(reason), (tx) => billing.giveUpIn(tx, { invoice: number }))
      return { to: `${PATH}/${number}`, say: `${number} is given up.` }
    },
    show: (page, view, found, status) =>
      page.render((frame) => AdminInvoiceFailedPage({ frame, ...actProps(found), form: view }), status),
  })
}

const actProps = ({ invoice: { number, totalNano, document } }: InvoiceFound) => ({
  number,
  total: usdText(totalNano),
  who: document.buyer.name || document.buyer.email,
})

const waits = ({ invoice: { kind, paidMs, failedMs } }: InvoiceFound): boolean =>
  kind === "manual" && paidMs === null && failedMs === null

function foundOf({ billing }: Deps, { invoice: number }: { invoice: string }): InvoiceFound {
  const found = billing.invoices.byNumber(number)
  ensure(found, "not_found", "There is no such invoice. They are listed under Invoices.")
  return found
}
