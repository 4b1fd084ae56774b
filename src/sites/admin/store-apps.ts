// Every app of the house, newest first, and how many people allow it now. Runs in the read Worker, over the views that `oauth` publishes.
import type { ClientSource } from "../../oauth/index.ts"
import type { Reader } from "../../store/index.ts"

export interface ListedApp {
  clientId: number
  publicId: string
  name: string
  source: ClientSource
  ownerId: number | null
  createdMs: number
  suspendedMs: number | null
  removedMs: number | null
  people: number
}

export interface AppsQuery {
  source: ClientSource | null
  /** Part of a name, or an id. */
  text: string
  /** Older than this one. */
  beforeId: number | null
  limit: number
}

export const appsListed = (reader: Reader, { source, text, beforeId, limit }: AppsQuery): ListedApp[] =>
  reader.all<ListedApp>(
    `SELECT c.client_id AS clientId, c.public_id AS publicId, c.name, c.source, c.owner_id AS ownerId, c.created_ms AS createdMs,
       c.suspended_ms AS suspendedMs, c.removed_ms AS removedMs,
       (SELECT count(*) FROM v_oauth_consents n WHERE n.client_id = c.client_id AND n.revoked_ms IS NULL) AS people
     FROM v_oauth_clients c
     WHERE (?1 IS NULL OR c.source = ?1) AND (?2 IS NULL OR c.client_id < ?2)
       AND (?3 = '' OR instr(lower(c.name), ?3) > 0 OR instr(c.name, ?4) > 0 OR c.public_id = ?4)
     ORDER BY c.client_id DESC LIMIT ?5`,
    source,
    beforeId,
    text.toLowerCase(),
    text,
    limit,
  )
