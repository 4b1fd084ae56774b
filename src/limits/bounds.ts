// Which rules bind whom. Read once, and remembered until a rule of theirs changes.
import { type ClientId, type KeyId, Lru, PrincipalId, type UserId } from "../app/index.ts"
import type { Reader } from "../store/index.ts"
import { isSpend, KINDS, type LimitKind } from "./kinds.ts"
import { LIMITER_LIMITS } from "./limits.ts"
import { levelsInUse, rulesOf } from "./store.ts"
import type { RuleId } from "./tables.ts"
import type { Bound, Limit, LimitLevel, LimitRule, LimitSubject } from "./types.ts"

type Whom = Pick<Bound, "scope" | "subject" | "of">
type Source = readonly [level: LimitLevel, subject: string]

export class Bounds {
  private known = new Lru<Bound>(LIMITER_LIMITS.boundsMax)
  private ofMany = new Lru<LimitRule[]>(LIMITER_LIMITS.rulesMax)
  /** Most houses have rules for everybody and for plans alone: then nobody's first call asks for rules of their own. */
  private levels: ReadonlySet<LimitLevel> | null = null

  constructor(private readonly read: Reader) {}

  /** From the person in all to the single key or app: at most three of them bind one call. Where nobody has a rule, nobody is looked up. */
  of({ userId, payerId, keyId, clientId, plan }: LimitSubject): readonly Bound[] {
    const levels = this.inUse()
    if (levels.size === 0) return NONE
    const bounds: Bound[] = []
    const has = (...of: LimitLevel[]) => of.some((level) => levels.has(level))
    if (has("everybody", "plan", "user"))
      bounds.push(this.ofUser({ userId, payerId }, levels.has("plan") ? plan() : ""))
    if (payerId !== userId && has("member")) bounds.push(this.ofMember(payerId, userId))
    if (keyId !== null && has("key", "owner")) bounds.push(this.ofKey(keyId, payerId))
    if (clientId !== null && has("app", "app_user")) bounds.push(this.ofApp(clientId, userId))
    return bounds
  }

  private inUse(): ReadonlySet<LimitLevel> {
    this.levels ??= new Set(levelsInUse(this.read))
    return this.levels
  }

  /** From a team's wallet they have the team's plan, so it is counted beside what is their own. */
  private ofUser({ userId, payerId }: Pick<LimitSubject, "userId" | "payerId">, plan: string): Bound {
    const isOwn = payerId === userId
    const id = isOwn ? `user:${userId}` : `seat:${payerId}:${userId}`
    const of = { payerId, callerId: isOwn ? null : userId, keyId: null, clientId: null }
    return this.get(`${id}:${plan}`, { scope: "user", subject: id, of }, nearest, [
      ["everybody", ""],
      ["plan", plan],
      ["user", String(userId)],
    ])
  }

  private ofMember(teamId: PrincipalId, userId: UserId): Bound {
    const id = memberSubject(teamId, userId)
    const of = { payerId: teamId, callerId: userId, keyId: null, clientId: null }
    return this.get(id, { scope: "member", subject: id, of }, nearest, [["member", `${teamId}:${userId}`]])
  }

  private ofKey(keyId: KeyId, payerId: PrincipalId): Bound {
    const id = `key:${keyId}`
    return this.get(id, { scope: "key", subject: id, of: { payerId, callerId: null, keyId, clientId: null } }, lowest, [
      ["key", String(keyId)],
      ["owner", String(keyId)],
    ])
  }

  private ofApp(clientId: ClientId, userId: UserId): Bound {
    const id = `app:${clientId}:${userId}`
    const of = { payerId: PrincipalId(userId), callerId: null, keyId: null, clientId }
    return this.get(id, { scope: "app", subject: id, of }, nearest, [
      ["app", String(clientId)],
      ["app_user", `${clientId}:${userId}`],
    ])
  }

  /** After a commit that changed a rule. What binds one key or member is forgotten alone: whose they are may change it often. */
  changed({ level, subject }: Pick<LimitRule, "level" | "subject">): void {
    this.levels = null
    if (level === "key" || level === "owner") {
      this.known.delete(`key:${subject}`)
      return
    }
    if (level === "member") {
      this.known.delete(`member:${subject}`)
      return
    }
    this.known = new Lru(LIMITER_LIMITS.boundsMax)
    this.ofMany = new Lru(LIMITER_LIMITS.rulesMax)
  }

  private get(key: string, whom: Whom, choose: Choice, from: readonly Source[]): Bound {
    const known = this.known.get(key)
    if (known) return known
    const rules = from.flatMap(([level, of]) => this.shared(level, of))
    const bound = boundOf(whom, chosen(rules, choose))
    this.known.set(key, bound)
    return bound
  }

  /** What binds many is read once for all of them. */
  private shared(level: LimitLevel, subject: string): LimitRule[] {
    if (!this.inUse().has(level)) return []
    if (level !== "everybody" && level !== "plan" && level !== "app") return rulesOf(this.read, level, subject)
    const known = this.ofMany.get(`${level}:${subject}`)
    if (known) return known
    const rules = rulesOf(this.read, level, subject)
    this.ofMany.set(`${level}:${subject}`, rules)
    return rules
  }
}

const NONE: readonly Bound[] = []

export const memberSubject = (teamId: PrincipalId, userId: UserId): string => `member:${teamId}:${userId}`

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
  return new Map([...byKind].map(([kind, { id, amount, createdMs }]) => [kind, limitOf(id, kind, amount, createdMs)]))
}

const limitOf = (ruleId: RuleId, kind: LimitKind, amount: number, sinceMs: number): Limit => ({
  ruleId,
  kind,
  amount,
  sinceMs,
})

function boundOf(whom: Whom, limits: Map<LimitKind, Limit>): Bound {
  const one = (kind: LimitKind): Limit | null => limits.get(kind) ?? null
  const inRows = [...limits.values()].filter(({ kind }) => KINDS[kind].kept === "row")
  return {
    ...whom,
    second: one("requests_second"),
    minute: one("requests_minute"),
    tokens: one("tokens_minute"),
    request: one("tokens_request"),
    concurrent: one("concurrent"),
    requests: inRows.filter(({ kind }) => !isSpend(kind)),
    spend: inRows.filter(({ kind }) => isSpend(kind)),
  }
}
