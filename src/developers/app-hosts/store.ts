// SQL of apps' hosts.
import type { ClientId } from "../../app/index.ts"
import { findRow, insertRow, type Reader, type Tx } from "../../store/index.ts"
import { appHosts } from "../tables.ts"
import type { AppHost } from "./types.ts"

export const hostOfApp = (reader: Reader, clientId: ClientId): AppHost | null =>
  findRow(reader, appHosts, "client_id = ?", clientId)

/** A claim takes the place of the one on another host. */
export function saveHost(tx: Tx, host: AppHost): void {
  insertRow(
    tx,
    appHosts,
    host,
    `ON CONFLICT (client_id) DO UPDATE SET user_id = excluded.user_id, host = excluded.host, token = excluded.token,
       proven_ms = excluded.proven_ms, proven_by = excluded.proven_by, tried_ms = excluded.tried_ms,
       created_ms = excluded.created_ms`,
  )
}
