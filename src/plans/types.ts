// The nouns of plans. Owns plan rows and the day's free budget; the ledger gets amounts as arguments.
import type { Nano } from "../app/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"

export interface Plan {
  id: number
  /** Stable name in code, such as `free`. */
  code: string
  name: string
  dailyClaimNano: Nano
  /** Whether its claims are taken from the day's free budget. */
  freeBudgetCounts: boolean
}

export interface Plans {
  /** The plan a user is on now. */
  planOf(userId: number): Plan
  planOfIn(tx: Tx, userId: number): Plan
  /** What a claim of this user grants now, and the day's free budget when it counts against it. */
  claimTermsIn(tx: Tx, userId: number): { amountNano: Nano; freeBudgetNano: Nano | null }
  list(): Plan[]
  /** @throws AppError not_found, validation_failed */
  updatePlanIn(tx: Tx, input: { code: string; name?: string; dailyClaimNano?: number }): Plan
  updatePlan(ctx: WriteContext, input: { code: string; name?: string; dailyClaimNano?: number }): Promise<Plan>
  /** What free claims of one UTC day may grant together, n$; null = no bound. */
  freeBudgetNano(): Nano | null
  freeBudgetNanoIn(tx: Tx): Nano | null
  setFreeBudgetIn(tx: Tx, freeBudgetNano: number | null): void
  setFreeBudget(ctx: WriteContext, freeBudgetNano: number | null): Promise<void>
}
