// What the admin's pages count over the whole house. Reads other domains only through the views they publish (DESIGN §2), and
// runs in the read worker: sums over every user would stop streams on the main thread.
import type { Reader } from "../../store/index.ts"

export interface UpstreamHealth {
  upstream_id: number
  calls: number
  /** Calls that reached the upstream and ended in a server's error or a timeout. */
  errors: number
  /** Mean time to the first token of answered streams, and of whole answers otherwise; null without one. */
  answer_ms: number | null
  last_ms: number
}

/** The newest rows of the books looked at for calls: enough to judge by, few enough to be read at once. */
const RECENT_CALLS = 20_000

/** How each upstream did since `sinceMs`, among the newest calls; what fails in test mode was asked to. */
export const upstreamHealth = (reader: Reader, { sinceMs }: { sinceMs: number }): UpstreamHealth[] =>
  reader.all<UpstreamHealth>(
    `SELECT upstream_id, COUNT(*) AS calls, SUM(status >= 500) AS errors, MAX(at_ms) AS last_ms,
            CAST(AVG(CASE WHEN status < 400 THEN COALESCE(first_token_ms, latency_ms) END) AS INTEGER) AS answer_ms
       FROM v_usage_calls
      WHERE id > (SELECT MAX(id) FROM v_charges) - ? AND at_ms >= ? AND upstream_id IS NOT NULL AND mode = 'live'
      GROUP BY upstream_id`,
    RECENT_CALLS,
    sinceMs,
  )

export interface UpstreamSpend {
  upstream_id: number
  /** n$ that its answers cost upstream, by the prices they were charged at. */
  today_nano: number
  month_nano: number
}

/** What each upstream's answers cost in live mode since the first day, and on the last. */
export const upstreamSpend = (
  reader: Reader,
  { firstDay, today }: { firstDay: number; today: number },
): UpstreamSpend[] =>
  reader.all<UpstreamSpend>(
    `SELECT r.upstream_id, SUM(CASE WHEN h.day = ?1 THEN h.upstream_nano ELSE 0 END) AS today_nano, SUM(h.upstream_nano) AS month_nano
       FROM v_house_calls h JOIN v_usage_routes r ON r.id = h.route_id
      WHERE h.mode = 'live' AND h.day BETWEEN ?2 AND ?1 AND r.upstream_id > 0
      GROUP BY r.upstream_id`,
    today,
    firstDay,
  )
