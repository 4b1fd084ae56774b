// The ledger's verbs as others call them, and what the ledger is made from. What they take and give is in `types.ts`.
import type { Clock, Ids, Nano } from "../app/index.ts"
import type { Store, Tx, WriteContext } from "../store/index.ts"
import type {
  Check,
  Claimed,
  ClaimInput,
  ClaimStatus,
  EarningVerbs,
  GrantInput,
  GrantResult,
  HistoryQuery,
  HistoryRow,
  Hold,
  HoldInput,
  MarkInput,
  Mode,
  OnResolved,
  Owner,
  RecoverReport,
  Released,
  Settled,
  SettleInput,
  Sql,
  VerificationRun,
  VerifyReport,
  Wallet,
} from "./types.ts"
import type { CorrectionVerbs } from "./verbs-corrections.ts"

export interface LedgerDeps {
  store: Store
  clock: Clock
  ids: Ids
  /** Names this process's life; holds of any other boot are resolved by `recoverHolds`. */
  bootId: string
}

/**
 * The verbs. `…In(tx, …)` runs inside a body and is synchronous; its pair without `In` is one durable write.
 * Amounts that are not safe non-negative integers throw RangeError: they are a caller's defect, not a refusal.
 */
export interface Ledger extends EarningVerbs, CorrectionVerbs {
  /** @throws AppError `conflict` when the key was used for another grant; `validation_failed` past 2^53 n$ */
  grantIn(tx: Tx, input: GrantInput): GrantResult
  grant(ctx: WriteContext, input: GrantInput): Promise<GrantResult>

  /** @throws AppError insufficient_credits, credits_on_hold, app_daily_limit_exceeded; nothing is written then */
  holdIn(tx: Tx, input: HoldInput): Hold
  hold(ctx: WriteContext, input: HoldInput): Promise<Hold>
  /** @returns false when the hold is resolved already */
  markIn(tx: Tx, holdId: number, mark: MarkInput): boolean
  mark(ctx: WriteContext, holdId: number, mark: MarkInput): Promise<boolean>
  settleIn(tx: Tx, input: SettleInput): Settled
  settle(ctx: WriteContext, input: SettleInput): Promise<Settled>
  releaseIn(tx: Tx, holdId: number): Released
  release(ctx: WriteContext, holdId: number): Promise<Released>

  /** @throws AppError claim_not_due, free_budget_spent (both with retryAfterSeconds) */
  claimDailyIn(tx: Tx, input: ClaimInput): Claimed
  claimDaily(ctx: WriteContext, input: ClaimInput): Promise<Claimed>
  claimStatus(owner: Owner, mode: Mode): ClaimStatus
  /** What free claims have granted this UTC day, n$. */
  freeBudgetUsed(mode: Mode): Nano
  claimStatusIn(tx: Tx, owner: Owner, mode: Mode): ClaimStatus

  /** Computed from committed rows at the clock's now; writes nothing. */
  wallet(owner: Owner, mode: Mode): Wallet
  /** Expires what is due first. */
  walletIn(tx: Tx, owner: Owner, mode: Mode): Wallet
  usedToday(owner: Owner, clientId: number, scope: string): { usedNano: Nano; heldNano: Nano }
  history(owner: Owner, mode: Mode, query: HistoryQuery): HistoryRow[]
  /** Changes whenever the wallet does: a transaction, a hold, debt, a lot that begins or expires. Costs a few µs. */
  stampOf(owner: Owner, mode: Mode): string
  /** The owner's own among these `txn_…`, newest first. */
  historyOf(owner: Owner, mode: Mode, transactionIds: readonly string[]): HistoryRow[]

  /** Resolves every open hold of other boots at its best-known cost. To be awaited before listening. */
  recoverHolds(onResolved?: OnResolved): Promise<RecoverReport>
  /** Resolves open holds past their lease whose call is not alive in memory. */
  sweep(isAlive: (callId: string) => boolean, onResolved?: OnResolved): Promise<RecoverReport>
  /** Expires every due lot; also catches up after the server was off. */
  expireDue(): Promise<{ wallets: number; expiredNano: Nano }>

  /** Proves the books; on the store's reader by default. */
  verify(reader?: Sql): VerifyReport
  /** Remembers a proof; when it began (by the clock) and how long it took, ms. */
  recordVerification(ctx: WriteContext, run: { report: VerifyReport; startedMs: number; tookMs: number }): Promise<void>
  /** Newest first, at most 30. */
  verifications(limit: number): VerificationRun[]
  checksOfVerification(runId: number): Check[]
  /** Recomputes every projection from entries, holds and claims. @returns rows that differed before */
  rebuildProjectionsIn(tx: Tx): { changed: number }
}
