// SQL of password reset links.
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import { passwordResets } from "../tables.ts"

type Reset = typeof passwordResets.$inferSelect

const OPEN = "used_ms IS NULL AND void_ms IS NULL AND expires_ms > ?"

export function insertReset(tx: Tx, row: Pick<Reset, "tokenHash" | "email" | "expiresMs">): void {
  insertRow(tx, passwordResets, {
    tokenHash: row.tokenHash,
    email: row.email,
    createdMs: tx.now,
    expiresMs: row.expiresMs,
  })
}

export const openReset = (
  reader: Reader,
  tokenHash: string,
  nowMs: number,
): Pick<Reset, "email" | "expiresMs"> | null =>
  reader.get<Pick<Reset, "email" | "expiresMs">>(
    `SELECT email, expires_ms AS expiresMs FROM password_resets WHERE token_hash = ? AND ${OPEN}`,
    tokenHash,
    nowMs,
  )

/** Uses the link up; of several callers only one gets true. */
export const takeReset = (tx: Tx, tokenHash: string, browserHash: string): boolean =>
  tx.run(
    `UPDATE password_resets SET used_ms = ?, used_browser = ? WHERE token_hash = ? AND ${OPEN}`,
    tx.now,
    browserHash,
    tokenHash,
    tx.now,
  ).changes === 1

/** No link to this address opens from now on. */
export function voidResets(tx: Tx, email: string): void {
  tx.run(
    "UPDATE password_resets SET void_ms = ? WHERE email = ? AND used_ms IS NULL AND void_ms IS NULL",
    tx.now,
    email,
  )
}

export const purgeResets = (tx: Tx, beforeMs: number, limit: number): number =>
  tx.run(
    `DELETE FROM password_resets WHERE id IN
       (SELECT id FROM password_resets WHERE created_ms < ? ORDER BY created_ms LIMIT ?)`,
    beforeMs,
    limit,
  ).changes
