// The ledger's shared words: whose credits, which kind of account and transaction. The ledger knows owners only as opaque
// (kind, id). Amounts are whole nano-dollars (n$), times ms UTC.
import type { Clock, Ids, PrincipalId } from "../../app/index.ts"
import type { Reader, Store } from "../../store/index.ts"

export type Mode = "live" | "test"

/** Whoever owns credits: a person today. */
export type Principal = { kind: "principal"; id: PrincipalId }
export type Owner = Principal | { kind: "platform"; id: 0 }

export type TransactionType =
  | "topup"
  | "subscription"
  | "daily_bonus"
  | "coupon"
  | "bonus"
  | "referral"
  | "sponsor"
  | "refund"
  | "adjustment"
  | "usage"
  | "sale"
  | "commission"
  | "overage"
  | "expiry"
  | "reversal"
  | "debt"
  | "payout"
  | "fee"

export type Bucket =
  | "daily"
  | "subscription"
  | "purchase"
  | "coupon"
  | "bonus"
  | "referral"
  | "sponsored"
  | "refund"
  | "adjustment"

export type PrincipalAccount = "wallet" | "debt" | "pending" | "payable"

export type PlatformAccount =
  | "revenue"
  | "upstream_payable"
  | "promo"
  | "breakage"
  | "uncollected"
  | "cash"
  | "payouts"
  | "processor_fees"
  | "tax_payable"
  | "disputes"
  | "sponsor"
  | "fx"

export type AccountKind = PrincipalAccount | PlatformAccount

/** All that verification needs: any read connection, also a Worker's or a snapshot's. */
export type Sql = Pick<Reader, "get" | "all">

/** What the ledger is made from. */
export interface LedgerDeps {
  store: Store
  clock: Clock
  ids: Ids
  /** Names this process's life; holds of any other boot are resolved by `recoverHolds`. */
  bootId: string
}
