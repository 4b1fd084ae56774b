// Words of corrections and of the pages that show the books: refunds, reversals, claw-backs, adjustments, voids, raised holds.
// Amounts are whole nano-dollars (n$), times ms UTC.
import type { Nano } from "../app/index.ts"
import type { AccountKind, HoldStage, LotTake, LotView, Mode, Owner, RolloverTerms, TransactionType } from "./types.ts"

/** Gives credits of a `usage` back to the lots that paid it, last consumed first. */
export interface RefundChargeInput {
  /** `txn_…` of the usage. */
  transactionId: string
  /** Default: all that was collected and is not given back yet. */
  amountNano?: number
  key: string
}

export interface RefundedCharge {
  /** `txn_…` of the refund. */
  transactionId: string
  refundedNano: Nano
  /** The part that went to lots whose time was over, and expired at once. */
  expiredNano: Nano
  /** The part that the developer's immature earning paid. */
  fromDeveloperNano: Nano
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

/** Money went back to the buyer of a paid lot: by our refund (`cash`), or by the bank (`disputes`). */
export interface ClawBackInput {
  /** Key of the grant. What rolled over from that lot counts as part of it. */
  lotKey: string
  /** All claw-backs of one lot together are at most what it granted. */
  amountNano: number
  through: "cash" | "disputes"
  key: string
}

export interface ClawedBack {
  transactionId: string
  /** Taken from the lot: what was neither spent nor held. */
  takenNano: Nano
  /** The rest, which the owner owes from now on. */
  debtNano: Nano
  already: boolean
}

export interface AdjustInput {
  owner: Owner
  mode: Mode
  /** > 0 grants a promo lot of bucket `adjustment`; < 0 takes unheld credits in the order of consumption. */
  amountNano: number
  key: string
}

export interface SetBalanceInput {
  owner: Owner
  mode: Mode
  /** What the wallet shall have, **held credits included**: balance + held of `Wallet`. */
  balanceNano: number
  key: string
}

export interface Adjusted {
  /** `txn_…`; null when nothing had to change. */
  transactionId: string | null
  /** Signed: what the wallet gained or lost. */
  amountNano: number
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

export interface Raised {
  /** The whole hold, now. */
  amountNano: Nano
  /** Spendable balance that is left. */
  balanceAfterNano: Nano
}

/** A lot with its whole story; granted = consumed + expired + voided + clawed + remaining. */
export interface LotDetail extends LotView {
  consumedNano: Nano
  /** Rolled-over credits included. */
  expiredNano: Nano
  voidedNano: Nano
  /** Taken back: claw-backs, debt repaid, a reversed grant. */
  clawedNano: Nano
  createdMs: number
  key: string
  rollover: RolloverTerms | null
  /** Public id of the lot that this one was rolled over from. */
  rolledFrom: string | null
}

export interface LotsQuery {
  /** Also lots with nothing left. Default: live ones only. */
  dead?: boolean
  /** At most 200. */
  limit: number
  /** `lot_…` of the last row of the page before. */
  beforeId?: string
}

export interface HoldView {
  id: number
  callId: string
  reason: string
  clientId: number | null
  scope: string
  stage: HoldStage
  amountNano: Nano
  createdMs: number
  leaseUntilMs: number
  lots: { lotId: string; amountNano: Nano }[]
}

export interface EntryView {
  account: AccountKind
  owner: Owner
  /** `lot_…` */
  lotId: string | null
  /** > 0 credits, < 0 debits. */
  amountNano: number
  /** Exact text: a platform account may pass 2^53. */
  balanceAfterNano: string
}

export interface TransactionView {
  /** `txn_…` */
  transactionId: string
  type: TransactionType
  mode: Mode
  atMs: number
  actor: string
  onBehalfOf: string | null
  requestId: string
  reason: string
  key: string | null
  /** `txn_…` that this one undoes, and the one that undoes it. */
  reverses: string | null
  reversedBy: string | null
  /** SHA-256 of the chain, hex. */
  hash: string
  /** `txn_…` of the call that a refund gives back. */
  refundOf: string | null
  /** Of a usage: what refunds and reversals have given back of it. */
  givenBackNano: number
  callId: string | null
  clientId: number | null
  scope: string | null
  usageId: number | null
  entries: EntryView[]
}

export interface TransactionsQuery {
  /** At most 200. */
  limit: number
  /** `txn_…` of the last row of the page before. */
  beforeId?: string
}
