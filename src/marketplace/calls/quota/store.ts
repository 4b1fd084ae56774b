// SQL of units used. Nobody else writes these tables.
import { insertRow, type Reader, remember, type Tx } from "../../../store/index.ts"
import { marketQuotaUse } from "../../tables.ts"
import type { QuotaPeriod } from "../../types.ts"
import { marketQuotaNotices, marketRateUse } from "../tables.ts"

export interface UseRow {
  period: QuotaPeriod
  startMs: number
  endMs: number
  used: number
}

export const useOf = (reader: Reader, subscriptionId: number): UseRow[] =>
  reader.all(
    "SELECT period, start_ms AS startMs, end_ms AS endMs, used FROM market_quota_use WHERE subscription_id = ?",
    subscriptionId,
  )

/** What runs is used by nearly every call of its subscription. Rows that are not there yet are an answer, too. */
export const knownUse = remember({ of: [marketQuotaUse], load: useOf, absence: true })

export const beginPeriod = (tx: Tx, subscriptionId: number, { period, startMs, endMs }: Omit<UseRow, "used">): void =>
  void insertRow(
    tx,
    marketQuotaUse,
    { subscriptionId, period, startMs, endMs, used: 0 },
    `ON CONFLICT (subscription_id, period) DO UPDATE SET start_ms = excluded.start_ms, end_ms = excluded.end_ms, used = 0`,
  )

/** In every period: all of them are present ones. */
export const addUsed = (tx: Tx, subscriptionId: number, units: number): void =>
  void tx.run("UPDATE market_quota_use SET used = used + ? WHERE subscription_id = ?", units, subscriptionId)

/** Only in the periods that it was taken from: one that began since owes nothing. */
export const takeBack = (tx: Tx, subscriptionId: number, units: number, starts: readonly number[]): void =>
  void tx.run(
    `UPDATE market_quota_use SET used = max(0, used - ?) WHERE subscription_id = ? AND start_ms IN (${starts.map(() => "?").join(", ")})`,
    units,
    subscriptionId,
    ...starts,
  )

/** It begins anew here, so that what is given back of before finds another period. */
export const resetUse = (tx: Tx, subscriptionId: number): void =>
  void tx.run(
    `UPDATE market_quota_use SET used = 0, start_ms = CASE WHEN ?1 > start_ms AND ?1 < end_ms THEN ?1 ELSE start_ms + 1 END
     WHERE subscription_id = ?2 AND end_ms > start_ms + 1`,
    tx.now,
    subscriptionId,
  )

// ---- who was told ------------------------------------------------------------------------------------------------

/** @returns whether this is the first time in this period */
export function markTold(
  tx: Tx,
  one: { subscriptionId: number; period: QuotaPeriod; percent: number; startMs: number },
): boolean {
  const known = tx.get<{ startMs: number }>(
    "SELECT start_ms AS startMs FROM market_quota_notices WHERE subscription_id = ? AND period = ? AND percent = ?",
    one.subscriptionId,
    one.period,
    one.percent,
  )
  if (known && known.startMs >= one.startMs) return false
  const later = "ON CONFLICT (subscription_id, period, percent) DO UPDATE SET start_ms = excluded.start_ms"
  insertRow(tx, marketQuotaNotices, one, later)
  return true
}

// ---- windows of an hour ------------------------------------------------------------------------------------------

export const hourOf = (reader: Reader, subscriptionId: number, endpointId: number) =>
  reader.get<{ startMs: number; used: number }>(
    "SELECT start_ms AS startMs, used FROM market_rate_use WHERE subscription_id = ? AND endpoint_id = ?",
    subscriptionId,
    endpointId,
  )

export const saveHour = (tx: Tx, row: typeof marketRateUse.$inferSelect): void =>
  void insertRow(
    tx,
    marketRateUse,
    row,
    "ON CONFLICT (subscription_id, endpoint_id) DO UPDATE SET start_ms = excluded.start_ms, used = excluded.used",
  )
