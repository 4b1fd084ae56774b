// What a call leaves behind: one row, refused calls included, and a roll-up per day. Bodies of prompts are never stored.
import type { Ids, Log, Nano } from "../app/index.ts"
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
  userId: number
  clientId: number
  developerId: number | null
  kind: CallKind
  scope: string
  /** As the caller named it. */
  model: string
  upstreamId: number | null
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
  chargeNano: Nano
}
export interface UsageSummary {
  today: Totals
  month: Totals
  /** The last 30 UTC days, oldest first, days without calls included. */
  days: { day: number; calls: number; chargeNano: Nano }[]
  /** Of the last 30 days, dearest first. */
  byClient: ({ clientId: number } & Totals)[]
  byScope: ({ scope: string } & Totals)[]
}
export interface ClientUsage extends Totals {
  users: number
  /** What the developer earned before maturity rules. */
  developerNano: Nano
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
  byRequestId(userId: number, clientId: number, publicId: string): UsageCall | null
  summary(userId: number, mode: Mode, atMs: number): UsageSummary
  /** Newest first. */
  recent(userId: number, limit: number): UsageCall[]
  /** What an app did since a UTC day (default: the last 30). */
  byClient(clientId: number, atMs: number, sinceDay?: number): ClientUsage
  /** Calls by `req_…`; unknown ids are left out. For pages that show the owner's own ledger rows. */
  byRequestIds(publicIds: string[]): Map<string, UsageCall>
  /** When this person last called through this app; null = never. */
  lastCallAt(userId: number, clientId: number): number | null
  /** When the app's first answered call was; null before it. */
  firstCallAt(clientId: number): number | null
}
