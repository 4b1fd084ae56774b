// What pages of prices count over the whole house, in the read Worker: refused calls of models without a price, and last month's calls
// as other prices or rules would have charged them. Bounded in rows.
import { firstIdSince, type Reader } from "../../store/index.ts"

export interface UnpricedCalls {
  /** As callers named it. */
  model: string
  calls: number
  people: number
}

/** Names that were asked for most, and more would not be looked through by anybody. */
const NAMES_MAX = 500

/** @param sinceDay first UTC day */
export const unpricedCalls = (reader: Reader, { sinceDay }: { sinceDay: number }): UnpricedCalls[] =>
  reader.all<UnpricedCalls>(
    `SELECT model, SUM(calls) AS calls, COUNT(DISTINCT user_id) AS people FROM v_usage_unpriced
      WHERE day >= ? AND mode = 'live' GROUP BY model ORDER BY calls DESC LIMIT ?`,
    sinceDay,
    NAMES_MAX,
  )

export interface PastCall {
  route_id: number
  caller_id: number
  client_id: number | null
  charge_nano: number
  upstream_nano: number
  developer_nano: number
  input_tokens: number
  cached_tokens: number
  output_tokens: number
  reasoning_tokens: number
  /** JSON by kind: {"images": 2}. */
  units: string | null
}

export interface PastRoute {
  id: number
  model: string
  snapshot: string
}

/** Newest rows of the books that are looked through for a preview: about a second of the Worker. */
const SCANNED_MAX = 200_000
/** Of those, calls that are charged anew: some 5 µs each. */
const CALLS_MAX = 50_000

const CHARGE_AT = "SELECT at_ms AS atMs FROM v_charges WHERE id >= ? ORDER BY id LIMIT 1"

/** Kinds of calls with what they were charged at. */
export const pastRoutes = (reader: Reader): PastRoute[] =>
  reader.all<PastRoute>("SELECT id, model, snapshot FROM v_usage_routes")

/**
 * Live calls of these routes that came to something, newest first.
 * @returns isCut: there were more than are given
 */
export function pastCalls(
  reader: Reader,
  { routes, sinceMs }: { routes: readonly number[]; sinceMs: number },
): { calls: PastCall[]; isCut: boolean } {
  const last = reader.get<{ id: number | null }>("SELECT MAX(id) AS id FROM v_charges")?.id ?? 0
  const first = firstIdSince(reader, CHARGE_AT, last, sinceMs)
  const from = Math.max(first, last - SCANNED_MAX + 1)
  const calls = reader.all<PastCall>(
    `SELECT route_id, caller_id, client_id, charge_nano, upstream_nano, developer_nano, input_tokens, cached_tokens, output_tokens,
            reasoning_tokens, units
       FROM v_charges
      WHERE id >= ? AND mode = 'live' AND usage_source <> 'none' AND route_id IN (SELECT value FROM json_each(?))
      ORDER BY id DESC LIMIT ?`,
    from,
    JSON.stringify(routes),
    CALLS_MAX + 1,
  )
  return { calls: calls.slice(0, CALLS_MAX), isCut: calls.length > CALLS_MAX || from > first }
}
