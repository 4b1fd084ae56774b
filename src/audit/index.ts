// Audit: who did what to whom, on whose behalf, before and after. Append-only; written in the same mutation as the act.
import { and, desc, eq, ne } from "drizzle-orm"
import type { OrmReader, Tx } from "../store/index.ts"
import { auditLog } from "./tables.ts"

export {
  type AuditFilter,
  type AuditQuery,
  type AuditSpan,
  auditActions,
  auditActors,
  auditAnyOf,
  auditPage,
  auditSpan,
} from "./log.ts"
export { auditPart } from "./part.ts"
export { eraseFactsAbout } from "./store-personal.ts"
export { AUDIT_NAMING } from "./worker-reads.ts"

export interface AuditEntry {
  /** Verb in the past, such as `user.suspended`. */
  action: string
  /** Public id of what was changed, such as `usr_…`. */
  subject: string
  before?: unknown
  after?: unknown
}

export type AuditRow = typeof auditLog.$inferSelect

/** Writes one entry; actor, request and reason come from the transaction's context. */
export function auditIn(tx: Tx, entry: AuditEntry): void {
  const asJson = (value: unknown) => (value === undefined ? null : JSON.stringify(value))
  tx.drizzle
    .insert(auditLog)
    .values({
      atMs: tx.now,
      actor: tx.ctx.actor,
      onBehalfOf: tx.ctx.onBehalfOf ?? null,
      requestId: tx.ctx.requestId,
      reason: tx.ctx.reason,
      action: entry.action,
      subject: entry.subject,
      before: asJson(entry.before),
      after: asJson(entry.after),
    })
    .run()
}

/** Newest entries about a team, and what its people did acting as it. */
export const auditOfTeam = (reader: OrmReader, team: string, limit: number): AuditRow[] => {
  const acted = reader.drizzle
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.onBehalfOf, team), ne(auditLog.subject, team)))
    .orderBy(desc(auditLog.id))
    .limit(limit)
    .all()
  return [...auditOf(reader, team, limit), ...acted].toSorted((a, b) => b.id - a.id).slice(0, limit)
}

/** Newest entries about one thing. */
export const auditOf = (reader: OrmReader, subject: string, limit = 50): AuditRow[] =>
  reader.drizzle
    .select()
    .from(auditLog)
    .where(eq(auditLog.subject, subject))
    .orderBy(desc(auditLog.id))
    .limit(limit)
    .all()
