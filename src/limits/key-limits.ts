// The limits that a person sets on a key of theirs: never above what the operator set for the same key.
import { AppError, type Ids, type KeyId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import type { ChangeDeps } from "./change.ts"
import { isSpend, KINDS, LIMIT_KINDS, type LimitKind, spanOf } from "./kinds.ts"
import { amountWords } from "./refusal.ts"
import { amountError } from "./rules.ts"
import { deleteRule, findCount, insertRule, rulesOf, updateRule } from "./store.ts"
import { spentIn } from "./store-spent.ts"
import type { Tallies } from "./tally.ts"
import type { KeyLimits, KeyLimitsInput, KeyOf, LimitRule, LimitUse, Spender } from "./types.ts"

/** @see Limits.setKeyLimitsIn */
export function setKeyLimitsIn(
  deps: ChangeDeps,
  tx: Tx,
  { keyId, keyPublicId, limits }: { keyId: KeyId; keyPublicId: string; limits: KeyLimitsInput },
): void {
  const subject = String(keyId)
  refuseAbove(rulesOf(tx, "key", subject), limits)
  const changed = setRulesIn(deps, tx, { level: "owner", subject, limits })
  if (changed) auditIn(tx, { action: "key.limits_changed", subject: keyPublicId, ...changed })
}

/** Of those that whoever a subject is of sets: what is left out stays, null takes away. @returns what was and is set by kind; null when alike */
export function setRulesIn(
  { ids, bounds }: ChangeDeps,
  tx: Tx,
  { level, subject, limits }: { level: "owner" | "member"; subject: string; limits: KeyLimitsInput },
): { before: Record<string, number>; after: Record<string, number> } | null {
  const before = rulesOf(tx, level, subject)
  for (const [kind, amount] of Object.entries(limits) as [LimitKind, number | null | undefined][]) {
    if (amount !== undefined)
      applyIn(ids, tx, { level, subject, kind, amount, known: before.find((one) => one.kind === kind) })
  }
  const [was, is] = [amounts(before), amounts(rulesOf(tx, level, subject))]
  if (JSON.stringify(is) === JSON.stringify(was)) return null
  tx.afterCommit(() => bounds.changed({ level, subject }))
  return { before: was, after: is }
}

/** @param operator rules that may only be gone below */
export function refuseAbove(operator: readonly LimitRule[], limits: KeyLimitsInput): void {
  const formErrors: Record<string, string> = {}
  for (const kind of LIMIT_KINDS) {
    const amount = limits[kind]
    if (amount === undefined || amount === null) continue
    const most = operator.find((rule) => rule.kind === kind)
    const words = amountError(kind, amount)
    if (words) formErrors[kind] = words
    else if (most && amount > most.amount) formErrors[kind] = `This key may have at most ${amountWords(most)}.`
  }
  const [first] = Object.values(formErrors)
  if (first) throw new AppError("validation_failed", first, { formErrors })
}

interface Applied {
  level: "owner" | "member"
  subject: string
  kind: LimitKind
  /** Null: no limit any more. */
  amount: number | null
  known: LimitRule | undefined
}

function applyIn(ids: Ids, tx: Tx, { level, subject, kind, amount, known }: Applied): void {
  if (amount === null) {
    if (known) deleteRule(tx, known.id)
  } else if (!known) insertRule(tx, { publicId: ids.next("lim"), level, subject, kind, amount })
  else if (known.amount !== amount) updateRule(tx, known.id, amount, Math.max(tx.now, known.updatedMs + 1))
}

const amounts = (rules: readonly LimitRule[]): Record<string, number> =>
  Object.fromEntries(inOrder(rules).map(({ kind, amount }) => [kind, amount]))

/** As kinds are listed. */
const inOrder = (rules: readonly LimitRule[]): LimitRule[] =>
  rules.toSorted((a, b) => LIMIT_KINDS.indexOf(a.kind) - LIMIT_KINDS.indexOf(b.kind))

/** @see Limits.keyLimits */
export function keyLimits(reader: Reader, tallies: Tallies, { keyId, payerId }: KeyOf, nowMs: number): KeyLimits {
  const of = { keyId, payerId, callerId: null, clientId: null }
  const use = (rule: LimitRule) => useOf(reader, tallies, of, rule, nowMs)
  const all = (level: "owner" | "key") => inOrder(rulesOf(reader, level, String(keyId))).map(use)
  return { own: all("owner"), operator: all("key") }
}

function useOf(reader: Reader, tallies: Tallies, of: Spender, rule: LimitRule, nowMs: number): LimitUse {
  const { kind, amount, createdMs } = rule
  const subject = `key:${of.keyId}`
  const { kept, span } = KINDS[kind]
  const { startMs, endMs } = spanOf(span, nowMs)
  const ends = endMs === Number.MAX_SAFE_INTEGER ? null : endMs
  if (kept !== "row") return { kind, amount, used: inMemory(tallies, subject, kind, nowMs), held: 0, endMs: ends }
  const row = findCount(reader, subject, kind, startMs)
  // What no call has asked for since the limit was set stands in the books alone.
  const booked = isSpend(kind) && createdMs >= startMs ? spentIn(reader, of, { startMs, endMs }) : 0
  return { kind, amount, used: Math.max(row?.used ?? 0, booked), held: row?.held ?? 0, endMs: ends }
}

function inMemory(tallies: Tallies, subject: string, kind: LimitKind, nowMs: number): number {
  const tally = tallies.peek(subject)
  if (!tally) return 0
  tally.turn(nowMs)
  if (kind === "requests_second") return tally.inSecond
  if (kind === "requests_minute") return tally.inMinute
  if (kind === "tokens_minute") return tally.tokens
  return kind === "concurrent" ? tally.running : 0
}
