// After a restore: what is open is asked about, and what was made since is listed. Nothing is sent from here.
import type { Tx } from "../../store/index.ts"
import { type CatchUp, countedOf } from "../counted.ts"
import { BILLING_LIMITS as L } from "../limits.ts"
import type { DisputeFacts, RefundFacts } from "../stripe/index.ts"
import type { BillingDepsOn, Noted } from "../types.ts"
import { applyDisputeIn, applyRefundIn } from "./apply.ts"
import * as rows from "./store.ts"

const CTX = { actor: "system:restore", requestId: "restore", reason: "asked after a restore" }

export const refundsAfter: CatchUp = async (deps, sinceMs) => {
  const { store, processor, clock } = deps
  const { counts, of } = countedOf(deps.log)
  const now = clock.now()
  for (const { refundId, state } of rows.openRefunds(store.read, now, L.sinceMax)) {
    if (refundId === null || state === "asked") continue
    const facts = await of(() => processor.refund(refundId), refundId)
    if (facts) counts.changed += await refunded(deps, facts)
  }
  for (const { disputeId, kind } of rows.openDisputes(store.read, now, L.sinceMax)) {
    const ask = () => (kind === "warning" ? processor.warning(disputeId) : processor.dispute(disputeId))
    const facts = await of(ask, disputeId)
    if (facts) counts.changed += await disputed(deps, facts)
  }
  const refunds = (await of(() => processor.refundsSince(sinceMs))) ?? []
  const disputes = (await of(() => processor.disputesSince(sinceMs))) ?? []
  for (const facts of refunds.toReversed()) counts.changed += await refunded(deps, facts)
  for (const facts of disputes.toReversed()) counts.changed += await disputed(deps, facts)
  return counts
}

function refunded(deps: BillingDepsOn, facts: RefundFacts): Promise<number> {
  const state = () => rows.refundByRefundId(deps.store.read, facts.id)?.state
  return applied(deps, state, (tx) => applyRefundIn(deps, tx, facts))
}

function disputed(deps: BillingDepsOn, facts: DisputeFacts): Promise<number> {
  const state = () => rows.disputeByDisputeId(deps.store.read, facts.id)?.state
  return applied(deps, state, (tx) => applyDisputeIn(deps, tx, facts))
}

/** @returns 1 where it was not what it was thought to be */
async function applied(
  { store, log }: BillingDepsOn,
  state: () => string | undefined,
  applyIn: (tx: Tx) => Noted,
): Promise<number> {
  const before = state()
  const noted = await store.write(CTX, applyIn)
  if (noted.state === "parked") log.error("billing.parked", { why: noted.note })
  return state() === before ? 0 : 1
}
