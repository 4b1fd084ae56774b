// The chain hash: SHA-256 over the hash before and the canonical fields of a charge or transaction. Never hashes what may name a
// person or describes a call (actor, on_behalf_of, request_id, reason; client, model, tokens), so that erasing leaves the proof intact
// (DESIGN §3).
import type { AccountId, LotId, TransactionId } from "../../app/index.ts"

/** What stands before the first link, as hex. */
export const GENESIS = "0".repeat(64)

export interface ChainRow {
  id: number
  publicId: string
  type: string
  mode: string
  atMs: number
  key: string | null
  reverses: number | null
  chargeId: TransactionId | null
}

export interface ChainEntry {
  accountId: AccountId
  amountNano: number
  lotId: LotId | null
}

export interface ChainCharge {
  id: number
  callId: string
  mode: string
  atMs: number
  accountId: AccountId
  chargeNano: number
  upstreamNano: number
  developerNano: number
  collectedNano: number
  pendingId: AccountId | null
  earnedNano: number
  promoEarnedNano: number
}

/** Canonical text: a JSON array in this order, entries in their `seq` order. Changing it breaks every existing chain. */
export function chainHash(prev: string, row: ChainRow, entries: readonly ChainEntry[]): Uint8Array {
  return sha256([
    prev,
    row.id,
    row.publicId,
    row.type,
    row.mode,
    row.atMs,
    row.key,
    row.reverses,
    row.chargeId,
    entries.map((entry) => [entry.accountId, entry.amountNano, entry.lotId]),
  ])
}

/** The same of a charge; `lots`: pairs of lot and amount, in the order they were spent. */
export function chargeHash(prev: string, row: ChainCharge, lots: readonly (readonly [LotId, number])[]): Uint8Array {
  return sha256([
    prev,
    row.id,
    row.callId,
    "usage",
    row.mode,
    row.atMs,
    row.accountId,
    lots,
    row.chargeNano,
    row.upstreamNano,
    row.developerNano,
    row.collectedNano,
    row.pendingId,
    row.earnedNano,
    row.promoEarnedNano,
  ])
}

const sha256 = (fields: readonly unknown[]): Uint8Array => Bun.SHA256.hash(JSON.stringify(fields)) as Uint8Array

export const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex")
