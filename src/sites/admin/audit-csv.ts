// /admin/audit.csv as the read Worker makes it: entries as they are stored, one moment of the log, in portions.
import { csvLine } from "../../app/index.ts"
import type { AuditRow } from "../../audit/index.ts"
import type { Reader } from "../../store/index.ts"
import { type AuditSearch, auditPortions } from "./store-audit.ts"

const HEADS = ["id", "time", "actor", "on_behalf_of", "action", "subject", "reason", "request_id", "before", "after"]

/** @param search null: nothing can be found */
export function* auditCsv(reader: Reader, search: AuditSearch | null): Generator<string> {
  yield csvLine(HEADS)
  if (search) for (const rows of auditPortions(reader, search)) yield rows.map(lineOf).join("")
}

const lineOf = (row: AuditRow): string =>
  csvLine([
    row.id,
    new Date(row.atMs).toISOString(),
    row.actor,
    row.onBehalfOf,
    row.action,
    row.subject,
    row.reason,
    row.requestId,
    row.before,
    row.after,
  ])
