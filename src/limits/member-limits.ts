// What a member may spend of a team's wallet, on a UTC day and in a month: set by whoever names its people, counted with every call of theirs
// that the team pays, whatever it came by.
import type { PrincipalId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import { memberSubject } from "./bounds.ts"
import type { ChangeDeps } from "./change.ts"
import { refuseAbove, setRulesIn } from "./key-limits.ts"
import { KINDS, MEMBER_KINDS, spanOf } from "./kinds.ts"
import { deleteRule, findCount, rulesOf } from "./store.ts"
import { spentIn } from "./store-spent.ts"
import type { Limits, MemberOf, MemberUse } from "./types.ts"

const ruleSubject = ({ teamId, userId }: MemberOf): string => `${teamId}:${userId}`

/** @see Limits.setMemberLimitsIn */
export function setMemberLimitsIn(deps: ChangeDeps, tx: Tx, input: Parameters<Limits["setMemberLimitsIn"]>[1]): void {
  const { teamPublicId, person, limits } = input
  refuseAbove([], limits)
  const changed = setRulesIn(deps, tx, { level: "member", subject: ruleSubject(input), limits })
  if (changed === null) return
  const { before, after } = changed
  auditIn(tx, {
    action: "team.limits_changed",
    subject: teamPublicId,
    before: { member: person, ...before },
    after: { member: person, ...after },
  })
}

/** @see Limits.isMemberLimitedIn */
export const isMemberLimitedIn = (tx: Tx, member: MemberOf): boolean =>
  rulesOf(tx, "member", ruleSubject(member)).length > 0

/** @see Limits.memberUse */
export function memberUse(reader: Reader, member: MemberOf, nowMs: number): MemberUse[] {
  const { teamId, userId } = member
  const rules = rulesOf(reader, "member", ruleSubject(member))
  const of = { payerId: teamId as PrincipalId, callerId: userId, keyId: null, clientId: null }
  return MEMBER_KINDS.map((kind) => {
    const span = spanOf(KINDS[kind].span, nowMs)
    const row = findCount(reader, memberSubject(teamId, userId), kind, span.startMs)
    const booked = spentIn(reader, of, span)
    const amount = rules.find((rule) => rule.kind === kind)?.amount ?? null
    return { kind, amount, used: Math.max(row?.used ?? 0, booked), held: row?.held ?? 0, endMs: span.endMs }
  })
}

/** @see Limits.dropMemberLimitsIn */
export function dropMemberLimitsIn({ bounds }: ChangeDeps, tx: Tx, member: MemberOf): number {
  const subject = ruleSubject(member)
  const rules = rulesOf(tx, "member", subject)
  for (const { id } of rules) deleteRule(tx, id)
  tx.afterCommit(() => bounds.changed({ level: "member", subject }))
  return rules.length
}
