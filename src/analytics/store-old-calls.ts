// SQL of the calls of one app, where what is packed does not reach so far back yet. The books have no index by app, which every settle would
// pay for. A busy app fills its page from the newest calls of the house; of others, who called on a day is a range of the folded days, and
// the calls of one person through one app are a range of their own: a window of days is walked person by person, in the read Worker, and
// windows grow until a page is full.
import { DAY_MS } from "../app/index.ts"
import type { Reader } from "../store/index.ts"
import { CHARGED, narrowed, newestFirst, ONLY, ROUTE, type Row } from "./call-rows.ts"
import { idSince } from "./store-packs.ts"
import { refusedIn, type Window } from "./store-refused.ts"
import type { CallsQuery } from "./types-calls.ts"

/**
 * ?1 app, ?2 and ?3 first and last day, ?4 and ?5 first id and the one behind the last. UNION ALL: for a UNION SQLite would read all of
 * the books in the order of their wallets.
 */
export const CHARGES_OF_APP = `(SELECT DISTINCT account_id FROM (
    SELECT account_id FROM v_charge_days WHERE client_id = ?1 AND day BETWEEN ?2 AND ?3
    UNION ALL SELECT account_id FROM v_charges WHERE id > (SELECT through FROM v_charge_fold) AND client_id = ?1)) caller
  CROSS JOIN v_charges c ON c.account_id = caller.account_id AND c.client_id = ?1 AND (c.collected_nano > 0) IN (0, 1)
    AND c.id >= ?4 AND c.id < ?5`
function chargedIn(reader: Reader, query: CallsQuery, { from, to }: Window): Row[] {
  const { charged } = ONLY[query.only]
  if (charged === null) return []
  const { conditions, params } = narrowed(query, "c.call_id", "r.requested", 7)
  return reader.all<Row>(
    `SELECT ${CHARGED} FROM ${CHARGES_OF_APP} ${ROUTE} WHERE ${charged} AND ${conditions}
     ORDER BY c.at_ms DESC, c.call_id DESC LIMIT ?6`,
    query.clientId,
    from,
    to,
    idSince(reader, from * DAY_MS),
    idSince(reader, (to + 1) * DAY_MS),
    query.limit + 1,
    ...params,
  )
}

/** Calls of the house that are read before anybody's days are: as fast as a page of one app of a busy house, and lost on others in milliseconds. */
const NEWEST = 5_000

/** A page and one more, of the newest calls of the house alone; null where these do not fill it. */
function newestCharged(reader: Reader, query: CallsQuery, to: number, most: number): Row[] | null {
  const { charged } = ONLY[query.only]
  if (charged === null) return null
  const endMs = Math.min((to + 1) * DAY_MS, query.before === null ? Number.MAX_SAFE_INTEGER : query.before.atMs + 1)
  const end = idSince(reader, endMs)
  const { conditions, params } = narrowed(query, "c.call_id", "r.requested", 5)
  const rows = reader.all<Row>(
    `SELECT ${CHARGED} FROM v_charges c ${ROUTE} WHERE c.id >= ?2 AND c.id < ?3 AND c.client_id = ?1 AND ${charged}
       AND c.at_ms > COALESCE((SELECT at_ms FROM v_charges WHERE id >= ?2 ORDER BY id LIMIT 1), 0) AND ${conditions}
     ORDER BY c.at_ms DESC, c.call_id DESC LIMIT ?4`,
    query.clientId,
    Math.max(0, end - most),
    end,
    query.limit + 1,
    ...params,
  )
  return rows.length > query.limit ? rows : null
}

/** @param most rows of the house that are looked at before anybody’s days */
export function unpackedCalls(reader: Reader, query: CallsQuery, most = NEWEST): Row[] {
  const { limit, span, before } = query
  const found: Row[] = []
  let to = before === null ? span.to : Math.min(span.to, Math.floor(before.atMs / DAY_MS))
  const newest = newestCharged(reader, query, to, most)
  if (newest && newest.at(-1)!.atMs >= span.from * DAY_MS) {
    // What was refused since the last of them stands among them.
    const window = { from: Math.floor(newest.at(-1)!.atMs / DAY_MS), to }
    found.push(...[...newest, ...refusedIn(reader, query, window)].sort(newestFirst))
    to = span.from - 1
  }
  for (let days = 1; to >= span.from && found.length <= limit; days *= 2) {
    const window = { from: Math.max(span.from, to - days + 1), to }
    const rows = [...chargedIn(reader, query, window), ...refusedIn(reader, query, window)]
    found.push(...rows.sort(newestFirst))
    to = window.from - 1
  }
  return found
}
