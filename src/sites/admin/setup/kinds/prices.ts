// Prices that admins set, as `list/model`: what is in force now. A price that begins later is left to the page of its model.
import { AppError, type Clock } from "../../../../app/index.ts"
import type { Pricing } from "../../../../pricing/index.ts"
import { inputOf, PRICE_FORM, presentOf, priceErrors } from "../../price-form.ts"
import type { Kind } from "../types.ts"

const FORM = PRICE_FORM.with({ list: null, model: null, from: null, reason: null })
const NO_LIMITS = { contextWindow: null, maxOutputTokens: null }

function namesOf(entry: string): { list: string; model: string } {
  const at = entry.indexOf("/")
  if (at <= 0) throw new AppError("not_found", "Name a price as “list/model”, such as openai/gpt-5.")
  return { list: entry.slice(0, at), model: entry.slice(at + 1) }
}

export function pricesKind({ pricing, clock }: { pricing: Pricing; clock: Clock }): Kind {
  return {
    name: "prices",
    shape: "fields",
    present: () =>
      new Map(
        pricing
          .overridesAt(clock.now())
          .filter(({ price }) => price !== null)
          .map(({ provider, model, price, limits }) => [`${provider}/${model}`, presentOf(price, limits)]),
      ),
    idOf: (entry) => entry.trim().toLowerCase(),
    formOf(entry) {
      namesOf(entry)
      return FORM
    },
    fresh: presentOf(null, NO_LIMITS),
    saveIn(tx, entry, values) {
      const formErrors = priceErrors(values)
      const [first] = Object.values(formErrors)
      if (first) throw new AppError("validation_failed", first, { formErrors })
      const asked = { ...values, ...namesOf(entry), from: null, reason: "" }
      pricing.setModelPriceIn(tx, inputOf(asked, tx.now))
    },
    removeIn(tx, entry) {
      const { list, model } = namesOf(entry)
      pricing.setModelPriceIn(tx, { provider: list, model, rates: null, limits: NO_LIMITS })
    },
  }
}
