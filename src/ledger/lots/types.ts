// Words of lots: what a grant takes and gives.
import type { LotId, Nano } from "../../app/index.ts"
import type { Bucket, Mode, Owner, TransactionType } from "../books/types.ts"

/** Types that hand credits to a wallet; each has its counter account in `lots/rules.ts`. */
export type GrantType = Extract<
  TransactionType,
  "topup" | "subscription" | "daily_bonus" | "coupon" | "bonus" | "referral" | "sponsor" | "refund" | "adjustment"
>

export interface GrantInput {
  owner: Owner
  mode: Mode
  type: GrantType
  bucket: Bucket
  amountNano: Nano
  /** Paid lots back cash payouts and are spent after promo lots of the same priority and expiry. */
  paid: boolean
  /** 0 (first) … 100 (last); 50 by default. */
  priority?: number
  /** Default: now. */
  effectiveMs?: number
  /** Default null: never. A lot is expired from this very millisecond on. */
  expiresMs?: number | null
  /** Only calls of this scope may spend the lot. */
  restriction?: string | null
  /** What becomes of the unheld rest when the lot expires; only with `expiresMs`. Default null: it is lost. */
  rollover?: RolloverTerms | null
  /** Deterministic; the same key again returns the first result, with other content it throws `conflict`. */
  key: string
}

/** How credits outlive their lot, once: they move to a new lot of the same bucket, which never rolls again. */
export interface RolloverTerms {
  /** At most this much of one lot. */
  maxNano: Nano
  /** Most that all rolled-over lots of the wallet may hold together; null = no cap. */
  capNano: Nano | null
  /** The new lot expires this long after the **expiry** of the old one, however late that is noticed. */
  lifetimeMs: number
}

export interface GrantResult {
  lotId: LotId
  /** Public id, `txn_…`. */
  transactionId: string
  already: boolean
}

export interface LotTake {
  lotId: LotId
  amountNano: Nano
  paid: boolean
}
