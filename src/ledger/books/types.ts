// The ledger's shared words: whose credits, which kind of account and transaction. The ledger knows owners only as opaque
// (kind, id). Amounts are whole nano-dollars (n$), times ms UTC.
import type {
  AccountId,
  ClientId,
  Clock,
  HoldId,
  Ids,
  KeyId,
  LotId,
  Nano,
  PrincipalId,
  RouteId,
} from "../../app/index.ts"
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

/** What the order of consumption looks at. */
export interface LotTerms {
  id: LotId
  priority: number
  expiresMs: number | null
  paid: number
  createdMs: number
}

/** A lot that has something left. `heldNano`: what open holds keep of it. Never changed in place: whoever read it keeps what it saw. */
export interface LotState extends LotTerms {
  accountId: AccountId
  effectiveMs: number
  restriction: string | null
  remainingNano: number
  heldNano: number
  /** 1: its payment is in doubt, and nothing new is taken from it. */
  frozen: 0 | 1
}

/** Which lots an earning came from. */
export type EarningSource = "paid" | "promo"

export type HoldStage = "held" | "sent" | "streaming"

/** What a hold reserves on one lot. */
export interface HoldPart {
  lotId: LotId
  amountNano: number
}

/** Credits reserved for a call in progress. */
export interface OpenHold {
  id: HoldId
  accountId: AccountId
  /** `req_…` */
  callId: string
  bootId: string
  callerId: PrincipalId
  clientId: ClientId | null
  keyId: KeyId | null
  scope: string
  /** Counts for the day of its client and scope. */
  limited: 0 | 1
  routeId: RouteId | null
  stream: 0 | 1
  amountNano: Nano
  /** In the order they will be spent. */
  parts: readonly HoldPart[]
  stage: HoldStage
  inputCostNano: Nano
  knownCostNano: Nano
  splitUpstream: number
  splitDeveloper: number
  splitPlatform: number
  developerId: PrincipalId | null
  promoCapNano: number
  leaseUntilMs: number
  createdMs: number
}

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
