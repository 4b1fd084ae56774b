// What a person sees of refunds and disputes: the last of them under /credits, and a word on the page of an order.
import type { BackProps, BackRow, BackState } from "../../../views/console/credits/back.tsx"
import { type Nano, nano } from "../../app/index.ts"
import type { Dispute, Refund } from "../../billing/index.ts"
import type { PageRequest } from "../base/index.ts"
import type { ConsoleDeps } from "./site.ts"

type Deps = Pick<ConsoleDeps, "billing" | "ledger">

const ROWS = 10

/** A refusal of the processor is the operator's matter. */
const REFUND_STATES: Partial<Record<Refund["state"], BackState>> = {
  asked: "asked",
  pending: "pending",
  succeeded: "succeeded",
  failed: "failed",
}

/** Nothing where nothing ever went back. */
export function backOf({ billing, ledger }: Deps, page: PageRequest): BackProps | undefined {
  const userId = page.holder.id
  const rows = [
    ...billing.refunds.refundsOf(userId).flatMap((one) => {
      const state = REFUND_STATES[one.state]
      return state ? [rowOf(billing, one.paymentKey, state, one.amountNano, one.createdMs)] : []
    }),
    ...billing.refunds.disputesOf(userId).flatMap((one) => {
      const state = stateOf(one)
      return state ? [rowOf(billing, one.paymentKey, state, one.amountNano, one.createdMs)] : []
    }),
  ]
  const frozen = ledger.wallet(page.owner, "live").frozenNano
  if (rows.length === 0 && frozen === 0) return undefined
  return { rows: rows.toSorted((a, b) => b.atMs - a.atMs).slice(0, ROWS), frozen }
}

/** A warning that came to nothing is nobody's news. */
function stateOf({ state, kind, releasedMs }: Dispute): BackState | null {
  if (state === "lost") return "lost"
  if (state === "open") return releasedMs === null ? "open" : null
  return kind === "warning" ? null : "settled"
}

function rowOf(
  billing: Deps["billing"],
  paymentKey: string | null,
  state: BackState,
  amount: Nano,
  atMs: number,
): BackRow {
  const payment = paymentKey === null ? null : (billing.refunds.story(paymentKey)?.payment ?? null)
  const href = payment?.kind === "order" ? `/credits/orders/${payment.id}` : null
  return { href, what: payment?.name ?? "Payment", state, amount, atMs }
}

/** Of one order, for its page. */
export function orderBack(
  { billing }: Pick<Deps, "billing">,
  orderId: string,
): { refunded: Nano; isFrozen: boolean; isLost: boolean } {
  const story = billing.refunds.story(`order:${orderId}`)
  const disputes = story?.disputes ?? []
  return {
    refunded: story?.payment.refundedNano ?? nano(0),
    isFrozen: disputes.some(({ state, releasedMs }) => state === "open" && releasedMs === null),
    isLost: disputes.some(({ state }) => state === "lost"),
  }
}
