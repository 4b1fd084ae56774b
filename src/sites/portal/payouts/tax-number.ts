// /developer/payouts/tax-number: under which number a tax office knows a payee. Setting it asks who is there; it is never shown whole again.
import { TaxNumberPage, TaxNumberRemovalPage } from "../../../../views/portal/payouts/tax-number.tsx"
import { COUNTRIES, ensure } from "../../../app/index.ts"
import { button, field, form } from "../../../http/index.ts"
import { TAX_KINDS, type TaxKind, type TaxNumber, taxNumberName } from "../../../payouts/index.ts"
import type { PageRequest } from "../../base/index.ts"
import type { PortalDeps, PortalSite } from "../site.ts"

const HOME = "/developer/payouts"
const PATH = `${HOME}/tax-number`

const HELP: Readonly<Record<TaxKind, string>> = {
  vat: "Of a company or a person who charges VAT.",
  ssn: "A person in the United States.",
  ein: "A company in the United States.",
  other: "Whatever your tax office gave you.",
}
const SET = form(
  {
    country: field.choice({
      label: "Country of the tax office",
      options: [{ value: "", label: "Choose one" }, ...Array.from(COUNTRIES, ([value, label]) => ({ value, label }))],
      wrong: "Choose a country.",
    }),
    kind: field.choice<TaxKind>({
      label: "Kind",
      control: "radios",
      options: (Object.keys(TAX_KINDS) as TaxKind[]).map((value) => ({
        value,
        label: TAX_KINDS[value],
        help: HELP[value],
      })),
      wrong: "Choose one of the four.",
    }),
    number: field.text({ label: "Number", required: true, length: 40, autocomplete: "off", mono: true }),
  },
  { submit: "Save tax number" },
)

export function taxNumberRoutes(site: PortalSite, { payouts, store }: PortalDeps): void {
  const load = ({ holder }: PageRequest): TaxNumber | null => payouts.taxNumberOf(holder.id)
  site.form(PATH, {
    load,
    form: SET,
    present: (found) => ({ country: found?.country ?? "", kind: found?.kind ?? "vat" }),
    fresh: true,
    async act(page, values) {
      const userId = page.holder.id
      await store.write(page.ctx("set their tax number"), (tx) => payouts.setTaxNumberIn(tx, { userId, ...values }))
      return { to: HOME, say: "Your tax number is saved." }
    },
    show: (page, view, found, status) =>
      page.render((frame) => TaxNumberPage({ frame, name: found && taxNumberName(found), form: view }), status),
  })
  site.form(`${PATH}/removal`, {
    load(page) {
      const found = load(page)
      ensure(found, "not_found", "You have no tax number here.")
      return taxNumberName(found)
    },
    form: button("Take off", true),
    async act(page) {
      const userId = page.holder.id
      await store.write(page.ctx("took their tax number off"), (tx) => payouts.removeTaxNumberIn(tx, userId))
      return { to: HOME, say: "Your tax number is deleted." }
    },
    show: (page, view, name, status) =>
      page.render((frame) => TaxNumberRemovalPage({ frame, name, form: view }), status),
  })
}
