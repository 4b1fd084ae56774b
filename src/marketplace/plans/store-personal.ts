// What `plans` has of a person: nothing about them; what their publisher offers.
import type { Personal } from "../../part/index.ts"

const OFFERED = { not: "what you offer, as each product page shows it" }
const PAID_UNDER = { stays: "numbers that subscribers paid under; they name nobody" }

export const PRODUCT_PLANS_PERSONAL: Personal = {
  tables: {
    market_plans: {
      erased: { stays: "names of what subscribers paid for; their invoices name them" },
      exported: OFFERED,
    },
    market_plan_terms: { erased: PAID_UNDER, exported: OFFERED },
    market_quotas: { erased: PAID_UNDER, exported: OFFERED },
    market_rates: { erased: PAID_UNDER, exported: OFFERED },
  },
  files: [],
}
