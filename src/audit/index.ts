// Audit: who did what to whom, on whose behalf, before and after. Append-only; written in the same body as the act.
import type { Reader, Tx } from "../store/index.ts"

export interface AuditEntry {
  /** Verb in the past, such as `user.suspended`. */
  action: string
  /** Public id of what was changed, such as `usr_…`. */
  subject: string
  before?: unknown
  after?: unknown
}

export interface AuditRow {
  id: number
  at_ms: number
  actor: string
  on_behalf_of: string | null
  request_id: string
  reason: string
  action: string
  subject: string
  before: string | null
  after: string | null
}

/** Writes one entry; actor, request and reason come from the transaction's context. */
export function auditIn(tx: Tx, entry: AuditEntry): void {
  tx.run(
    `INSERT INTO audit_log (at_ms, actor, on_behalf_of, request_id, reason, action, subject, before, after)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    tx.now,
    tx.ctx.actor,
    tx.ctx.onBehalfOf ?? null,
    tx.ctx.requestId,
    tx.ctx.reason,
    entry.action,
    entry.subject,
    entry.before === undefined ? null : JSON.stringify(entry.before),
    entry.after === undefined ? null : JSON.stringify(entry.after),
  )
}

/** Newest entries about one thing. */
export const auditOf = (reader: Reader, subject: string, limit = 50): AuditRow[] =>
  reader.all<AuditRow>("SELECT * FROM audit_log WHERE subject = ? ORDER BY id DESC LIMIT ?", subject, limit)
