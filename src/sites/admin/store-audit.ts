// The audit log as the admin searches it, in the read Worker: entries about or by any of those that were meant, newest first.
import { type AuditFilter, type AuditRow, type AuditSpan, auditAnyOf, auditSpan } from "../../audit/index.ts"
import type { Reader } from "../../store/index.ts"

export interface AuditSearch {
  /** Any of these acts; null = all. */
  actions: readonly string[] | null
  /** Any of these filters; null = everything. */
  any: readonly AuditFilter[] | null
  /** Consents and grants of apps are meant too; they are looked up entry by entry. Null = no app is meant. */
  looked: LookedUp | null
  /** A request, within the hour that it began. */
  request: { id: string; fromMs: number; toMs: number } | null
  fromMs: number | undefined
  toMs: number | undefined
  beforeId: number | undefined
  limit: number
}

/** All three hold; null = whatever. */
export interface LookedUp {
  /** What the search means: any of these. */
  meant: { actors: readonly string[]; subjects: readonly string[]; clients: readonly number[] } | null
  about: { subjects: readonly string[]; clients: readonly number[] } | null
  actors: readonly string[] | null
}

export interface AuditFound {
  rows: AuditRow[]
  /** Everything from this id on was looked at; null = down to the first. */
  lookedFrom: number | null
}

/** Entries that one page looks up one by one: 0.13 s. Who needs older ones goes on from there. */
const LOOKED_ROWS = 200_000

export function auditSearch(reader: Reader, search: AuditSearch): AuditFound {
  const { limit, request } = search
  const days = { fromMs: request?.fromMs ?? search.fromMs, toMs: request?.toMs ?? search.toMs }
  const span = auditSpan(reader, { ...days, beforeId: search.beforeId })
  if (request) return { rows: ofRequest(reader, request.id, span, limit), lookedFrom: null }
  const { looked: conditions } = search
  const looked = conditions ? { ...span, from: Math.max(span.from, span.below - LOOKED_ROWS) } : span
  const rows = new Map(indexed(reader, search, looked).map((row) => [row.id, row]))
  if (conditions) for (const row of ofClients(reader, search, conditions, looked)) rows.set(row.id, row)
  return {
    rows: [...rows.values()].sort((a, b) => b.id - a.id).slice(0, limit),
    lookedFrom: looked.from > span.from ? looked.from : null,
  }
}

/** Each filter with each act, every one through its index. */
function indexed(reader: Reader, { any, actions, limit }: AuditSearch, span: AuditSpan): AuditRow[] {
  const filters = any ?? [{}]
  const each =
    actions === null ? filters : filters.flatMap((filter) => actions.map((action) => ({ ...filter, action })))
  return auditAnyOf(reader, each, span, limit)
}

const ROW = `a.id, a.at_ms AS atMs, a.actor, a.on_behalf_of AS onBehalfOf, a.request_id AS requestId, a.reason, a.action, a.subject,
    a.before, a.after`

function ofClients(reader: Reader, { actions, limit }: AuditSearch, looked: LookedUp, span: AuditSpan): AuditRow[] {
  const isIn = (column: string, name: string) => `${column} IN (SELECT value FROM json_each(?1, '$.${name}'))`
  const isGiven = (name: string) => `json_type(?1, '$.${name}') <> 'null'`
  return reader.all<AuditRow>(
    `WITH found AS (
       SELECT ${ROW}, COALESCE(
         (SELECT c.client_id FROM v_oauth_consents c WHERE c.public_id = a.subject),
         (SELECT g.client_id FROM v_oauth_grants g WHERE g.public_id = a.subject)) AS client
       FROM v_audit_log a
       WHERE a.id >= ?2 AND a.id < ?3 AND substr(a.subject, 1, 4) IN ('con_', 'gnt_')
         AND (?4 IS NULL OR a.action IN (SELECT value FROM json_each(?4))))
     SELECT id, atMs, actor, onBehalfOf, requestId, reason, action, subject, before, after FROM found
     WHERE client IS NOT NULL
       AND (NOT ${isGiven("meant")} OR ${isIn("actor", "meant.actors")} OR ${isIn("subject", "meant.subjects")}
         OR ${isIn("client", "meant.clients")})
       AND (NOT ${isGiven("about")} OR ${isIn("subject", "about.subjects")} OR ${isIn("client", "about.clients")})
       AND (NOT ${isGiven("actors")} OR ${isIn("actor", "actors")})
     ORDER BY id DESC LIMIT ?5`,
    JSON.stringify(looked),
    span.from,
    span.below,
    actions === null ? null : JSON.stringify(actions),
    limit,
  )
}

const ofRequest = (reader: Reader, id: string, span: AuditSpan, limit: number): AuditRow[] =>
  reader.all<AuditRow>(
    `SELECT ${ROW} FROM v_audit_log a WHERE a.id >= ? AND a.id < ? AND a.request_id = ? ORDER BY a.id DESC LIMIT ?`,
    span.from,
    span.below,
    id,
    limit,
  )

/** Apps with this text in their name, as ids; letters of either case. */
export const clientsNamed = (reader: Reader, text: string, limit: number): { clientId: number; publicId: string }[] =>
  reader.all(
    `SELECT client_id AS clientId, public_id AS publicId FROM v_oauth_clients
     WHERE instr(lower(name), ?) > 0 OR instr(name, ?) > 0 ORDER BY client_id DESC LIMIT ?`,
    text.toLowerCase(),
    text,
    limit,
  )

/** What an app's id stands for. */
export const clientIdOf = (reader: Reader, publicId: string): number | null =>
  reader.get<{ id: number }>("SELECT client_id AS id FROM v_oauth_clients WHERE public_id = ?", publicId)?.id ?? null

/** All of it, in portions. */
export function* auditPortions(reader: Reader, search: AuditSearch): Generator<AuditRow[]> {
  let beforeId = search.beforeId
  for (;;) {
    const { rows, lookedFrom } = auditSearch(reader, { ...search, beforeId })
    if (rows.length > 0) yield rows
    const isFull = rows.length === search.limit
    if (!isFull && lookedFrom === null) return
    beforeId = isFull ? rows.at(-1)!.id : lookedFrom!
  }
}
