// SQL of access tokens that were revoked one by one.
import { insertRow, type Reader, remember, type Tx } from "../../store/index.ts"
import { revokedTokens as revokedTokenRows } from "../tables.ts"

export const insertRevokedToken = (tx: Tx, jti: string, expiresMs: number): void => {
  insertRow(tx, revokedTokenRows, { jti, expiresMs }, "ON CONFLICT DO NOTHING")
}
export const revokedTokens = (reader: Reader, nowMs: number): { jti: string; expiresMs: number }[] =>
  reader.all("SELECT jti, expires_ms AS expiresMs FROM oauth_revoked_tokens WHERE expires_ms > ?", nowMs)

/** Whether a token was revoked alone: for nearly all the answer is that there is no row. */
export const tokensKnown = remember({
  of: [revokedTokenRows],
  absence: true,
  load: (reader, jti: string) => reader.get("SELECT 1 FROM oauth_revoked_tokens WHERE jti = ?", jti) !== null,
})
