// Words of holds: what a call reserves, what it is charged, how it ends.
import type { ClientId, HoldId, Nano, UsageId } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import type { Mode, Owner, Principal } from "../books/types.ts"
import type { LotTake } from "../lots/types.ts"

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
  amountNano: Nano
  /** When less than `amountNano` fits: hold what fits, if it is at least this. Default: all or nothing. */
  leastNano?: Nano
  /** Request id of the call, `req_…`. */
  callId: string
  scope: string
  /** The app's daily limit (user's consent); `dailyNano` null = counted but unlimited. Absent or null = not counted. */
  limit?: { clientId: ClientId; scope: string; dailyNano: Nano | null } | null
  leaseMs: number
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

export type HoldStage = "held" | "sent" | "streaming"

export interface Hold {
  id: HoldId
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

/** Parts of one charge; `totalNano` is their exact sum. */
export interface Charge {
  totalNano: Nano
  upstreamNano: Nano
  developerNano: Nano
  platformNano: Nano
}

export interface SettleInput {
  holdId: HoldId
  charge: Charge
  /** Who earns `developerNano`; null only when that is 0. */
  developer: Principal | null
  /** What is above the hold is not the owner's doing: no more than it is collected, whatever else is in the wallet. */
  withinHold?: boolean
  links?: { usageId?: UsageId | null }
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

/** How an orphaned hold was resolved; `onResolved` may record the usage row in the same mutation. `reason`: the hold's. */
export interface ResolvedHold {
  holdId: HoldId
  callId: string
  reason: string
  owner: Owner
  mode: Mode
  clientId: ClientId | null
  scope: string
  stage: HoldStage
  charge: Charge
  developer: Principal | null
  settled: Settled | null
}

export type OnResolved = (tx: Tx, resolved: ResolvedHold) => void

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
