// SQL of login links: made on the server for an admin who cannot sign in, and by developers for their test users.
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import { loginLinks } from "../tables.ts"

/** The person's earlier links open nothing any more. */
export function insertLoginLink(tx: Tx, link: { tokenHash: string; userId: number; expiresMs: number }): void {
  voidLoginLinks(tx, link.userId)
  insertRow(tx, loginLinks, { ...link, createdMs: tx.now })
}

export function voidLoginLinks(tx: Tx, userId: number): void {
  tx.run("UPDATE login_links SET void_ms = ? WHERE user_id = ? AND used_ms IS NULL AND void_ms IS NULL", tx.now, userId)
}

const OPEN = "token_hash = ? AND used_ms IS NULL AND void_ms IS NULL AND expires_ms > ?"

export const openLoginLink = (reader: Reader, tokenHash: string, nowMs: number): { userId: number } | null =>
  reader.get<{ userId: number }>(`SELECT user_id AS userId FROM login_links WHERE ${OPEN}`, tokenHash, nowMs)

/** @returns false when somebody else was first */
export const takeLoginLink = (tx: Tx, tokenHash: string): boolean =>
  tx.run(`UPDATE login_links SET used_ms = ? WHERE ${OPEN}`, tx.now, tokenHash, tx.now).changes === 1

export const purgeLoginLinks = (tx: Tx, beforeMs: number, limit: number): number =>
  tx.run(
    "DELETE FROM login_links WHERE id IN (SELECT id FROM login_links WHERE expires_ms < ? ORDER BY id LIMIT ?)",
    beforeMs,
    limit,
  ).changes
