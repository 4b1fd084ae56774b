// What moves the operator's account at the processor: payments less its fees, refunds, disputes, its own bills, and what goes to the bank.
import type Stripe from "stripe"
import type { Asked } from "./client.ts"
import { cents, idOf } from "./read.ts"

/** One line of its statement. Amounts in cents of `currency`; signs as for the account: a payment adds, a refund takes. */
export interface Movement {
  /** `txn_…` */
  id: string
  /** Its own word, such as `charge`, `refund`, `adjustment`, `stripe_fee`, `payout`. */
  type: string
  /** What it is about, such as `ch_…`, `re_…`, `du_…`. */
  sourceId: string | null
  /** The payment that it belongs to. */
  chargeId: string | null
  intentId: string | null
  customerId: string | null
  /** Of ours. */
  orderId: string | null
  currency: string
  amountCents: number
  /** > 0 is kept, < 0 comes back. */
  feeCents: number
  /** The amount in dollars: the account may be kept in another currency than what was paid. Null: nobody knows. */
  usdCents: number | null
  createdMs: number
  /** Its own words. */
  text: string | null
}

/** @throws ProcessorError */
export interface BalanceCalls {
  /** A page of the statement from a moment on, newest first; `after` = the last of the page before. */
  movements(page: { fromMs: number; after: string | null }): Promise<{ movements: Movement[]; isMore: boolean }>
}

const PAGE = 100

export const balanceCalls = (stripe: Stripe, asked: Asked): BalanceCalls => ({
  async movements({ fromMs, after }) {
    const page = await asked(
      stripe.balanceTransactions.list({
        limit: PAGE,
        created: { gte: Math.floor(fromMs / 1_000) },
        expand: ["data.source"],
        ...(after === null ? {} : { starting_after: after }),
      }),
    )
    return { movements: page.data.map(readMovement), isMore: page.has_more }
  },
})

interface Source {
  id: string
  object: string
  amount?: number
  currency?: string
  charge?: string | { id: string } | null
  payment_intent?: string | { id: string } | null
  customer?: string | { id: string } | null
  metadata?: Record<string, string> | null
}

function readMovement(one: Stripe.BalanceTransaction): Movement {
  const source = typeof one.source === "object" ? (one.source as Source | null) : null
  const isCharge = source?.object === "charge"
  const amountCents = cents(one.amount)
  return {
    id: one.id,
    type: one.type,
    sourceId: idOf(one.source as Source | string | null),
    chargeId: isCharge ? source.id : idOf(source?.charge ?? null),
    intentId: idOf(source?.payment_intent ?? null),
    customerId: idOf(source?.customer ?? null),
    orderId: source?.metadata?.order ?? null,
    currency: one.currency,
    amountCents,
    feeCents: cents(one.fee),
    usdCents: one.currency === "usd" ? amountCents : inUsd(source, amountCents),
    createdMs: one.created * 1_000,
    text: one.description,
  }
}

/** What it was in dollars before it was exchanged. */
function inUsd(source: Source | null, amountCents: number): number | null {
  if (source?.currency !== "usd" || source.amount === undefined) return null
  return Math.sign(amountCents) * cents(source.amount)
}
