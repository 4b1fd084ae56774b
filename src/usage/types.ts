// Words of usage: which kind of call a charge was, calls that were refused, and sums of both. Charged calls stand in the ledger's
// books; usage reads them there. Bodies of prompts are never stored.
import type { ClientId, KeyId, Log, Nano, PrincipalId, RouteId, UpstreamId, UserId } from "../app/index.ts"
import type { EndReason as ChargedEnd, UsageSource } from "../ledger/index.ts"
import type { Store, Tx } from "../store/index.ts"

export type { UsageSource } from "../ledger/index.ts"
export type Mode = "live" | "test"
/** The route of /v1 that was called, or a metered service; more come with their routes. */
export type Endpoint =
  | "chat"
  | "responses"
  | "messages"
  | "embeddings"
  | "images"
  | "image-edits"
  | "moderations"
  | "rerank"
  | "speech"
  | "transcriptions"
  | "translations"
  | "videos"
  | "metering"
  | "mcp"
  | "product"
/** `refused`: before any credits were held. */
export type EndReason = ChargedEnd | "refused"

/** What many calls have in common. A row of it is never changed. */
export interface Route {
  endpoint: Endpoint
  /** As the caller named it. */
  requested: string
  upstreamId: UpstreamId | null
  /** The model that answers there. */
  model: string
  /** Price snapshot that charges are computed from. */
  prices: string | null
}

/** A refused call: known caller, nothing charged. */
export interface RefusedCall {
  /** `req_…` */
  publicId: string
  atMs: number
  mode: Mode
  userId: UserId
  clientId: ClientId | null
  keyId: KeyId | null
  endpoint: Endpoint
  scope: string
  /** As the caller named it; "" when it did not come so far. */
  requested: string
  /** The same when there is such a model; else "". Names that callers invent are not counted apart. */
  model: string
  stream: boolean
  status: number
  errorCode: string
  latencyMs: number
}

/** A call, charged (also at 0) or refused. */
export interface UsageCall {
  /** `req_…` */
  publicId: string
  atMs: number
  mode: Mode
  callerId: PrincipalId
  clientId: ClientId | null
  keyId: KeyId | null
  developerId: PrincipalId | null
  endpoint: Endpoint | ""
  scope: string
  /** As the caller named it. */
  model: string
  upstreamId: UpstreamId | null
  upstreamModel: string | null
  stream: boolean
  status: number
  errorCode: string | null
  end: EndReason
  latencyMs: number
  firstTokenMs: number | null
  inputTokens: number
  cachedTokens: number
  outputTokens: number
  reasoningTokens: number
  /** What was counted beside tokens, as JSON: `{"image:1024x1024/hd":2}`. */
  units: string | null
  source: UsageSource
  /** Price snapshot the charge was computed from. */
  prices: string | null
  chargeNano: number
  upstreamNano: number
  developerNano: number
  platformNano: number
  collectedNano: number
  uncollectedNano: number
  /** `txn_…`; null when nothing was charged. */
  transactionId: string | null
}

export interface Totals {
  /** Refused ones included. */
  calls: number
  errors: number
  refused: number
  inputTokens: number
  outputTokens: number
  /** What the calls came to. */
  chargeNano: Nano
  /** What left the wallet for them; less than the charge when credits ran out on the way. */
  collectedNano: Nano
}
export interface UsageSummary {
  today: Totals
  month: Totals
  /** The UTC days asked for, oldest first, days without calls included. */
  days: { day: number; calls: number; collectedNano: Nano }[]
  /** Of the same days, dearest first; null: calls without an app. */
  byClient: ({ clientId: ClientId | null } & Totals)[]
  byScope: ({ scope: string } & Totals)[]
}
/** What was charged of one model or service, refused calls left out. */
export interface ModelUse extends Omit<Totals, "chargeNano"> {
  /** "" where the kind of call was cleared. */
  endpoint: Endpoint | ""
  model: string
}
export interface ClientUsage extends Totals {
  /** What the developer earned before maturity rules. */
  developerNano: Nano
}

export interface ClientDay {
  /** UTC day. */
  day: number
  calls: number
  errors: number
  refused: number
  developerNano: Nano
}

export interface ChargedCallsQuery {
  userId: UserId
  clientId: ClientId
  mode: Mode
  limit: number
  /** `req_…` of the last row of the page before: only what is older. */
  beforeId?: string | undefined
  /** `req_…` of the first row of the page after: the rows next to it that are newer. */
  afterId?: string | undefined
  /** ms UTC, first moment included. */
  fromMs?: number | undefined
  /** ms UTC, excluded. */
  toMs?: number | undefined
}

export interface ToolUse {
  /** Null: through no app. */
  clientId: ClientId | null
  calls: number
  errors: number
  collectedNano: Nano
  lastDay: number
}

export interface UsageDeps {
  store: Store
  log: Log
}

export interface Usage {
  /** The row of a kind of call, made when it is new: what its hold and its charge refer to. */
  routeIn(tx: Tx, route: Route): RouteId
  /** Notes that this app was answered, once. */
  answeredIn(tx: Tx, clientId: ClientId): void
  /** Gathered and written soon, never awaited by an answer; what cannot be written is tried again. */
  recordRefused(call: RefusedCall): void
  /** Writes what was refused until now. */
  flush(): Promise<void>
  /** The same, for the last time: what cannot be written then is logged. */
  stop(): Promise<void>
  /** A call that this person made through this app or this key; null when there is none. */
  byRequestId(userId: UserId, clientId: ClientId | null, publicId: string, keyId?: KeyId | null): UsageCall | null
  /** Rounds and tools of a call whose tools ran here, after its first round, which has the call's own name. */
  partsOf(userId: UserId, clientId: ClientId | null, publicId: string, keyId?: KeyId | null): UsageCall[]
  /** All charges of one request of a person, through whatever they made it, in order; any of their names finds it. A refused one stands alone. */
  requestOf(userId: UserId, publicId: string): UsageCall[]
  /** What requests came to in all, by their names; only those with more than one charge. */
  requestSums(userId: UserId, publicIds: readonly string[]): Map<string, { parts: number; collectedNano: Nano }>
  /** `days`: how many UTC days back `days`, `byClient` and `byScope` go, today included; 30 by default. */
  summary(userId: UserId, mode: Mode, atMs: number, days?: number): UsageSummary
  /** What a person's wallet paid between two UTC days, both included, dearest first. */
  byModel(userId: UserId, mode: Mode, fromDay: number, toDay: number): ModelUse[]
  /** What each app called of one group of tools between two UTC days, both included, dearest first. */
  toolsByClient(asked: { userId: UserId; mode: Mode; group: string; fromDay: number; toDay: number }): ToolUse[]
  /** Newest first. */
  recent(userId: UserId, limit: number): UsageCall[]
  /** An app pays for this call: it stands among its person's calls all the same. Written with the hold. */
  noteSponsoredIn(tx: Tx, call: { userId: UserId; callId: string; clientId: ClientId }): void
  /** Who paid for these calls of a person, where it was not they: a team, or a pool of the app's. */
  othersWhoPaid(userId: UserId, publicIds: readonly string[]): ReadonlyMap<string, PrincipalId>
  /** Of these calls of a person, those that an app paid for. */
  sponsoredOf(userId: UserId, publicIds: readonly string[]): ReadonlySet<string>
  /** The same of one key, among the newest 2,000 of each kind that the person made with any key. */
  recentOfKey(userId: UserId, keyId: KeyId, limit: number): UsageCall[]
  /** What an app did since a UTC day (default: the last 30). */
  byClient(clientId: ClientId, atMs: number, sinceDay?: number): ClientUsage
  /** The same by UTC day, oldest first, today included; 30 by default. */
  clientDays(clientId: ClientId, atMs: number, days?: number): ClientDay[]
  /** Charged calls by `req_…`; unknown ids are left out. For pages that show the owner's own ledger rows. */
  byRequestIds(publicIds: string[]): Map<string, UsageCall>
  /** Routes by id, for what has no charge yet, or is shown without it; unknown ids are left out. */
  routes(ids: readonly RouteId[]): Map<RouteId, Route>
  /** Calls of one app that something was collected for, as `txn_…`, in the order of the walk, by keyset. */
  chargedCalls(query: ChargedCallsQuery): string[]
  /** Ids of the clients this person ever called through. */
  clientsOf(userId: UserId): ClientId[]
  /** When this person last called through this app; null = never. @param payerId whose credits it spends; default: theirs */
  lastCallAt(userId: UserId, clientId: ClientId, payerId?: UserId): number | null
  /** When the app's first answered call was; null before it. */
  firstCallAt(clientId: ClientId): number | null
  /** Whether any app or key was ever answered. */
  wasCalled(): boolean
  /** What one answered call of this scope through this app usually costs; null where too few people or calls stand behind it. */
  typicalCharge(clientId: ClientId, scope: string, atMs: number): Nano | null
}
