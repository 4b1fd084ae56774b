// SQL of the calls of one app. The books have no index by app, which every settle would pay for. A busy app fills its page from the newest
// calls of the house; of others, who called on a day is a range of the folded days, and the calls of one person through one app are a range
// of their own: a window of days is walked person by person, in the read Worker, and windows grow until a page is full.
import { DAY_MS, nano } from "../app/index.ts"
import { firstIdSince, type Reader, type SqlValue } from "../store/index.ts"
import type { AppCall, CallPlace, CallsOnly, CallsPage, CallsQuery, Health } from "./types-calls.ts"

type Row = Omit<AppCall, "stream"> & { stream: 0 | 1 }

const toCall = ({ stream, ...row }: Row): AppCall => ({
  ...row,
  stream: stream === 1,
  chargeNano: nano(row.chargeNano),
  earnedNano: nano(row.earnedNano),
})

const PERSON = "(SELECT public_id FROM v_identity_users u WHERE u.id ="
const CHARGED = `c.call_id AS requestId, c.at_ms AS atMs, ${PERSON} c.caller_id) AS userId, COALESCE(r.endpoint, '') AS endpoint,
  COALESCE(r.requested, '') AS model, c.scope, c.stream, c.status, c.error_code AS errorCode, c.end_reason AS end,
  c.latency_ms AS latencyMs, c.first_token_ms AS firstTokenMs, c.input_tokens AS inputTokens, c.cached_tokens AS cachedTokens,
  c.output_tokens AS outputTokens, c.reasoning_tokens AS reasoningTokens, c.charge_nano AS chargeNano, c.earned_nano AS earnedNano`
const REFUSED = `c.public_id AS requestId, c.at_ms AS atMs, ${PERSON} c.user_id) AS userId, c.endpoint, c.requested AS model, c.scope, c.stream,
  c.status, c.error_code AS errorCode, 'refused' AS end, c.latency_ms AS latencyMs, NULL AS firstTokenMs, 0 AS inputTokens,
  0 AS cachedTokens, 0 AS outputTokens, 0 AS reasoningTokens, 0 AS chargeNano, 0 AS earnedNano`
const ROUTE = "LEFT JOIN usage_routes r ON r.id = c.route_id"

/**
 * ?1 app, ?2 and ?3 first and last day, ?4 and ?5 first id and the one behind the last. UNION ALL: for a UNION SQLite would read all of
 * the books in the order of their wallets.
 */
const CHARGES_OF_APP = `(SELECT DISTINCT account_id FROM (
    SELECT account_id FROM v_charge_days WHERE client_id = ?1 AND day BETWEEN ?2 AND ?3
    UNION ALL SELECT account_id FROM v_charges WHERE id > (SELECT through FROM v_charge_fold) AND client_id = ?1)) caller
  CROSS JOIN v_charges c ON c.account_id = caller.account_id AND c.client_id = ?1 AND (c.collected_nano > 0) IN (0, 1)
    AND c.id >= ?4 AND c.id < ?5`
/** ?1 app, ?2 and ?3 first and last day. */
const REFUSED_OF_APP = `(SELECT DISTINCT user_id FROM refused_days WHERE client_id = ?1 AND day BETWEEN ?2 AND ?3) caller
  CROSS JOIN refused_calls c ON c.user_id = caller.user_id AND c.client_id = ?1
    AND c.at_ms >= ?2 * 86400000 AND c.at_ms < (?3 + 1) * 86400000`

const FAILED = "c.error_code IS NOT NULL AND c.end_reason <> 'client_gone'"
const ONLY: Readonly<Record<CallsOnly, { charged: string | null; refused: boolean }>> = {
  all: { charged: "TRUE", refused: true },
  answered: { charged: `NOT (${FAILED})`, refused: false },
  failed: { charged: FAILED, refused: false },
  refused: { charged: null, refused: true },
}

/** The books are written forwards in time, so ids and `at_ms` grow together. */
function idSince(reader: Reader, ms: number): number {
  const lastId = reader.get<{ id: number }>("SELECT id FROM v_charges ORDER BY id DESC LIMIT 1")?.id ?? 0
  return firstIdSince(reader, "SELECT at_ms AS atMs FROM v_charges WHERE id >= ? ORDER BY id LIMIT 1", lastId, ms)
}

interface Window {
  from: number
  to: number
}

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

function refusedIn(reader: Reader, query: CallsQuery, { from, to }: Window): Row[] {
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

/** The page before, and the model. @param first number of their first parameter */
function narrowed({ before, model }: CallsQuery, id: string, name: string, first: number) {
  const conditions: string[] = ["TRUE"]
  const params: SqlValue[] = []
  if (before !== null) {
    conditions.push(`(c.at_ms, ${id}) < (?${first}, ?${first + 1})`)
    params.push(before.atMs, before.requestId)
  }
  if (model !== undefined) {
    conditions.push(`${name} = ?${first + params.length}`)
    params.push(model)
  }
  return { conditions: conditions.join(" AND "), params }
}

const newestFirst = (a: CallPlace, b: CallPlace): number =>
  b.atMs - a.atMs || (a.requestId < b.requestId ? 1 : a.requestId > b.requestId ? -1 : 0)

/** @param most rows of the house that are looked at before anybody’s days */
export function callsOfApp(reader: Reader, query: CallsQuery, most = NEWEST): CallsPage {
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
  const calls = found.slice(0, limit).map(toCall)
  const last = calls.at(-1)
  return { calls, next: last && found.length > limit ? { atMs: last.atMs, requestId: last.requestId } : null }
}

/** A call of another app is not there. */
export function callOfApp(reader: Reader, clientId: number, requestId: string): AppCall | null {
  const row =
    reader.get<Row>(
      `SELECT ${CHARGED} FROM v_charges c ${ROUTE} WHERE c.call_id = ? AND c.client_id = ?`,
      requestId,
      clientId,
    ) ??
    reader.get<Row>(
      `SELECT ${REFUSED} FROM refused_calls c WHERE c.public_id = ? AND c.client_id = ?`,
      requestId,
      clientId,
    )
  return row && toCall(row)
}

const KINDS_MAX = 50
const SLOW_MAX = 10

/** Failures by kind, refusals by kind, and the calls that took longest. */
export function healthOf(reader: Reader, { clientId, span }: Pick<CallsQuery, "clientId" | "span">): Health {
  const where = [clientId, span.from, span.to] as const
  const ids = [idSince(reader, span.from * DAY_MS), idSince(reader, (span.to + 1) * DAY_MS)] as const
  const failed = reader.all<Health["errors"][number]>(
    `SELECT c.error_code AS code, 0 AS refused, COUNT(*) AS calls, COUNT(DISTINCT c.caller_id) AS people
     FROM ${CHARGES_OF_APP} WHERE ${FAILED} GROUP BY 1 ORDER BY calls DESC LIMIT ${KINDS_MAX}`,
    ...where,
    ...ids,
  )
  const refused = reader.all<Health["errors"][number]>(
    `SELECT error_code AS code, 1 AS refused, SUM(calls) AS calls, COUNT(DISTINCT user_id) AS people
     FROM refused_days WHERE client_id = ? AND day BETWEEN ? AND ? GROUP BY 1 ORDER BY calls DESC LIMIT ${KINDS_MAX}`,
    ...where,
  )
  const slow = reader.all<Row>(
    `SELECT ${CHARGED} FROM ${CHARGES_OF_APP} ${ROUTE} WHERE c.end_reason = 'done'
     ORDER BY c.latency_ms DESC, c.id DESC LIMIT ${SLOW_MAX}`,
    ...where,
    ...ids,
  )
  return { errors: [...failed, ...refused].sort((a, b) => b.calls - a.calls), slow: slow.map(toCall) }
}
