// The door of `usage`: kinds of calls, refused calls, and reads of both with the charges of the books. Knows no prices and no wallets.
import { chargedCalls, clientsOf, lastCallAt, recentCalls, recentOfKey } from "./calls.ts"
import { Refused } from "./refused.ts"
import { requestOf, requestSums } from "./requests.ts"
import { RoutesMemory } from "./routes.ts"
import { firstCallOf, hasFirstCall, routesByIds } from "./store.ts"
import { callsByIds, findCall, partsOf } from "./store-calls.ts"
import { noteSponsored, othersWhoPaid, sponsoredOf } from "./store-payers.ts"
import { byClient, byModel, clientDays, summary, toolsByClient } from "./summary.ts"
import type { Usage, UsageDeps } from "./types.ts"
import { typicalCharge } from "./typical.ts"

export { chargedCalls as readChargedCalls, isForgotten } from "./calls.ts"
export { usagePart } from "./part.ts"
export { partNumberOf, requestIdOf } from "./requests.ts"
export { CALLS_DAYS } from "./settings.ts"
export { callsByIds as readCalls } from "./store-calls.ts"
export type * from "./types.ts"

export function createUsage(deps: UsageDeps): Usage {
  const { read } = deps.store
  const routes = new RoutesMemory()
  const refused = new Refused(deps)
  return {
    routeIn: (tx, route) => routes.routeIn(tx, route),
    answeredIn: (tx, clientId) => routes.answeredIn(tx, clientId),
    recordRefused: (call) => refused.note(call),
    flush: () => refused.flush(),
    stop: () => refused.stop(),
    byRequestId: (userId, clientId, publicId, keyId = null) => findCall(read, { userId, clientId, keyId }, publicId),
    partsOf: (userId, clientId, publicId, keyId = null) => partsOf(read, { userId, clientId, keyId }, publicId),
    requestOf: (userId, publicId) => requestOf(read, userId, publicId),
    requestSums: (userId, publicIds) => requestSums(read, userId, publicIds),
    summary: (userId, mode, atMs, days) => summary(read, userId, mode, atMs, days),
    toolsByClient: (asked) => toolsByClient(read, asked),
    byModel: (userId, mode, fromDay, toDay) => byModel(read, userId, mode, fromDay, toDay),
    noteSponsoredIn: (tx, call) => noteSponsored(tx, call),
    othersWhoPaid: (userId, publicIds) =>
      new Map(othersWhoPaid(read, userId, publicIds).map(({ publicId, payerId }) => [publicId, payerId])),
    sponsoredOf: (userId, publicIds) => new Set(sponsoredOf(read, userId, publicIds)),
    recent: (userId, limit) => recentCalls(read, userId, limit),
    recentOfKey: (userId, keyId, limit) => recentOfKey(read, userId, keyId, limit),
    byClient: (clientId, atMs, sinceDay) => byClient(read, clientId, atMs, sinceDay),
    clientDays: (clientId, atMs, days) => clientDays(read, clientId, atMs, days),
    byRequestIds: (publicIds) => new Map(callsByIds(read, publicIds).map((call) => [call.publicId, call])),
    routes: (ids) => new Map(routesByIds(read, ids).map(({ id, ...route }) => [id, route])),
    chargedCalls: (query) => chargedCalls(read, query),
    clientsOf: (userId) => clientsOf(read, userId),
    lastCallAt: (userId, clientId, payerId = userId) => lastCallAt(read, userId, clientId, payerId),
    firstCallAt: (clientId) => firstCallOf(read, clientId),
    wasCalled: () => hasFirstCall(read),
    typicalCharge: (clientId, scope, atMs) => typicalCharge(read, clientId, scope, atMs),
  }
}
