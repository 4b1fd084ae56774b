// A subscription is asked for whole: as it is, and what was paid for it. What follows is the same whatever was told before, in whatever order:
// invoices that were paid give their months once, an end is final, and what was asked earlier changes nothing that was asked later.
import type { UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { FREE_PLAN_ID } from "../../plans/index.ts"
import type { Store, Tx } from "../../store/index.ts"
import { APPLIED, IGNORED, parked } from "../handler.ts"
import { nanoOfCents } from "../money.ts"
import type { Processor } from "../stripe/index.ts"
import type { BillingDepsOn, Noted } from "../types.ts"
import { collectionFollowsIn } from "./collection.ts"
import { payInvoiceIn } from "./invoices.ts"
import { planEnded, planUnpaid } from "./mails.ts"
import { signupMovedIn } from "./signups.ts"
import {
  insertSubscription,
  isEverPaid,
  planInvoiceById,
  priceById,
  saveSubscription,
  signupById,
  subscriptionById,
  subscriptionsOf,
  userByCustomer,
} from "./store.ts"
import type { Signup, Snapshot, SubscriptionRow } from "./types.ts"
import { dayWords, mailIn, planNameOf } from "./words.ts"

let turns = 0
/** Of each subscription, the turn that counted last. */
const newest = new WeakMap<Store, Map<string, number>>()

/** @throws ProcessorError */
export async function ask(processor: Processor, subscriptionId: string): Promise<Snapshot> {
  const turn = ++turns
  const subscription = await processor.subscription(subscriptionId)
  return { turn, subscription, invoices: await processor.planInvoices(subscriptionId) }
}

export async function sync(deps: BillingDepsOn, subscriptionId: string, why: string): Promise<void> {
  const snapshot = await ask(deps.processor, subscriptionId)
  const ctx = { actor: "system:billing", requestId: "billing", reason: why }
  await deps.store.write(ctx, (tx) => {
    const noted = applyIn(deps, tx, snapshot)
    if (noted.state !== "parked") return
    tx.afterCommit(() => deps.log.error("billing.parked", { subscription: subscriptionId, why: noted.note }))
  })
}

export function applyIn(deps: BillingDepsOn, tx: Tx, snapshot: Snapshot): Noted {
  const { subscription, turn } = snapshot
  if (subscription.isLive === deps.processor.isTest)
    return parked(`the subscription ${subscription.id} is of the other mode than the key`)
  // Who is erased has no customer any more, and what ends of theirs is theirs all the same.
  const userId = userByCustomer(tx, subscription.customerId) ?? subscriptionById(tx, subscription.id)?.userId ?? null
  if (userId === null)
    return subscription.signupId === null ? IGNORED : parked(`nobody here is ${subscription.customerId}`)
  if (isOverdue(deps.store, subscription.id, turn)) return APPLIED
  const before = subscriptionById(tx, subscription.id)
  const odd = payAllIn(deps, tx, userId, snapshot)
  const after = saveIn(tx, userId, before, snapshot)
  keepIn(deps, tx, after)
  collectionFollowsIn(deps, tx, after, subscription)
  tellIn(deps, tx, before, after)
  const signup = subscription.signupId === null ? null : signupById(tx, subscription.signupId)
  if (signup) signupFollowsIn(tx, signup, after, snapshot)
  return odd ?? twice(tx, after, deps.processor.isTest) ?? APPLIED
}

/** Until its first invoice is paid, its page may still be; then what a coupon took off is what came off that. */
function signupFollowsIn(
  tx: Tx,
  signup: Signup,
  { status, paidUntilMs }: SubscriptionRow,
  { invoices }: Snapshot,
): void {
  if (status === "incomplete") return
  const isNever = status === "ended" && paidUntilMs === 0
  const first = invoices.findLast((one) => one.status === "paid")
  signupMovedIn(tx, signup, isNever ? "expired" : "done", nanoOfCents(first?.discountCents ?? 0))
}

function isOverdue(store: Store, id: string, turn: number): boolean {
  const of = newest.get(store) ?? new Map<string, number>()
  newest.set(store, of)
  if ((of.get(id) ?? 0) > turn) return true
  of.set(id, turn)
  return false
}

/** @returns why somebody has to look */
function payAllIn(deps: BillingDepsOn, tx: Tx, userId: UserId, snapshot: Snapshot): Noted | null {
  let odd: Noted | null = null
  for (const invoice of snapshot.invoices.toReversed()) {
    if (invoice.status !== "paid" || planInvoiceById(tx, invoice.id)) continue
    const why = payInvoiceIn(deps, tx, userId, snapshot.subscription, invoice)
    if (why !== null) odd = parked(why)
  }
  return odd
}

function saveIn(tx: Tx, userId: UserId, before: SubscriptionRow | null, { subscription, invoices }: Snapshot) {
  const { id: subscriptionId, itemId, priceId, periodStartMs, periodEndMs, scheduleId, nextPriceId } = subscription
  const isOver = before?.status === "ended"
  const unpaid = isOver ? null : unpaidOf(subscription.status, invoices)
  const isSame = unpaid !== null && unpaid === before?.unpaidInvoice
  const row = {
    subscriptionId,
    userId,
    itemId,
    priceId,
    status: isOver ? ("ended" as const) : subscription.status,
    periodStartMs,
    periodEndMs,
    endsMs: isOver ? before.endsMs : subscription.endsMs,
    scheduleId,
    nextPriceId,
    paidUntilMs: paidUntil(before?.paidUntilMs ?? 0, invoices),
    unpaidInvoice: unpaid,
    remindedMs: isSame ? before.remindedMs : null,
    restedMs: isSame ? before.restedMs : null,
    createdMs: subscription.createdMs,
    askedMs: tx.now,
    updatedMs: tx.now,
    pausedMs: before?.pausedMs ?? null,
  }
  if (!before) return { id: insertSubscription(tx, row), ...row }
  saveSubscription(tx, { id: before.id, ...row })
  return { id: before.id, ...row }
}

/** The newest invoice that was tried and is open; the first one of all is paid on its page, or never. */
function unpaidOf(status: SubscriptionRow["status"], invoices: Snapshot["invoices"]): string | null {
  if (status !== "past_due" && status !== "unpaid") return null
  return invoices.find((one) => one.status === "open" && one.tries > 0)?.id ?? null
}

const paidUntil = (before: number, invoices: Snapshot["invoices"]): number =>
  Math.max(
    before,
    ...invoices.filter(({ status }) => status === "paid").flatMap(({ lines }) => lines.map(({ endMs }) => endMs)),
  )

/** The subscription that was made last, of those that were ever paid, is the one that counts. */
function keepIn({ plans, identity, processor }: BillingDepsOn, tx: Tx, row: SubscriptionRow): void {
  const { isTest } = processor
  const last = subscriptionsOf(tx, row.userId, isTest).find((one) => isEverPaid(tx, one.subscriptionId))
  const user = identity.userById(row.userId)
  if (last?.subscriptionId !== row.subscriptionId || !user) return
  const next = row.nextPriceId === null ? null : (priceById(tx, row.nextPriceId)?.planId ?? null)
  plans.keepIn(tx, {
    user: { id: user.id, publicId: user.publicId },
    subscription: row.subscriptionId,
    nextPlanId: row.endsMs === null ? next : FREE_PLAN_ID,
    endsMs: row.endsMs,
  })
}

/** Each once: what is told stands in the row that told it. */
function tellIn(deps: BillingDepsOn, tx: Tx, before: SubscriptionRow | null, after: SubscriptionRow): void {
  const plan = planNameOf(deps, tx, after.priceId)
  const isEnd = after.status === "ended" && before !== null && before.status !== "ended" && after.paidUntilMs > 0
  if (isEnd) {
    auditIn(tx, { action: "subscription.ended", subject: after.subscriptionId, after: { plan, user: after.userId } })
    mailIn(deps, tx, after.userId, planEnded, { plan })
  }
  const isUnpaid = after.unpaidInvoice !== null && after.unpaidInvoice !== before?.unpaidInvoice
  const untilMs = isUnpaid ? (deps.plans.paidOfIn(tx, after.userId)?.untilMs ?? null) : null
  if (untilMs !== null) mailIn(deps, tx, after.userId, planUnpaid, { plan, until: dayWords(untilMs) })
}

/** Somebody pays twice: two pages were paid on. */
function twice(tx: Tx, row: SubscriptionRow, isTest: boolean): Noted | null {
  const live = subscriptionsOf(tx, row.userId, isTest).filter(
    ({ status }) => status === "active" || status === "past_due",
  )
  if (live.length < 2 || row.status === "ended") return null
  return parked(
    `one person pays for ${live.map(({ subscriptionId }) => subscriptionId).join(" and ")}: end one of them`,
  )
}
