// What happened in a wallet, as pages and exports ask for it.
import type { Nano } from "../app/index.ts"
import type { Bucket, TransactionType } from "./types.ts"

/** What one movement put into a lot (> 0) or took from it (< 0). */
export interface HistoryLot {
  /** `lot_…`. */
  publicId: string
  bucket: Bucket
  amountNano: Nano
  expiresMs: number | null
}

export interface HistoryRow {
  transactionId: string
  type: TransactionType
  atMs: number
  actor: string
  reason: string
  amountNano: Nano
  balanceBeforeNano: Nano
  balanceAfterNano: Nano
  /** Which lots, in the order they were spent. */
  lots: HistoryLot[]
  /** For charges: the call (`req_…`, the usage row's public id), its client and scope. */
  callId: string | null
  clientId: number | null
  scope: string | null
  usageId: number | null
}

export interface HistoryQuery {
  /** At most 1,000; pages take 50. */
  limit: number
  /** `txn_…` of the last row of the page before: only what is older. */
  beforeId?: string | undefined
  /** `txn_…` of the first row of the page after: the rows next to it that are newer. */
  afterId?: string | undefined
  types?: readonly TransactionType[] | undefined
  /** ms UTC, first moment included. */
  fromMs?: number | undefined
  /** ms UTC, excluded. */
  toMs?: number | undefined
}
