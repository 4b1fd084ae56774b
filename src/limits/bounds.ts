// Which rules bind whom. Read once, and remembered until a rule of theirs changes.
import { Lru } from "../app/index.ts"
import type { Reader } from "../store/index.ts"
import { isSpend, KINDS, type LimitKind } from "./kinds.ts"
import { LIMITER_LIMITS } from "./limits.ts"
import { rulesOf } from "./store.ts"
import type { Bound, Limit, LimitLevel, LimitRule, LimitScope, LimitSubject } from "./types.ts"

type Source = readonly [level: LimitLevel, subject: string]

export class Bounds {
  private known = new Lru<Bound>(LIMITER_LIMITS.boundsMax)
  private ofMany = new Lru<LimitRule[]>(LIMITER_LIMITS.rulesMax)

  constructor(private readonly read: Reader) {}

  /** From the person in all to the single key: at most two of them bind one call. */
  of({ userId, keyId, clientId, plan }: LimitSubject): Bound[] {
    const bounds = [this.ofUser(userId, plan())]
    if (keyId !== null) bounds.push(this.ofKey(keyId))
    if (clientId !== null) bounds.push(this.ofApp(clientId, userId))
    return bounds
  }

  ofUser(userId: number, plan: string): Bound {
    const id = `user:${userId}`
    return this.get(`${id}:${plan}`, "user", id, nearest, [
      ["everybody", ""],
      ["plan", plan],
      ["user", String(userId)],
    ])
  }

  ofKey(keyId: number): Bound {
    const id = `key:${keyId}`
    return this.get(id, "key", id, lowest, [
      ["key", String(keyId)],
      ["owner", String(keyId)],
    ])
  }

  private ofApp(clientId: number, userId: number): Bound {
    const id = `app:${clientId}:${userId}`
    return this.get(id, "app", id, nearest, [
      ["app", String(clientId)],
      ["app_user", `${clientId}:${userId}`],
    ])
  }

  /** After a commit that changed a rule. What binds one key is forgotten alone: its owner may change it often. */
  changed({ level, subject }: Pick<LimitRule, "level" | "subject">): void {
    if (level === "key" || level === "owner") {
      this.known.delete(`key:${subject}`)
      return
    }
    this.known = new Lru(LIMITER_LIMITS.boundsMax)
    this.ofMany = new Lru(LIMITER_LIMITS.rulesMax)
  }

  private get(key: string, scope: LimitScope, subject: string, choose: Choice, from: readonly Source[]): Bound {
    const known = this.known.get(key)
    if (known) return known
    const rules = from.flatMap(([level, of]) => this.shared(level, of))
    const bound = boundOf(scope, subject, chosen(rules, choose))
    this.known.set(key, bound)
    return bound
  }

  /** What binds many is read once for all of them. */
  private shared(level: LimitLevel, subject: string): LimitRule[] {
    if (level !== "everybody" && level !== "plan" && level !== "app") return rulesOf(this.read, level, subject)
    const known = this.ofMany.get(`${level}:${subject}`)
    if (known) return known
    const rules = rulesOf(this.read, level, subject)
    this.ofMany.set(`${level}:${subject}`, rules)
    return rules
  }
}

type Choice = (known: LimitRule, next: LimitRule) => LimitRule
/** Rules come from the farthest to the nearest. */
const nearest: Choice = (_, next) => next
const lowest: Choice = (known, next) => (next.amount < known.amount ? next : known)

function chosen(rules: readonly LimitRule[], choose: Choice): Map<LimitKind, Limit> {
  const byKind = new Map<LimitKind, LimitRule>()
  for (const rule of rules) {
    const known = byKind.get(rule.kind)
    byKind.set(rule.kind, known ? choose(known, rule) : rule)
  }
  return new Map([...byKind].map(([kind, { id, amount }]) => [kind, { ruleId: id, kind, amount }]))
}

function boundOf(scope: LimitScope, subject: string, of: Map<LimitKind, Limit>): Bound {
  const one = (kind: LimitKind): Limit | null => of.get(kind) ?? null
  const inRows = [...of.values()].filter(({ kind }) => KINDS[kind].kept === "row")
  return {
    scope,
    subject,
    second: one("requests_second"),
    minute: one("requests_minute"),
    tokens: one("tokens_minute"),
    request: one("tokens_request"),
    concurrent: one("concurrent"),
    requests: inRows.filter(({ kind }) => !isSpend(kind)),
    spend: inRows.filter(({ kind }) => isSpend(kind)),
  }
}
