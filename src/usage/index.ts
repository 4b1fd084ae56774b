// The door of `usage`: call rows and their roll-ups. Knows no prices and no wallets; figures come in as arguments.
import { chargedCalls, recentCalls } from "./calls.ts"
import { PricesMemory, recordIn, recordRefused, recordResolvedIn } from "./record.ts"
import { callsByIds, findCall, firstAnsweredCall, lastCallOf } from "./store.ts"
import { clientIdsOf } from "./store-calls.ts"
import { byClient, clientDays, summary } from "./summary.ts"
import type { Usage, UsageDeps } from "./types.ts"

export { chargedCalls as readChargedCalls } from "./calls.ts"
export { usagePart } from "./part.ts"
export { callsByIds as readCalls } from "./store.ts"
export type * from "./types.ts"

export function createUsage(deps: UsageDeps): Usage {
  const { read } = deps.store
  const prices = new PricesMemory()
  return {
    recordIn: (tx, row) => recordIn(prices, tx, row),
    recordRefused: (row) => recordRefused(deps, prices, row),
    recordResolvedIn: (tx, resolved) => recordResolvedIn(prices, tx, resolved),
    byRequestId: (userId, clientId, publicId) => findCall(read, userId, clientId, publicId),
    summary: (userId, mode, atMs, days) => summary(read, userId, mode, atMs, days),
    recent: (userId, limit) => recentCalls(read, userId, limit),
    byClient: (clientId, atMs, sinceDay) => byClient(read, clientId, atMs, sinceDay),
    clientDays: (clientId, atMs, days) => clientDays(read, clientId, atMs, days),
    byRequestIds: (publicIds) => new Map(callsByIds(read, publicIds).map((call) => [call.publicId, call])),
    chargedCalls: (query) => chargedCalls(read, query),
    clientsOf: (userId) => clientIdsOf(read, userId),
    lastCallAt: (userId, clientId) => lastCallOf(read, userId, clientId),
    firstCallAt: (clientId) => firstAnsweredCall(read, clientId),
  }
}
