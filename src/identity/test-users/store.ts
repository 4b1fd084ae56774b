// SQL of test users: rows of people that name the developer whose they are.
import type { UserId } from "../../app/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import type { TestUser } from "./types.ts"

const SHOWN = `SELECT u.id, u.public_id AS publicId, u.email, u.name, u.created_ms AS createdMs, u.test_ends_ms AS endsMs,
    (SELECT MAX(seen_ms) FROM sessions s WHERE s.user_id = u.id) AS seenMs
  FROM users u WHERE u.test_of = ? AND u.status = 'active'`

export const testUsersOf = (reader: Reader, developerId: UserId): TestUser[] =>
  reader.all<TestUser>(`${SHOWN} ORDER BY u.id DESC`, developerId)

export const testUserOf = (reader: Reader, developerId: UserId, publicId: string): TestUser | null =>
  reader.get<TestUser>(`${SHOWN} AND u.public_id = ?`, developerId, publicId)

/** Also those that are gone. */
export const madeSince = (reader: Reader, developerId: UserId, sinceMs: number): number =>
  reader.get<{ n: number }>(
    "SELECT COUNT(*) AS n FROM users WHERE test_of = ? AND created_ms > ?",
    developerId,
    sinceMs,
  )!.n

export const madeEver = (reader: Reader, developerId: UserId): number =>
  reader.get<{ n: number }>("SELECT COUNT(*) AS n FROM users WHERE test_of = ?", developerId)!.n

/** Sign-in links made for their test users. */
export const linksSince = (reader: Reader, developerId: UserId, sinceMs: number): number =>
  reader.get<{ n: number }>(
    `SELECT COUNT(*) AS n FROM login_links
     WHERE created_ms > ? AND user_id IN (SELECT id FROM users WHERE test_of = ?)`,
    sinceMs,
    developerId,
  )!.n

export const markTestUser = (tx: Tx, userId: UserId, input: { developerId: UserId; endsMs: number }): void =>
  void tx.run("UPDATE users SET test_of = ?, test_ends_ms = ? WHERE id = ?", input.developerId, input.endsMs, userId)

export const endTestUser = (tx: Tx, userId: UserId): void =>
  void tx.run("UPDATE users SET test_ends_ms = ? WHERE id = ?", tx.now, userId)

export const testUsersDue = (reader: Reader, nowMs: number, rows: number): UserId[] =>
  reader
    .all<{ id: UserId }>(
      // `+`: in the order of numbers everybody would be looked through for the few who are test users.
      `SELECT u.id FROM users u JOIN users d ON d.id = u.test_of
       WHERE u.test_of IS NOT NULL AND u.status <> 'deleted' AND (u.test_ends_ms <= ? OR d.status = 'deleted')
       ORDER BY +u.id LIMIT ?`,
      nowMs,
      rows,
    )
    .map(({ id }) => id)
