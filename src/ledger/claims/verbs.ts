// The verbs of the daily claim.
import { dayOf, type Nano, nano } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { latestMs } from "../books/store.ts"
import type { LedgerDeps, Mode, Owner } from "../books/types.ts"
import { claimDailyIn, claimStatus } from "./claim.ts"
import { freeGranted } from "./store.ts"
import type { Claimed, ClaimInput, ClaimStatus } from "./types.ts"

export const claimVerbs = ({ store, clock, ids }: LedgerDeps) => ({
  /** @throws AppError claim_not_due, free_budget_spent (both with retryAfterSeconds) */
  claimDailyIn: (tx: Tx, input: ClaimInput): Claimed => claimDailyIn(tx, ids, input),
  claimStatus: (owner: Owner, mode: Mode): ClaimStatus =>
    claimStatus(store.read, latestMs(store.read, clock.now()), owner, mode),
  claimStatusIn: (tx: Tx, owner: Owner, mode: Mode): ClaimStatus => claimStatus(tx, tx.now, owner, mode),
  /** What free claims have granted this UTC day. */
  freeBudgetUsed: (mode: Mode): Nano => nano(freeGranted(store.read, mode, dayOf(clock.now()))),
})
