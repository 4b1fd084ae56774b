// Nobody is charged for a plan while they are suspended, nor after their account is erased. The act is a message of the outbox, made in the
// write that suspends, reinstates or erases; what it does follows from how the person stands when it is delivered, so that late, doubled and
// crossed messages end the same.
import type { UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Delivery } from "../../part/index.ts"
import type { Tx } from "../../store/index.ts"
import { scopeOn } from "../scope.ts"
import { ProcessorError, type SubscriptionFacts } from "../stripe/index.ts"
import type { BillingDeps, BillingDepsOn } from "../types.ts"
import { saveSubscription, subscriptionById, subscriptionsOf } from "./store.ts"
import { sync } from "./sync.ts"
import type { SubscriptionRow } from "./types.ts"

export const COLLECTION_TOPIC = "plan-collection"
export const CANCEL_TOPIC = "plan-cancel"

const CTX = { actor: "system:billing", requestId: "billing" }

/** One that may be charged for. */
const isLive = ({ status }: Pick<SubscriptionRow, "status">): boolean => status !== "ended" && status !== "incomplete"

/** In the write that suspends or reinstates. */
export function collectionIn(deps: BillingDeps, tx: Tx, userId: UserId): void {
  for (const row of subscriptionsOf(tx, userId, null).filter(isLive)) askIn(deps, tx, row)
}

const askIn = ({ outbox }: BillingDeps, tx: Tx, { subscriptionId }: Pick<SubscriptionRow, "subscriptionId">): void =>
  void outbox.enqueueIn(tx, {
    topic: COLLECTION_TOPIC,
    subject: subscriptionId,
    payload: { subscription: subscriptionId },
  })

/** With each look at a subscription: one that was paid for by somebody who is suspended, or whose message found nobody to ask. */
export function collectionFollowsIn(deps: BillingDeps, tx: Tx, row: SubscriptionRow, facts: Pauses): void {
  if (!isLive(row)) return
  const stops = isStopped(deps, row.userId)
  if (stops ? !facts.isPaused : isOurs(row, facts)) askIn(deps, tx, row)
}

type Pauses = Pick<SubscriptionFacts, "isPaused" | "isPausedByUs">

/** The row alone knows pauses that were asked for before the processor was told whose they are. */
const isOurs = ({ pausedMs }: Pick<SubscriptionRow, "pausedMs">, { isPausedByUs }: Pauses): boolean =>
  isPausedByUs || pausedMs !== null

const isStopped = ({ identity }: BillingDeps, userId: UserId): boolean =>
  identity.userById(userId)?.status === "suspended"

/** The message. @throws what makes it come again */
export async function collect(deps: BillingDepsOn, { eventId, payload }: Delivery): Promise<void> {
  const { subscription: id } = payload as { subscription: string }
  const { store, processor } = deps
  const row = subscriptionById(store.read, id)
  if (!row || !isLive(row)) return
  const stops = isStopped(deps, row.userId)
  // Another account says that there is none: it would look as if it had ended.
  if (!subscriptionsOf(store.read, row.userId, scopeOn(deps)).some(({ subscriptionId }) => subscriptionId === id)) {
    if (!stops && row.pausedMs === null) return
    const act = stops ? "pause it" : "let it go on"
    throw new Error(`${id} is of another key than the one that is set: ${act} at Stripe`)
  }
  try {
    const facts = await processor.subscription(id)
    // What somebody paused at the processor by their own hand stays so.
    if (stops ? facts.isPaused && !isOurs(row, facts) : !isOurs(row, facts)) return
    await processor.pauseCollection({ subscriptionId: id, isPaused: stops }, `${stops ? "pause" : "go-on"}:${eventId}`)
    for (const { id: invoiceId, status } of await processor.planInvoices(id))
      if (status === "open")
        await processor.retryInvoice({ invoiceId, isTried: !stops }, `retry:${stops}:${eventId}:${invoiceId}`)
  } catch (error) {
    if (!isGone(error)) throw error
    return await sync(deps, id, "it could not be paused")
  }
  await store.write({ ...CTX, reason: stops ? "its person is suspended" : "its person is reinstated" }, (tx) => {
    const now = subscriptionById(tx, id)!
    if ((now.pausedMs !== null) === stops) return
    saveSubscription(tx, { ...now, pausedMs: stops ? tx.now : null, updatedMs: tx.now })
    auditIn(tx, {
      action: stops ? "subscription.paused" : "subscription.unpaused",
      subject: id,
      after: { user: now.userId },
    })
  })
}

/** It ended meanwhile, or is of another key. */
const isGone = (error: unknown): boolean => error instanceof ProcessorError && ["gone", "invalid"].includes(error.kind)

/** In the write that begins to erase somebody: they cannot end it themselves any more. */
export function cancelAllIn({ outbox }: BillingDeps, tx: Tx, userId: UserId): void {
  for (const { subscriptionId, status } of subscriptionsOf(tx, userId, null))
    if (status !== "ended")
      outbox.enqueueIn(tx, {
        topic: CANCEL_TOPIC,
        subject: subscriptionId,
        payload: { subscription: subscriptionId },
      })
}

/** The message. @throws what makes it come again */
export async function cancel({ processor }: BillingDepsOn, { eventId, payload }: Delivery): Promise<void> {
  const { subscription: id } = payload as { subscription: string }
  try {
    await processor.cancelSubscription(id, `cancel:${eventId}`)
  } catch (error) {
    if (!isGone(error)) throw error
  }
}
