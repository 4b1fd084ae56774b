// A person's calls by app, newest first, by keyset. Reads only.
import type { AccountId, ClientId, KeyId, UserId } from "../app/index.ts"
import type { Reader } from "../store/index.ts"
import {
  chargeIdOf,
  chargeSince,
  clientsOfWallet,
  clientsRefused,
  collectedCalls,
  lastOf,
  newestCharged,
  newestOfKey,
  newestRefused,
  newestRefusedOfTeam,
  newestSponsored,
  refusedOfKey,
  walletsOf,
} from "./store-calls.ts"
import type { ChargedCallsQuery, Mode, UsageCall } from "./types.ts"

export const walletOf = (reader: Reader, userId: UserId, mode: Mode): AccountId | null =>
  walletsOf(reader, userId).find((wallet) => wallet.mode === mode)?.id ?? null

/** Only what it cost is known any more: it is older than calls are kept. */
export const isForgotten = ({ endpoint, inputTokens, outputTokens }: UsageCall): boolean =>
  endpoint === "" && inputTokens === 0 && outputTokens === 0

/** Calls of one app that something was collected for, newest first: a range of the wallet's charges. @returns `txn_…` */
export function chargedCalls(reader: Reader, query: ChargedCallsQuery): string[] {
  const { userId, clientId, mode, limit, beforeId, afterId, fromMs, toMs } = query
  const accountId = walletOf(reader, userId, mode)
  if (accountId === null) return []
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
  const calls = collectedCalls(reader, accountId, clientId, span, direction, limit)
  return calls.map((publicId) => `txn_${publicId.slice(4)}`)
}

/** Newest first over all apps and both modes: the newest of each, merged. */
export function recentCalls(reader: Reader, userId: UserId, limit: number): UsageCall[] {
  const charged = walletsOf(reader, userId).flatMap(({ id }) =>
    [...clientsOfWallet(reader, id), null].flatMap((clientId) => [
      ...newestCharged(reader, id, clientId, 1, limit),
      ...newestCharged(reader, id, clientId, 0, limit),
    ]),
  )
  const refused = [...clientsRefused(reader, userId), null].flatMap((clientId) =>
    newestRefused(reader, userId, clientId, limit),
  )
  const ofTeam = newestRefusedOfTeam(reader, userId, limit)
  return newestFirst([...charged, ...newestSponsored(reader, userId, limit), ...refused, ...ofTeam]).slice(0, limit)
}

/** The same of one key of theirs. */
export function recentOfKey(reader: Reader, userId: UserId, keyId: KeyId, limit: number): UsageCall[] {
  const charged = walletsOf(reader, userId).flatMap(({ id }) => [
    ...newestOfKey(reader, id, keyId, 1, limit),
    ...newestOfKey(reader, id, keyId, 0, limit),
  ])
  return newestFirst([...charged, ...refusedOfKey(reader, userId, keyId, limit)]).slice(0, limit)
}

/** Calls of one moment: the one that came last first. */
const newestFirst = (calls: UsageCall[]): UsageCall[] =>
  calls.sort((a, b) => b.atMs - a.atMs || (a.publicId < b.publicId ? 1 : -1))

export function clientsOf(reader: Reader, userId: UserId): ClientId[] {
  const charged = walletsOf(reader, userId).flatMap(({ id }) => clientsOfWallet(reader, id))
  return [...new Set([...charged, ...clientsRefused(reader, userId)])].sort((a, b) => a - b)
}

export function lastCallAt(reader: Reader, userId: UserId, clientId: ClientId, payerId: UserId): number | null {
  const wallets = walletsOf(reader, payerId)
  const last = wallets.map(({ id }) => lastOf(reader, userId, id, clientId))
  return Math.max(lastOf(reader, userId, null, clientId), ...last) || null
}
