// Events of refunds, disputes and warnings of fraud: each is a hint to ask for it, by its id.
import type { Tx } from "../../store/index.ts"
import { APPLIED, type Handler } from "../handler.ts"
import type { DisputeFacts, RefundFacts } from "../stripe/index.ts"
import type { BillingDeps, Noted } from "../types.ts"
import { applyDisputeIn, applyRefundIn } from "./apply.ts"

/** What a charge has lost is told as a sum: its refunds are asked for one by one. */
export const refundEvents: Handler<RefundFacts[]> = {
  types: /^(?:charge\.refunded|charge\.refund\.updated|refund\.(?:created|updated|failed))$/,
  ask: async (processor, { type, objectId }) =>
    type === "charge.refunded" ? await processor.refundsOf({ chargeId: objectId }) : [await processor.refund(objectId)],
  applyIn: (deps, tx, all) => together(deps, tx, all.toReversed(), applyRefundIn),
}

export const disputeEvents: Handler<DisputeFacts> = {
  types: /^(?:charge\.dispute\.|radar\.early_fraud_warning\.)/,
  ask: (processor, { type, objectId }) =>
    type.startsWith("radar.") ? processor.warning(objectId) : processor.dispute(objectId),
  applyIn: (deps, tx, facts) => applyDisputeIn(deps, tx, facts),
}

/** What somebody has to look at is said before what went well. */
function together<T>(
  deps: BillingDeps,
  tx: Tx,
  all: readonly T[],
  applyIn: (deps: BillingDeps, tx: Tx, facts: T) => Noted,
): Noted {
  const noted = all.map((facts) => applyIn(deps, tx, facts))
  const of = (state: Noted["state"]) => noted.find((one) => one.state === state)
  return of("parked") ?? of("applied") ?? of("ignored") ?? APPLIED
}
