// Words of corrections: refunds, reversals, claw-backs, adjustments, voids.
import type { Nano } from "../../app/index.ts"
import type { Mode, Owner } from "../books/types.ts"
import type { LotTake } from "../lots/types.ts"

/** Gives credits of a `usage` or a `sale` back to the lots that paid it, last consumed first. */
export interface RefundChargeInput {
  /** `txn_…` of it. */
  transactionId: string
  /** Default: all that was collected and is not given back yet. */
  amountNano?: Nano
  /** Its developer bears their part even where they earned it for good: then they owe it. Of a sale always. */
  bySeller?: boolean
  key: string
}

export interface RefundedCharge {
  /** `txn_…` of the refund. */
  transactionId: string
  refundedNano: Nano
  /** The part that went to lots whose time was over, and expired at once. */
  expiredNano: Nano
  /** The part that the developer's earning paid. */
  fromDeveloperNano: Nano
  /** The part that the platform had kept of it. */
  fromPlatformNano: Nano
  lots: LotTake[]
  already: boolean
}

export interface ReverseInput {
  /** `txn_…` of what is to be undone. */
  transactionId: string
}

export interface Reversed {
  /** `txn_…` of the reversal. */
  transactionId: string
  /** What came back to lots whose time was over, and expired at once. */
  expiredNano: Nano
  already: boolean
}

/**
 * Money went back to the buyer of a paid lot: by our refund (`cash`), or by the bank (`disputes`). What was given on top of it goes back to
 * `promo`: only what nobody spent or holds, and nobody owes the rest.
 */
export interface ClawBackInput {
  /** Key of the grant. What rolled over from that lot counts as part of it. */
  lotKey: string
  /** All claw-backs of one lot together are at most what it granted, less what was restored. */
  amountNano: Nano
  through: ClawThrough
  key: string
}

export type ClawThrough = "cash" | "disputes" | "promo"

/** A lot of a payment with what rolled over from it, n$. */
export interface ClawableLot {
  /** Of its grant. */
  key: string
  paid: boolean
  effectiveMs: number
  /** What claw-backs that stand have left of it. */
  leftNano: number
  /** Of that: expired or taken away, so nobody's. */
  brokenNano: number
  /** Of that: neither spent nor held. */
  freeNano: number
}

export interface ClawedBack {
  /** null when nothing was left of a promo lot. */
  transactionId: string | null
  /** Of it, what had expired or was voided, and is given back by `breakage`: first of all. */
  brokenNano: Nano
  /** Taken from the lot: what was neither spent nor held. */
  takenNano: Nano
  /** The rest was spent, or is held: the owner owes it from now on. What calls give back of it pays of that (`lots/claws.ts`). */
  debtNano: Nano
  /** What developers had earned with what was spent, and had pending still. */
  fromDevelopersNano: Nano
  already: boolean
}

/** The money came after all: a refund failed, or a dispute was won. */
export interface RestoreClawInput {
  /** Key of the claw-back, whole. */
  clawKey: string
  key: string
}

export interface RestoredClaw {
  /** null when the claw-back had taken nothing. */
  transactionId: string | null
  /** What had expired before it was taken, or would have since, stays so: `breakage` has it. */
  brokenNano: Nano
  /** Back in the lots it was taken from. */
  restoredNano: Nano
  /** Owed no more. */
  debtLiftedNano: Nano
  /** Its debt was repaid meanwhile: that much is a new lot, which never expires. */
  grantedNano: Nano
  /** The part that went to lots whose time was over, and expired at once. */
  expiredNano: Nano
  /** Other debt that it repaid at once. */
  repaidNano: Nano
  toDevelopersNano: Nano
  already: boolean
}

/** The bank has decided for the buyer: what stands in `disputes` is lost. */
export interface SettleDisputeInput {
  clawKey: string
  key: string
}

export interface SettledDispute {
  transactionId: string
  lostNano: Nano
  already: boolean
}

/** Nothing new is taken from the lot, and from what rolls over from it; calls in progress go on. */
export interface FreezeLotInput {
  /** Key of the grant. */
  lotKey: string
  key: string
}

export interface FrozenLot {
  /** Unheld at this moment. */
  frozenNano: Nano
  already: boolean
}

export interface ThawLotInput {
  freezeKey: string
  key: string
}

export interface ThawedLot {
  /** Other freezes keep it. */
  isFrozen: boolean
  /** Debt that it repaid at once. */
  repaidNano: Nano
  already: boolean
}

export interface AdjustInput {
  owner: Owner
  mode: Mode
  /** > 0 grants a promo lot of bucket `adjustment`; < 0 takes unheld credits in the order of consumption. */
  amountNano: Nano
  key: string
}

export interface SetBalanceInput {
  owner: Owner
  mode: Mode
  /** What the wallet shall have, **held credits included**: balance + held of `Wallet`. */
  balanceNano: Nano
  key: string
}

export interface Adjusted {
  /** `txn_…`; null when nothing had to change. */
  transactionId: string | null
  /** Signed: what the wallet gained or lost. */
  amountNano: Nano
  balanceAfterNano: Nano
  already: boolean
}

export interface VoidLotInput {
  /** Public id, `lot_…`. */
  lotId: string
  key: string
}

export interface Voided {
  transactionId: string
  voidedNano: Nano
  already: boolean
}

export type CorrectionVerb =
  | "refund_charge"
  | "claw_back"
  | "adjust"
  | "set_balance"
  | "void_lot"
  | "restore_claw"
  | "settle_dispute"
  | "freeze_lot"
  | "thaw_lot"
