// SQL of clients that came by themselves: whose document they are, when it was fetched, when somebody last allowed them; and of their end.
import type { UserId } from "../../app/index.ts"
import { findRow, insertRow, type Reader, type Tx } from "../../store/index.ts"
import { clientOrigins } from "../tables.ts"

export type Origin = typeof clientOrigins.$inferSelect

export const originOf = (reader: Reader, clientId: number): Origin | null =>
  findRow(reader, clientOrigins, "client_id = ?", clientId)
export const originByAccess = (reader: Reader, accessHash: string): Origin | null =>
  findRow(reader, clientOrigins, "access_hash = ?", accessHash)

export function insertOrigin(
  tx: Tx,
  origin: Pick<Origin, "clientId"> & Partial<Pick<Origin, "url" | "freshUntilMs" | "accessHash">>,
): void {
  insertRow(tx, clientOrigins, { ...origin, createdMs: tx.now })
}

export function setFresh(tx: Tx, clientId: number, untilMs: number): void {
  tx.run("UPDATE oauth_client_origins SET fresh_until_ms = ? WHERE client_id = ?", untilMs, clientId)
}

/** Somebody allowed it. Nothing is written for clients of this house. */
export function noteUse(tx: Tx, clientId: number): void {
  tx.run("UPDATE oauth_client_origins SET used_ms = ? WHERE client_id = ?", tx.now, clientId)
}

/** Of one kind, that nobody ever allowed. */
export const countUnused = (reader: Reader, kind: "document" | "registration"): number =>
  reader.get<{ n: number }>(
    `SELECT count(*) AS n FROM oauth_client_origins WHERE used_ms IS NULL AND (url IS NOT NULL) = ?`,
    kind === "document" ? 1 : 0,
  )!.n

/** Nobody ever allowed them, oldest first; what an admin suspended stays, or it would come back without. */
export const unusedClients = (
  reader: Reader,
  sought: { beforeMs: number; kind: "document" | "any"; rowsMax: number },
): number[] =>
  reader
    .all<{ id: number }>(
      `SELECT o.client_id AS id FROM oauth_client_origins o JOIN oauth_clients c ON c.id = o.client_id
       WHERE o.used_ms IS NULL AND o.created_ms < ? AND (? = 'any' OR o.url IS NOT NULL) AND c.suspended_ms IS NULL
         AND NOT EXISTS (SELECT 1 FROM oauth_consents n WHERE n.client_id = c.id)
         AND NOT EXISTS (SELECT 1 FROM oauth_device_codes d WHERE d.client_id = c.id)
       ORDER BY o.created_ms LIMIT ?`,
      sought.beforeMs,
      sought.kind,
      sought.rowsMax,
    )
    .map(({ id }) => id)

/** Registered themselves, were allowed long ago, and nobody is signed in to them any more. */
export const idleClients = (reader: Reader, usedBeforeMs: number, nowMs: number, rowsMax: number): string[] =>
  reader
    .all<{ publicId: string }>(
      `SELECT c.public_id AS publicId FROM oauth_client_origins o JOIN oauth_clients c ON c.id = o.client_id
       WHERE o.used_ms < ? AND o.access_hash IS NOT NULL AND c.suspended_ms IS NULL
         AND NOT EXISTS (SELECT 1 FROM oauth_grants g JOIN oauth_refresh_tokens r ON r.grant_id = g.id
           WHERE g.client_id = c.id AND g.revoked_ms IS NULL AND r.spent_ms IS NULL AND r.expires_ms > ?)
       ORDER BY o.used_ms LIMIT ?`,
      usedBeforeMs,
      nowMs,
      rowsMax,
    )
    .map(({ publicId }) => publicId)

export const wasEverUsed = (reader: Reader, clientId: number): boolean =>
  reader.get(
    `SELECT 1 WHERE EXISTS (SELECT 1 FROM oauth_grants WHERE client_id = ?1)
       OR EXISTS (SELECT 1 FROM oauth_consents WHERE client_id = ?1)`,
    clientId,
  ) !== null

/** All that lets anybody in by it. */
function deleteWays(tx: Tx, clientId: number): void {
  tx.run("DELETE FROM oauth_redirect_uris WHERE client_id = ?", clientId)
  tx.run("DELETE FROM oauth_post_logout_uris WHERE client_id = ?", clientId)
  tx.run("DELETE FROM oauth_client_secrets WHERE client_id = ?", clientId)
  tx.run("DELETE FROM oauth_device_codes WHERE client_id = ?", clientId)
}

/** Without a trace; nothing may name it. */
export function deleteClient(tx: Tx, clientId: number): void {
  deleteWays(tx, clientId)
  tx.run("DELETE FROM oauth_client_origins WHERE client_id = ?", clientId)
  tx.run("DELETE FROM oauth_clients WHERE id = ?", clientId)
}

/** Its name stays. */
export function markRemoved(tx: Tx, clientId: number): void {
  deleteWays(tx, clientId)
  tx.run("UPDATE oauth_client_origins SET url = NULL, access_hash = NULL WHERE client_id = ?", clientId)
  tx.run("UPDATE oauth_clients SET removed_ms = ? WHERE id = ?", tx.now, clientId)
}

export const activeGrantsOfClient = (reader: Reader, clientId: number): number[] =>
  reader
    .all<{ id: number }>("SELECT id FROM oauth_grants WHERE client_id = ? AND revoked_ms IS NULL", clientId)
    .map(({ id }) => id)

export const consentsStanding = (
  reader: Reader,
  clientId: number,
  rowsMax: number,
): { id: number; publicId: string; userId: UserId }[] =>
  reader.all(
    `SELECT id, public_id AS publicId, user_id AS userId FROM oauth_consents
     WHERE client_id = ? AND revoked_ms IS NULL ORDER BY id LIMIT ?`,
    clientId,
    rowsMax,
  )

export const endConsent = (tx: Tx, id: number): void => {
  tx.run("UPDATE oauth_consents SET revoked_ms = ? WHERE id = ?", tx.now, id)
}
