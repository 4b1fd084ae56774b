// Asking for a payout, and taking it back. The books are asked in the same write, so two at once never pass what is there; the money
// leaves `payable` with the request, and is the person's again with whatever ends it other than a payment.
import { AppError, ensure, nano, type UserId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import { type Principal, principal } from "../ledger/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import type { PayoutsDeps } from "./deps.ts"
import { needsProof } from "./documents/index.ts"
import { emitMovedIn } from "./emit.ts"
import { PAYOUT_LIMITS as L } from "./limits.ts"
import { payoutAsked, payoutPaid } from "./mails.ts"
import { NANO_PER_CENT, wholeCents } from "./money.ts"
import { insertOrder, methodOf, openHold, openOf, orderByKey, orderByPublicId, resolve } from "./store.ts"
import type { Asking, OrderShown } from "./types.ts"
import { methodName } from "./words.ts"

export const ownerOf = (userId: UserId): Principal => principal(userId)

/** What holds a payee's payouts: of a team, also what holds those of its owner. */
export const holdOver = ({ answersFor }: Pick<PayoutsDeps, "answersFor">, reader: Reader, payee: UserId) =>
  openHold(reader, payee) ?? openHold(reader, answersFor(payee, reader))

/** Why this person cannot ask now, in a sentence for them; null = they can. */
export function refusalOf(deps: PayoutsDeps, reader: Reader, userId: UserId, nowMs: number): string | null {
  if (holdOver(deps, reader, userId)) return "Your payouts are held until we have looked at your account. Ask us why."
  const method = methodOf(reader, userId)
  if (!method) return "Say first where the money should go."
  if (method.confirmedMs === null)
    return method.kind === "stripe" ? "Finish at Stripe first." : "Prove the address of your PayPal account first."
  if (method.usableMs > nowMs) return "Your payout method is new. Ask again when its waiting time is over."
  if (openOf(reader, userId) >= L.openPerOwner) return "You have payouts that are not done yet. Wait for those first."
  return null
}

const NEEDS_PROOF =
  "For so much in a year somebody has to look at your documents first. Send them under Payouts, Documents; or ask for less."
const wrongAmount = (words: string) => new AppError("validation_failed", words, { formErrors: { amount: words } })

/** @throws AppError validation_failed (formErrors amount), forbidden, account_suspended */
export function requestIn(deps: PayoutsDeps, tx: Tx, asking: Asking & { bySchedule?: boolean }): OrderShown {
  const { userId, bySchedule = false } = asking
  deps.developers.requireDeveloperIn(tx, userId)
  const key = `payout:${userId}:${asking.key}`
  const known = orderByKey(tx, key)
  if (known) return known
  const refusal = refusalOf(deps, tx, userId, tx.now)
  if (refusal !== null) throw wrongAmount(refusal)
  const method = methodOf(tx, userId)!
  const owner = ownerOf(userId)
  const terms = deps.developers.earningTermsIn(tx)
  // What is due by now counts, though the hourly job has not come by.
  deps.ledger.matureIn(tx, { owner, mode: "live", maturity: terms })
  const amountNano = asking.amountNano ?? wholeCents(deps.ledger.payableIn(tx, owner, "live"))
  if (amountNano % NANO_PER_CENT !== 0 || amountNano < 0)
    throw wrongAmount("Give an amount in whole cents, such as 25.50.")
  if (needsProof(deps, tx, owner.id, amountNano)) throw wrongAmount(NEEDS_PROOF)
  const minimumNano = terms.payoutMinNano
  const asked = { owner, mode: "live", amountNano, minimumNano, key } as const
  const { id: publicId } = deps.ledger.requestPayoutIn(tx, asked)
  insertOrder(tx, {
    publicId,
    key,
    ownerId: owner.id,
    mode: "live",
    amountNano,
    methodId: method.id,
    bySchedule: bySchedule ? 1 : 0,
  })
  const user = deps.identity.requireActiveIn(tx, userId)
  auditIn(tx, { action: "payout.requested", subject: publicId, after: { nano: amountNano, of: user.publicId } })
  const data = { payout: publicId, amountNano, method: methodName(method), bySchedule }
  deps.mails.queueIn(tx, payoutAsked, { to: user.email, data, uselessAfterMs: null })
  const order = orderByPublicId(tx, publicId)!
  emitMovedIn(tx, "payout.requested", order)
  return order
}

/** By its person, before it is approved. Twice is once. @throws AppError not_found, conflict */
export function withdrawIn(
  deps: PayoutsDeps,
  tx: Tx,
  { userId, publicId }: { userId: UserId; publicId: string },
): void {
  const order = orderByPublicId(tx, publicId)
  ensure(order && order.ownerId === ownerOf(userId).id, "not_found", "You have no such payout.")
  if (order.state === "withdrawn") return
  if (order.state !== "requested")
    throw new AppError("conflict", `This payout is ${order.state} already. Nothing was changed.`)
  deps.ledger.failPayoutIn(tx, publicId)
  resolve(tx, order.id, "withdrawn", {})
  auditIn(tx, { action: "payout.withdrawn", subject: publicId })
}

const TEST_REFERENCE = "TEST"
/** Nobody disputes a payment that was none, so test earnings wait for their day to end, and no longer. */
export const TEST_TERMS = { paidDays: 1, promoDays: 1 } as const

/**
 * A payout of test money: asked for and arrived at once, by the same steps of the books. It goes nowhere, stands in no queue and in no
 * file, and touches no live account. @throws AppError validation_failed (formErrors amount), forbidden, account_suspended
 */
export function testPayoutIn(deps: PayoutsDeps, tx: Tx, asking: { userId: UserId; key: string }): OrderShown {
  const { userId } = asking
  deps.developers.requireDeveloperIn(tx, userId)
  const key = `test-payout:${userId}:${asking.key}`
  const known = orderByKey(tx, key)
  if (known) return known
  const owner = ownerOf(userId)
  deps.ledger.matureIn(tx, { owner, mode: "test", maturity: TEST_TERMS })
  const amountNano = wholeCents(deps.ledger.payableIn(tx, owner, "test"))
  if (amountNano <= 0) throw wrongAmount("No test earnings of a cent or more are available yet.")
  const { id: publicId } = deps.ledger.requestPayoutIn(tx, {
    owner,
    mode: "test",
    amountNano,
    minimumNano: nano(1),
    key,
  })
  insertOrder(tx, { publicId, key, ownerId: owner.id, mode: "test", amountNano, methodId: null, bySchedule: 0 })
  deps.ledger.completePayoutIn(tx, publicId)
  const order = orderByPublicId(tx, publicId)!
  resolve(tx, order.id, "paid", { reference: TEST_REFERENCE })
  const user = deps.identity.requireActiveIn(tx, userId)
  const data = { payout: publicId, amountNano, method: "nowhere", arrives: "", reference: TEST_REFERENCE, isTest: true }
  deps.mails.queueIn(tx, payoutPaid, { to: user.email, data, uselessAfterMs: null })
  const paid = orderByPublicId(tx, publicId)!
  emitMovedIn(tx, "payout.requested", { ...paid, state: "requested" })
  emitMovedIn(tx, "payout.paid", paid)
  return paid
}
