// The nouns of limits (SPEC KE-2).
import type { ClientId, Clock, Ids, KeyId, Log, PrincipalId, UserId } from "../app/index.ts"
import type { Store, Tx, WriteContext } from "../store/index.ts"
import type { LimitKind, MEMBER_KINDS } from "./kinds.ts"
import type { RuleId } from "./tables.ts"
import type { SpentAt, Ticket } from "./ticket.ts"

export type { KindInfo, LimitKind, LimitSpan, LimitUnit, Span } from "./kinds.ts"
export type { SpentAt, Ticket } from "./ticket.ts"

export type HeaderStyle = "openai" | "anthropic"

/** Whose calls are counted together. */
export type LimitScope = "user" | "key" | "app" | "member"

/**
 * Who set it for whom. `everybody`, `plan` and `user` say what each person may do in all; the nearest of the three counts. `key` and
 * `owner` bind one key: an operator's and its owner's; the lower counts. `app` (everybody in it) and `app_user` bind what a person does
 * through one app; the nearer counts. `member` binds what a person spends of the wallet of a team, and is the team's own.
 */
export const LIMIT_LEVELS = ["everybody", "plan", "user", "key", "owner", "app", "app_user", "member"] as const
export type LimitLevel = (typeof LIMIT_LEVELS)[number]

export interface LimitRule {
  id: RuleId
  publicId: string
  level: LimitLevel
  /** '' for everybody; a plan's code; the id of a person, a key or an app; `app:person`; `team:person`. */
  subject: string
  kind: LimitKind
  /** Requests, tokens, calls, or n$. */
  amount: number
  createdMs: number
  updatedMs: number
}

/** A rule as its calls meet it. */
export interface Limit extends Pick<LimitRule, "kind" | "amount"> {
  ruleId: RuleId
  /** When it was set: what was spent in its window before stands in the books alone. */
  sinceMs: number
}

/** Whose wallet paid, who called, and by what, as charges name it; null where it makes no difference. */
export interface Spender {
  payerId: PrincipalId
  callerId: UserId | null
  keyId: KeyId | null
  clientId: ClientId | null
}

/** All that binds one subject, the nearest of each kind. */
export interface Bound {
  scope: LimitScope
  /** As it is counted: `user:12`, `key:7`, `app:3:12`; from the wallet of team 5, `seat:5:12` for `user` and `member:5:12`. */
  subject: string
  /** Whose charges are counted: the books' words for the same. */
  of: Spender
  second: Limit | null
  minute: Limit | null
  tokens: Limit | null
  request: Limit | null
  concurrent: Limit | null
  /** Of an hour and a day. */
  requests: readonly Limit[]
  spend: readonly Limit[]
}

/** Who calls, with numbers that mean nothing here. */
export interface LimitSubject {
  userId: UserId
  /** Whose wallet pays: their own, or a team's. */
  payerId: PrincipalId
  keyId: KeyId | null
  clientId: ClientId | null
  /** Test credits are no money: what a person spends of them counts for no limit of the person. */
  mode: "live" | "test"
  /** Asked for only where the plan has a say. */
  plan: () => string
}

/** What a call may come to, as far as anybody can tell before it is asked. Looked at only where tokens are limited. */
export interface LimitDemand {
  inputTokens(): number
  /** All choices together. */
  outputTokens: number
  /** The caller named that maximum; otherwise it is shortened before anything is refused. */
  isNamed: boolean
  /** The fields that name it and the prompt, for errors. */
  param: string
  promptParam: string
  /** In which of two families headers name how limits stand; OpenAI's by default. */
  style?: HeaderStyle
}

export interface LimitsDeps {
  store: Store
  clock: Clock
  ids: Ids
  log: Log
  /** Bounds of memory, for tests. */
  talliesMax?: number
}

export interface SetLimit {
  level: Exclude<LimitLevel, "owner" | "member">
  subject: string
  kind: LimitKind
  amount: number
}

/** What somebody spent of a team's wallet in a window, and may. */
export interface MemberUse extends Omit<LimitUse, "amount"> {
  /** n$; null = as much as is there. */
  amount: number | null
}

/** A limit with how far it is used. */
export interface LimitUse extends Pick<LimitRule, "kind" | "amount"> {
  /** Of the present window. */
  used: number
  /** By calls under way. */
  held: number
  /** When it starts anew; null = never. */
  endMs: number | null
}

/** A key, and whose wallet pays what it does. */
export interface KeyOf {
  keyId: KeyId
  payerId: PrincipalId
}

/** Somebody in a team. */
export interface MemberOf {
  teamId: PrincipalId
  userId: UserId
}

/** What may be set for a member: null takes a limit away, what is left out stays. n$. */
export type MemberLimitsInput = Partial<Record<(typeof MEMBER_KINDS)[number], number | null | undefined>>

/** What an owner says of a key: null takes a limit away, what is left out stays. */
export type KeyLimitsInput = Partial<Record<LimitKind, number | null | undefined>>

export interface KeyLimits {
  /** The owner's own. */
  own: LimitUse[]
  /** What the operator set for this key, which an owner can only go below. */
  operator: LimitUse[]
}

/** Verbs. `…In(tx, …)` runs inside a mutation; its pair without `In` is one durable write, in force for the next request. */
export interface Limits {
  /**
   * Counts a call, or refuses it and counts it nowhere. Memory only; what is counted in rows is decided by the ticket in the body that
   * holds credits.
   * @throws AppError rate_limit_exceeded (with `Retry-After`), invalid_request for more tokens than one request may have
   */
  admit(subject: LimitSubject, demand: LimitDemand): Ticket

  /**
   * For what has rates of its own: counts no request, no token and no call under way, only what the ticket is told to spend. Memory only,
   * and nothing to be released.
   */
  spending(subject: LimitSubject): Ticket

  /** Sets how much of a kind; what was set before is replaced. @throws AppError validation_failed with formErrors, conflict when there are too many */
  setIn(tx: Tx, input: SetLimit): LimitRule
  set(ctx: WriteContext, input: SetLimit): Promise<LimitRule>
  /** @throws AppError not_found, conflict when somebody changed it since `seenMs` */
  changeIn(tx: Tx, change: { publicId: string; amount: number; seenMs?: number | undefined }): LimitRule
  change(
    ctx: WriteContext,
    change: { publicId: string; amount: number; seenMs?: number | undefined },
  ): Promise<LimitRule>
  /** @throws AppError not_found */
  removeIn(tx: Tx, publicId: string): LimitRule
  remove(ctx: WriteContext, publicId: string): Promise<LimitRule>
  /** An operator's; owners' limits stand on their keys. */
  rules(): LimitRule[]
  rule(publicId: string): LimitRule | null
  /** Refusals of each rule on the present UTC day. */
  hitsToday(): Map<RuleId, number>

  /** @throws AppError validation_failed with formErrors by kind, above what the operator allows */
  setKeyLimitsIn(tx: Tx, input: { keyId: KeyId; keyPublicId: string; limits: KeyLimitsInput }): void
  setKeyLimits(ctx: WriteContext, input: { keyId: KeyId; keyPublicId: string; limits: KeyLimitsInput }): Promise<void>
  keyLimits(key: KeyOf): KeyLimits

  /** What a person may spend of a team's wallet. @throws AppError validation_failed with formErrors by kind */
  setMemberLimitsIn(tx: Tx, input: MemberOf & { teamPublicId: string; person: string; limits: MemberLimitsInput }): void
  /** Day and month of a team's wallet for one person, whether or not they are limited. */
  memberUse(member: MemberOf): MemberUse[]
  /** Whether anything bounds what they spend for the team; of a body, where one decides by it. */
  isMemberLimitedIn(tx: Tx, member: MemberOf): boolean
  /** @returns rules that went */
  dropMemberLimitsIn(tx: Tx, member: MemberOf): number

  /** Subjects in memory. */
  readonly tallies: number
  /** What `spendNamedIn` of a ticket counted was not spent after all. */
  giveBackIn(tx: Tx, places: readonly SpentAt[], chargedNano: number): void
  /** Notes which calls of a dead process held what. Before the ledger's own recovery. */
  noteDead(): Promise<void>
  /** Settles what they held by what the books charged for them. After the ledger's own recovery. @returns holds */
  recover(): Promise<number>
  /** Deletes counters whose window is over, and old refusals. @returns rows deleted, at most `rows` */
  forget(rows: number): Promise<number>
  flushHits(): Promise<void>
}
