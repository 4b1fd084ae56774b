// Every app of the house, newest first, and how many people allow it now. Runs in the read Worker, over the views that `oauth` publishes.
import type { Client, ClientSource } from "../../oauth/index.ts"
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
  review: Client["review"]
  askedMs: number | null
}

export interface AppsQuery {
  source: ClientSource | null
  /** `waiting`: those that wait for an admin, the longest first; `changed`: let in, and changed since. */
  show: "waiting" | "changed" | null
  /** Part of a name, or an id. */
  text: string
  /** Older than this one. */
  beforeId: number | null
  limit: number
}

const CUTS = {
  waiting: "AND r.asked_ms IS NOT NULL ORDER BY r.asked_ms, c.client_id",
  changed: "AND w.review = 'approved' AND w.updated_ms > r.decided_ms ORDER BY c.client_id DESC",
  all: "ORDER BY c.client_id DESC",
} as const

export const appsListed = (reader: Reader, { source, show, text, beforeId, limit }: AppsQuery): ListedApp[] =>
  reader.all<ListedApp>(
    `SELECT c.client_id AS clientId, c.public_id AS publicId, c.name, c.source, c.owner_id AS ownerId, c.created_ms AS createdMs,
       c.suspended_ms AS suspendedMs, c.removed_ms AS removedMs,
       w.review, r.asked_ms AS askedMs,
       COALESCE((SELECT n.standing FROM v_oauth_consent_counts n WHERE n.client_id = c.client_id), 0) AS people
     FROM v_oauth_clients c LEFT JOIN v_oauth_reviews w ON w.client_id = c.client_id LEFT JOIN v_app_reviews r ON r.client_id = c.client_id
     WHERE (?1 IS NULL OR c.source = ?1) AND (?2 IS NULL OR c.client_id < ?2)
       AND (?3 = '' OR instr(lower(c.name), ?3) > 0 OR instr(c.name, ?4) > 0 OR c.public_id = ?4)
     ${CUTS[show ?? "all"]} LIMIT ?5`,
    source,
    beforeId,
    text.toLowerCase(),
    text,
    limit,
  )
