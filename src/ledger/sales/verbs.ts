// The verbs of sales.
import type { Nano } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { latestMs } from "../books/store.ts"
import type { LedgerDeps, Mode, Principal } from "../books/types.ts"
import { chargeSellerIn } from "./fee.ts"
import { paidSpendable, sellIn } from "./sell.ts"
import { feeOfSeller } from "./store.ts"
import type { SaleInput, SellerFee, SellerFeeInput, Sold } from "./types.ts"

export const saleVerbs = ({ store, clock, ids }: LedgerDeps) => ({
  /**
   * From paid lots to the seller's pending, less the platform's part.
   * @throws AppError insufficient_credits, credits_on_hold (nothing is written then); `conflict`
   */
  sellIn: (tx: Tx, input: SaleInput): Sold => sellIn(tx, ids, input),
  /** What a seller owes beside sales: of what is available, else of paid lots, else owed. Once a key. @throws AppError `conflict` */
  chargeSellerIn: (tx: Tx, input: SellerFeeInput): SellerFee => chargeSellerIn(tx, ids, input),
  /** Of a key; null = it was not charged. */
  feeOfSeller: (key: string) => feeOfSeller(store.read, key),
  /** What of paid lots is free; 0 with debt. */
  paidSpendableOf: (owner: Principal, mode: Mode): Nano =>
    paidSpendable(store.read, owner, mode, latestMs(store.read, clock.now())),
  paidSpendableIn: (tx: Tx, owner: Principal, mode: Mode): Nano => paidSpendable(tx, owner, mode, tx.now),
})
