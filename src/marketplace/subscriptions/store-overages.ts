// SQL of what calls were charged above plans, period by period, for invoices and pages. Calls write it; here it is read.
import type { Nano } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"

export interface OverageLine {
  planId: number
  termsId: number
  /** Null: units above the quota. */
  endpoint: string | null
  unitNano: Nano
  units: number
  nano: Nano
  commissionNano: Nano
}

/** Of one period, as an invoice lists them. */
export const overageLines = (reader: Reader, subscriptionId: number, periodStartMs: number): OverageLine[] =>
  reader.all<OverageLine>(
    `SELECT t.plan_id AS planId, o.terms_id AS termsId, e.method || ' ' || e.path AS endpoint, o.unit_nano AS unitNano, o.units,
            o.nano, o.commission_nano AS commissionNano
     FROM market_overages o JOIN market_plan_terms t ON t.id = o.terms_id LEFT JOIN market_endpoints e ON e.id = o.endpoint_id
     WHERE o.subscription_id = ? AND o.period_start_ms = ? AND o.units > 0 ORDER BY o.terms_id, o.endpoint_id, o.unit_nano`,
    subscriptionId,
    periodStartMs,
  )

/** Periods that are over for so long that nothing runs in them any more, and whose overages no bill has yet. */
export const unbilledPeriods = (reader: Reader, nowMs: number, leewayMs: number, limit: number) =>
  reader.all<{ subscriptionId: number; periodStartMs: number }>(
    `SELECT DISTINCT o.subscription_id AS subscriptionId, o.period_start_ms AS periodStartMs
     FROM market_overages o JOIN market_subscriptions s ON s.id = o.subscription_id
     WHERE o.units > 0 AND (o.period_start_ms < s.period_start_ms AND s.period_start_ms <= ?1 - ?2 OR s.ended_ms <= ?1 - ?2)
       AND NOT EXISTS (SELECT 1 FROM market_bills b WHERE b.subscription_id = o.subscription_id AND b.kind = 'overage'
                         AND b.start_ms = o.period_start_ms)
     ORDER BY o.subscription_id, o.period_start_ms LIMIT ?3`,
    nowMs,
    leewayMs,
    limit,
  )

/** Where a period that began at a moment ended: as it was billed, unless another one began before, or the subscription ended. */
export const periodEnd = (reader: Reader, subscriptionId: number, periodStartMs: number): number | null =>
  reader.get<{ endMs: number | null }>(
    `WITH b AS (SELECT start_ms, end_ms FROM market_bills WHERE subscription_id = ?1 AND kind <> 'overage' AND state <> 'void'),
       own AS (SELECT COALESCE(MAX(end_ms), 0) AS end_ms FROM b WHERE start_ms = ?2)
     SELECT MIN(at) AS endMs FROM (
       SELECT end_ms AS at FROM own WHERE end_ms > 0
       UNION ALL SELECT b.start_ms FROM b, own WHERE b.start_ms > ?2 AND b.end_ms > own.end_ms
       UNION ALL SELECT ended_ms FROM market_subscriptions WHERE id = ?1 AND ended_ms > ?2)`,
    subscriptionId,
    periodStartMs,
  )!.endMs

/** n$ of a period so far. */
export const overageSoFar = (reader: Reader, subscriptionId: number, periodStartMs: number): Nano =>
  reader.get<{ nano: Nano }>(
    "SELECT COALESCE(SUM(nano), 0) AS nano FROM market_overages WHERE subscription_id = ? AND period_start_ms = ?",
    subscriptionId,
    periodStartMs,
  )!.nano
