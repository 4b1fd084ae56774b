// The door of `usage`: call rows and their roll-ups. Knows no prices and no wallets; figures come in as arguments.
import { PricesMemory, recordIn, recordRefused, recordResolvedIn } from "./record.ts"
import { callsByIds, findCall, firstAnsweredCall, lastCallOf, recentCalls } from "./store.ts"
import { byClient, summary } from "./summary.ts"
import type { Usage, UsageDeps } from "./types.ts"

export type * from "./types.ts"

export function createUsage(deps: UsageDeps): Usage {
  const { read } = deps.store
  const prices = new PricesMemory()
  return {
    recordIn: (tx, row) => recordIn(prices, tx, row),
    recordRefused: (row) => recordRefused(deps, prices, row),
    recordResolvedIn: (tx, resolved) => recordResolvedIn(prices, tx, resolved),
    byRequestId: (userId, clientId, publicId) => findCall(read, userId, clientId, publicId),
    summary: (userId, mode, atMs) => summary(read, userId, mode, atMs),
    recent: (userId, limit) => recentCalls(read, userId, limit),
    byClient: (clientId, atMs, sinceDay) => byClient(read, clientId, atMs, sinceDay),
    byRequestIds: (publicIds) => new Map(callsByIds(read, publicIds).map((call) => [call.publicId, call])),
    lastCallAt: (userId, clientId) => lastCallOf(read, userId, clientId),
    firstCallAt: (clientId) => firstAnsweredCall(read, clientId),
  }
}
