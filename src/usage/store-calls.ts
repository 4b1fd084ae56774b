// SQL of a person's calls, app by app: ranges of `usage_calls_of_app`, newest first. No statement's cost grows with the past.
import type { ClientId, UserId } from "../app/index.ts"
import { firstIdSince, type Reader } from "../store/index.ts"
import { CALL, type CallRow, toCall } from "./store.ts"
import type { UsageCall } from "./types.ts"

/** Clients this person ever called through, found by steps from one to the next. */
export const clientIdsOf = (reader: Reader, userId: UserId): ClientId[] =>
  reader
    .all<{ id: ClientId }>(
      `WITH RECURSIVE c (id) AS (
         SELECT (SELECT MIN(client_id) FROM usage_calls WHERE user_id = ?)
         UNION ALL
         SELECT (SELECT MIN(client_id) FROM usage_calls WHERE user_id = ? AND client_id > c.id) FROM c WHERE c.id IS NOT NULL)
       SELECT id FROM c WHERE id IS NOT NULL`,
      userId,
      userId,
    )
    .map((row) => row.id)

export const newestOf = (reader: Reader, userId: UserId, clientId: ClientId, limit: number): UsageCall[] =>
  reader
    .all<CallRow>(
      `SELECT ${CALL} FROM v_usage_calls WHERE user_id = ? AND client_id = ? ORDER BY id DESC LIMIT ?`,
      userId,
      clientId,
      limit,
    )
    .map(toCall)

export const callIdOf = (reader: Reader, userId: UserId, publicId: string): number | null =>
  reader.get<{ id: number }>("SELECT id FROM usage_calls WHERE public_id = ? AND user_id = ?", publicId, userId)?.id ??
  null

/** Rows are written as calls end, so ids and `at_ms` grow together. */
export function callSince(reader: Reader, ms: number): number {
  const lastId = reader.get<{ id: number }>("SELECT id FROM usage_calls ORDER BY id DESC LIMIT 1")?.id ?? 0
  return firstIdSince(reader, "SELECT at_ms AS atMs FROM usage_calls WHERE id >= ? ORDER BY id LIMIT 1", lastId, ms)
}

export type CallPointer = Pick<CallRow, "id" | "publicId" | "mode" | "transactionId">

/** Both ends excluded. */
export const callsOfApp = (
  reader: Reader,
  userId: UserId,
  clientId: ClientId,
  span: { above: number; below: number },
  direction: "DESC" | "ASC",
  limit: number,
): CallPointer[] =>
  reader.all<CallPointer>(
    `SELECT id, public_id AS publicId, mode, transaction_id AS transactionId
     FROM usage_calls INDEXED BY usage_calls_of_app
     WHERE user_id = ? AND client_id = ? AND id > ? AND id < ? ORDER BY id ${direction} LIMIT ?`,
    userId,
    clientId,
    span.above,
    span.below,
    limit,
  )
