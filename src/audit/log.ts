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

/** Newest first. */
export function auditPage(reader: Reader, query: AuditQuery): AuditRow[] {
  const limit = Math.max(1, Math.min(200, Math.trunc(query.limit)))
  const lastId = reader.get<{ id: number }>("SELECT MAX(id) AS id FROM audit_log")?.id ?? 0
  const since = (ms: number) =>
    firstIdSince(reader, "SELECT at_ms AS atMs FROM audit_log WHERE id >= ? ORDER BY id LIMIT 1", lastId, ms)
  const from = query.fromMs === undefined ? 1 : since(query.fromMs)
  const to = query.toMs === undefined ? lastId + 1 : since(query.toMs)
  const below = Math.min(to, query.beforeId ?? lastId + 1)
  const { subject, action } = query
  const rowsOf = (actor: string | undefined): AuditRow[] => {
    const by = subject ? "subject" : actor && action ? "both" : actor ? "actor" : action ? "action" : "none"
    const values = [subject, actor, action].filter((value) => value !== undefined)
    return reader.all<AuditRow>(
      statement(by, actor !== undefined, action !== undefined, subject !== undefined),
      ...values,
      from,
      below,
      limit,
    )
  }
  if (query.actors === undefined) return rowsOf(undefined)
  return query.actors
    .slice(0, 10)
    .flatMap(rowsOf)
    .sort((a, b) => b.id - a.id)
    .slice(0, limit)
}

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
