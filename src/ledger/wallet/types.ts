// Words of the reads: what a wallet has, what happened in it, what stands in the books.
import type { ClientId, HoldId, KeyId, LotId, Nano, PrincipalId, RouteId } from "../../app/index.ts"
import type { AccountKind, Bucket, Mode, Owner, TransactionType } from "../books/types.ts"
import type { HoldStage } from "../holds/types.ts"
import type { RolloverTerms } from "../lots/types.ts"

export interface LotView {
  id: LotId
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
  /** Its payment is in doubt: nothing is taken from it for now. */
  frozen: boolean
}

export interface Wallet {
  /** Unexpired, effective remaining − held, without what is frozen. */
  balanceNano: Nano
  heldNano: Nano
  /** Unheld of lots whose payment is in doubt. */
  frozenNano: Nano
  debtNano: Nano
  /** The balance while debt is 0, else 0. */
  spendableNano: Nano
  /** Unexpired lots in the order they will be spent. */
  lots: LotView[]
  /** When the next lot expires; null when none does. */
  nextExpiryMs: number | null
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
  /** Also lots with nothing left. Default: unspent ones only. */
  dead?: boolean
  /** At most 200. */
  limit: number
  /** `lot_…` of the last row of the page before. */
  beforeId?: string
}

export interface HoldView {
  id: HoldId
  callId: string
  /** Which kind of call, of which model: a row of usage. */
  routeId: RouteId | null
  clientId: ClientId | null
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
  amountNano: Nano
  /** Exact text: a platform account may pass 2^53. null where a charge moved an account that many share. */
  balanceAfterNano: string | null
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
  givenBackNano: Nano
  /** Of a charge, and of what corrects one: the call, whose it was, and which kind (a row of usage). */
  callId: string | null
  clientId: ClientId | null
  callerId: PrincipalId | null
  scope: string | null
  routeId: RouteId | null
  entries: EntryView[]
}

export interface TransactionsQuery {
  /** At most 200. */
  limit: number
  /** `txn_…` of the last row of the page before. */
  beforeId?: string
}

/** What one movement put into a lot (> 0) or took from it (< 0). */
export interface HistoryLot {
  /** `lot_…`. */
  publicId: string
  bucket: Bucket
  amountNano: Nano
  expiresMs: number | null
}

export interface HistoryRow {
  transactionId: string
  type: TransactionType
  atMs: number
  actor: string
  reason: string
  amountNano: Nano
  balanceBeforeNano: Nano
  balanceAfterNano: Nano
  /** Which lots, in the order they were spent. */
  lots: HistoryLot[]
  /** For charges, and what corrects them: the call (`req_…`), its client and scope. */
  callId: string | null
  clientId: ClientId | null
  scope: string | null
}

/** Which rows of a history: as `HistoryQuery`, or the calls of one app. */
export interface StatementQuery {
  types?: readonly TransactionType[] | undefined
  clientId?: ClientId | undefined
  fromMs?: number | undefined
  toMs?: number | undefined
}

/** The same, or the calls of one key that still name it. What a key took on a day is no question for the books: keys keep the sums. */
export interface CountQuery extends StatementQuery {
  keyId?: KeyId | undefined
}

/** Both 0 or more. */
export interface DayMoved {
  inNano: Nano
  outNano: Nano
}

export interface HistoryQuery {
  /** At most 1,000; pages take 50. */
  limit: number
  /** `txn_…` of the last row of the page before: only what is older. */
  beforeId?: string | undefined
  /** `txn_…` of the first row of the page after: the rows next to it that are newer. */
  afterId?: string | undefined
  /** Only calls with this key, as long as they name it. */
  keyId?: KeyId | undefined
  types?: readonly TransactionType[] | undefined
  /** ms UTC, first moment included. */
  fromMs?: number | undefined
  /** ms UTC, excluded. */
  toMs?: number | undefined
}
