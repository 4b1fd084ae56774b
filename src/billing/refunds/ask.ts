// Refunds that an admin asks for. The row comes first, then the processor is asked with its key; whatever is lost between is asked again by the
// job, after a look whether it was made. Credits follow when the processor has it.
import { AppError, ensure, type Nano } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import { centsOf, isWholeCents } from "../money.ts"
import { ProcessorError, type RefundFacts } from "../stripe/index.ts"
import type { BillingDeps, BillingDepsOn } from "../types.ts"
import { applyRefundIn } from "./apply.ts"
import { paymentByKey } from "./payments.ts"
import { isTaken, leftOf } from "./rules.ts"
import { standIn } from "./stand.ts"
import * as rows from "./store.ts"
import type { Refund, RefundInput } from "./types.ts"

/** @param on the processor, where there is one */
export async function refund(
  deps: BillingDeps,
  on: () => BillingDepsOn,
  ctx: WriteContext,
  input: RefundInput,
): Promise<Refund> {
  const made = await deps.store.write(ctx, (tx) => askIn(deps, tx, input))
  if (made.state !== "asked") return made
  // The admin's reason is for the log; what stands in the books, its person reads.
  const plain = { ...ctx, reason: `of ${paymentByKey(deps.store.read, input.paymentKey)?.name ?? "a payment"}` }
  return isByHand(made) ? await doneByHand(deps, plain, made) : await send(on(), plain, made)
}

/** Paid outside of the processor, so given back there. */
export const isByHand = ({ paymentIntentId }: Refund): boolean => paymentIntentId === null

export const doneByHand = (deps: BillingDeps, ctx: WriteContext, made: Refund): Promise<Refund> =>
  deps.store.write(ctx, (tx) => {
    const now = rows.refundById(tx, made.publicId)!
    if (now.state !== "asked") return now
    const done = { ...now, state: "succeeded" as const, updatedMs: tx.now, askedMs: tx.now }
    rows.saveRefund(tx, done)
    const odd = standIn(deps, tx, now.paymentKey!)
    if (odd !== null) {
      rows.saveRefund(tx, { ...done, state: "refused", note: `The books do not let these credits go back: ${odd}` })
      standIn(deps, tx, now.paymentKey!)
    }
    return rows.refundById(tx, made.publicId)!
  })

function askIn(deps: BillingDeps, tx: Tx, { paymentKey, amountNano, reason, key }: RefundInput): Refund {
  const known = rows.refundByForm(tx, key)
  if (known) return known
  const payment = paymentByKey(tx, paymentKey)
  ensure(payment && payment.paidMs !== null, "not_found", "There is no such payment.")
  const disputes = rows.disputesOf(tx, paymentKey)
  ensure(!disputes.some(isTaken), "conflict", "A bank has this money already: answer its dispute instead.")
  const left = leftOf(payment.paidNano, rows.refundsOf(tx, paymentKey), disputes)
  ensure(left > 0, "conflict", "All of this payment is refunded already.")
  const amount = amountNano ?? left
  refuseAmount(amount, left)
  const row = {
    publicId: deps.ids.next("rfd"),
    refundId: null,
    paymentKey,
    paymentIntentId: payment.paymentIntentId,
    chargeId: payment.chargeId,
    amountNano: amount,
    state: "asked" as const,
    reason,
    note: null,
    formKey: key,
    told: null,
    createdMs: tx.now,
    updatedMs: tx.now,
    askedMs: tx.now,
  }
  const made = { id: rows.insertRefund(tx, row), ...row }
  const after = { payment: payment.id, amount, user: payment.userId, reason }
  auditIn(tx, { action: "payment.refund_asked", subject: made.publicId, after })
  return made
}

function refuseAmount(amount: Nano, left: Nano): void {
  const wrong =
    amount <= 0 || !isWholeCents(amount)
      ? "Give an amount in whole cents, above 0."
      : amount > left
        ? "That is more than is left of this payment."
        : null
  if (wrong !== null) throw new AppError("validation_failed", wrong, { formErrors: { amountNano: wrong } })
}

/** Also of one that was asked before: it may have been made, and its answer lost. */
export async function send(deps: BillingDepsOn, ctx: WriteContext, asked: Refund): Promise<Refund> {
  const { processor, store, log } = deps
  const isFirst = asked.askedMs === asked.createdMs && deps.clock.now() - asked.createdMs < 60_000
  try {
    const facts =
      (isFirst ? null : await madeBefore(deps, asked)) ??
      (await processor.createRefund(inputOf(asked), `refund:${asked.publicId}`))
    return await store.write(ctx, (tx) => {
      const noted = applyRefundIn(deps, tx, facts)
      if (noted.state === "parked")
        tx.afterCommit(() => log.error("billing.parked", { refund: asked.publicId, why: noted.note }))
      return rows.refundById(tx, asked.publicId)!
    })
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error
    log.warn("billing.refund_not_made", { refund: asked.publicId, kind: error.kind, why: error.message })
    // With a key that is being changed nobody knows what was made before.
    const isSilence = error.kind === "unavailable" || error.kind === "rate_limited"
    const isOver = !isSilence && (error.kind !== "not_allowed" || isFirst)
    return await store.write(ctx, (tx) => {
      const now = rows.refundById(tx, asked.publicId)!
      if (now.state !== "asked") return now
      const after = {
        ...now,
        askedMs: tx.now,
        ...(isOver && { state: "refused" as const, note: error.message, updatedMs: tx.now }),
      }
      rows.saveRefund(tx, after)
      if (isOver)
        auditIn(tx, { action: "payment.refund_refused", subject: now.publicId, after: { note: error.message } })
      return after
    })
  }
}

const inputOf = ({ paymentIntentId, amountNano, publicId }: Refund) => ({
  paymentIntentId: paymentIntentId!,
  cents: centsOf(amountNano),
  ownId: publicId,
})

async function madeBefore(
  { processor }: BillingDepsOn,
  { paymentIntentId, publicId }: Refund,
): Promise<RefundFacts | null> {
  const all = await processor.refundsOf({ paymentIntentId: paymentIntentId! })
  return all.find(({ ownId }) => ownId === publicId) ?? null
}
