// The terms of earning as one: read together, changed together, each change audited. Days that have matured stay so.
import { AppError } from "../app/index.ts"
import type { Settings } from "../settings/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import { EARNING_FIELDS, EARNING_TERMS } from "./settings.ts"
import type { EarningTerms } from "./types.ts"

/** @param tx as this body sees them; without, the committed ones from memory */
export const earningTerms = (settings: Settings, tx?: Reader): EarningTerms => ({
  paidDays: settings.get(EARNING_TERMS.paidDays, tx),
  promoDays: settings.get(EARNING_TERMS.promoDays, tx),
  promoCapBp: settings.get(EARNING_TERMS.promoCapBp, tx),
  payoutMinNano: settings.get(EARNING_TERMS.payoutMinNano, tx),
})

/** @throws AppError validation_failed with a sentence for each field that is out of bounds; nothing is changed then */
export function setEarningTermsIn(settings: Settings, tx: Tx, changes: Partial<EarningTerms>): EarningTerms {
  const after: EarningTerms = { ...earningTerms(settings, tx), ...changes }
  const problemOf = <Field extends keyof EarningTerms>(field: Field) => EARNING_TERMS[field].problem(after[field])
  const set = <Field extends keyof EarningTerms>(field: Field) =>
    settings.setIn(tx, EARNING_TERMS[field], { value: after[field] })

  const formErrors = Object.fromEntries(
    EARNING_FIELDS.flatMap((field) => {
      const problem = problemOf(field)
      return problem ? [[field, problem]] : []
    }),
  )
  if (Object.keys(formErrors).length > 0)
    throw new AppError("validation_failed", "Look at the marked fields again.", { formErrors })
  for (const field of EARNING_FIELDS) set(field)
  return after
}
