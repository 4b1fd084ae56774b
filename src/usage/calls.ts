// A person's calls by app, newest first, by keyset. Reads only.
import type { AccountId, ClientId, UserId } from "../app/index.ts"
import type { Reader } from "../store/index.ts"
import {
  chargeIdOf,
  chargeSince,
  chargesOfApp,
  clientsOfWallet,
  clientsRefused,
  lastOf,
  newestCharged,
  newestRefused,
  walletsOf,
} from "./store-calls.ts"
import type { ChargedCalls, ChargedCallsQuery, Mode, UsageCall } from "./types.ts"

/** Calls looked at for one page (about 5 ms): an app whose calls all failed, and so cost nothing, must not stop the thread. */
const SCAN_MAX = 4_000
const BATCH = 250

export const walletOf = (reader: Reader, userId: UserId, mode: Mode): AccountId | null =>
  walletsOf(reader, userId).find((wallet) => wallet.mode === mode)?.id ?? null

/**
 * Calls of one app that something was collected for, newest first: a range of the wallet's charges. `scannedTo` is set when the
 * page is short because enough was looked at: the cursor to go on from.
 */
export function chargedCalls(reader: Reader, query: ChargedCallsQuery): ChargedCalls {
  const { userId, clientId, mode, limit, beforeId, afterId, fromMs, toMs } = query
  const accountId = walletOf(reader, userId, mode)
  if (accountId === null) return { transactionIds: [], scannedTo: null }
  const cursor = (publicId: string | undefined) =>
    publicId === undefined ? null : chargeIdOf(reader, accountId, publicId)
  const span = {
    above: Math.max(cursor(afterId) ?? 0, fromMs === undefined ? 0 : chargeSince(reader, fromMs) - 1),
    below: Math.min(
      cursor(beforeId) ?? Number.MAX_SAFE_INTEGER,
      toMs === undefined ? Number.MAX_SAFE_INTEGER : chargeSince(reader, toMs),
    ),
  }
  const direction = afterId !== undefined && beforeId === undefined ? "ASC" : "DESC"
  const transactionIds: string[] = []
  for (let scanned = 0; scanned < SCAN_MAX; scanned += BATCH) {
    const calls = chargesOfApp(reader, accountId, clientId, span, direction, BATCH)
    for (const call of calls) {
      if (direction === "DESC") span.below = call.id
      else span.above = call.id
      if (call.isCollected === 1) transactionIds.push(`txn_${call.publicId.slice(4)}`)
      if (transactionIds.length === limit) return { transactionIds, scannedTo: null }
    }
    if (calls.length < BATCH) return { transactionIds, scannedTo: null }
    if (scanned + BATCH >= SCAN_MAX) return { transactionIds, scannedTo: calls.at(-1)!.publicId }
  }
  return { transactionIds, scannedTo: null }
}

/** Newest first over all apps and both modes: the newest of each, merged. Calls of one moment: the one that came last first. */
export function recentCalls(reader: Reader, userId: UserId, limit: number): UsageCall[] {
  const charged = walletsOf(reader, userId).flatMap(({ id }) =>
    [...clientsOfWallet(reader, id), null].flatMap((clientId) => newestCharged(reader, id, clientId, limit)),
  )
  const refused = [...clientsRefused(reader, userId), null].flatMap((clientId) =>
    newestRefused(reader, userId, clientId, limit),
  )
  return [...charged, ...refused].sort((a, b) => b.atMs - a.atMs || (a.publicId < b.publicId ? 1 : -1)).slice(0, limit)
}

export function clientsOf(reader: Reader, userId: UserId): ClientId[] {
  const charged = walletsOf(reader, userId).flatMap(({ id }) => clientsOfWallet(reader, id))
  return [...new Set([...charged, ...clientsRefused(reader, userId)])].sort((a, b) => a - b)
}

export function lastCallAt(reader: Reader, userId: UserId, clientId: ClientId): number | null {
  const wallets = walletsOf(reader, userId)
  const last = wallets.map(({ id }) => lastOf(reader, userId, id, clientId))
  return Math.max(lastOf(reader, userId, null, clientId), ...last) || null
}
