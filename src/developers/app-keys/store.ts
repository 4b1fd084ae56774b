// SQL of app secret keys. They are found by SHA-256 only.
import type { ClientId, UserId } from "../../app/index.ts"
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import { appKeys } from "../tables.ts"
import { appKeyScopes } from "./rules.ts"
import type { AppKey } from "./types.ts"

type Row = Omit<AppKey, "scopes"> & { id: number; scopes: string }

const COLUMNS = `id, public_id AS publicId, name, scopes, hint, created_ms AS createdMs, expires_ms AS expiresMs, used_ms AS usedMs`

const toKey = ({ scopes, ...row }: Row): AppKey & { id: number } => ({
  ...row,
  scopes: appKeyScopes(scopes.split(" ")),
})

/** Newest first, with those that are over by themselves. */
export const keysOf = (reader: Reader, clientId: ClientId): (AppKey & { id: number })[] =>
  reader
    .all<Row>(`SELECT ${COLUMNS} FROM app_keys WHERE client_id = ? AND revoked_ms IS NULL ORDER BY id DESC`, clientId)
    .map(toKey)

export const madeSince = (reader: Reader, clientId: ClientId, ms: number): number =>
  reader.get<{ n: number }>("SELECT count(*) AS n FROM app_keys WHERE client_id = ? AND created_ms > ?", clientId, ms)!
    .n

interface Found {
  id: number
  clientId: ClientId
  scopes: string
  expiresMs: number | null
  revokedMs: number | null
}

export const keyByHash = (reader: Reader, hash: string): Found | null =>
  reader.get<Found>(
    `SELECT id, client_id AS clientId, scopes, expires_ms AS expiresMs, revoked_ms AS revokedMs
     FROM app_keys WHERE hash = ?`,
    hash,
  )

export const keyById = (reader: Reader, id: number): Omit<Found, "id" | "clientId"> | null =>
  reader.get("SELECT scopes, expires_ms AS expiresMs, revoked_ms AS revokedMs FROM app_keys WHERE id = ?", id)

export const keyNamed = (reader: Reader, id: number): Pick<AppKey, "publicId" | "name" | "hint"> =>
  reader.get("SELECT public_id AS publicId, name, hint FROM app_keys WHERE id = ?", id)!

export const insertKey = (
  tx: Tx,
  { scopes, ...key }: Omit<AppKey, "createdMs" | "usedMs"> & { clientId: ClientId; userId: UserId; hash: string },
): number => insertRow(tx, appKeys, { ...key, scopes: scopes.join(" "), createdMs: tx.now })

export const revokeKey = (tx: Tx, id: number): boolean =>
  tx.run("UPDATE app_keys SET revoked_ms = ? WHERE id = ? AND revoked_ms IS NULL", tx.now, id).changes === 1

export const revokeKeysOf = (tx: Tx, clientId: ClientId): void => {
  tx.run("UPDATE app_keys SET revoked_ms = ? WHERE client_id = ? AND revoked_ms IS NULL", tx.now, clientId)
}

export const saveUse = (tx: Tx, id: number, usedMs: number): void => {
  tx.run("UPDATE app_keys SET used_ms = max(coalesce(used_ms, 0), ?) WHERE id = ?", usedMs, id)
}

export const deleteRevokedBefore = (tx: Tx, ms: number, rows: number): number =>
  tx.run(
    "DELETE FROM app_keys WHERE id IN (SELECT id FROM app_keys WHERE revoked_ms IS NOT NULL AND revoked_ms < ? LIMIT ?)",
    ms,
    rows,
  ).changes
