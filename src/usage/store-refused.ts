// SQL of refused calls, as fixed texts. Decides nothing.
import type { UserId } from "../app/index.ts"
import { firstIdSince, insertRow, type Tx } from "../store/index.ts"
import { refusedCalls, refusedDays } from "./tables.ts"
import type { RefusedCall } from "./types.ts"

/** Of a person and UTC day, whatever it was. */
export const refusedOfDay = (tx: Tx, day: number, userId: UserId): number =>
  tx.get<{ calls: number }>(
    "SELECT COALESCE(SUM(calls), 0) AS calls FROM refused_days WHERE day = ? AND user_id = ?",
    day,
    userId,
  )!.calls

export const insertRefused = (tx: Tx, call: RefusedCall): number =>
  insertRow(
    tx,
    refusedCalls,
    {
      publicId: call.publicId,
      atMs: call.atMs,
      mode: call.mode,
      userId: call.userId,
      clientId: call.clientId,
      keyId: call.keyId,
      endpoint: call.endpoint,
      scope: call.scope,
      requested: call.requested,
      stream: call.stream ? 1 : 0,
      status: call.status,
      errorCode: call.errorCode,
      latencyMs: call.latencyMs,
    },
    "ON CONFLICT DO NOTHING",
  )

export const addToRefusedDay = (tx: Tx, row: typeof refusedDays.$inferInsert): number =>
  insertRow(tx, refusedDays, row, "ON CONFLICT DO UPDATE SET calls = calls + excluded.calls")

/** Deletes the oldest of those before a moment. @returns how many, at most `rows` */
export function deleteRefusedBefore(tx: Tx, ms: number, rows: number): number {
  const lastId = tx.get<{ id: number | null }>("SELECT MAX(id) AS id FROM refused_calls")?.id ?? 0
  const probe = "SELECT at_ms AS atMs FROM refused_calls WHERE id >= ? ORDER BY id LIMIT 1"
  const firstKept = firstIdSince(tx, probe, lastId, ms)
  return tx.run(
    "DELETE FROM refused_calls WHERE id IN (SELECT id FROM refused_calls WHERE id < ? ORDER BY id LIMIT ?)",
    firstKept,
    rows,
  ).changes
}
