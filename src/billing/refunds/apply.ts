// What the processor says of a refund or a dispute, into its row; then the books follow. In whatever order it is told, the rows end the same.
import { nano } from "../../app/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import { APPLIED, IGNORED, parked } from "../handler.ts"
import { nanoOfCents } from "../money.ts"
import type { DisputeFacts, RefundFacts } from "../stripe/index.ts"
import { userByCustomer } from "../subscriptions/store.ts"
import type { BillingDeps, Noted } from "../types.ts"
import { paymentOf } from "./payments.ts"
import { disputeState, refundState } from "./rules.ts"
import { standIn } from "./stand.ts"
import * as rows from "./store.ts"
import type { Dispute, Payment, Refund } from "./types.ts"

type Facts = Pick<RefundFacts, "id" | "orderId" | "paymentIntentId" | "chargeId" | "customerId" | "currency" | "isLive">

/** What it is about; a word where there is nothing to do with it. */
function aboutIn(deps: BillingDeps, reader: Reader, facts: Facts): { payment: Payment | null } | Noted {
  // Of a balance at the processor, which nothing here is paid from.
  if (facts.chargeId === "") return IGNORED
  if (deps.processor && facts.isLive === deps.processor.isTest)
    return parked(`${facts.id} is of the other mode than the key`)
  const payment = paymentOf(reader, facts)
  if (!payment && facts.orderId !== null) return parked(`there is no order ${facts.orderId} that ${facts.id} is about`)
  const isOurs = payment !== null || (facts.customerId !== null && userByCustomer(reader, facts.customerId) !== null)
  // Whatever else is sold through the same account.
  if (!isOurs) return IGNORED
  if (payment && isOfAnother(payment, facts))
    return { state: "ignored", note: `${facts.id} is about ${facts.paymentIntentId}, which brought no credits` }
  if (facts.currency !== "usd") return parked(`${facts.id} is in ${facts.currency}, not in usd`)
  return { payment }
}

/** An order that was paid once more, which somebody had to look at: what goes back of that is not what brought its credits. */
const isOfAnother = ({ paidMs, paymentIntentId }: Payment, told: Facts): boolean =>
  paidMs !== null &&
  paymentIntentId !== null &&
  told.paymentIntentId !== null &&
  told.paymentIntentId !== paymentIntentId

export function applyRefundIn(deps: BillingDeps, tx: Tx, facts: RefundFacts): Noted {
  const about = aboutIn(deps, tx, facts)
  if ("state" in about) return about
  const known = rows.refundByRefundId(tx, facts.id) ?? (facts.ownId === null ? null : rows.refundById(tx, facts.ownId))
  const now = { askedMs: tx.now, updatedMs: tx.now }
  const told = {
    refundId: facts.id,
    paymentKey: about.payment?.key ?? known?.paymentKey ?? null,
    paymentIntentId: facts.paymentIntentId,
    chargeId: facts.chargeId,
    note: facts.failure ?? known?.note ?? null,
  }
  let row: Refund
  if (known) {
    row = { ...known, ...now, ...told, state: refundState(known.state, facts.state) }
    rows.saveRefund(tx, row)
  } else {
    const amountNano = nanoOfCents(facts.cents)
    const made = { publicId: deps.ids.next("rfd"), amountNano, reason: null, formKey: null, createdMs: facts.createdMs }
    const fresh = { ...made, ...now, ...told, state: facts.state, told: null }
    row = { id: rows.insertRefund(tx, fresh), ...fresh }
  }
  return stoodIn(deps, tx, row)
}

export function applyDisputeIn(deps: BillingDeps, tx: Tx, facts: DisputeFacts): Noted {
  const about = aboutIn(deps, tx, { ...facts, currency: facts.kind === "warning" ? "usd" : facts.currency })
  if ("state" in about) return about
  const known = rows.disputeByDisputeId(tx, facts.id)
  const seen = { state: facts.state, withdrawnNano: nanoOfCents(facts.withdrawnCents) }
  const row = {
    paymentKey: about.payment?.key ?? known?.paymentKey ?? null,
    paymentIntentId: facts.paymentIntentId,
    chargeId: facts.chargeId,
    reason: facts.reason,
    amountNano: nano(Math.max(nanoOfCents(facts.cents), known?.amountNano ?? 0)),
    ...(known ? disputeState(known, seen) : seen),
    dueMs: facts.dueMs ?? known?.dueMs ?? null,
    updatedMs: tx.now,
    askedMs: tx.now,
  }
  if (known) {
    rows.saveDispute(tx, { ...known, ...row })
    return stoodIn(deps, tx, { ...known, ...row })
  }
  const made = { publicId: deps.ids.next("dsp"), disputeId: facts.id, kind: facts.kind, createdMs: facts.createdMs }
  const fresh = { ...made, ...row, releasedMs: null, told: null }
  return stoodIn(deps, tx, { id: rows.insertDispute(tx, fresh), ...fresh })
}

/** Where its payment is not known yet, it waits for it. */
function stoodIn(deps: BillingDeps, tx: Tx, { paymentKey }: Refund | Dispute): Noted {
  const odd = paymentKey === null ? null : standIn(deps, tx, paymentKey)
  return odd === null ? APPLIED : parked(odd)
}
