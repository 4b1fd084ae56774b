// The door of `ledger`: double-entry books of credits in nano-dollars. Lots, holds, claims, history, proof. Knows owners
// only as (kind, id) and takes plans, limits and prices as arguments.
import type { LedgerDeps } from "./books/types.ts"
import { chargeVerbs } from "./charges/verbs.ts"
import { claimVerbs } from "./claims/verbs.ts"
import { correctionVerbs } from "./corrections/verbs.ts"
import { earningVerbs } from "./earnings/verbs.ts"
import { holdVerbs } from "./holds/verbs.ts"
import { lotVerbs } from "./lots/verbs.ts"
import { moneyVerbs } from "./money/verbs.ts"
import { proofVerbs } from "./proof/verbs.ts"
import { saleVerbs } from "./sales/verbs.ts"
import { sponsorVerbs } from "./sponsor/verbs.ts"
import { walletVerbs } from "./wallet/verbs.ts"

export { exportBooks } from "./archive/export.ts"
export { ImportError } from "./archive/export-format.ts"
export { EXPORT_BOOKS } from "./archive/export-pieces.ts"
export { type Imported, importBooksIn } from "./archive/import.ts"
export { principal } from "./books/rules.ts"
export type * from "./books/types.ts"
export type { ClearCallsInput, ClearOldCallsInput } from "./charges/clear.ts"
export type * from "./charges/types.ts"

export type * from "./claims/types.ts"
export type * from "./corrections/types.ts"
export type * from "./earnings/types.ts"

export type * from "./holds/types.ts"
export type * from "./lots/types.ts"
export {
  moneyDays as readMoneyDays,
  moneyIn as readMoneyIn,
  moneyMoves as readMoneyMoves,
  moneyOfKey as readMoneyOfKey,
} from "./money/store.ts"
export type * from "./money/types.ts"
export { ledgerPart } from "./part.ts"
export type * from "./proof/types.ts"
export { createVerification, type Verification } from "./proof/verification.ts"
export { type VerifyProgress, verify, verifySteps } from "./proof/verify.ts"
export type * from "./sales/types.ts"
export type * from "./sponsor/types.ts"
export { history as readHistory, historyOf as readHistoryOf } from "./wallet/history.ts"
export type * from "./wallet/types.ts"

/**
 * `…In(tx, …)` runs inside a write and is synchronous; all else stands on its own. Amounts that are not safe non-negative
 * integers throw RangeError: they are a caller's defect, not a refusal.
 */
export const createLedger = (deps: LedgerDeps) => ({
  ...lotVerbs(deps),
  ...holdVerbs(deps),
  ...saleVerbs(deps),
  ...sponsorVerbs(deps),
  ...chargeVerbs(),
  ...claimVerbs(deps),
  ...earningVerbs(deps),
  ...walletVerbs(deps),
  ...moneyVerbs(deps),
  ...correctionVerbs(deps),
  ...proofVerbs(deps),
})

export type Ledger = ReturnType<typeof createLedger>
