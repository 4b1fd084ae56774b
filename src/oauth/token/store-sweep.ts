// SQL of what is over among codes and tokens. Each deletes or wipes at most `rowsMax` rows and says how many.
import type { Tx } from "../../store/index.ts"

/** Sealed answers of the first rotation that nobody may repeat any more. */
export const wipeReplays = (tx: Tx, spentBeforeMs: number, rowsMax: number): number =>
  tx.run(
    `UPDATE oauth_refresh_tokens SET replay = NULL WHERE id IN
       (SELECT id FROM oauth_refresh_tokens WHERE replay IS NOT NULL AND spent_ms < ? LIMIT ?)`,
    spentBeforeMs,
    rowsMax,
  ).changes

export const deleteCodes = (tx: Tx, expiredBeforeMs: number, rowsMax: number): number =>
  tx.run(
    "DELETE FROM oauth_codes WHERE hash IN (SELECT hash FROM oauth_codes WHERE expires_ms < ? LIMIT ?)",
    expiredBeforeMs,
    rowsMax,
  ).changes

export const deleteRefreshTokens = (tx: Tx, expiredBeforeMs: number, rowsMax: number): number =>
  tx.run(
    "DELETE FROM oauth_refresh_tokens WHERE id IN (SELECT id FROM oauth_refresh_tokens WHERE expires_ms < ? LIMIT ?)",
    expiredBeforeMs,
    rowsMax,
  ).changes

export const deleteRevokedTokens = (tx: Tx, expiredBeforeMs: number, rowsMax: number): number =>
  tx.run(
    "DELETE FROM oauth_revoked_tokens WHERE jti IN (SELECT jti FROM oauth_revoked_tokens WHERE expires_ms < ? LIMIT ?)",
    expiredBeforeMs,
    rowsMax,
  ).changes
