// SQL of announcements. Decides nothing.
import type { ClientId, UserId } from "../app/index.ts"
import { columnsOf, findRow, insertRow, type Reader, type Tx } from "../store/index.ts"
import { ANNOUNCEMENT_LIMITS as L } from "./limits.ts"
import { announcements } from "./tables.ts"
import type { Announcement } from "./types.ts"

const COLUMNS = columnsOf(announcements)

const shaped = (row: Announcement): Announcement => ({ ...row, banner: Boolean(row.banner), told: Boolean(row.told) })

export const insertAnnouncement = (tx: Tx, row: Omit<Announcement, "id">): number => insertRow(tx, announcements, row)

export const announcementOf = (reader: Reader, publicId: string): Announcement | null =>
  findRow(reader, announcements, "public_id = ?", publicId)

/** Newest first. @param before id of the last one that was shown; null = from the newest */
export const announcementsOf = (reader: Reader, before: number | null, rows: number): Announcement[] =>
  reader
    .all<Announcement>(
      `SELECT ${COLUMNS} FROM announcements WHERE id < ? ORDER BY id DESC LIMIT ?`,
      before ?? Number.MAX_SAFE_INTEGER,
      rows,
    )
    .map(shaped)

/** Those that no admin ended, newest first: few. */
export const openAnnouncements = (reader: Reader, nowMs: number): Announcement[] =>
  reader
    .all<Announcement>(
      `SELECT ${COLUMNS} FROM announcements WHERE ended_ms IS NULL AND (ends_ms IS NULL OR ends_ms > ?)
       ORDER BY id DESC LIMIT ${L.openMax}`,
      nowMs,
    )
    .map(shaped)

/** The oldest whose people are not all told. */
export const nextUntold = (reader: Reader): Announcement | null => {
  const row = reader.get<Announcement>(
    `SELECT ${COLUMNS} FROM announcements WHERE told = 1 AND told_ms IS NULL ORDER BY id LIMIT 1`,
  )
  return row && shaped(row)
}

export const endAnnouncement = (tx: Tx, id: number): void =>
  void tx.run("UPDATE announcements SET ended_ms = ? WHERE id = ?", tx.now, id)

export const noteTold = (tx: Tx, id: number, { through, count }: { through: number; count: number }): void =>
  void tx.run(
    "UPDATE announcements SET through_user_id = ?, told_count = told_count + ? WHERE id = ?",
    through,
    count,
    id,
  )

export const noteAllTold = (tx: Tx, id: number): void =>
  void tx.run("UPDATE announcements SET told_ms = ? WHERE id = ?", tx.now, id)

/** Whether somebody is meant, as SQL over `u`: parameters are audience and app. */
const MEANT = `(?2 = 'all'
  OR (?2 = 'developers' AND EXISTS (SELECT 1 FROM v_developer_developers d WHERE d.user_id = u.id))
  OR (?2 = 'app' AND EXISTS (SELECT 1 FROM v_oauth_consents c WHERE c.user_id = u.id AND c.client_id = ?3 AND c.revoked_ms IS NULL)))`

/** Those who had an account when it was published, by id. Test users are nobody. */
export const peopleAfter = (reader: Reader, one: Announcement, rows: number): { id: UserId; email: string }[] =>
  reader.all(
    `SELECT u.id, u.email FROM v_identity_users u WHERE u.id > ?1 AND u.created_ms <= ?4 AND u.status = 'active'
       AND u.email_verified_ms IS NOT NULL AND u.test_of IS NULL AND ${MEANT} ORDER BY u.id LIMIT ?5`,
    one.throughUserId,
    one.audience,
    one.clientId,
    one.createdMs,
    rows,
  )

export const isOfApp = (reader: Reader, userId: UserId, clientId: ClientId): boolean =>
  reader.get(
    "SELECT 1 FROM v_oauth_consents WHERE user_id = ? AND client_id = ? AND revoked_ms IS NULL LIMIT 1",
    userId,
    clientId,
  ) !== null

export const isDismissed = (reader: Reader, userId: UserId, id: number): boolean =>
  reader.get("SELECT 1 FROM announcement_dismissals WHERE user_id = ? AND announcement_id = ?", userId, id) !== null

export const dismiss = (tx: Tx, userId: UserId, id: number): void =>
  void tx.run(
    "INSERT INTO announcement_dismissals (user_id, announcement_id, dismissed_ms) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    userId,
    id,
    tx.now,
  )

export const countDismissals = (reader: Reader, id: number): number =>
  reader.get<{ n: number }>("SELECT COUNT(*) AS n FROM announcement_dismissals WHERE announcement_id = ?", id)!.n
