// What a call leaves behind: one row, refused calls included, and a roll-up per day. Bodies of prompts are never stored.
import type { ClientId, Ids, Log, Nano, PrincipalId, UpstreamId, UserId } from "../app/index.ts"
import type { ResolvedHold } from "../ledger/index.ts"
import type { Store, Tx } from "../store/index.ts"

export type Mode = "live" | "test"
/** Sort of call; more come with their routes. */
export type CallKind = "chat"
export type UsageSource = "reported" | "estimated" | "none"
/** How a call ended; `recovered`: its process died and the ledger settled it at the next boot. */
export type EndReason = "done" | "refused" | "failed" | "client_gone" | "timeout" | "cut" | "recovered"

export interface UsageRow {
  /** `req_…`, also the hold's call id. */
  publicId: string
  atMs: number
  mode: Mode
  userId: UserId
  clientId: ClientId
  developerId: PrincipalId | null
  kind: CallKind
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
  source: UsageSource
  /** Price snapshot the charge was computed from. */
  prices: string | null
  chargeNano: number
  upstreamNano: number
  developerNano: number
  /** What of it was earned: less where little was collected or promo credits do not count. Kept in roll-ups; default: all. */
  earnedNano?: number
  platformNano: number
  collectedNano: number
  uncollectedNano: number
  transactionId: string | null
}

/** A refused call: known caller, nothing charged. */
export type RefusedRow = Pick<
  UsageRow,
  | "publicId"
  | "mode"
  | "userId"
  | "clientId"
  | "developerId"
  | "kind"
  | "scope"
  | "model"
  | "stream"
  | "status"
  | "latencyMs"
> & { errorCode: string }

/** A stored call. */
export type UsageCall = UsageRow & { id: number }

export interface Totals {
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
  /** Of the same days, dearest first. */
  byClient: ({ clientId: ClientId } & Totals)[]
  byScope: ({ scope: string } & Totals)[]
}
export interface ClientUsage extends Totals {
  users: number
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
export interface ChargedCalls {
  /** `txn_…` in the order of the walk. */
  transactionIds: string[]
  /** Set when the search stopped early: `req_…` to go on from. */
  scannedTo: string | null
}

export interface UsageDeps {
  store: Store
  ids: Ids
  log: Log
}

export interface Usage {
  /** Inserts the row and adds it to its day. @returns the row's id */
  recordIn(tx: Tx, row: UsageRow): number
  /** Queued, never awaited by an answer; a row that cannot be written is logged, not thrown. */
  recordRefused(row: RefusedRow): void
  /** The usage row of a call whose process died; pass as the ledger's `onResolved`. */
  recordResolvedIn(tx: Tx, resolved: ResolvedHold): void
  /** A call of this person made through this client; null when there is none. */
  byRequestId(userId: UserId, clientId: ClientId, publicId: string): UsageCall | null
  /** `days`: how many UTC days back `days`, `byClient` and `byScope` go, today included; 30 by default. */
  summary(userId: UserId, mode: Mode, atMs: number, days?: number): UsageSummary
  /** Newest first. */
  recent(userId: UserId, limit: number): UsageCall[]
  /** What an app did since a UTC day (default: the last 30). */
  byClient(clientId: ClientId, atMs: number, sinceDay?: number): ClientUsage
  /** The same by UTC day, oldest first, today included; 30 by default. */
  clientDays(clientId: ClientId, atMs: number, days?: number): ClientDay[]
  /** Calls by `req_…`; unknown ids are left out. For pages that show the owner's own ledger rows. */
  byRequestIds(publicIds: string[]): Map<string, UsageCall>
  /** Charged calls of one app, newest first, by keyset. */
  chargedCalls(query: ChargedCallsQuery): ChargedCalls
  /** Ids of the clients this person ever called through. */
  clientsOf(userId: UserId): number[]
  /** When this person last called through this app; null = never. */
  lastCallAt(userId: UserId, clientId: ClientId): number | null
  /** When the app's first answered call was; null before it. */
  firstCallAt(clientId: ClientId): number | null
}
