// The calls of an app one by one, as its developer may see them: never what was said.
import type { ClientId, Nano } from "../app/index.ts"

export interface AppCall {
  /** `req_…` */
  requestId: string
  atMs: number
  /** Who called: `usr_…`; null: nobody known any more. */
  userId: string | null
  /** "" where it was forgotten by age. */
  endpoint: string
  /** As the call named it. */
  model: string
  scope: string
  stream: boolean
  status: number
  errorCode: string | null
  /** How it ended: `done`, `client_gone`, `refused`, … */
  end: string
  latencyMs: number
  firstTokenMs: number | null
  inputTokens: number
  cachedTokens: number
  outputTokens: number
  reasoningTokens: number
  chargeNano: Nano
  earnedNano: Nano
}

/** Before this call, newest first. */
export interface CallPlace {
  atMs: number
  requestId: string
}

export type CallsOnly = "all" | "answered" | "failed" | "refused"

export interface CallsQuery {
  clientId: ClientId
  /** The newest UTC day that may be shown, and the oldest. */
  span: { from: number; to: number }
  before: CallPlace | null
  only: CallsOnly
  /** As calls named it. */
  model?: string | undefined
  limit: number
}

export interface CallsPage {
  calls: AppCall[]
  /** Where the next page begins; null: there is none. */
  next: CallPlace | null
}

export type HealthQuery = Pick<CallsQuery, "clientId" | "span">

/** How an app is, over UTC days. */
export interface Health {
  /** Failed and refused ones by code, the most frequent first. */
  errors: { code: string; refused: 0 | 1; calls: number; people: number }[]
  /** Calls whose credits were not taken: refused for want of them, or answered and not paid in full (code ""), with what is missing. */
  unpaid: { code: string; refused: 0 | 1; calls: number; people: number; missingNano: Nano }[]
  /** Answered calls by how long they took: above the bound before and within this one; null: longer than all. */
  times: { withinMs: number | null; calls: number }[]
  /** The slowest answered ones. */
  slow: AppCall[]
}
