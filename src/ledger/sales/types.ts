// Words of sales: paid credits of one person become what another earns, the platform's part taken off.
import type { Nano } from "../../app/index.ts"
import type { Mode, Principal } from "../books/types.ts"
import type { LotTake } from "../lots/types.ts"

export interface SaleInput {
  /** Who pays, from paid lots alone. */
  owner: Principal
  mode: Mode
  /** Who earns the price, less the commission. */
  seller: Principal
  amountNano: Nano
  /** The platform's part. */
  commissionNano: Nano
  /** Deterministic; the same key again returns the first result, with other content it throws `conflict`. */
  key: string
}

/** What a seller owes the platform beside its part of sales. */
export interface SellerFeeInput {
  seller: Principal
  mode: Mode
  amountNano: Nano
  /** Deterministic; the same key again returns the first result. */
  key: string
}

export interface SellerFee {
  /** `txn_…` */
  transactionId: string
  amountNano: Nano
  /** Of what they have available, or of paid credits. */
  from: "earnings" | "credits"
  already: boolean
}

export interface Sold {
  /** `txn_…` of the sale; its commission is the transaction behind it. */
  transactionId: string
  /** What of it the seller has coming. */
  earnedNano: Nano
  /** Which lots paid, in the order they were spent. */
  lots: LotTake[]
  already: boolean
}
