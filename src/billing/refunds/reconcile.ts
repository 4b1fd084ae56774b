// What nobody told the end of, and what nobody told at all: all that is open is asked about again, and what was made lately is listed.
import { DAY_MS, eachAlone, HOUR_MS } from "../../app/index.ts"
import { principal } from "../../ledger/index.ts"
import type { Tx } from "../../store/index.ts"
import { BILLING_LIMITS as L } from "../limits.ts"
import { ProcessorError } from "../stripe/index.ts"
import type { BillingDepsOn, Noted } from "../types.ts"
import { applyDisputeIn, applyRefundIn } from "./apply.ts"
import { doneByHand, isByHand, send } from "./ask.ts"
import { paymentByKey } from "./payments.ts"
import { standIn } from "./stand.ts"
import * as rows from "./store.ts"

const CTX = {
  actor: "system:billing",
  requestId: "billing",
  reason: "the processor was asked about refunds and disputes",
}

/** @returns how many were asked about */
export async function reconcileRefunds(deps: BillingDepsOn): Promise<number> {
  const { store, clock, processor } = deps
  const soon = clock.now() - L.reconcileAfterMs
  const asked = rows.openRefunds(store.read, soon, L.reconcileMax)
  const askRefund = (refund: (typeof asked)[number]) =>
    refund.state === "asked"
      ? (isByHand(refund) ? doneByHand : send)(deps, CTX, refund)
      : heard(deps, async () => {
          const facts = await processor.refund(refund.refundId!)
          return (tx) => applyRefundIn(deps, tx, facts)
        })
  const open = rows.openDisputes(store.read, clock.now() - HOUR_MS, L.reconcileMax)
  const askDispute = ({ disputeId, kind }: (typeof open)[number]) =>
    heard(deps, async () => {
      const facts = await (kind === "warning" ? processor.warning(disputeId) : processor.dispute(disputeId))
      return (tx) => applyDisputeIn(deps, tx, facts)
    })
  await eachAlone(
    [
      ...asked.map((refund) => ({ name: refund.publicId, act: () => askRefund(refund) })),
      ...open.map((dispute) => ({ name: dispute.disputeId, act: () => askDispute(dispute) })),
      { name: "what was made lately", act: () => look(deps) },
      { name: "debts", act: () => repay(deps) },
      { name: "credit notes", act: () => correctPapers(deps) },
    ],
    ({ name }) => name,
    ({ act }) => act(),
  )
  return asked.length + open.length
}

/** Webhooks are tried for three days; after that nobody tells. A house that was restored looks back to what it heard last. */
async function look(deps: BillingDepsOn): Promise<void> {
  const now = deps.clock.now()
  const since = Math.min(now, rows.lastHeardMs(deps.store.read) ?? now) - 4 * DAY_MS
  await heard(deps, async () => {
    const refunds = await deps.processor.refundsSince(since)
    const disputes = await deps.processor.disputesSince(since)
    return (tx) => {
      const noted = [
        ...refunds.toReversed().map((facts) => applyRefundIn(deps, tx, facts)),
        ...disputes.toReversed().map((facts) => applyDisputeIn(deps, tx, facts)),
      ]
      return noted.find(({ state }) => state === "parked") ?? { state: "applied", note: null }
    }
  })
}

/** What calls in progress gave back since a claw-back pays what is owed. */
async function repay({ store, clock, ledger }: BillingDepsOn): Promise<void> {
  const one = async (key: string) => {
    const payment = paymentByKey(store.read, key)
    if (!payment) return
    const ctx = { ...CTX, reason: `of ${payment.name}` }
    await store.write(ctx, (tx) => ledger.repayDebtIn(tx, principal(payment.userId), "live"))
  }
  await eachAlone(rows.owingSince(store.read, clock.now() - DAY_MS, L.reconcileMax), (key) => key, one)
}

/** Credit notes of what came to nothing before a paper could say so. */
async function correctPapers(deps: BillingDepsOn): Promise<void> {
  const ctx = { ...CTX, reason: "a credit note no longer holds" }
  const one = (key: string) => deps.store.write(ctx, (tx) => void standIn(deps, tx, key))
  await eachAlone(rows.wronglyCredited(deps.store.read, L.reconcileMax), (key) => key, one)
}

/** Silence changes nothing. */
async function heard(deps: BillingDepsOn, ask: () => Promise<(tx: Tx) => Noted>): Promise<void> {
  try {
    const applyIn = await ask()
    const noted = await deps.store.write(CTX, applyIn)
    if (noted.state === "parked") deps.log.error("billing.parked", { why: noted.note })
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error
    deps.log.warn("billing.not_asked", { kind: error.kind, why: error.message })
  }
}
