// The audit log a page at a time: filters by who, what and about whom, each through its index; days become ranges of ids.
import { firstIdSince, type Reader } from "../store/index.ts"
import type { AuditRow } from "./index.ts"

export interface AuditQuery {
  /** Any of these, such as a person's `admin:usr_…` and `user:usr_…`; at most 10. */
  actors?: readonly string[] | undefined
  action?: string | undefined
  subject?: string | undefined
  /** ms UTC, first moment included. */
  fromMs?: number | undefined
  /** ms UTC, excluded. */
  toMs?: number | undefined
  /** Id of the last row of the page before. */
  beforeId?: number | undefined
  /** At most 200. */
  limit: number
}

const ROW = `SELECT id, at_ms AS atMs, actor, on_behalf_of AS onBehalfOf, request_id AS requestId, reason, action, subject,
    before, after FROM audit_log`

/** One statement per set of filters, so that each uses its index; SQLite guesses without statistics, therefore it is told. */
const BY = {
  none: "audit_log NOT INDEXED",
  subject: "audit_log INDEXED BY audit_log_subject",
  actor: "audit_log INDEXED BY audit_log_actor",
  action: "audit_log INDEXED BY audit_log_action",
  both: "audit_log INDEXED BY audit_log_actor_action",
} as const

function statement(by: keyof typeof BY, hasActor: boolean, hasAction: boolean, hasSubject: boolean): string {
  const where = [hasSubject ? "subject = ?" : "", hasActor ? "actor = ?" : "", hasAction ? "action = ?" : ""]
  return `${ROW.replace("audit_log", BY[by])} WHERE ${[...where.filter(Boolean), "id >= ?", "id < ?"].join(" AND ")}
    ORDER BY id DESC LIMIT ?`
}

/** Ids of a stretch of the log: first included, last excluded. */
export interface AuditSpan {
  from: number
  below: number
}

/** Days and a place in the list as ids. */
export function auditSpan(reader: Reader, query: Pick<AuditQuery, "fromMs" | "toMs" | "beforeId">): AuditSpan {
  const lastId = reader.get<{ id: number }>("SELECT MAX(id) AS id FROM audit_log")?.id ?? 0
  const since = (ms: number) =>
    firstIdSince(reader, "SELECT at_ms AS atMs FROM audit_log WHERE id >= ? ORDER BY id LIMIT 1", lastId, ms)
  const to = query.toMs === undefined ? lastId + 1 : since(query.toMs)
  return {
    from: query.fromMs === undefined ? 1 : since(query.fromMs),
    below: Math.min(to, query.beforeId ?? lastId + 1),
  }
}

/** What entries have in common; a field left out may be anything. */
export interface AuditFilter {
  actor?: string | undefined
  action?: string | undefined
  subject?: string | undefined
}

/** Newest first, through one index. */
export function auditRows(reader: Reader, filter: AuditFilter, span: AuditSpan, limit: number): AuditRow[] {
  const { subject, actor, action } = filter
  const by = subject ? "subject" : actor && action ? "both" : actor ? "actor" : action ? "action" : "none"
  const values = [subject, actor, action].filter((value) => value !== undefined)
  return reader.all<AuditRow>(
    statement(by, actor !== undefined, action !== undefined, subject !== undefined),
    ...values,
    span.from,
    span.below,
    limit,
  )
}

/** Entries that fit any of the filters, newest first, each once. */
export function auditAnyOf(
  reader: Reader,
  filters: readonly AuditFilter[],
  span: AuditSpan,
  limit: number,
): AuditRow[] {
  const found = new Map<number, AuditRow>()
  for (const filter of filters) for (const row of auditRows(reader, filter, span, limit)) found.set(row.id, row)
  return [...found.values()].sort((a, b) => b.id - a.id).slice(0, limit)
}

/** Newest first. */
export function auditPage(reader: Reader, query: AuditQuery): AuditRow[] {
  const limit = Math.max(1, Math.min(200, Math.trunc(query.limit)))
  const { subject, action } = query
  const actors = query.actors?.slice(0, 10) ?? [undefined]
  const filters = actors.map((actor) => ({ subject, action, actor }))
  return auditAnyOf(reader, filters, auditSpan(reader, query), limit)
}

/** Everybody who acted as `prefix`, such as "admin:"; one step through the index each. */
export const auditActors = (reader: Reader, prefix: string): string[] =>
  reader
    .all<{ actor: string }>(
      `WITH RECURSIVE each(actor) AS (
         SELECT MIN(actor) FROM audit_log WHERE actor >= ?1 AND actor < ?1 || char(1114111)
         UNION ALL SELECT (SELECT MIN(actor) FROM audit_log WHERE actor > each.actor AND actor < ?1 || char(1114111))
           FROM each WHERE actor IS NOT NULL)
       SELECT actor FROM each WHERE actor IS NOT NULL`,
      prefix,
    )
    .map((row) => row.actor)

/** Every action that was ever written, by name; one step through the index each. */
export const auditActions = (reader: Reader): string[] =>
  reader
    .all<{ action: string }>(
      `WITH RECURSIVE each(action) AS (
         SELECT MIN(action) FROM audit_log
         UNION ALL SELECT (SELECT MIN(action) FROM audit_log WHERE action > each.action) FROM each WHERE action IS NOT NULL)
       SELECT action FROM each WHERE action IS NOT NULL`,
    )
    .map((row) => row.action)
