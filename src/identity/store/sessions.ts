// SQL of sessions.
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import { IDENTITY_LIMITS as L } from "../limits.ts"
import { sessions } from "../tables.ts"
import type { SessionInfo, SessionKind } from "../types.ts"

type Session = typeof sessions.$inferSelect

export type SessionRow = Omit<Session, "tokenHash" | "browserHash" | "endReason" | "ip" | "userAgent" | "sid"> & {
  sid: string
}

const COLUMNS = `id, public_id AS publicId, kind, user_id AS userId, parent_id AS parentId, amr,
  auth_time_ms AS authTimeMs, created_ms AS createdMs, seen_ms AS seenMs, expires_ms AS expiresMs, ended_ms AS endedMs,
  coalesce(sid, public_id) AS sid, proved_ms AS provedMs, proved_amr AS provedAmr, acting_id AS actingId`

export const sessionByHash = (reader: Reader, tokenHash: string, kind: SessionKind): SessionRow | null =>
  reader.get<SessionRow>(`SELECT ${COLUMNS} FROM sessions WHERE token_hash = ? AND kind = ?`, tokenHash, kind)

export const sessionById = (reader: Reader, id: number): SessionRow | null =>
  reader.get<SessionRow>(`SELECT ${COLUMNS} FROM sessions WHERE id = ?`, id)

export const sessionByPublicId = (reader: Reader, userId: number, publicId: string): SessionRow | null =>
  reader.get<SessionRow>(
    `SELECT ${COLUMNS} FROM sessions WHERE public_id = ? AND user_id = ? AND kind = 'auth'`,
    publicId,
    userId,
  )

/** The living sign-in that apps know by this name. */
export const sessionBySid = (reader: Reader, userId: number, sid: string): SessionRow | null =>
  reader.get<SessionRow>(
    `SELECT ${COLUMNS} FROM sessions
     WHERE user_id = ? AND kind = 'auth' AND ended_ms IS NULL AND coalesce(sid, public_id) = ? ORDER BY id DESC LIMIT 1`,
    userId,
    sid,
  )

export type InsertSession = Omit<Session, "id" | "createdMs" | "seenMs" | "endedMs" | "endReason">

export const insertSession = (tx: Tx, row: InsertSession): number =>
  insertRow(tx, sessions, {
    publicId: row.publicId,
    kind: row.kind,
    userId: row.userId,
    parentId: row.parentId,
    tokenHash: row.tokenHash,
    browserHash: row.browserHash,
    amr: row.amr,
    authTimeMs: row.authTimeMs,
    createdMs: tx.now,
    seenMs: tx.now,
    expiresMs: row.expiresMs,
    ip: row.ip,
    userAgent: row.userAgent,
    sid: row.sid,
    provedMs: row.provedMs,
    provedAmr: row.provedAmr,
    actingId: row.actingId,
  })

/** Moves living children (console sessions) to a renewed parent. */
export function adoptChildren(tx: Tx, fromId: number, toId: number): void {
  tx.run("UPDATE sessions SET parent_id = ? WHERE parent_id = ? AND ended_ms IS NULL", toId, fromId)
}

/** Of the sign-in that a console session hangs below, so that the console is one on all its origins. @param actingId null = as its person again */
export const setActing = (tx: Tx, id: number, userId: number, actingId: number | null): boolean =>
  tx.run(
    `UPDATE sessions SET acting_id = ? WHERE ended_ms IS NULL AND id =
       (SELECT parent_id FROM sessions WHERE id = ? AND user_id = ? AND kind = 'console' AND ended_ms IS NULL)`,
    actingId,
    id,
    userId,
  ).changes === 1

/** Ends a session and its children. */
export function endSession(tx: Tx, id: number, reason: string): void {
  tx.run(
    "UPDATE sessions SET ended_ms = ?, end_reason = ? WHERE (id = ? OR parent_id = ?) AND ended_ms IS NULL",
    tx.now,
    reason,
    id,
    id,
  )
}

/** Ends all of a user's sessions except one with its children; the number of auth sessions ended. */
export function endSessionsOf(tx: Tx, userId: number, exceptId: number, reason: string): number {
  const open = tx.get<{ n: number }>(
    "SELECT count(*) AS n FROM sessions WHERE user_id = ? AND kind = 'auth' AND ended_ms IS NULL AND id <> ?",
    userId,
    exceptId,
  )!.n
  tx.run(
    `UPDATE sessions SET ended_ms = ?, end_reason = ?
     WHERE user_id = ? AND ended_ms IS NULL AND id <> ? AND (parent_id IS NULL OR parent_id <> ?)`,
    tx.now,
    reason,
    userId,
    exceptId,
    exceptId,
  )
  return open
}

/** Everybody's; the number of auth sessions ended. */
export function endAllSessions(tx: Tx, reason: string): number {
  const open = tx.get<{ n: number }>("SELECT COUNT(*) AS n FROM sessions WHERE kind = 'auth' AND ended_ms IS NULL")!.n
  tx.run("UPDATE sessions SET ended_ms = ?, end_reason = ? WHERE ended_ms IS NULL", tx.now, reason)
  return open
}

/** A link that was used since the copy was made would work once more. */
export function closeLinks(tx: Tx): void {
  const close = (table: string) =>
    tx.run(`UPDATE ${table} SET void_ms = ? WHERE used_ms IS NULL AND void_ms IS NULL`, tx.now)
  close("password_resets")
  close("login_links")
  close("setup_links")
}

export function noteSeen(tx: Tx, id: number): void {
  tx.run("UPDATE sessions SET seen_ms = ? WHERE id = ? AND ended_ms IS NULL AND seen_ms < ?", tx.now, id, tx.now)
}

/** The person of a session proved just now who they are. */
export const noteProof = (tx: Tx, id: number, amr: string): void =>
  void tx.run("UPDATE sessions SET proved_ms = ?, proved_amr = ? WHERE id = ? AND ended_ms IS NULL", tx.now, amr, id)

/** Open auth sessions, last used first; idle and expired ones are the caller's to drop. */
export const openSessions = (reader: Reader, userId: number): (SessionInfo & { id: number })[] =>
  reader.all<SessionInfo & { id: number }>(
    `SELECT id, public_id AS publicId, created_ms AS createdMs, seen_ms AS seenMs, expires_ms AS expiresMs, ip,
       user_agent AS userAgent, amr
     FROM sessions WHERE user_id = ? AND kind = 'auth' AND ended_ms IS NULL ORDER BY seen_ms DESC, id DESC`,
    userId,
  )

/** Whether this browser has signed in as this user before, or set their password by a mailed link. */
export const isKnownBrowser = (
  reader: Reader,
  who: { userId: number; email: string; browserHash: string; nowMs: number },
): boolean =>
  reader.get(
    `SELECT 1 WHERE EXISTS (SELECT 1 FROM sessions WHERE user_id = ?1 AND browser_hash = ?2 AND created_ms >= ?3)
       OR EXISTS (SELECT 1 FROM password_resets WHERE used_browser = ?2 AND email = ?4)`,
    who.userId,
    who.browserHash,
    who.nowMs - L.sessionKeptMs,
    who.email,
  ) !== null

/** Whether this person has signed in at all, as far as rows tell. */
export const hasSignedIn = (reader: Reader, userId: number): boolean =>
  reader.get("SELECT 1 FROM sessions WHERE user_id = ? AND kind = 'auth' LIMIT 1", userId) !== null

export const purgeSessions = (tx: Tx, beforeMs: number, limit: number): number =>
  tx.run(
    `DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_ms < ? ORDER BY expires_ms LIMIT ?)`,
    beforeMs,
    limit,
  ).changes
