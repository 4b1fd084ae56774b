// SQL of cached answers and of who has them without asking. Decides nothing.
import type { ClientId, KeyId, UserId } from "../../app/index.ts"
import { findRow, insertRow, type Reader, type Tx } from "../../store/index.ts"
import { cachedAnswers } from "../tables.ts"

export type CachedRow = typeof cachedAnswers.$inferSelect

export const findCached = (sql: Reader, scopeHash: string): CachedRow | null =>
  findRow(sql, cachedAnswers, "scope_hash = ?", scopeHash)

/** In place of an older one. */
export function insertCached(tx: Tx, row: Omit<CachedRow, "id">): void {
  tx.run("DELETE FROM cached_answers WHERE scope_hash = ?", row.scopeHash)
  insertRow(tx, cachedAnswers, row)
}

/** A call that was answered to its end; null when it was not. */
export const wholeCharge = (sql: Reader, callId: string): { chargeNano: number; developerNano: number } | null =>
  sql.get(
    `SELECT charge_nano AS chargeNano, developer_nano AS developerNano FROM v_charges
     WHERE call_id = ? AND status = 200 AND end_reason = 'done'`,
    callId,
  )

export const cachedOf = (sql: Reader, userId: UserId): { answers: number; bytes: number } =>
  sql.get("SELECT COUNT(*) AS answers, COALESCE(SUM(bytes), 0) AS bytes FROM cached_answers WHERE user_id = ?", userId)!

export const oldestOf = (sql: Reader, userId: UserId, rows: number): { id: number; bytes: number }[] =>
  sql.all("SELECT id, bytes FROM cached_answers WHERE user_id = ? ORDER BY created_ms, id LIMIT ?", userId, rows)

export const deleteCached = (tx: Tx, id: number): void => void tx.run("DELETE FROM cached_answers WHERE id = ?", id)

/** @returns rows deleted */
export const deleteOver = (tx: Tx, rows: number): number =>
  tx.run(
    "DELETE FROM cached_answers WHERE id IN (SELECT id FROM cached_answers WHERE expires_ms <= ? LIMIT ?)",
    tx.now,
    rows,
  ).changes

/** Whose calls are cached; one of the two. */
export type CacheOf = { keyId: KeyId } | { clientId: ClientId }

/** With its public id and whose it is. */
export type CacheOwned = CacheOf & { subject: string; userId: UserId }

const columnOf = (of: CacheOf): ["key_id" | "client_id", number] =>
  "keyId" in of ? ["key_id", of.keyId] : ["client_id", of.clientId]

export function secondsOf(sql: Reader, of: CacheOf): number {
  const [column, id] = columnOf(of)
  return sql.get<{ seconds: number }>(`SELECT seconds FROM cache_switches WHERE ${column} = ?`, id)?.seconds ?? 0
}

export const allSwitches = (sql: Reader): { keyId: KeyId | null; clientId: ClientId | null; seconds: number }[] =>
  sql.all("SELECT key_id AS keyId, client_id AS clientId, seconds FROM cache_switches")

/** @param seconds 0 = off */
export function setSeconds(tx: Tx, of: CacheOf & { userId: UserId }, seconds: number): void {
  const [column, id] = columnOf(of)
  tx.run(`DELETE FROM cache_switches WHERE ${column} = ?`, id)
  if (seconds > 0)
    tx.run(`INSERT INTO cache_switches (${column}, user_id, seconds) VALUES (?, ?, ?)`, id, of.userId, seconds)
}
