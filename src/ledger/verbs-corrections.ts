// The verbs that correct the books or raise a hold, and the reads of what is booked. What they take and give is in
// `types-corrections.ts`; each `…In(tx, …)` runs inside a body, its pair without `In` is one durable write.
import type { Nano } from "../app/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import type {
  Adjusted,
  AdjustInput,
  ClawBackInput,
  ClawedBack,
  HoldView,
  LotDetail,
  LotsQuery,
  Mode,
  Owner,
  Raised,
  RefundChargeInput,
  RefundedCharge,
  Reversed,
  ReverseInput,
  SetBalanceInput,
  TransactionsQuery,
  TransactionView,
  Voided,
  VoidLotInput,
} from "./types.ts"

export interface CorrectionVerbs {
  /**
   * Holds `amountNano` more on an open hold. `dailyNano`: the app's daily limit as it stands, null = none; it is counted on
   * the hold's own day.
   * @throws AppError as `hold`; `conflict` when the hold is resolved
   */
  raiseIn(tx: Tx, holdId: number, amountNano: number, dailyNano?: number | null): Raised
  raise(ctx: WriteContext, holdId: number, amountNano: number, dailyNano?: number | null): Promise<Raised>
  /** Extends the lease of an open hold to now + `leaseMs`; never shortens it. @returns false when it is resolved */
  renewIn(tx: Tx, holdId: number, leaseMs: number): boolean
  renew(ctx: WriteContext, holdId: number, leaseMs: number): Promise<boolean>

  // Corrections. Each refusal (`not_found`, `conflict`, `validation_failed`) writes nothing. A key again gives the first
  // result with `already: true`; with other content it throws `conflict`. Due credits expire first, in the same body.

  /** @throws AppError not_found; `conflict` when it is no usage or less is left to refund */
  refundChargeIn(tx: Tx, input: RefundChargeInput): RefundedCharge
  refundCharge(ctx: WriteContext, input: RefundChargeInput): Promise<RefundedCharge>
  /** The exact opposite of a transaction, once. @throws AppError not_found; `conflict` when that cannot be taken back */
  reverseIn(tx: Tx, input: ReverseInput): Reversed
  reverse(ctx: WriteContext, input: ReverseInput): Promise<Reversed>
  /** @throws AppError not_found; `conflict` for a promo lot or more than it granted */
  clawBackIn(tx: Tx, input: ClawBackInput): ClawedBack
  clawBack(ctx: WriteContext, input: ClawBackInput): Promise<ClawedBack>
  /** Pays debt with unheld paid credits, in the order of consumption. Every paid grant does it by itself. @returns n$ repaid */
  repayDebtIn(tx: Tx, owner: Owner, mode: Mode): Nano
  repayDebt(ctx: WriteContext, owner: Owner, mode: Mode): Promise<Nano>
  /** @throws AppError `conflict` when less is unheld; `validation_failed` past 2^53 n$ */
  adjustIn(tx: Tx, input: AdjustInput): Adjusted
  adjust(ctx: WriteContext, input: AdjustInput): Promise<Adjusted>
  /** @throws AppError `conflict` below open holds */
  setBalanceIn(tx: Tx, input: SetBalanceInput): Adjusted
  setBalance(ctx: WriteContext, input: SetBalanceInput): Promise<Adjusted>
  /** Takes the unheld rest of a lot. @throws AppError not_found; `conflict` when nothing is unheld */
  voidLotIn(tx: Tx, input: VoidLotInput): Voided
  voidLot(ctx: WriteContext, input: VoidLotInput): Promise<Voided>

  /** Newest first, as they are booked: what is due but not yet expired still shows. */
  lotsOf(owner: Owner, mode: Mode, query: LotsQuery): LotDetail[]
  /** One of the owner's own, `lot_…`. */
  lotOf(owner: Owner, mode: Mode, publicId: string): LotDetail | null
  /** Open holds, newest first, at most 200. */
  holdsOf(owner: Owner, mode: Mode): HoldView[]
  transactionOf(publicId: string): TransactionView | null
  /** Of all accounts of the owner, newest first, with all entries. */
  transactionsOf(owner: Owner, mode: Mode, query: TransactionsQuery): TransactionView[]
}
