// SQL of what events of refused calls name: public ids, and whether the day had one already.
import type { Reader } from "../store/index.ts"
import type { refusedDays } from "./tables.ts"

const one = (reader: Reader, sql: string, id: number): string | null =>
  reader.get<{ publicId: string }>(sql, id)?.publicId ?? null

export const appOf = (reader: Reader, id: number) =>
  one(reader, "SELECT public_id AS publicId FROM v_oauth_clients WHERE client_id = ?", id)
export const subOf = (reader: Reader, id: number) =>
  one(reader, "SELECT public_id AS publicId FROM v_identity_users WHERE id = ?", id)
export const keyOf = (reader: Reader, id: number) =>
  one(reader, "SELECT public_id AS publicId FROM v_key_names WHERE key_id = ?", id)

export const wasRefused = (reader: Reader, row: typeof refusedDays.$inferInsert): boolean =>
  reader.get(
    `SELECT 1 FROM refused_days WHERE day = ? AND user_id = ? AND client_id = ? AND key_id = ? AND mode = ?
       AND scope = ? AND error_code = ? LIMIT 1`,
    row.day,
    row.userId,
    row.clientId,
    row.keyId,
    row.mode,
    row.scope,
    row.errorCode,
  ) !== null
