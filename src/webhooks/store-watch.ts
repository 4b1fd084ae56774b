// SQL of what is watched for those who listen: ends of days of apps, and credits of people.
import type { ClientId, UserId } from "../app/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import type { AppRef } from "./types.ts"

const LISTENS = "off_because IS NULL AND (types = '*' OR ' ' || types || ' ' LIKE ?)"

/** Apps whose endpoints listen to the type and that were not told of this day yet. */
export const appsToTell = (reader: Reader, type: string, day: number, rows: number): AppRef[] =>
  reader.all<AppRef>(
    `SELECT DISTINCT c.client_id AS id, c.public_id AS publicId, c.mode FROM webhook_endpoints w
     JOIN v_oauth_clients c ON c.client_id = w.client_id
     WHERE w.${LISTENS} AND coalesce((SELECT day FROM webhook_days WHERE client_id = w.client_id), 0) < ? LIMIT ?`,
    `% ${type} %`,
    day,
    rows,
  )

export const markDay = (tx: Tx, clientId: ClientId, day: number): void =>
  void tx.run(
    "INSERT INTO webhook_days (client_id, day) VALUES (?, ?) ON CONFLICT DO UPDATE SET day = excluded.day",
    clientId,
    day,
  )

/** People whose own endpoints listen to the type, from a number on. */
export const peopleListening = (reader: Reader, type: string, after: number, rows: number): UserId[] =>
  reader
    .all<{ userId: UserId }>(
      `SELECT DISTINCT user_id AS userId FROM webhook_endpoints
       WHERE client_id IS NULL AND mode = 'live' AND ${LISTENS} AND user_id > ? ORDER BY user_id LIMIT ?`,
      `% ${type} %`,
      after,
      rows,
    )
    .map(({ userId }) => userId)

export const isLow = (reader: Reader, userId: UserId): boolean =>
  reader.get("SELECT 1 FROM webhook_lows WHERE user_id = ?", userId) !== null

export const markLow = (tx: Tx, userId: UserId): void =>
  void tx.run("INSERT INTO webhook_lows (user_id, low_ms) VALUES (?, ?) ON CONFLICT DO NOTHING", userId, tx.now)

export const forgetLow = (tx: Tx, userId: UserId): void =>
  void tx.run("DELETE FROM webhook_lows WHERE user_id = ?", userId)
