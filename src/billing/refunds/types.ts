// The nouns of money that goes back: refunds, disputes and warnings, and what they do to the credits of a payment.
import type { Nano, UserId } from "../../app/index.ts"
import type { ClawThrough, Ledger } from "../../ledger/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import type { PaymentRow, PaymentsQuery } from "./store-list.ts"

export type { PaymentFilter, PaymentRow, PaymentsQuery } from "./store-list.ts"

export type RefundLedger = Pick<
  Ledger,
  | "clawBackIn"
  | "restoreClawIn"
  | "settleDisputeIn"
  | "freezeLotIn"
  | "thawLotIn"
  | "repayDebtIn"
  | "lotsUnderIn"
  | "clawableIn"
>

/** What was paid, once: an order, or an invoice of a plan. */
export interface Payment {
  /** `order:ord_…` or `stripe:in_…`, by which ledger and invoice know it. */
  key: string
  kind: "order" | "plan"
  /** `ord_…` or `in_…`. */
  id: string
  /** What was bought. */
  name: string
  userId: UserId
  /** n$, tax included; 0 = nothing was to be paid. */
  paidNano: Nano
  /** Of it, what is the state's. */
  taxNano: Nano
  /** null = it is not paid yet. */
  paidMs: number | null
  /** Refunds of it, n$. */
  refundedNano: Nano
  paymentIntentId: string | null
  chargeId: string | null
}

/** asked: of the processor, which has not answered. refused: it said no. */
export type RefundState = "asked" | "refused" | "pending" | "succeeded" | "failed" | "canceled"

export interface Refund {
  id: number
  publicId: string
  /** `re_…`; null until the processor has answered, and where the money goes back by hand. */
  refundId: string | null
  paymentKey: string | null
  paymentIntentId: string | null
  chargeId: string | null
  /** Tax included. */
  amountNano: Nano
  state: RefundState
  reason: string | null
  note: string | null
  formKey: string | null
  told: string | null
  createdMs: number
  updatedMs: number
  askedMs: number
}

export type DisputeKind = "dispute" | "warning"
/** closed: over without money, as questions and warnings end. */
export type DisputeState = "open" | "closed" | "lost" | "won"

export interface Dispute {
  id: number
  publicId: string
  disputeId: string
  kind: DisputeKind
  paymentKey: string | null
  paymentIntentId: string | null
  chargeId: string | null
  amountNano: Nano
  /** What the bank has taken. */
  withdrawnNano: Nano
  state: DisputeState
  reason: string
  dueMs: number | null
  /** An admin gave the credits free before it ended. */
  releasedMs: number | null
  told: string | null
  createdMs: number
  updatedMs: number
  askedMs: number
}

/** What one refund or dispute did to one lot. */
export interface Holdback {
  id: number
  paymentKey: string
  source: string
  kind: "claw" | "freeze"
  lotKey: string
  through: ClawThrough | ""
  amountNano: Nano
  /** Of it: what had expired or was taken away before, what was left, and what was spent and is owed. */
  brokenNano: Nano
  takenNano: Nano
  debtNano: Nano
  developersNano: Nano
  key: string
  state: "standing" | "lost" | "over"
  createdMs: number
  updatedMs: number
}

/** Lots that a payment brought. */
export interface PaidLot {
  key: string
  paid: 0 | 1
  grantedNano: number
}

export interface RefundInput {
  /** Of the payment. */
  paymentKey: string
  /** null = all that is left. */
  amountNano: Nano | null
  /** The admin's, for the log and the admin's pages. */
  reason: string
  key: string
}

/** A payment with all that went back of it. */
export interface PaymentStory {
  payment: Payment
  refunds: Refund[]
  disputes: Dispute[]
  /** Newest last. */
  holdbacks: Holdback[]
  /** n$ that can still be refunded. */
  leftNano: Nano
  /** INV-2026-001; null = none was issued. */
  invoiceNumber: string | null
  /** It was paid, and is refunded, outside of the processor. */
  isByHand: boolean
}

export interface Refunds {
  /** Orders and invoices of plans, newest first. */
  payments(query: PaymentsQuery): PaymentRow[]
  /** Disputes and warnings that keep credits frozen, and when the first is to be answered. */
  openDisputes(): { count: number; dueMs: number | null }
  /** null = there is no such payment. */
  story(paymentKey: string): PaymentStory | null
  /**
   * Asks for the money to go back; credits follow as soon as the processor has it. The same key again is the same refund. A payment by hand is
   * refunded by hand: it is noted at once.
   * @throws AppError not_found, validation_failed, conflict when nothing is left or a bank has it
   */
  refund(ctx: WriteContext, input: RefundInput): Promise<Refund>
  /** Gives the credits free while a dispute or warning is open. @throws AppError not_found, conflict when it is over */
  releaseIn(tx: Tx, disputePublicId: string): Dispute
  /** What a person sees of their payments. */
  disputesOf(userId: UserId): Dispute[]
  refundsOf(userId: UserId): Refund[]
}
