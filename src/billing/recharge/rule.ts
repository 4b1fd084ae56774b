// The rule of a person: on with its terms, or off.
import { AppError, ensure, type UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { principal } from "../../ledger/index.ts"
import type { Tx } from "../../store/index.ts"
import type { BillingDeps } from "../types.ts"
import { cardsFor } from "./known.ts"
import { lookIn } from "./look.ts"
import { isExpired, termErrors } from "./rules.ts"
import { ruleOf, saveRule } from "./store.ts"
import type { AutoRecharge, RechargeTerms } from "./types.ts"

/** @throws AppError validation_failed with a message per field, conflict without a card that can be charged, forbidden to who may not for a team */
export function turnOnIn(deps: BillingDeps, tx: Tx, userId: UserId, terms: RechargeTerms): AutoRecharge {
  const formErrors = termErrors(terms) as Record<string, string>
  deps.identity.requireActiveIn(tx, userId)
  const [first] = Object.values(formErrors)
  if (first) throw new AppError("validation_failed", first, { formErrors })
  const [card] = cardsFor(deps, tx, userId)
  ensure(card, "conflict", "Save a card first: that is what auto-recharge charges.")
  ensure(!isExpired(card, tx.now), "conflict", "Your card has expired. Save another one first.")
  const before = ruleOf(tx, userId)
  const { belowNano, amountNano, monthNano } = terms
  // Whoever saves it anew wants it tried anew, and told anew of the month.
  const begins = { active: true, offWhy: null, failures: 0, notBeforeMs: null, toldMonthMs: null }
  const kept = { paused: before?.paused ?? false, createdMs: before?.createdMs ?? tx.now }
  const rule = { userId, ...begins, ...kept, belowNano, amountNano, monthNano, updatedMs: tx.now }
  saveRule(tx, rule)
  const facts = (of: RechargeTerms) => ({ below: of.belowNano, amount: of.amountNano, month: of.monthNano })
  auditIn(tx, {
    action: "recharge.on",
    subject: `user:${userId}`,
    ...(before ? { before: { active: before.active, ...facts(before) } } : {}),
    after: facts(terms),
  })
  lookIn(deps, tx, userId)
  return rule
}

export const turnOffByPersonIn = (deps: BillingDeps, tx: Tx, userId: UserId): void => offIn(deps, tx, userId, "person")

/**
 * Money goes back, or a bank doubts that it was its owner's: what is taken back with it may not charge the same card once more. Its person
 * turns it on again.
 */
export const turnOffByMoneyBackIn = (deps: BillingDeps, tx: Tx, userId: UserId): void => offIn(deps, tx, userId, "back")

function offIn({ ledger }: BillingDeps, tx: Tx, userId: UserId, why: "person" | "back"): void {
  const rule = ruleOf(tx, userId)
  if (!rule?.active) return
  saveRule(tx, { ...rule, active: false, offWhy: null, updatedMs: tx.now })
  ledger.watchIn(tx, principal(userId), null)
  auditIn(tx, { action: "recharge.off", subject: `user:${userId}`, after: { why } })
}

/** A suspended person is charged nothing; reinstated, it goes on as before. */
export function suspendIn(deps: BillingDeps, tx: Tx, userId: UserId, isSuspended: boolean): void {
  const rule = ruleOf(tx, userId)
  if (!rule) return
  saveRule(tx, { ...rule, paused: isSuspended, updatedMs: tx.now })
  lookIn(deps, tx, userId)
}
