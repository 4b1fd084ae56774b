// SQL of the refused calls of one app, in a window of days.
import type { Reader } from "../store/index.ts"
import { narrowed, ONLY, REFUSED, type Row } from "./call-rows.ts"
import type { CallsQuery } from "./types-calls.ts"

export interface Window {
  from: number
  to: number
}

/** ?1 app, ?2 and ?3 first and last day. */
const REFUSED_OF_APP = `(SELECT DISTINCT user_id FROM refused_days WHERE client_id = ?1 AND day BETWEEN ?2 AND ?3) caller
  CROSS JOIN refused_calls c ON c.user_id = caller.user_id AND c.client_id = ?1
    AND c.at_ms >= ?2 * 86400000 AND c.at_ms < (?3 + 1) * 86400000`

export function refusedIn(reader: Reader, query: CallsQuery, { from, to }: Window): Row[] {
  if (!ONLY[query.only].refused) return []
  const { conditions, params } = narrowed(query, "c.public_id", "c.requested", 5)
  return reader.all<Row>(
    `SELECT ${REFUSED} FROM ${REFUSED_OF_APP} WHERE ${conditions}
     ORDER BY c.at_ms DESC, c.public_id DESC LIMIT ?4`,
    query.clientId,
    from,
    to,
    query.limit + 1,
    ...params,
  )
}
