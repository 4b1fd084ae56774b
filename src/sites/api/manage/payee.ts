// Under which number a tax office knows a payee, by API: how it ends, to read alone. Giving one asks who is there, on a page.
import { Type as t } from "@sinclair/typebox"
import { ensure } from "../../../app/index.ts"
import { type Payouts, TAX_KINDS, type TaxKind } from "../../../payouts/index.ts"
import { type ManageRoute, route } from "./route.ts"
import { At, atOf } from "./schemas.ts"

export interface PayeeRoutesDeps {
  payouts: Pick<Payouts, "taxNumberOf">
}

const Tax = t.Object(
  {
    object: t.Literal("tax_number"),
    country: t.String({ description: "ISO 3166-1, two letters", examples: ["DE"] }),
    kind: t.Union(
      (Object.keys(TAX_KINDS) as TaxKind[]).map((kind) => t.Literal(kind)),
      { description: "`ssn` is an ITIN as well; `other` whatever else a country gives" },
    ),
    ends_in: t.String({ description: "All that is shown of it", examples: ["6789"] }),
    set_at: At,
  },
  { description: "The tax number that you gave for payouts" },
)

export const payeeRoutes = ({ payouts }: PayeeRoutesDeps): ManageRoute[] => [
  route({
    method: "get",
    paths: ["/api/v1/developer/tax-number"],
    operationId: "getMyTaxNumber",
    summary: "How your tax number ends",
    tag: "Developer",
    answer: Tax,
    errors: ["not_found"],
    act({ manager }) {
      const found = payouts.taxNumberOf(manager.page.session.userId)
      ensure(found, "not_found", "You gave no tax number. Give it under Developer, Payouts.")
      const { country, kind, hint, setMs } = found
      return { object: "tax_number", country, kind, ends_in: hint, set_at: atOf(setMs) }
    },
  }),
]
