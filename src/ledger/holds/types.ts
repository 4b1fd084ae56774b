// Words of holds: what a call reserves, what it is charged, how it ends.
import type { AccountId, ClientId, HoldId, KeyId, Nano, PrincipalId, RouteId } from "../../app/index.ts"
import type { HoldStage, Mode, Principal } from "../books/types.ts"
import type { CallEnd, Charge } from "../charges/types.ts"
import type { LotTake } from "../lots/types.ts"

export type { HoldStage } from "../books/types.ts"

/** Integer weights by which a charge is split when the ledger must settle alone (recovery, sweeper). */
export interface SplitWeights {
  upstream: number
  developer: number
  platform: number
}

export interface HoldInput {
  /** Who pays. */
  owner: Principal
  mode: Mode
  /** Reserved now; may be 0 for calls that are free. */
  amountNano: Nano
  /** When less than `amountNano` fits: hold what fits, if it is at least this. Default: all or nothing. */
  leastNano?: Nano
  /** Request id of the call, `req_…`: one of its own for each call, which is charged once (see `settleIn`). */
  callId: string
  scope: string
  /** From paid lots alone: what becomes somebody's earning in full. Such a hold is exact: it is never raised, and settled within itself. */
  paidOnly?: boolean
  /** Who calls, when that is not who pays. */
  callerId?: PrincipalId
  /** The app; null or absent: none. */
  clientId?: ClientId | null
  keyId?: KeyId | null
  routeId?: RouteId | null
  stream?: boolean
  /** The app's daily limit for this scope (user's consent); null = counted but unlimited. Absent = not counted. */
  dailyNano?: Nano | null
  leaseMs: number
  /** It waits for something elsewhere that goes on without this process: a restart leaves it as it is, and its lease ends it at the latest. */
  outlives?: true
  /** What the call is charged if it is known to be sent and nothing else is known. Whole charge, n$. */
  inputCostNano: Nano
  /** `sent` when the request leaves in the same breath, sparing a mark. Default `held`. */
  stage?: HoldStage
  /** Who earns, and how a charge is split, if the ledger has to settle alone. Default: all to the upstream. */
  developer?: Principal | null
  split?: SplitWeights
  /** Whether promo lots may earn the developer anything (the user's email is verified). Stands on the hold. Default true. */
  promoEligible?: boolean
  /** The most that promo lots may earn this developer on the UTC day of the settle; null (default) = no cap. */
  promoCapNano?: Nano | null
}

/** What a hold says of a call beside its amount, where the call goes on to somebody else. */
export interface HoldTerms {
  routeId: RouteId
  /** As `HoldInput` has it; no more of it counts than is held. */
  inputCostNano: Nano
  split: SplitWeights
}

/** What names a hold for as long as anybody speaks of it. Once it is resolved its row is gone; its charge is found by the call. */
export interface HoldRef {
  id: HoldId
  accountId: AccountId
  callId: string
}

export interface Hold extends HoldRef {
  amountNano: Nano
  /** UTC day the call belongs to, also when it is settled after midnight. */
  day: number
  /** Spendable balance that is left. */
  balanceAfterNano: Nano
}

export interface MarkInput {
  stage: "sent" | "streaming"
  /** Whole charge known so far, **input included**; never lowers an earlier mark. */
  knownCostNano: Nano
  /** Pushes the lease to now + this. */
  leaseMs?: number
}

export interface SettleInput {
  hold: HoldRef
  charge: Charge
  /** Who earns `developerNano`; null only when that is 0. */
  developer: Principal | null
  /** What is above the hold is not the owner's doing: no more than it is collected, whatever else is in the wallet. */
  withinHold?: boolean
  /** n$ above the hold that limits on spending leave; absent = as much as is free. */
  roomNano?: number
  /** The app's limit of the hold's day, which nothing above the hold passes either; null = none. */
  dailyNano?: Nano | null
  /** What is known of the call; by default one that went well and used no tokens. */
  call?: CallEnd
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

export interface RecoverReport {
  resolved: number
  released: number
  chargedNano: Nano
}

export interface Raised {
  /** The whole hold, now. */
  amountNano: Nano
  /** Spendable balance that is left. */
  balanceAfterNano: Nano
}
