// The ledger's words: what its verbs take and give. Amounts are whole nano-dollars (n$), times ms UTC. The ledger knows
// owners only as opaque (kind, id); plans, limits and prices come in as arguments (DESIGN §2, §4).
import type { Nano } from "../app/index.ts"
import type { Reader, Tx } from "../store/index.ts"

export type * from "./types-corrections.ts"
export type * from "./types-earnings.ts"
export type * from "./types-history.ts"
export type * from "./types-runs.ts"

export type Mode = "live" | "test"
export type Owner = { kind: "principal"; id: number } | { kind: "platform"; id: 0 }

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

/** Types that hand credits to a wallet; each has its counter account in `lots/rules.ts`. */
export type GrantType = Extract<
  TransactionType,
  "topup" | "subscription" | "daily_bonus" | "coupon" | "bonus" | "referral" | "sponsor" | "refund" | "adjustment"
>

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

export interface GrantInput {
  owner: Owner
  mode: Mode
  type: GrantType
  bucket: Bucket
  amountNano: number
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
  maxNano: number
  /** Most that all rolled-over lots of the wallet may hold together; null = no cap. */
  capNano: number | null
  /** The new lot expires this long after the **expiry** of the old one, however late that is noticed. */
  lifetimeMs: number
}

export interface GrantResult {
  lotId: number
  /** Public id, `txn_…`. */
  transactionId: string
  already: boolean
}

/** Integer weights by which a charge is split when the ledger must settle alone (recovery, sweeper). */
export interface SplitWeights {
  upstream: number
  developer: number
  platform: number
}

export interface HoldInput {
  owner: Owner
  mode: Mode
  /** Reserved now; may be 0 for calls that are free. */
  amountNano: number
  /** When less than `amountNano` fits: hold what fits, if it is at least this. Default: all or nothing. */
  leastNano?: number
  /** Request id of the call, `req_…`. */
  callId: string
  scope: string
  /** The app's daily limit (user's consent); `dailyNano` null = counted but unlimited. Absent or null = not counted. */
  limit?: { clientId: number; scope: string; dailyNano: number | null } | null
  leaseMs: number
  /** What the call is charged if it is known to be sent and nothing else is known. Whole charge, n$. */
  inputCostNano: number
  /** `sent` when the request leaves in the same breath, sparing a mark. Default `held`. */
  stage?: HoldStage
  /** Who earns, and how a charge is split, if the ledger has to settle alone. Default: all to the upstream. */
  developer?: Owner | null
  split?: SplitWeights
  /** Whether promo lots may earn the developer anything (the user's email is verified). Stands on the hold. Default true. */
  promoEligible?: boolean
  /** The most that promo lots may earn this developer on the UTC day of the settle; null (default) = no cap. */
  promoCapNano?: number | null
}

export type HoldStage = "held" | "sent" | "streaming"

export interface Hold {
  id: number
  amountNano: Nano
  /** UTC day the call belongs to, also when it is settled after midnight. */
  day: number
  /** Spendable balance that is left. */
  balanceAfterNano: Nano
}

export interface MarkInput {
  stage: "sent" | "streaming"
  /** Whole charge known so far, **input included**; never lowers an earlier mark. */
  knownCostNano: number
  /** Pushes the lease to now + this. */
  leaseMs?: number
}

/** Parts of one charge; `totalNano` is their exact sum. */
export interface Charge {
  totalNano: number
  upstreamNano: number
  developerNano: number
  platformNano: number
}

export interface SettleInput {
  holdId: number
  charge: Charge
  /** Who earns `developerNano`; null only when that is 0. */
  developer: Owner | null
  withinHold?: boolean // what is above the hold is not the owner's doing: collect the hold at most
  links?: { usageId?: number | null }
}

export interface LotTake {
  lotId: number
  amountNano: Nano
  paid: boolean
}

export interface Settled {
  collectedNano: Nano
  uncollectedNano: Nano
  /** Credited to the developer's `pending`; less than their part of the charge where promo lots do not count. */
  earnedNano: Nano
  /** Which lots paid, in the order they were spent. */
  lots: LotTake[]
  balanceAfterNano: Nano
  /** `txn_…`; null when nothing was charged. */
  transactionId: string | null
  /** True when the hold had been resolved before; figures are then those of the first time. */
  already: boolean
}

export interface Released {
  releasedNano: Nano
  balanceAfterNano: Nano
  already: boolean
}

export interface ClaimInput {
  owner: Owner
  mode: Mode
  amountNano: number
  /** What all free claims of one UTC day may grant; null = this claim does not count (paid plans). */
  freeBudgetNano: number | null
  /** Claimed by the first call of the day, not by the button. */
  auto: boolean
  /** How long the daily lot lives; 48 h by default. */
  lifetimeMs?: number
}

export interface Claimed {
  grantedNano: Nano
  streak: number
  nextAtMs: number
  lotId: number
  transactionId: string
}

export interface ClaimStatus {
  /** When the next claim may be made; 0 when there never was one. */
  dueAtMs: number
  isDue: boolean
  /** Claims in a row, each within 48 h of the one before; 0 when broken. */
  streak: number
  lastAtMs: number | null
}

export interface LotView {
  id: number
  publicId: string
  bucket: Bucket
  paid: boolean
  grantedNano: Nano
  remainingNano: Nano
  heldNano: Nano
  priority: number
  effectiveMs: number
  expiresMs: number | null
  restriction: string | null
}

export interface Wallet {
  /** Unexpired, effective remaining − held. */
  balanceNano: Nano
  heldNano: Nano
  debtNano: Nano
  /** The balance while debt is 0, else 0. */
  spendableNano: Nano
  /** Live lots in the order they will be spent. */
  lots: LotView[]
  /** When the next lot expires; null when none does. */
  nextExpiryMs: number | null
}

/** How a hold that nobody owned any more was resolved; `onResolved` may record the usage row in the same body. `reason`: the hold's. */
export interface ResolvedHold {
  holdId: number
  callId: string
  reason: string
  owner: Owner
  mode: Mode
  clientId: number | null
  scope: string
  stage: HoldStage
  charge: Charge
  developer: Owner | null
  settled: Settled | null
}
export type OnResolved = (tx: Tx, resolved: ResolvedHold) => void

export interface RecoverReport {
  resolved: number
  released: number
  chargedNano: Nano
}

export interface Check {
  /** Fixed name, such as `entries_balance`. */
  name: string
  /** The promise in one plain sentence. */
  promise: string
  /** How many things were looked at. */
  checked: number
  violations: number
  /** The first few, for a person to look up. */
  examples: string[]
}

export interface VerifyReport {
  ok: boolean
  checks: Check[]
  /** Hash of the newest transaction, hex; null when there is none. */
  head: string | null
  transactions: number
}
