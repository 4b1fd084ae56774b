// SQL of apps' hosts.
import type { ClientId } from "../../app/index.ts"
import { columnsOf, findRow, insertRow, type Reader, type Tx } from "../../store/index.ts"
import { appHosts } from "../tables.ts"
import type { AppHost } from "./types.ts"

export const hostOfApp = (reader: Reader, clientId: ClientId): AppHost | null =>
  findRow(reader, appHosts, "client_id = ?", clientId)

/** Those whose proof is to be looked for, the longest unseen first. */
export const hostsDue = (
  reader: Reader,
  { seenBeforeMs, missingBeforeMs }: { seenBeforeMs: number; missingBeforeMs: number },
  rows: number,
): AppHost[] =>
  reader.all<AppHost>(
    `SELECT ${columnsOf(appHosts)} FROM app_hosts
     WHERE proven_by IN ('dns', 'file') AND tried_ms <= iif(missing_ms IS NULL, ?, ?) ORDER BY tried_ms LIMIT ?`,
    seenBeforeMs,
    missingBeforeMs,
    rows,
  )

/** A claim takes the place of the one on another host. */
export function saveHost(tx: Tx, host: AppHost): void {
  insertRow(
    tx,
    appHosts,
    host,
    `ON CONFLICT (client_id) DO UPDATE SET user_id = excluded.user_id, host = excluded.host, token = excluded.token,
       proven_ms = excluded.proven_ms, proven_by = excluded.proven_by, tried_ms = excluded.tried_ms,
       missing_ms = excluded.missing_ms, created_ms = excluded.created_ms`,
  )
}
