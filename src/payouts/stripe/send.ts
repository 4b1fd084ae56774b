// Approved payouts to Stripe accounts are sent by a job. That Stripe is asked is written down first; whoever finds that written looks for the
// transfer before asking again, and asks with the same key: however often this process dies, one transfer is made, and it is marked.
import { eachAlone } from "../../app/index.ts"
import { type Processor, ProcessorError } from "../../billing/index.ts"
import { giveBack, orderIn, payNowIn } from "../decide.ts"
import type { PayoutsDeps } from "../deps.ts"
import { destinationOf } from "./account.ts"
import { isAsked, noteAsked, noteRefused, noteSent, ordersToSend, type ToSend } from "./store.ts"

const CTX = { actor: "system:send-payouts", requestId: "job_send-payouts", reason: "approved payouts are sent" }
/** A refusal that says nothing of the transfer: it is asked for again. */
const AGAIN: ReadonlySet<string> = new Set(["unavailable", "rate_limited", "not_allowed"])
/** The operator has to fill up their balance there. */
const POOR = "balance_insufficient"
const MOVED = "Your Stripe account was connected to another account of ours. Connect it again, and ask again."

/** Where the next call of the job goes on: orders that cannot be sent now keep none after them waiting. */
export interface Round {
  afterId: number
}

/** The job: a slice of what waits, on and on. @returns how many were looked at */
export async function sendPayouts(deps: PayoutsDeps, round: Round, rows: number): Promise<number> {
  const { processor } = deps.connection
  const waiting = processor ? ordersToSend(deps.store.read, round.afterId, rows) : []
  round.afterId = waiting.length < rows ? 0 : waiting.at(-1)!.orderId
  await eachAlone(
    waiting,
    ({ publicId }) => publicId,
    (order) => send(deps, processor!, order),
  )
  return waiting.length
}

async function send(deps: PayoutsDeps, processor: Processor, order: ToSend): Promise<void> {
  const { store, log } = deps
  const to = destinationOf(deps, { publicId: order.methodPublicId, sealed: order.sealed })
  const wasAsked = await store.write(CTX, (tx) => {
    if (orderIn(tx, order.publicId).state !== "approved") return null
    const before = isAsked(tx, order.orderId)
    if (to) noteAsked(tx, order.orderId)
    return before
  })
  if (wasAsked === null) return
  if (!to) {
    if (!wasAsked) return refuse(deps, order, MOVED)
    // It may have left from there: only whoever sees that account can say.
    log.error("payouts.sent_elsewhere", { payout: order.publicId, advice: "connect the Stripe account that was asked" })
    return
  }
  try {
    const { publicId: group, paidMinor: amountMinor } = order
    const id =
      (await processor.transferOf(group)) ??
      (await processor.createTransfer({ amountMinor, accountId: to.account, group }, `payout:${group}`))
    await store.write(CTX, (tx) => {
      const now = orderIn(tx, group)
      if (now.state !== "approved") return
      noteSent(tx, order.orderId, id)
      payNowIn(deps, tx, now, id)
    })
  } catch (error) {
    if (!(error instanceof ProcessorError)) throw error
    log.warn("payouts.not_sent", { payout: order.publicId, kind: error.kind, why: error.message })
    if (!AGAIN.has(error.kind) && error.code !== POOR)
      await refuse(deps, order, "Stripe could not send it to your account. Look there, and ask again.")
  }
}

/** Nothing left: the money is its developer's again. */
async function refuse(deps: PayoutsDeps, { publicId, orderId }: ToSend, because: string): Promise<void> {
  await deps.store.write(CTX, (tx) => {
    const now = orderIn(tx, publicId)
    if (now.state !== "approved") return
    noteRefused(tx, orderId)
    giveBack(deps, tx, now, "failed", because)
  })
}
