// /admin/sales/:sale/refund: an admin gives what was paid for an API back, whole or in part. A sale is named by its invoice.
import { AdminSaleRefundPage } from "../../../views/admin/invoices.tsx"
import { usdText } from "../../../views/ui/format.ts"
import { ensure, randomSecret } from "../../app/index.ts"
import { field, form } from "../../http/index.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<AdminDeps, "marketplace" | "billing" | "store">

const REFUND = form(
  {
    amountNano: field.dollars({
      name: "amount",
      label: "Amount",
      optional: true,
      help: "Leave it empty for all that is left.",
    }),
    reason: field.reason({ label: "What they read", help: "It stands on the credit note, and in the audit log." }),
    key: field.formKey(),
  },
  { submit: "Give back", danger: true },
)

export function saleRoutes(site: AdminSite, { marketplace: { subscriptions }, billing, store }: Deps): void {
  site.form("/admin/sales/:sale/refund", {
    summary: "Give a payment for an API back, whole or in part",
    load(_: unknown, { sale }: { sale: string }) {
      const invoice = billing.invoices.byNumber(sale)?.invoice
      ensure(invoice?.kind === "product", "not_found", "There is no such payment for an API. Invoices list them.")
      return { invoice, bill: subscriptions.billOfInvoice(sale) }
    },
    form: REFUND,
    present: () => ({ key: randomSecret(18) }),
    async act(page, { amountNano, reason, key }, { invoice, bill }) {
      const input = { bill, by: "admin" as const, amountNano: amountNano ?? null, reason, key }
      const made = await store.write(page.ctx(reason), (tx) => subscriptions.refundBillIn(tx, input))
      return {
        to: `/admin/invoices/${invoice.number}`,
        say: `${usdText(made.amountNano)} of ${invoice.number} went back to the credits that paid it.`,
        result: { refund: made.publicId, note: made.note },
      }
    },
    show(page, view, { invoice, bill }, status) {
      const { name, email } = invoice.document.buyer
      const props = { number: invoice.number, total: usdText(subscriptions.leftOfBill(bill)), who: name || email }
      return page.render((frame) => AdminSaleRefundPage({ frame, ...props, form: view }), status)
    },
  })
}
