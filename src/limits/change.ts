// What an operator sets: rules are written with an entry in the audit log, and in force for the next request.
import { AppError, ensure, type Ids } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import type { Bounds } from "./bounds.ts"
import { LIMITER_LIMITS as L } from "./limits.ts"
import { checkAmount } from "./rules.ts"
import { countRules, deleteRule, insertRule, ruleByPublicId, rulesOf, updateRule } from "./store.ts"
import type { LimitRule, SetLimit } from "./types.ts"

export interface ChangeDeps {
  ids: Ids
  bounds: Bounds
}

/** @see Limits.setIn */
export function setIn(deps: ChangeDeps, tx: Tx, { level, subject, kind, amount }: SetLimit): LimitRule {
  checkAmount(kind, amount)
  const before = rulesOf(tx, level, subject).find((rule) => rule.kind === kind)
  if (before) return changeIn(deps, tx, { publicId: before.publicId, amount })
  ensure(
    countRules(tx) < L.rulesMax,
    "conflict",
    `There are ${L.rulesMax} limits, the most there may be. Remove one first.`,
  )
  const publicId = deps.ids.next("lim")
  insertRule(tx, { publicId, level, subject, kind, amount })
  const made = ruleIn(tx, publicId)
  auditIn(tx, { action: "limit.set", subject: publicId, after: summary(made) })
  tx.afterCommit(() => deps.bounds.changed(made))
  return made
}

/** @see Limits.changeIn */
export function changeIn(
  deps: ChangeDeps,
  tx: Tx,
  { publicId, amount, seenMs }: { publicId: string; amount: number; seenMs?: number | undefined },
): LimitRule {
  const before = ruleIn(tx, publicId)
  if (seenMs !== undefined && seenMs !== before.updatedMs)
    throw new AppError("conflict", "Somebody changed this limit since you opened it. Look again before you save.")
  checkAmount(before.kind, amount)
  if (before.amount === amount) return before
  updateRule(tx, before.id, amount, Math.max(tx.now, before.updatedMs + 1))
  const after = ruleIn(tx, publicId)
  auditIn(tx, { action: "limit.changed", subject: publicId, before: summary(before), after: summary(after) })
  tx.afterCommit(() => deps.bounds.changed(after))
  return after
}

/** @see Limits.removeIn */
export function removeIn(deps: ChangeDeps, tx: Tx, publicId: string): LimitRule {
  const before = ruleIn(tx, publicId)
  deleteRule(tx, before.id)
  auditIn(tx, { action: "limit.removed", subject: publicId, before: summary(before) })
  tx.afterCommit(() => deps.bounds.changed(before))
  return before
}

function ruleIn(tx: Tx, publicId: string): LimitRule {
  const rule = ruleByPublicId(tx, publicId)
  ensure(rule, "not_found", "There is no such limit. They are listed under Limits.")
  return rule
}

const summary = ({ level, subject, kind, amount }: LimitRule) => ({ level, subject, kind, amount })
