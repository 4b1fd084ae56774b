// Tax of what is charged without a page: counted by Stripe Tax before, and booked there with the payment.
import type Stripe from "stripe"
import { type BuyerFacts, buyerFrom } from "./checkout.ts"
import type { Asked } from "./client.ts"
import { cents, idOf } from "./read.ts"
import { ProcessorError } from "./types.ts"

/** Amounts in cents. */
export interface TaxFacts {
  /** `taxcalc_…`: the payment names it, so that both stand in one report there. */
  calculationId: string
  taxCents: number
  /** The buyer owes it. */
  isReverseCharge: boolean
  /** As the calculation took them to be. */
  buyer: Partial<BuyerFacts>
}

export interface TaxInput {
  customerId: string
  /** Whose billing address counts where the customer has none. */
  cardId: string
  /** What is bought costs so much: tax comes on top, or lies within. */
  cents: number
  behavior: "exclusive" | "inclusive"
  reference: string
}

/** @throws ProcessorError */
export interface TaxCalls {
  /** @returns null = nobody knows where the buyer is */
  calculateTax(input: TaxInput, key: string): Promise<TaxFacts | null>
}

export function taxCalls(stripe: Stripe, asked: Asked): TaxCalls {
  type Who = Pick<Stripe.Tax.CalculationCreateParams, "customer" | "customer_details">
  const calculate = async (input: TaxInput, who: Who, idempotencyKey: string): Promise<TaxFacts | null> => {
    const { cents: amount, behavior, reference } = input
    const sent = { ...who, currency: "usd", line_items: [{ amount, reference, tax_behavior: behavior }] }
    try {
      return readTax(await asked(stripe.tax.calculations.create(sent, { idempotencyKey })))
    } catch (error) {
      if (error instanceof ProcessorError && error.code === "customer_tax_location_invalid") return null
      throw error
    }
  }
  return {
    async calculateTax(input, key) {
      const known = await calculate(input, { customer: input.customerId }, key)
      if (known) return known
      const { billing_details } = await asked(stripe.paymentMethods.retrieve(input.cardId))
      const { address } = billing_details
      if (!address?.country) return null
      const told = Object.fromEntries(Object.entries(address).filter(([, value]) => value !== null))
      const who = { address: { ...told, country: address.country }, address_source: "billing" as const }
      return await calculate(input, { customer_details: who }, `${key}:card`)
    },
  }
}

function readTax(from: Stripe.Tax.Calculation): TaxFacts {
  const { id, tax_amount_exclusive, tax_amount_inclusive, tax_breakdown, customer_details } = from
  if (id === null || idOf(id) === null) throw new ProcessorError("invalid", "a calculation of tax has no id")
  return {
    calculationId: id,
    taxCents: cents(tax_amount_exclusive) + cents(tax_amount_inclusive),
    isReverseCharge: tax_breakdown.some(({ taxability_reason }) => taxability_reason === "reverse_charge"),
    buyer: buyerFrom({
      name: null,
      email: null,
      address: customer_details.address as Stripe.Address | null,
      taxIds: customer_details.tax_ids,
    }),
  }
}
