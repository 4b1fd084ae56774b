// All queries of notices.
import type { UserId } from "../app/index.ts"
import { insertRow, type Reader, type Tx } from "../store/index.ts"
import { NOTICE_LIMITS as L } from "./limits.ts"
import { notices } from "./tables.ts"
import type { Channel, Notice } from "./types.ts"

const COLUMNS = "public_id AS publicId, kind, title, path, created_ms AS createdMs, read_ms AS readMs"

export const insertNotice = (
  tx: Tx,
  row: { publicId: string; userId: UserId; kind: string; title: string; path: string | null },
): number => insertRow(tx, notices, { ...row, createdMs: tx.now, readMs: null })

/** Beyond the most there may be, the oldest go. */
export const dropOldest = (tx: Tx, userId: UserId): void =>
  void tx.run(
    `DELETE FROM notices WHERE user_id = ?1 AND id <= (
      SELECT id FROM notices WHERE user_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ${L.perPersonMax})`,
    userId,
  )

/** Newest first. @param before id of the last one that was shown; null = from the newest */
export const noticesOf = (reader: Reader, userId: UserId, before: number | null, rows: number) =>
  reader.all<Notice & { id: number }>(
    `SELECT id, ${COLUMNS} FROM notices WHERE user_id = ? AND id < ? ORDER BY id DESC LIMIT ?`,
    userId,
    before ?? Number.MAX_SAFE_INTEGER,
    rows,
  )

/** Null for what is somebody else's. */
export const noticeOf = (reader: Reader, userId: UserId, publicId: string): Notice | null =>
  reader.get<Notice>(`SELECT ${COLUMNS} FROM notices WHERE public_id = ? AND user_id = ?`, publicId, userId) ?? null

/** Asked by every page of the console. @returns at most one more than is said */
export const countUnread = (reader: Reader, userPublicId: string): number =>
  reader.get<{ n: number }>(
    `SELECT count(*) AS n FROM (SELECT 1 FROM notices WHERE read_ms IS NULL
      AND user_id = (SELECT id FROM users WHERE public_id = ?) LIMIT ${L.countMax + 1})`,
    userPublicId,
  )!.n

export const markRead = (tx: Tx, userId: UserId, publicId: string): void =>
  void tx.run(
    "UPDATE notices SET read_ms = ? WHERE public_id = ? AND user_id = ? AND read_ms IS NULL",
    tx.now,
    publicId,
    userId,
  )

export const markAllRead = (tx: Tx, userId: UserId): number =>
  tx.run("UPDATE notices SET read_ms = ? WHERE user_id = ? AND read_ms IS NULL", tx.now, userId).changes

export const offOf = (reader: Reader, userId: UserId): { kind: string; channel: Channel }[] =>
  reader.all("SELECT kind, channel FROM notices_off WHERE user_id = ?", userId)

export const isOff = (reader: Reader, userId: UserId, kind: string, channel: Channel): boolean =>
  reader.get("SELECT 1 FROM notices_off WHERE user_id = ? AND kind = ? AND channel = ?", userId, kind, channel) != null

export const turnOff = (tx: Tx, userId: UserId, kind: string, channel: Channel): boolean =>
  tx.run(
    "INSERT INTO notices_off (user_id, kind, channel, off_ms) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
    userId,
    kind,
    channel,
    tx.now,
  ).changes === 1

export const turnOn = (tx: Tx, userId: UserId, kind: string, channel: Channel): void =>
  void tx.run("DELETE FROM notices_off WHERE user_id = ? AND kind = ? AND channel = ?", userId, kind, channel)

export const deleteOld = (tx: Tx, beforeMs: number, rows: number): number =>
  tx.run(
    "DELETE FROM notices WHERE id IN (SELECT id FROM notices WHERE created_ms < ? ORDER BY created_ms LIMIT ?)",
    beforeMs,
    rows,
  ).changes
