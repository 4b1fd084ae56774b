// The only queries of `privacy`.
import type { UserId } from "../app/index.ts"
import { columnsOf, deleteSome, findRow, insertRow, type Reader, type Tx } from "../store/index.ts"
import { erasures, personalExports } from "./tables.ts"
import type { AskedBy, ExportRow } from "./types.ts"

export type ErasureRow = typeof erasures.$inferSelect

export const erasureOf = (reader: Reader, userId: number): ErasureRow | null =>
  findRow(reader, erasures, "user_id = ?", userId)

export const insertErasure = (
  tx: Tx,
  row: { userId: UserId; state: "asked" | "erasing"; askedBy: AskedBy; dueMs: number },
): void => {
  tx.run("DELETE FROM erasures WHERE user_id = ?", row.userId)
  insertRow(tx, erasures, { ...row, askedMs: tx.now })
}

export const deleteErasure = (tx: Tx, userId: number): number =>
  tx.run("DELETE FROM erasures WHERE user_id = ? AND state = 'asked'", userId).changes

/** Whose day has come; erasures under way first. */
export const dueErasures = (reader: Reader, nowMs: number, limit: number): ErasureRow[] =>
  reader.all<ErasureRow>(
    `SELECT ${columnsOf(erasures)} FROM erasures WHERE state <> 'done' AND due_ms <= ? ORDER BY state DESC, due_ms LIMIT ?`,
    nowMs,
    limit,
  )

/** Asked for, not due, and not warned of: those whose mail is due at this moment. */
export const toWarn = (reader: Reader, nowMs: number, warnMs: number): ErasureRow[] =>
  reader.all<ErasureRow>(
    `SELECT ${columnsOf(erasures)} FROM erasures WHERE state = 'asked' AND warned_ms IS NULL AND due_ms > ?1
       AND due_ms - min(?2, (due_ms - asked_ms) / 2) <= ?1 LIMIT 100`,
    nowMs,
    warnMs,
  )

export const markWarned = (tx: Tx, userId: number): void =>
  void tx.run("UPDATE erasures SET warned_ms = ? WHERE user_id = ?", tx.now, userId)

export const putOff = (tx: Tx, userId: number, dueMs: number): void =>
  void tx.run("UPDATE erasures SET due_ms = ? WHERE user_id = ? AND state = 'asked'", dueMs, userId)

export const markErasing = (tx: Tx, userId: number): number =>
  tx.run("UPDATE erasures SET state = 'erasing' WHERE user_id = ? AND state = 'asked'", userId).changes

export const noteCleared = (tx: Tx, userId: number, through: number): void =>
  void tx.run("UPDATE erasures SET cleared = ? WHERE user_id = ?", through, userId)

export const markDone = (tx: Tx, userId: number): void =>
  void tx.run("UPDATE erasures SET state = 'done', done_ms = ? WHERE user_id = ?", tx.now, userId)

// ---- copies ----------------------------------------------------------------------------------------------------------

export const newestCopy = (reader: Reader, userId: number): ExportRow | null =>
  reader.get<ExportRow>(
    `SELECT ${columnsOf(personalExports)} FROM personal_exports WHERE user_id = ? ORDER BY id DESC LIMIT 1`,
    userId,
  )

export const copyByPublicId = (reader: Reader, userId: number, publicId: string): ExportRow | null =>
  findRow(reader, personalExports, "public_id = ? AND user_id = ?", publicId, userId)

export const insertCopy = (tx: Tx, row: { userId: UserId; publicId: string }): number =>
  insertRow(tx, personalExports, { ...row, state: "waiting", askedMs: tx.now })

export const waitingCopy = (reader: Reader): ExportRow | null =>
  findRow(reader, personalExports, "state = 'waiting' AND user_id > 0 ORDER BY id LIMIT 1")

export const countTry = (tx: Tx, id: number): number =>
  tx.get<{ tries: number }>(
    "UPDATE personal_exports SET tries = tries + 1 WHERE id = ? AND state = 'waiting' RETURNING tries",
    id,
  )?.tries ?? 0

export const markReady = (tx: Tx, id: number, { bytes, expiresMs }: { bytes: number; expiresMs: number }): number =>
  tx.run(
    "UPDATE personal_exports SET state = 'ready', bytes = ?, ready_ms = ?, expires_ms = ? WHERE id = ? AND state = 'waiting'",
    bytes,
    tx.now,
    expiresMs,
    id,
  ).changes

export const markFailed = (tx: Tx, id: number): number =>
  tx.run("UPDATE personal_exports SET state = 'failed' WHERE id = ? AND state = 'waiting'", id).changes

/** Files that may lie there now. */
export const liveFiles = (reader: Reader, nowMs: number): string[] =>
  reader
    .all<{ publicId: string }>(
      "SELECT public_id AS publicId FROM personal_exports WHERE state = 'ready' AND expires_ms > ?",
      nowMs,
    )
    .map(({ publicId }) => publicId)

/** Rows say when a copy was asked for, so they outlive their file by as long as that counts. */
export const deleteOldCopies = (tx: Tx, beforeMs: number, rows: number): number =>
  deleteSome(
    tx,
    "personal_exports",
    "state <> 'waiting' AND asked_ms < ? AND COALESCE(expires_ms, 0) < ?",
    [beforeMs, tx.now],
    rows,
  )
