// What happened in a wallet, newest first, by keyset: a page costs the same after a million charges as on the first day. Reads
// only, with whatever reader it is given: pages use the main thread's, exports the read Worker's.
import { type AccountId, type KeyId, nano } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"
import { findWallet, transactionIdOf } from "../books/store.ts"
import type { Mode, Owner } from "../books/types.ts"
import {
  chargeIds,
  type Direction,
  historyLots,
  historyRows,
  otherIds,
  ownIds,
  type Span,
  transactionSince,
} from "./store-history.ts"
import { chargeIdsOfKey, keysOfWallet } from "./store-keys.ts"
import type { HistoryQuery, HistoryRow } from "./types.ts"

const HISTORY_MAX = 1_000
/** Keys of one wallet that are looked up: a step each. More is a program that makes keys. */
const KEYS_MAX = 200
/** Charges, and whatever is none. */
const ANY = ["usage", null] as const

/** Newest first, also for the page above `afterId`. Unknown cursors count as none. */
export function history(sql: Reader, owner: Owner, mode: Mode, query: HistoryQuery): HistoryRow[] {
  const account = findWallet(sql, owner, mode)
  if (!account) return []
  const span = spanOf(sql, query)
  const direction = query.afterId !== undefined && query.beforeId === undefined ? "ASC" : "DESC"
  const limit = Math.max(1, Math.min(HISTORY_MAX, Math.trunc(query.limit)))
  return rowsOf(sql, account.id, pageIds(sql, account.id, query, span, direction, limit))
}

/** The wallet's own among these transactions, newest first; the ids of others are left out. */
export function historyOf(sql: Reader, owner: Owner, mode: Mode, transactionIds: readonly string[]): HistoryRow[] {
  const account = findWallet(sql, owner, mode)
  if (!account || transactionIds.length === 0) return []
  return rowsOf(sql, account.id, ownIds(sql, account.id, transactionIds.slice(0, HISTORY_MAX)))
}

/** Own keys that charges of the wallet name. Calls forget theirs with their details, so that it is none that was used long ago only. */
export function keysCharged(sql: Reader, owner: Owner, mode: Mode): KeyId[] {
  const account = findWallet(sql, owner, mode)
  return account ? keysOfWallet(sql, account.id, KEYS_MAX) : []
}

function spanOf(sql: Reader, { beforeId, afterId, fromMs, toMs }: HistoryQuery): Span {
  const above = afterId === undefined ? null : transactionIdOf(sql, afterId)
  const below = beforeId === undefined ? null : transactionIdOf(sql, beforeId)
  return {
    above: Math.max(above ?? 0, fromMs === undefined ? 0 : transactionSince(sql, fromMs) - 1),
    below: Math.min(
      below ?? Number.MAX_SAFE_INTEGER,
      toMs === undefined ? Number.MAX_SAFE_INTEGER : transactionSince(sql, toMs),
    ),
  }
}

function pageIds(
  sql: Reader,
  accountId: AccountId,
  { types, keyId }: Pick<HistoryQuery, "types" | "keyId">,
  span: Span,
  direction: Direction,
  limit: number,
): number[] {
  if (keyId !== undefined)
    return types && !types.includes("usage") ? [] : chargeIdsOfKey(sql, accountId, keyId, span, direction, limit)
  const found = (types ?? [...ANY]).flatMap((type) =>
    type === "usage"
      ? chargeIds(sql, accountId, span, direction, limit)
      : otherIds(sql, accountId, type, span, direction, limit),
  )
  return found.sort((a, b) => (direction === "DESC" ? b - a : a - b)).slice(0, limit)
}

/** The balance is what the wallet holds in all, held and not yet effective credits included. */
function rowsOf(sql: Reader, accountId: AccountId, ids: readonly number[]): HistoryRow[] {
  if (ids.length === 0) return []
  const lots = Map.groupBy(historyLots(sql, accountId, ids), (lot) => lot.id)
  return historyRows(sql, accountId, ids)
    .sort((a, b) => b.id - a.id)
    .map(({ id, amountNano, balanceAfterNano, ...rest }) => ({
      ...rest,
      amountNano: nano(amountNano),
      balanceBeforeNano: nano(balanceAfterNano - amountNano),
      balanceAfterNano: nano(balanceAfterNano),
      lots: (lots.get(id) ?? []).map(({ id: _, ...lot }) => ({ ...lot, amountNano: nano(lot.amountNano) })),
    }))
}
