// SQL of sessions with groups. Decides nothing.
import type { UserId } from "../../app/index.ts"
import { deleteSome, findRow, insertRow, type Reader, type Tx } from "../../store/index.ts"
import { mcpSessions } from "./tables.ts"

export type SessionRow = typeof mcpSessions.$inferSelect

export const sessionByHash = (sql: Reader, idHash: string): SessionRow | null =>
  findRow(sql, mcpSessions, "id_hash = ?", idHash)
export const insertSession = (tx: Tx, row: Omit<SessionRow, "id">): number => insertRow(tx, mcpSessions, row)
export const deleteSession = (tx: Tx, idHash: string): void =>
  void tx.run("DELETE FROM mcp_sessions WHERE id_hash = ?", idHash)
export const touchSession = (tx: Tx, idHash: string): void =>
  void tx.run("UPDATE mcp_sessions SET used_ms = ? WHERE id_hash = ?", tx.now, idHash)
export const saveWishes = (tx: Tx, idHash: string, { level, watched }: Pick<SessionRow, "level" | "watched">): void =>
  void tx.run("UPDATE mcp_sessions SET level = ?, watched = ? WHERE id_hash = ?", level, watched, idHash)
/** Those of a person beyond so many, the ones that were used last stay. */
export const deleteOldSessions = (tx: Tx, userId: UserId, keep: number): void =>
  void tx.run(
    `DELETE FROM mcp_sessions WHERE user_id = ?1 AND id NOT IN
      (SELECT id FROM mcp_sessions WHERE user_id = ?1 ORDER BY used_ms DESC, id DESC LIMIT ?2)`,
    userId,
    keep,
  )
/** @returns rows deleted */
export const deleteUnused = (tx: Tx, usedBeforeMs: number, rows: number): number =>
  deleteSome(tx, "mcp_sessions", "used_ms < ?", [usedBeforeMs], rows)
