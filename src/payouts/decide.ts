// What an operator does with a payout. Each act looks at the state in its own write, so of several at once one takes effect; what came
// first stands, and the others are told.
import { AppError, ensure, UserId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import { holdOver } from "./ask.ts"
import type { PayoutsDeps } from "./deps.ts"
import { needsProof, reopenCheckIn } from "./documents/index.ts"
import { emitMovedIn, emitStoppedIn } from "./emit.ts"
import { PAYOUT_LIMITS as L } from "./limits.ts"
import { payoutApproved, payoutBack, payoutPaid } from "./mails.ts"
import { minorOf, minorText, ratesOf } from "./money.ts"
import { RATES } from "./settings.ts"
import {
  approve,
  insertHold,
  methodById,
  openHold,
  orderByPublicId,
  ordersOf,
  releaseHold,
  resolve,
  teamsOwnedBy,
} from "./store.ts"
import { isAsked } from "./stripe/store.ts"
import type { OrderShown, OrderState } from "./types.ts"
import { methodName } from "./words.ts"

/** @throws AppError not_found for one that is not there, or is a test */
export function orderIn(tx: Tx, publicId: string): OrderShown {
  const order = orderByPublicId(tx, publicId)
  ensure(order && order.mode === "live", "not_found", "There is no such payout.")
  return order
}

const STATES: Readonly<Record<OrderState, string>> = {
  requested: "is not approved yet",
  approved: "is approved already",
  paid: "is paid already",
  rejected: "was refused already",
  failed: "came back already",
  withdrawn: "was taken back by its developer",
}

function needState(order: OrderShown, ...states: OrderState[]): void {
  if (!states.includes(order.state))
    throw new AppError("conflict", `This payout ${STATES[order.state]}. Nothing was changed.`)
}

/** @throws AppError not_found; conflict in another state, while its person is held or suspended, or without a rate */
export function approveIn(deps: PayoutsDeps, tx: Tx, publicId: string): OrderShown {
  const order = orderIn(tx, publicId)
  needState(order, "requested")
  if (holdOver(deps, tx, UserId(order.ownerId)))
    throw new AppError("conflict", "The payouts of this developer are held. Release them first.")
  if (deps.identity.isSuspended(UserId(order.ownerId)))
    throw new AppError("conflict", "This developer is suspended. Nothing is paid to them.")
  // It counts itself: what was refused since it was asked for is not paid either.
  if (needsProof(deps, tx, order.ownerId, 0))
    throw new AppError("conflict", "Nobody has accepted this developer’s documents. Look at them first.")
  const method = methodById(tx, order.methodId!)!
  if (method.sealed === null || method.endedMs !== null)
    throw new AppError("conflict", "Its developer took this payout method off. Refuse it; they can ask again.")
  const rateMicro = ratesOf(deps.settings.get(RATES, tx)).get(method.currency)
  if (rateMicro === undefined)
    throw new AppError("conflict", `There is no rate for ${method.currency}. Give one under Settings, Payouts.`)
  const paidMinor = minorOf(order.amountNano, method.currency, rateMicro)
  if (paidMinor < 1) throw new AppError("conflict", `At this rate nothing is left in ${method.currency}.`)
  approve(tx, order.id, { currency: method.currency, rateMicro, paidMinor })
  auditIn(tx, {
    action: "payout.approved",
    subject: publicId,
    after: { nano: order.amountNano, currency: method.currency, rateMicro, paidMinor },
  })
  const arrives = `${method.currency} ${minorText(paidMinor, method.currency)}`
  tell(deps, tx, order, payoutApproved, { arrives })
  const approved = orderIn(tx, publicId)
  emitMovedIn(tx, "payout.approved", approved)
  return approved
}

type Letters = typeof payoutApproved | typeof payoutBack | typeof payoutPaid
type More<L_> = L_ extends { sample: infer Data } ? Omit<Data, "payout" | "amountNano" | "method"> : never

/** To whoever asked, if there still is an address. */
function tell<L_ extends Letters>(deps: PayoutsDeps, tx: Tx, order: OrderShown, letter: L_, more: More<L_>): void {
  const person = deps.identity.userById(UserId(order.ownerId))
  if (!person) return
  const method = methodName({ kind: order.kind!, hint: order.hint! })
  const data = { payout: order.publicId, amountNano: order.amountNano, method, ...more }
  deps.mails.queueIn(tx, letter as never, { to: person.email, data: data as never, uselessAfterMs: null })
}

/** Before it was sent: the money is its developer's again. @param because they read it @throws AppError not_found, conflict */
export function rejectIn(
  deps: PayoutsDeps,
  tx: Tx,
  { publicId, because }: { publicId: string; because: string },
): void {
  const order = orderIn(tx, publicId)
  needState(order, "requested", "approved")
  needUnasked(tx, order)
  if (order.fileId !== null)
    throw new AppError(
      "conflict",
      "This payout is in a file for the bank. Take the file back first, or say what came of it.",
    )
  giveBack(deps, tx, order, "rejected", because)
}

/** After it was sent: it did not arrive. @throws AppError not_found, conflict */
export function failIn(deps: PayoutsDeps, tx: Tx, { publicId, because }: { publicId: string; because: string }): void {
  const order = orderIn(tx, publicId)
  needState(order, "approved")
  needUnasked(tx, order)
  giveBack(deps, tx, order, "failed", because)
}

/** Nobody says by hand what became of a transfer that Stripe was asked for: it may have left. */
function needUnasked(tx: Tx, order: OrderShown): void {
  if (isAsked(tx, order.id))
    throw new AppError(
      "conflict",
      "Stripe was asked to send this payout. What came of it stands here as soon as Stripe says.",
    )
}

export function giveBack(
  deps: PayoutsDeps,
  tx: Tx,
  order: OrderShown,
  state: "rejected" | "failed",
  because: string,
): void {
  deps.ledger.failPayoutIn(tx, order.publicId)
  resolve(tx, order.id, state, { because })
  const about = { subject: order.publicId, after: { nano: order.amountNano } }
  if (state === "rejected") auditIn(tx, { action: "payout.rejected", ...about })
  else auditIn(tx, { action: "payout.failed", ...about })
  tell(deps, tx, order, payoutBack, { state })
  emitStoppedIn(tx, "payout.failed", order, because)
}

/** The money left. @param reference as the bank has it @throws AppError not_found, conflict, validation_failed */
export function payIn(
  deps: PayoutsDeps,
  tx: Tx,
  { publicId, reference }: { publicId: string; reference: string },
): void {
  const order = orderIn(tx, publicId)
  needState(order, "approved")
  needUnasked(tx, order)
  payNowIn(deps, tx, order, reference)
}

export function payNowIn(deps: PayoutsDeps, tx: Tx, order: OrderShown, reference: string): void {
  const { publicId } = order
  const text = reference.trim()
  if (text === "" || text.length > L.referenceChars || /\p{C}/u.test(text)) {
    const words = `Give the payment’s reference, up to ${L.referenceChars} characters.`
    throw new AppError("validation_failed", words, { formErrors: { reference: words } })
  }
  deps.ledger.completePayoutIn(tx, publicId)
  resolve(tx, order.id, "paid", { reference: text })
  auditIn(tx, { action: "payout.paid", subject: publicId, after: { nano: order.amountNano, reference: text } })
  const arrives = `${order.currency} ${minorText(order.paidMinor!, order.currency!)}`
  tell(deps, tx, order, payoutPaid, { arrives, reference: text, isTest: false })
  emitMovedIn(tx, "payout.paid", order)
}

/** Nothing is asked for, approved or put into a file for this person until it is released. Twice is once. @throws AppError not_found */
export const holdIn = (deps: PayoutsDeps, tx: Tx, { userId, reason }: { userId: UserId; reason: string }): void =>
  stopIn(deps, tx, userId, { reason, isPassed: false })

function stopIn(
  deps: PayoutsDeps,
  tx: Tx,
  userId: UserId,
  { reason, isPassed }: { reason: string; isPassed: boolean },
): void {
  const user = deps.identity.userById(userId)
  ensure(user, "not_found", "There is no such user.")
  if (openHold(tx, userId)) return
  insertHold(tx, userId, reason)
  const waiting = ordersOf(tx, userId, { limit: L.rows }).filter(
    ({ state, mode }) => state === "requested" && mode === "live",
  )
  for (const order of waiting) emitStoppedIn(tx, "payout.held", order, null)
  auditIn(tx, { action: "payouts.held", subject: user.publicId, ...(isPassed ? { after: { passed: true } } : {}) })
}

/** A team of somebody whose payouts are held has another owner: it is held as it was, or a hold would end by handing the money over. */
function passHoldIn(deps: PayoutsDeps, tx: Tx, { from, to }: { from: UserId; to: UserId }): void {
  const hold = openHold(tx, from)
  if (hold) stopIn(deps, tx, to, { reason: hold.reason, isPassed: true })
}

/** A team has another owner: a hold goes along, and what was accepted of whoever answered for it is looked at again. */
export function handedOverIn(deps: PayoutsDeps, tx: Tx, { from, teamId }: { from: UserId; teamId: UserId }): void {
  passHoldIn(deps, tx, { from, to: teamId })
  reopenCheckIn(deps, tx, teamId)
}

/** With all teams of somebody who is erased, whose own hold goes with them. */
export function passHoldsIn(deps: PayoutsDeps, tx: Tx, userId: UserId): void {
  for (const to of teamsOwnedBy(tx, userId)) passHoldIn(deps, tx, { from: userId, to })
}

export function releaseIn(deps: PayoutsDeps, tx: Tx, { userId }: { userId: UserId }): void {
  const user = deps.identity.userById(userId)
  ensure(user, "not_found", "There is no such user.")
  const hold = openHold(tx, userId)
  if (!hold) return
  releaseHold(tx, hold.id)
  auditIn(tx, { action: "payouts.released", subject: user.publicId })
}
