// What time does to subscriptions: periods begin and are paid, what is unpaid is tried again, what is over ends. Each step is one write that
// reads the row anew, so each renewal is there once, whatever crashes, repeats or comes late.

import { DAY_MS, eachAlone, UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx } from "../../store/index.ts"
import { cycleSpan } from "../periods.ts"
import { type Core, nextPlanOf, productOf } from "./core.ts"
import { changedIn } from "./emit.ts"
import { SUBSCRIPTION_LIMITS as L } from "./limits.ts"
import { type Became, becameLetter, tellIn, unpaidLetter } from "./mails.ts"
import { billIn, isShort, payBillIn } from "./pay.ts"
import { dueAct, graceEnd, nextPeriod } from "./rules.ts"
import { GRACE_DAYS, PAST_DUE_DAYS } from "./settings.ts"
import * as rows from "./store.ts"
import type { Bill, Subscription } from "./types.ts"

/** Does what is due of one subscription. @returns it as it stands then */
export function stepIn(core: Core, tx: Tx, subscription: Subscription): Subscription {
  const act = dueAct(subscription, tx.now, core.settings.get(PAST_DUE_DAYS, tx))
  if (act === "renew") return renewIn(core, tx, subscription)
  if (act === "retry") return retryIn(core, tx, subscription)
  if (act === "end") return endIn(core, tx, subscription, subscription.state === "past_due" ? "ended_unpaid" : null)
  return subscription
}

function renewIn(core: Core, tx: Tx, subscription: Subscription): Subscription {
  // Nobody pays for what the operator took away; it goes on when it comes back.
  if (productOf(tx, subscription).state === "suspended") return subscription
  const before = core.plans.termsById(subscription.termsId, tx)!
  const next = nextPlanOf(core, tx, subscription)
  const terms = next?.terms ?? before
  const { anchorMs, startMs, endMs } = nextPeriod(subscription, before, terms, tx.now)
  const begun = rows.save(tx, subscription, {
    planId: next?.id ?? subscription.planId,
    termsId: terms.id,
    nextPlanId: null,
    state: "active",
    anchorMs,
    periodStartMs: startMs,
    periodEndMs: endMs,
  })
  const bill = billIn(core, tx, begun, {
    kind: "period",
    startMs,
    endMs,
    planId: begun.planId,
    termsId: terms.id,
    amountNano: terms.priceNano,
  })
  if (tryIn(core, tx, begun, bill)) {
    changedIn(tx, begun, "renewed")
    return begun
  }
  const past = rows.save(tx, begun, {
    state: "past_due",
    pastDueMs: tx.now,
    graceEndMs: graceEnd(tx.now, core.settings.get(GRACE_DAYS, tx), { startMs, endMs }),
  })
  auditIn(tx, { action: "api.past_due", subject: past.publicId, after: { need: bill.amountNano } })
  changedIn(tx, past, "past_due")
  failedIn(core, tx, past, bill)
  return past
}

/** @returns whether it was paid; a refusal for other reasons than credits is a defect and throws */
function tryIn(core: Core, tx: Tx, subscription: Subscription, bill: Bill): boolean {
  try {
    payBillIn(core, tx, subscription, bill)
    return true
  } catch (error) {
    if (isShort(error)) return false
    throw error
  }
}

function retryIn(core: Core, tx: Tx, subscription: Subscription): Subscription {
  const bill = rows.dueBill(tx, subscription.id)
  if (bill === null) return reviveIn(tx, subscription, {})
  return paidNowIn(core, tx, subscription, bill) ?? failedIn(core, tx, subscription, bill)
}

/**
 * Pays what waits. Within the grace the period counts from when it was due; after it, calls were refused, so it begins with the payment.
 * @returns null = credits are short
 */
export function paidNowIn(core: Core, tx: Tx, subscription: Subscription, bill: Bill): Subscription | null {
  const isLate = tx.now >= (subscription.graceEndMs ?? 0)
  if (!isLate) return tryIn(core, tx, subscription, bill) ? reviveIn(tx, subscription, {}) : null
  const { cycle } = core.plans.termsById(bill.termsId, tx)!
  const period = cycleSpan(cycle, tx.now, tx.now)
  const moved = rows.saveBill(tx, bill, { startMs: period.startMs, endMs: period.endMs })
  if (!tryIn(core, tx, subscription, moved)) {
    rows.saveBill(tx, moved, { startMs: bill.startMs, endMs: bill.endMs })
    return null
  }
  return reviveIn(tx, subscription, { anchorMs: tx.now, periodStartMs: period.startMs, periodEndMs: period.endMs })
}

function reviveIn(tx: Tx, subscription: Subscription, period: Partial<Subscription>): Subscription {
  auditIn(tx, { action: "api.revived", subject: subscription.publicId })
  changedIn(tx, subscription, "revived")
  return rows.save(tx, subscription, { state: "active", pastDueMs: null, graceEndMs: null, ...period })
}

/** Asks for a recharge; tells by mail when nothing is under way, and again when calls are refused from now on. */
function failedIn(core: Core, tx: Tx, subscription: Subscription, bill: Bill): Subscription {
  const isComing = core.billing.recharges.needIn(tx, UserId(subscription.payerId))
  const isRefused = tx.now >= (subscription.graceEndMs ?? 0)
  const told = isRefused ? 2 : isComing || bill.told > 0 ? bill.told : 1
  if (told !== bill.told) {
    const days = core.settings.get(PAST_DUE_DAYS, tx)
    tellIn(core, tx, UserId(subscription.payerId), unpaidLetter, {
      product: productOf(tx, subscription).slug,
      needNano: bill.amountNano,
      untilMs: isRefused ? null : subscription.graceEndMs,
      endsMs: (subscription.pastDueMs ?? tx.now) + days * DAY_MS,
      subscription: subscription.publicId,
    })
  }
  const nextTryMs = tx.now + (isComing ? L.rechargeMs : L.retryMs)
  rows.saveBill(tx, bill, { tries: bill.tries + 1, nextTryMs, told })
  return subscription
}

/** Over: nothing waits to be paid any more, and its keys refuse. */
export function endIn(
  core: Core,
  tx: Tx,
  subscription: Subscription,
  became: Became | null,
  reason: string | null = null,
): Subscription {
  const bill = rows.dueBill(tx, subscription.id)
  if (bill) rows.saveBill(tx, bill, { state: "void", nextTryMs: null })
  const ended = rows.save(tx, subscription, { state: "ended", endedMs: tx.now, nextPlanId: null, reason })
  auditIn(tx, {
    action: "api.ended",
    subject: ended.publicId,
    before: { state: subscription.state },
    after: { why: became ?? "cancelled" },
  })
  changedIn(tx, ended, "ended")
  if (became)
    tellIn(core, tx, subscription.userId, becameLetter, {
      product: productOf(tx, subscription).slug,
      became,
      subscription: subscription.publicId,
    })
  return ended
}

const CTX = {
  actor: "system:renew-api-subscriptions",
  requestId: "job_renew-api-subscriptions",
  reason: "subscriptions to APIs",
}

/** A slice of what is due: a write each. @returns whether more is @throws RowsFailed when all others were renewed; those are due still */
export async function renewDue(core: Core, limit: number): Promise<boolean> {
  const { store, clock } = core
  const ids = rows.due(store.read, clock.now(), limit)
  const renew = (id: number) =>
    store.write(CTX, (tx) => {
      const found = rows.byId(tx, id)
      if (found) stepIn(core, tx, found)
    })
  await eachAlone(ids, (id) => id, renew)
  return ids.length === limit
}
