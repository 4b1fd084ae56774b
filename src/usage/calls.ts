// A person's calls by app, newest first, by keyset. Reads only.
import type { UserId } from "../app/index.ts"
import type { Reader } from "../store/index.ts"
import { callIdOf, callSince, callsOfApp, clientIdsOf, newestOf } from "./store-calls.ts"
import type { ChargedCalls, ChargedCallsQuery, UsageCall } from "./types.ts"

/** Calls looked at for one page (about 5 ms): an app whose calls were all refused must not stop the thread. */
const SCAN_MAX = 4_000
const BATCH = 250

/**
 * Calls of one app that were charged, newest first. `scannedTo` is set when the page is short because enough was looked at:
 * the cursor to go on from.
 */
export function chargedCalls(reader: Reader, query: ChargedCallsQuery): ChargedCalls {
  const { userId, clientId, mode, limit, beforeId, afterId, fromMs, toMs } = query
  const cursor = (publicId: string | undefined) => (publicId === undefined ? null : callIdOf(reader, userId, publicId))
  const span = {
    above: Math.max(cursor(afterId) ?? 0, fromMs === undefined ? 0 : callSince(reader, fromMs) - 1),
    below: Math.min(
      cursor(beforeId) ?? Number.MAX_SAFE_INTEGER,
      toMs === undefined ? Number.MAX_SAFE_INTEGER : callSince(reader, toMs),
    ),
  }
  const direction = afterId !== undefined && beforeId === undefined ? "ASC" : "DESC"
  const transactionIds: string[] = []
  for (let scanned = 0; scanned < SCAN_MAX; scanned += BATCH) {
    const calls = callsOfApp(reader, userId, clientId, span, direction, BATCH)
    for (const call of calls) {
      if (direction === "DESC") span.below = call.id
      else span.above = call.id
      if (call.transactionId !== null && call.mode === mode) transactionIds.push(call.transactionId)
      if (transactionIds.length === limit) return { transactionIds, scannedTo: null }
    }
    if (calls.length < BATCH) return { transactionIds, scannedTo: null }
    if (scanned + BATCH >= SCAN_MAX) return { transactionIds, scannedTo: calls.at(-1)!.publicId }
  }
  return { transactionIds, scannedTo: null }
}

/** Newest first over all apps: the newest of each, merged. */
export const recentCalls = (reader: Reader, userId: UserId, limit: number): UsageCall[] =>
  clientIdsOf(reader, userId)
    .flatMap((clientId) => newestOf(reader, userId, clientId, limit))
    .sort((a, b) => b.id - a.id)
    .slice(0, limit)
