// SQL of the secrets of clients. They are found by SHA-256 only.
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import { clientSecrets } from "../tables.ts"
import type { ClientSecret } from "../types.ts"

/** Newest first, with those that are over by themselves. */
export const secretsOf = (reader: Reader, clientId: number): (ClientSecret & { id: number })[] =>
  reader.all(
    `SELECT id, public_id AS publicId, name, hint, created_ms AS createdMs, expires_ms AS expiresMs, used_ms AS usedMs
     FROM oauth_client_secrets WHERE client_id = ? AND revoked_ms IS NULL ORDER BY id DESC`,
    clientId,
  )

export const secretByHash = (
  reader: Reader,
  clientId: number,
  hash: string,
): { id: number; expiresMs: number | null } | null =>
  reader.get(
    `SELECT id, expires_ms AS expiresMs FROM oauth_client_secrets
     WHERE hash = ? AND client_id = ? AND revoked_ms IS NULL`,
    hash,
    clientId,
  )

export function insertSecret(
  tx: Tx,
  secret: Pick<ClientSecret, "publicId" | "name" | "hint" | "expiresMs"> & { clientId: number; hash: string },
): void {
  insertRow(tx, clientSecrets, { ...secret, createdMs: tx.now })
}

export const revokeSecret = (tx: Tx, clientId: number, publicId: string): boolean =>
  tx.run(
    "UPDATE oauth_client_secrets SET revoked_ms = ? WHERE client_id = ? AND public_id = ? AND revoked_ms IS NULL",
    tx.now,
    clientId,
    publicId,
  ).changes === 1

export const saveSecretUse = (tx: Tx, id: number, usedMs: number): void => {
  tx.run("UPDATE oauth_client_secrets SET used_ms = max(coalesce(used_ms, 0), ?) WHERE id = ?", usedMs, id)
}
