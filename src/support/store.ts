// All queries of support.
import type { UserId } from "../app/index.ts"
import { columnsOf, findRow, insertRow, type Reader, type Tx } from "../store/index.ts"
import { SUPPORT_LIMITS as L } from "./limits.ts"
import { supportMessages, supportThreads } from "./tables.ts"
import type { State, SupportMessage, SupportThread } from "./types.ts"

export const insertThread = (tx: Tx, row: Omit<SupportThread, "id">): number => insertRow(tx, supportThreads, row)

export const insertMessage = (tx: Tx, row: { threadId: number; side: "person" | "admin"; text: string }): number =>
  insertRow(tx, supportMessages, { ...row, createdMs: tx.now })

export const threadOf = (reader: Reader, publicId: string): SupportThread | null =>
  findRow(reader, supportThreads, "public_id = ?", publicId)

/** Newest first. */
export const threadsOf = (reader: Reader, userId: UserId): SupportThread[] =>
  reader
    .all<{ publicId: string }>(
      `SELECT public_id AS publicId FROM support_threads WHERE user_id = ? ORDER BY id DESC LIMIT ${L.ownShown}`,
      userId,
    )
    .map(({ publicId }) => threadOf(reader, publicId)!)

/** Oldest first. */
export const messagesOf = (reader: Reader, threadId: number): SupportMessage[] =>
  reader.all<SupportMessage>(
    `SELECT ${columnsOf(supportMessages)} FROM support_messages WHERE thread_id = ? ORDER BY id`,
    threadId,
  )

export const saveState = (tx: Tx, id: number, state: State, sinceMs: number, isPriority: boolean): void =>
  void tx.run(
    "UPDATE support_threads SET state = ?, since_ms = ?, is_priority = ? WHERE id = ?",
    state,
    sinceMs,
    Number(isPriority),
    id,
  )

export const countOpen = (reader: Reader, userId: UserId): number =>
  reader.get<{ n: number }>(
    "SELECT count(*) AS n FROM support_threads WHERE user_id = ? AND state != 'closed'",
    userId,
  )!.n

export const countSince = (reader: Reader, userId: UserId, sinceMs: number): number =>
  reader.get<{ n: number }>(
    "SELECT count(*) AS n FROM support_threads WHERE user_id = ? AND created_ms > ?",
    userId,
    sinceMs,
  )!.n

/** Who pays for it first, then who waits longest; what nobody waits for newest first. */
export const queueOf = (reader: Reader, state: State, page: number): SupportThread[] =>
  reader
    .all<{ publicId: string }>(
      `SELECT public_id AS publicId FROM support_threads WHERE state = ?1
        ORDER BY ${state === "waiting" ? "is_priority DESC, since_ms, id" : "since_ms DESC, id DESC"} LIMIT ?2 OFFSET ?3`,
      state,
      L.queueRows + 1,
      page * L.queueRows,
    )
    .map(({ publicId }) => threadOf(reader, publicId)!)

export const countsOf = (reader: Reader): { waiting: number; priority: number } =>
  reader.get<{ waiting: number; priority: number }>(
    "SELECT count(*) AS waiting, coalesce(sum(is_priority), 0) AS priority FROM support_threads WHERE state = 'waiting'",
  )!

/** Closed long ago. @returns messages and questions that went */
export function deleteOld(tx: Tx, beforeMs: number, rows: number): number {
  const old = "SELECT id FROM support_threads WHERE state = 'closed' AND since_ms < ?"
  const messages = tx.run(
    `DELETE FROM support_messages WHERE id IN (SELECT id FROM support_messages WHERE thread_id IN (${old}) LIMIT ?)`,
    beforeMs,
    rows,
  ).changes
  if (messages >= rows) return messages
  return (
    messages +
    tx.run(`DELETE FROM support_threads WHERE id IN (${old} ORDER BY since_ms LIMIT ?)`, beforeMs, rows - messages)
      .changes
  )
}
