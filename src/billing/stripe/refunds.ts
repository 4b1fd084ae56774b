// Refunds, disputes and warnings of fraud. Each is asked for with its charge, which says for which order it was.
import type Stripe from "stripe"
import type { Asked } from "./client.ts"
import { cents, idOf, oneOf } from "./read.ts"

/** The payment that something is about. */
interface OfCharge {
  chargeId: string
  paymentIntentId: string | null
  /** The order it was made for. */
  orderId: string | null
  customerId: string | null
  currency: string
  isLive: boolean
}

export interface RefundFacts extends OfCharge {
  /** `re_…` */
  id: string
  cents: number
  state: "pending" | "succeeded" | "failed" | "canceled"
  /** Our own refund, `rfd_…`, where it was asked for here. */
  ownId: string | null
  /** Why it failed. */
  failure: string | null
  createdMs: number
}

export interface DisputeFacts extends OfCharge {
  /** `du_…`, of a warning `issfr_…` */
  id: string
  kind: "dispute" | "warning"
  cents: number
  /** Taken by the bank, less what it gave back. */
  withdrawnCents: number
  state: "open" | "closed" | "lost" | "won"
  reason: string
  dueMs: number | null
  createdMs: number
}

/** @throws ProcessorError */
export interface RefundCalls {
  createRefund(input: { paymentIntentId: string; cents: number; ownId: string }, key: string): Promise<RefundFacts>
  refund(id: string): Promise<RefundFacts>
  /** Newest first. */
  refundsOf(of: { chargeId: string } | { paymentIntentId: string }): Promise<RefundFacts[]>
  dispute(id: string): Promise<DisputeFacts>
  warning(id: string): Promise<DisputeFacts>
  /** Made since then, newest first; at most a thousand of each kind. */
  refundsSince(ms: number): Promise<RefundFacts[]>
  disputesSince(ms: number): Promise<DisputeFacts[]>
}

const ONE = { expand: ["charge"] }
const PAGE = { limit: 100, expand: ["data.charge"] }
const MOST = { limit: 1_000 }

export const refundCalls = (stripe: Stripe, asked: Asked): RefundCalls => {
  const since = (ms: number) => ({ ...PAGE, created: { gte: Math.floor(ms / 1_000) } })
  return {
    async createRefund({ paymentIntentId, cents: amount, ownId }, idempotencyKey) {
      const input = { payment_intent: paymentIntentId, amount, metadata: { refund: ownId }, ...ONE }
      return readRefund(await asked(stripe.refunds.create(input, { idempotencyKey })))
    },
    refund: async (id) => readRefund(await asked(stripe.refunds.retrieve(id, ONE))),
    async refundsOf(of) {
      const whose = "chargeId" in of ? { charge: of.chargeId } : { payment_intent: of.paymentIntentId }
      return (await asked(stripe.refunds.list({ ...PAGE, ...whose }))).data.map(readRefund)
    },
    dispute: async (id) => readDispute(await asked(stripe.disputes.retrieve(id, ONE))),
    warning: async (id) => readWarning(await asked(stripe.radar.earlyFraudWarnings.retrieve(id, ONE))),
    refundsSince: async (ms) => (await asked(stripe.refunds.list(since(ms)).autoPagingToArray(MOST))).map(readRefund),
    async disputesSince(ms) {
      const disputes = await asked(stripe.disputes.list(since(ms)).autoPagingToArray(MOST))
      const warnings = await asked(stripe.radar.earlyFraudWarnings.list(since(ms)).autoPagingToArray(MOST))
      return [...disputes.map(readDispute), ...warnings.map(readWarning)]
    },
  }
}

function ofCharge(charge: string | Stripe.Charge | null): OfCharge {
  const known = typeof charge === "object" ? charge : null
  return {
    chargeId: idOf(charge) ?? "",
    paymentIntentId: idOf(known?.payment_intent ?? null),
    orderId: known?.metadata.order ?? null,
    customerId: idOf(known?.customer ?? null),
    currency: known?.currency ?? "",
    isLive: known?.livemode ?? false,
  }
}

function readRefund(refund: Stripe.Refund): RefundFacts {
  const { id, amount, metadata, created } = refund
  const status = refund.status === "requires_action" ? "pending" : (refund.status ?? "pending")
  return {
    ...ofCharge(refund.charge),
    id,
    cents: cents(amount),
    currency: refund.currency,
    state: oneOf(status, ["pending", "succeeded", "failed", "canceled"]),
    ownId: metadata?.refund ?? null,
    failure: refund.failure_reason ?? null,
    createdMs: created * 1_000,
  }
}

/** A question of a bank (`warning_…`) is a dispute without money. */
const STATES = {
  warning_needs_response: "open",
  warning_under_review: "open",
  warning_closed: "closed",
  needs_response: "open",
  under_review: "open",
  prevented: "closed",
  won: "won",
  lost: "lost",
} as const

export function readDispute(dispute: Stripe.Dispute): DisputeFacts {
  const { id, amount, created, reason, evidence_details: evidence } = dispute
  const state = STATES[oneOf(dispute.status, Object.keys(STATES) as (keyof typeof STATES)[])]
  return {
    ...ofCharge(dispute.charge),
    id,
    kind: "dispute",
    cents: cents(amount),
    withdrawnCents: withdrawnOf(dispute),
    currency: dispute.currency,
    state,
    reason,
    dueMs: evidence?.due_by ? evidence.due_by * 1_000 : null,
    createdMs: created * 1_000,
  }
}

/** What moved the account is in its own currency, which need not be the one of the payment. */
function withdrawnOf({ amount, currency, balance_transactions: moved }: Stripe.Dispute): number {
  const sumOf = (of: (one: Stripe.BalanceTransaction) => number) => moved.reduce((sum, one) => sum + of(one), 0)
  if (moved.every((one) => one.currency === currency))
    return Math.min(cents(amount), Math.max(0, -sumOf((one) => cents(one.amount))))
  // Exchanged at another rate each time: taken as often as not given back.
  return sumOf((one) => Math.sign(one.amount)) < 0 ? cents(amount) : 0
}

function readWarning(warning: Stripe.Radar.EarlyFraudWarning): DisputeFacts {
  const { id, charge, actionable, fraud_type, created } = warning
  return {
    ...ofCharge(charge),
    id,
    kind: "warning",
    cents: 0,
    withdrawnCents: 0,
    state: actionable ? "open" : "closed",
    reason: fraud_type,
    dueMs: null,
    createdMs: created * 1_000,
  }
}
