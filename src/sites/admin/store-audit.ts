// The audit log as the admin searches it, in the read Worker: entries about or by any of those that were meant, newest first.
import { type AuditFilter, type AuditRow, type AuditSpan, auditAnyOf, auditSpan } from "../../audit/index.ts"
import type { Reader } from "../../store/index.ts"

export interface AuditSearch {
  /** Any of these acts; null = all. */
  actions: readonly string[] | null
  /** Any of these filters; null = everything. */
  any: readonly AuditFilter[] | null
  /** Apps whose consents and grants are meant too; they are looked up entry by entry. */
  clients: readonly number[]
  /** A request, within the hour that it began. */
  request: { id: string; fromMs: number; toMs: number } | null
  fromMs: number | undefined
  toMs: number | undefined
  beforeId: number | undefined
  limit: number
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
  const isWhole = search.clients.length === 0
  const looked = isWhole ? span : { ...span, from: Math.max(span.from, span.below - LOOKED_ROWS) }
  const rows = new Map(indexed(reader, search, looked).map((row) => [row.id, row]))
  if (!isWhole) for (const row of ofClients(reader, search, looked)) rows.set(row.id, row)
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

function ofClients(reader: Reader, { clients, actions, limit }: AuditSearch, span: AuditSpan): AuditRow[] {
  return reader.all<AuditRow>(
    `SELECT ${ROW} FROM v_audit_log a
     WHERE a.id >= ?1 AND a.id < ?2 AND substr(a.subject, 1, 4) IN ('con_', 'gnt_')
       AND (?3 IS NULL OR a.action IN (SELECT value FROM json_each(?3)))
       AND (EXISTS (SELECT 1 FROM v_oauth_consents c WHERE c.public_id = a.subject AND c.client_id IN (SELECT value FROM json_each(?4)))
         OR EXISTS (SELECT 1 FROM v_oauth_grants g WHERE g.public_id = a.subject AND g.client_id IN (SELECT value FROM json_each(?4))))
     ORDER BY a.id DESC LIMIT ?5`,
    span.from,
    span.below,
    actions === null ? null : JSON.stringify(actions),
    JSON.stringify(clients),
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
