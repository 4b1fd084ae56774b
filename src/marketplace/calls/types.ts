// The words of calls of products.
import type { ErrorCode, Nano, UserId } from "../../app/index.ts"
import type { marketKeys } from "../tables.ts"
import type { KeyAccess, QuotaPeriod } from "../types.ts"
import type { marketCalls } from "./tables.ts"

export type KeyRow = typeof marketKeys.$inferSelect
export type CallRow = typeof marketCalls.$inferSelect
export type KeyMode = "live" | "test"

/** Without its secrets, which nobody can read again. */
export interface ProductKey extends Omit<KeyRow, "hmacSecret" | "allowedIps" | "deniedIps"> {
  allowedIps: string[]
  deniedIps: string[]
  /** Calls with it have to be signed. */
  isSigned: boolean
  /** `api_live_Ab12` */
  prefix: string
  /** As far as it is written: up to half a minute behind. */
  lastUsedMs: number | null
  calls: number
  /** The secret before, while it still works. */
  ending: { prefix: string; endsMs: number } | null
}

export interface KeyTerms {
  name: string
  access?: KeyAccess
  /** Addresses and ranges as typed; none = from anywhere. */
  allowedIps?: readonly string[]
  deniedIps?: readonly string[]
  expiresMs?: number | null
}

export interface IssueKey extends KeyTerms {
  subscriptionId: number
  /** Who makes it: it calls in their name. */
  userId: UserId
  mode?: KeyMode
  /** Calls have to be signed with a secret beside the key. */
  signed?: boolean
}

/** A key as whose subscription it is names it. */
export interface ProductKeyRef {
  /** A person, or a team. */
  userId: UserId
  keyPublicId: string
}

/** What is left out stays. */
export interface EditKey extends ProductKeyRef, Partial<KeyTerms> {}

/** Shown once. */
export interface IssuedKey {
  publicId: string
  secret: string
  /** Where calls are signed. */
  signingSecret: string | null
}

export type KeyEnd = "owner" | "publisher" | "admin" | "subscription" | "reported" | "left"

/** How a quota stands. */
export interface QuotaStanding {
  period: QuotaPeriod
  startMs: number
  /** Excluded. */
  endMs: number
  limit: number
  /** May be above the limit where overages are paid. */
  used: number
}

/** What became of one call. */
export interface CallEnd {
  requestId: string
  atMs: number
  productId: number
  /** Null: it was refused before anybody knew. */
  subscriptionId: number | null
  keyId: number | null
  endpointId: number | null
  method: string
  path: string
  status: number
  errorCode: ErrorCode | null
  latencyMs: number
  upstreamMs: number | null
  units: number
  chargedNano: Nano
  bytesOut: number
  fromConsole: boolean
}
