// SQL of videos. Decides nothing.
import { eq } from "drizzle-orm"
import { columnsOf, deleteSome, findRow, insertRow, type Reader, type Tx } from "../../store/index.ts"
import type { Caller } from "../caller.ts"
import { videos } from "../tables.ts"

export type VideoRow = typeof videos.$inferSelect
type NewRow = typeof videos.$inferInsert

const COLUMNS = columnsOf(videos)
const OPEN = "status IN ('submitting', 'queued', 'in_progress')"

export const insertVideo = (tx: Tx, row: NewRow): number => insertRow(tx, videos, row)
export const videoByCall = (sql: Reader, callId: string): VideoRow | null => findRow(sql, videos, "call_id = ?", callId)
export const videoById = (sql: Reader, id: number): VideoRow | null => findRow(sql, videos, "id = ?", id)

type Whose = Pick<Caller, "userId" | "clientId" | "keyId" | "mode">
/** Those of a person that this app, or this key, asked for. */
const OF = "user_id = ? AND mode = ? AND client_id IS ? AND key_id IS ?"
const ofWhom = ({ userId, mode, clientId, keyId }: Whose) => [userId, mode, clientId, keyId] as const

export const videoOf = (sql: Reader, whose: Whose, publicId: string): VideoRow | null =>
  findRow(sql, videos, `public_id = ? AND ${OF}`, publicId, ...ofWhom(whose))

/** @param after of the one before, exclusive */
export const videosOf = (
  sql: Reader,
  whose: Whose,
  {
    after,
    isAscending,
    rows,
  }: { after: Pick<VideoRow, "createdMs" | "id"> | null; isAscending: boolean; rows: number },
): VideoRow[] => {
  const [compare, order] = isAscending ? [">", "ASC"] : ["<", "DESC"]
  const from = after ? `AND (created_ms, id) ${compare} (?, ?)` : ""
  return sql.all(
    `SELECT ${COLUMNS} FROM videos WHERE ${OF} ${from} ORDER BY created_ms ${order}, id ${order} LIMIT ?`,
    ...ofWhom(whose),
    ...(after ? [after.createdMs, after.id] : []),
    rows,
  )
}

export const openOf = (sql: Reader, userId: number): number =>
  sql.get<{ n: number }>(`SELECT COUNT(*) AS n FROM videos WHERE user_id = ? AND ${OPEN}`, userId)!.n

/** Done ones of a person beyond so many. @returns rows deleted */
export const deleteBeyond = (tx: Tx, userId: number, rowsMax: number): number =>
  tx.run(
    `DELETE FROM videos WHERE id IN (SELECT id FROM videos WHERE user_id = ?1 ORDER BY created_ms DESC, id DESC LIMIT -1 OFFSET ?2)
       AND NOT ${OPEN}`,
    userId,
    rowsMax,
  ).changes

export const deleteVideo = (tx: Tx, id: number): void => void tx.run("DELETE FROM videos WHERE id = ?", id)

/** @returns rows deleted */
export const deleteOld = (tx: Tx, beforeMs: number, rows: number): number =>
  tx.run("DELETE FROM videos WHERE id IN (SELECT id FROM videos WHERE completed_ms < ? LIMIT ?)", beforeMs, rows)
    .changes

/** Being made for a person; they are few (`openMax`). */
export const openRowsOf = (sql: Reader, userId: number): VideoRow[] =>
  sql.all(`SELECT ${COLUMNS} FROM videos WHERE user_id = ? AND ${OPEN}`, userId)

/** @returns rows deleted */
export const deleteVideosOf = (tx: Tx, userId: number, rows: number): number =>
  deleteSome(tx, "videos", "user_id = ?", [userId], rows)

type Asked = Pick<
  VideoRow,
  | "upstreamId"
  | "upstreamModel"
  | "ownKey"
  | "chargeNano"
  | "upstreamNano"
  | "developerNano"
  | "platformNano"
  | "spentAt"
>

/** The next to be asked, and what it costs there, where the one before said no. */
export const moveTo = (tx: Tx, id: number, to: Asked): void => {
  tx.drizzle.update(videos).set(to).where(eq(videos.id, id)).run()
}

export const jobIsKnown = (
  sql: Reader,
  { upstreamId, ownKey }: Pick<VideoRow, "upstreamId" | "ownKey">,
  jobId: string,
): boolean =>
  sql.get("SELECT 1 FROM videos WHERE upstream_id = ? AND own_key IS ? AND job_id = ?", upstreamId, ownKey, jobId) !==
  null

/** Its job has a name from here on. @returns false when it had one already, or is over */
export const setJob = (tx: Tx, id: number, jobId: string, nextMs: number): boolean =>
  tx.run(
    "UPDATE videos SET job_id = ?, status = 'queued', next_ms = ? WHERE id = ? AND status = 'submitting'",
    jobId,
    nextMs,
    id,
  ).changes === 1

export const setUnderWay = (
  tx: Tx,
  id: number,
  { status, progress, nextMs }: { status: "queued" | "in_progress"; progress: number; nextMs: number },
): void =>
  void tx.run(
    `UPDATE videos SET status = ?, progress = MAX(progress, ?), next_ms = ?, tries = tries + 1
     WHERE id = ? AND status IN ('queued', 'in_progress')`,
    status,
    progress,
    nextMs,
    id,
  )

export const setNext = (tx: Tx, id: number, nextMs: number): void =>
  void tx.run(`UPDATE videos SET next_ms = ?, tries = tries + 1 WHERE id = ? AND ${OPEN}`, nextMs, id)

interface End {
  status: "completed" | "failed"
  errorCode: string | null
  errorMessage: string | null
  expiresMs: number | null
  fileBytes: number | null
}

/** Compare and set: whoever comes second changes nothing. @returns whether it was open until now */
export const setEnded = (tx: Tx, id: number, { status, errorCode, errorMessage, expiresMs, fileBytes }: End): boolean =>
  tx.run(
    `UPDATE videos SET status = ?1, progress = CASE ?1 WHEN 'completed' THEN 100 ELSE progress END, error_code = ?2, error_message = ?3,
       expires_ms = ?4, completed_ms = ?5, file_bytes = ?7 WHERE id = ?6 AND ${OPEN} AND (?1 <> 'completed' OR job_id IS NOT NULL)`,
    status,
    errorCode,
    errorMessage,
    expiresMs,
    tx.now,
    id,
    fileBytes,
  ).changes === 1

/** Those that are due, each for one server alone. */
export const dueVideos = (sql: Reader, nowMs: number, rows: number): VideoRow[] =>
  sql.all(
    `SELECT ${COLUMNS} FROM videos WHERE ${OPEN} AND next_ms <= ? AND lease_ms <= ? ORDER BY next_ms LIMIT ?`,
    nowMs,
    nowMs,
    rows,
  )
export const takeLease = (tx: Tx, id: number, untilMs: number): boolean =>
  tx.run(`UPDATE videos SET lease_ms = ? WHERE id = ? AND lease_ms <= ? AND ${OPEN}`, untilMs, id, tx.now).changes === 1
export const dropLease = (tx: Tx, id: number): void => void tx.run("UPDATE videos SET lease_ms = 0 WHERE id = ?", id)

const one = (sql: Reader, text: string, id: number): string | null =>
  sql.get<{ publicId: string }>(text, id)?.publicId ?? null
export const appOf = (sql: Reader, id: number) =>
  one(sql, "SELECT public_id AS publicId FROM v_oauth_clients WHERE client_id = ?", id)
export const subOf = (sql: Reader, id: number) =>
  one(sql, "SELECT public_id AS publicId FROM v_identity_users WHERE id = ?", id)
export const keyOf = (sql: Reader, id: number) =>
  one(sql, "SELECT public_id AS publicId FROM v_key_names WHERE key_id = ?", id)
