// The chain hash: SHA-256 over the hash before and the canonical fields of a transaction. Never hashes anything that may
// name a person (actor, on_behalf_of, request_id, reason), so that erasing a person leaves the proof intact (DESIGN §3).
import type { AccountId, HoldId, LotId, UsageId } from "../../app/index.ts"

/** What stands before the first transaction. */
export const GENESIS = new Uint8Array(32)

export interface ChainRow {
  id: number
  publicId: string
  type: string
  mode: string
  atMs: number
  key: string | null
  reverses: number | null
  holdId: HoldId | null
  usageId: UsageId | null
}

export interface ChainEntry {
  accountId: AccountId
  amountNano: number
  lotId: LotId | null
}

/** Canonical text: a JSON array in this order, entries in their `seq` order. Changing it breaks every existing chain. */
export function chainHash(prevHash: Uint8Array, row: ChainRow, entries: readonly ChainEntry[]): Uint8Array {
  const text = JSON.stringify([
    hex(prevHash),
    row.id,
    row.publicId,
    row.type,
    row.mode,
    row.atMs,
    row.key,
    row.reverses,
    row.holdId,
    row.usageId,
    entries.map((entry) => [entry.accountId, entry.amountNano, entry.lotId]),
  ])
  return Bun.SHA256.hash(text) as Uint8Array
}

export const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex")
