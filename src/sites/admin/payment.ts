// /admin/users/:user/payment: money that came by another road, written down: credits and an invoice in one write.
import { AdminPaymentPage } from "../../../views/admin/invoices.tsx"
import { DAY_MS, nano, randomSecret } from "../../app/index.ts"
import { PAYMENT_WAYS, type PaymentWay, paymentErrors } from "../../billing/index.ts"
import { field, form } from "../../http/index.ts"
import type { User } from "../../identity/index.ts"
import { labelOf, userOf } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"
import { LATE } from "./wallet-acts.ts"

type Deps = Pick<AdminDeps, "billing" | "store" | "identity" | "clock" | "replica">

const WHO = "Billed to"
const WAYS = Object.entries(PAYMENT_WAYS).map(([value, label]) => ({ value: value as PaymentWay, label }))

const PAYMENT_FORM = form(
  {
    priceNano: field.dollars({
      name: "price",
      label: "Amount, without tax on top",
      required: true,
      help: "Buys as many credits as it is worth.",
    }),
    taxNano: field.dollars({ name: "tax", label: "Tax on top", help: "What came beside it for the state." }),
    reverseCharge: field.box({
      label: "The customer owes the tax (reverse charge)",
    }),
    way: field.choice({ label: "How", options: WAYS }),
    reference: field.text({
      label: "Reference",
      optional: true,
      help: "Such as the bank’s. It stands on the invoice.",
    }),
    paidMs: field.date({
      name: "paid_on",
      label: "The day it came",
      optional: true,
      help: "Empty: it is still to come. The invoice asks for it, and the credits follow once you mark it as paid.",
    }),
    buyerName: field.text({
      label: "Name",
      optional: true,
      group: WHO,
      help: "Where it is not the name of the account.",
    }),
    buyerAddress: field.area({ label: "Address", optional: true, group: WHO, rows: 3 }),
    buyerTaxId: field.text({ label: "Tax id", optional: true, group: WHO }),
    key: field.formKey(),
    reason: field.reason(),
  },
  { submit: "Record payment" },
)

const EMPTY = {
  priceNano: nano(0),
  taxNano: nano(0),
  reverseCharge: false,
  way: "bank" as PaymentWay,
  reference: "",
  paidMs: null,
  buyerName: "",
  buyerAddress: "",
  buyerTaxId: "",
}

export function paymentRoutes(site: AdminSite, deps: Deps): void {
  const { billing, store, clock, replica } = deps
  const today = (): number => clock.now() - (clock.now() % DAY_MS)
  site.form("/admin/users/:user/payment", {
    summary: "Record a payment that came by another road",
    form: PAYMENT_FORM,
    load: (_, params): User => userOf(deps, params.user),
    present: () => ({ taxNano: nano(0), way: "bank" as const, paidMs: today(), key: randomSecret(18) }),
    kept: ["taxNano", "way", "reverseCharge", "reference", "buyerName", "buyerAddress", "buyerTaxId"],
    check: ({ readable, unread }) => paymentErrors({ ...EMPTY, ...readable }, clock.now(), unread),
    async act(page, { reason, ...payment }, user) {
      const order = await store.write(page.ctx(reason), (tx) => billing.recordIn(tx, { ...payment, userId: user.id }))
      const invoice = billing.invoices.ofOrder(order)!
      const held = await replica.holds()
      const came =
        order.state === "paid" ? "their credits are in the wallet" : "the credits come once you mark it as paid"
      return {
        to: `/admin/invoices/${invoice.number}`,
        say: `${invoice.number} is issued to ${labelOf(user)}; ${came}.${LATE[held]}`,
        result: { invoice: invoice.number, order: order.publicId },
      }
    },
    show(page, view, user, status) {
      const props = { user: { id: user.publicId, label: labelOf(user) }, form: view }
      return page.render((frame) => AdminPaymentPage({ frame, ...props }), status)
    },
  })
}
