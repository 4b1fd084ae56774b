// /credits/billing-details: what stands on invoices as the buyer; while acting as a team, on the team's.
import { BillingDetailsPage } from "../../../views/console/credits/billing-details.tsx"
import { COUNTRIES } from "../../app/index.ts"
import { type BillingDetails, NO_DETAILS } from "../../billing/index.ts"
import { field, form } from "../../http/index.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

const PATH = "/credits/billing-details"
const DETAILS = form(
  {
    name: field.text({ label: "Name", help: "The company, or a person.", length: 200, autocomplete: "organization" }),
    address: field.area({ label: "Street and town", help: "As on a letter, up to seven lines.", length: 500 }),
    country: field.choice<string>({
      label: "Country",
      options: [{ value: "", label: "Choose one" }, ...Array.from(COUNTRIES, ([value, label]) => ({ value, label }))],
      byDomain: true,
    }),
    taxId: field.text({
      name: "vat",
      label: "VAT number",
      optional: true,
      length: 40,
      autocomplete: "off",
      mono: true,
    }),
  },
  { submit: "Save" },
)

export function billingDetailsRoutes(
  site: ConsoleSite,
  { billing, store }: Pick<ConsoleDeps, "billing" | "store">,
): void {
  site.form(PATH, {
    form: DETAILS,
    load: (page): BillingDetails => billing.detailsOf(page.holder.id) ?? NO_DETAILS,
    present: (details) => details,
    async act(page, typed) {
      await store.write(page.ctx("changed the billing details"), (tx) =>
        billing.setDetailsIn(tx, page.holder.id, typed),
      )
      const isNone = billing.detailsOf(page.holder.id) === null
      return { to: PATH, say: isNone ? "Your billing details are taken off." : "Your billing details are saved." }
    },
    show: (page, view, _, status) =>
      page.render((frame) => BillingDetailsPage({ frame, form: view, ofTeam: page.isTeam }), status),
  })
}
