// Tax that is counted without a page: by the customer's address, or by the one that is given.
import { Fault } from "./fault.ts"
import { type Route, route } from "./http.ts"
import { EXPAND } from "./lists.ts"
import { fields, list, oneOf, text, whole } from "./shape.ts"
import type { Address, Customer, TaxCalculation } from "./types.ts"
import type { World } from "./world.ts"

const ADDRESS = fields({ country: text }, { city: text, line1: text, line2: text, postal_code: text, state: text })

/** What customers told of themselves on pages. */
export const TAX_IDS = new WeakMap<Customer, readonly { type: string; value: string }[]>()

export const taxRoutes = (world: World): Route[] => [
  route(
    "POST",
    "/v1/tax/calculations",
    fields(
      {
        currency: text,
        line_items: list(
          fields(
            { amount: whole },
            { reference: text, tax_behavior: oneOf("exclusive", "inclusive"), quantity: whole },
          ),
        ),
      },
      {
        customer: text,
        customer_details: fields({ address: ADDRESS }, { address_source: oneOf("billing", "shipping") }),
        ...EXPAND,
      },
    ),
    (sent) => {
      const customer = sent.customer ? world.find<Customer>("customer", sent.customer, "customer") : null
      const address = (sent.customer_details?.address as Address | undefined) ?? customer?.address ?? null
      if (!address?.country)
        throw new Fault(400, "invalid_request_error", "The customer's location isn't recognized.", {
          code: "customer_tax_location_invalid",
          param: "customer",
        })
      const taxIds = (customer && TAX_IDS.get(customer)) ?? []
      const sums = { exclusive: 0, inclusive: 0 }
      for (const { amount, tax_behavior = "exclusive" } of sent.line_items)
        if (taxIds.length === 0) sums[tax_behavior] += world.options.taxOf?.(amount, address.country, tax_behavior) ?? 0
      const amount = sent.line_items.reduce((sum, line) => sum + line.amount, 0)
      const made: TaxCalculation = {
        id: world.id("taxcalc"),
        object: "tax.calculation",
        created: world.now(),
        livemode: false,
        amount_total: amount + sums.exclusive,
        currency: sent.currency,
        customer: customer?.id ?? null,
        customer_details: {
          address,
          address_source: "billing",
          ip_address: null,
          tax_ids: taxIds,
          taxability_override: "none",
        },
        expires_at: world.now() + 90 * 86_400,
        tax_amount_exclusive: sums.exclusive,
        tax_amount_inclusive: sums.inclusive,
        tax_breakdown: taxIds.length > 0 ? [{ amount: 0, taxability_reason: "reverse_charge" }] : [],
      }
      return world.add(made)
    },
  ),
]
