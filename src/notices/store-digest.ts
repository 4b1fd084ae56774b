// Queries of mails that are counted, and of what waits for one mail about all of it.
import { DAY_MS, HOUR_MS, type UserId } from "../app/index.ts"
import { insertRow, type Reader, type Tx } from "../store/index.ts"
import { NOTICE_LIMITS as L } from "./limits.ts"
import { noticesHeld, noticesMailed } from "./tables.ts"

/** Whether one more mail of the kind is one too many for this hour, or this day. */
export function isMuch(tx: Tx, userId: UserId, kind: string): boolean {
  const count = (sinceMs: number) =>
    tx.get<{ n: number }>(
      "SELECT count(*) AS n FROM notices_mailed WHERE user_id = ? AND kind = ? AND at_ms > ?",
      userId,
      kind,
      sinceMs,
    )!.n
  return count(tx.now - HOUR_MS) >= L.mailsPerHourMax || count(tx.now - DAY_MS) >= L.mailsPerDayMax
}

export const countMailed = (tx: Tx, userId: UserId, kind: string): void =>
  void insertRow(tx, noticesMailed, { userId, kind, atMs: tx.now })

/** Waits for the mail about all of them, which the first one orders. */
export function hold(tx: Tx, row: { userId: UserId; kind: string; title: string }): void {
  insertRow(tx, noticesHeld, { ...row, atMs: tx.now })
  tx.run(
    `DELETE FROM notices_held WHERE user_id = ?1 AND id <= (
      SELECT id FROM notices_held WHERE user_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ${L.heldMax})`,
    row.userId,
  )
  tx.run(
    "INSERT INTO notices_digests (user_id, due_ms) VALUES (?, ?) ON CONFLICT DO NOTHING",
    row.userId,
    tx.now + L.digestAfterMs,
  )
}

export const digestsDue = (reader: Reader, nowMs: number, rows: number): UserId[] =>
  reader
    .all<{ userId: UserId }>(
      "SELECT user_id AS userId FROM notices_digests WHERE due_ms <= ? ORDER BY due_ms LIMIT ?",
      nowMs,
      rows,
    )
    .map(({ userId }) => userId)

/** Newest first. */
export const heldOf = (reader: Reader, userId: UserId): { kind: string; title: string }[] =>
  reader.all("SELECT kind, title FROM notices_held WHERE user_id = ? ORDER BY id DESC", userId)

/** @returns whether a mail was due: of two that look, one finds it */
export function takeDigest(tx: Tx, userId: UserId): boolean {
  tx.run("DELETE FROM notices_held WHERE user_id = ?", userId)
  return tx.run("DELETE FROM notices_digests WHERE user_id = ?", userId).changes === 1
}

export const forgetMailed = (tx: Tx, rows: number): number =>
  tx.run(
    "DELETE FROM notices_mailed WHERE id IN (SELECT id FROM notices_mailed WHERE at_ms < ? ORDER BY at_ms LIMIT ?)",
    tx.now - DAY_MS,
    rows,
  ).changes
