// The figures around a history: totals of a UTC day, exact whatever page is looked at, and how many rows there are.
import { DAY_MS, nano } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"
import { findWallet } from "../books/store.ts"
import type { Mode, Owner } from "../books/types.ts"
import { callersApps, type Span, transactionSince } from "./store-history.ts"
import { countChargesOfKey } from "./store-keys.ts"
import { collectedOnDay, countCharges, countOthers, otherMovedIn } from "./store-statement.ts"
import type { CountQuery, DayMoved, StatementQuery } from "./types.ts"

/** What came in and went out on one UTC day, of the rows that the filter shows. */
export function movedOn(sql: Reader, owner: Owner, mode: Mode, day: number, query: StatementQuery): DayMoved {
  const account = findWallet(sql, owner, mode)
  if (!account) return { inNano: nano(0), outNano: nano(0) }
  const { types, clientId = null } = query
  const span = spanOf(sql, { fromMs: day * DAY_MS, toMs: (day + 1) * DAY_MS })
  const used = types && !types.includes("usage") ? 0 : collectedOnDay(sql, account.id, day, clientId)
  const rest = types?.filter((type) => type !== "usage") ?? null
  const none = clientId !== null || rest?.length === 0
  const other = none ? { inNano: 0, outNano: 0 } : otherMovedIn(sql, account.id, rest, span)
  return { inNano: nano(other.inNano), outNano: nano(other.outNano + used) }
}

/** Rows that the filter shows, exact below `max`; `max` means that many or more. */
export function countHistory(sql: Reader, owner: Owner, mode: Mode, query: CountQuery, max: number): number {
  const account = findWallet(sql, owner, mode)
  if (!account) return 0
  const { types, clientId, keyId } = query
  const span = spanOf(sql, query)
  if (keyId !== undefined)
    return types && !types.includes("usage") ? 0 : countChargesOfKey(sql, account.id, keyId, span, max)
  const apps = clientId === undefined ? callersApps(sql, account.id) : [clientId]
  // Charges, and whatever is none; calls alone belong to an app.
  const kinds = clientId === undefined ? (types ?? ["usage", null]) : ["usage" as const]
  let count = 0
  for (const kind of kinds) {
    if (kind !== "usage") count += countOthers(sql, account.id, kind, span, max - count)
    else for (const app of apps) count += countCharges(sql, account.id, app, span, max - count)
  }
  return count
}

const spanOf = (sql: Reader, { fromMs, toMs }: Pick<StatementQuery, "fromMs" | "toMs">): Span => ({
  above: fromMs === undefined ? 0 : transactionSince(sql, fromMs) - 1,
  below: toMs === undefined ? Number.MAX_SAFE_INTEGER : transactionSince(sql, toMs),
})
