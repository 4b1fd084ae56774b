// What an operator changes of the terms of earning. Each change is audited with before and after. Days that have matured stay so.
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import { checkedTerms } from "./rules.ts"
import { earningTerms, saveEarningTerms } from "./store.ts"
import type { EarningTerms } from "./types.ts"

/** @throws AppError validation_failed with formErrors */
export function setEarningTermsIn(tx: Tx, changes: Partial<EarningTerms>): EarningTerms {
  const before = earningTerms(tx)
  const after = checkedTerms({ ...before, ...changes })
  saveEarningTerms(tx, after)
  auditIn(tx, { action: "setting.changed", subject: "earning_terms", before, after })
  return after
}
