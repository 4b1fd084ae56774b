// SQL of interactions that were answered: an answer counts once, and is repeated for some seconds to a form that was sent twice.
import { findRow, insertRow, type Reader, type Tx } from "../../store/index.ts"
import { interactions } from "../tables.ts"

export type AnsweredRow = typeof interactions.$inferSelect

export const answeredById = (reader: Reader, id: string): AnsweredRow | null =>
  findRow(reader, interactions, "id = ?", id)

export function insertAnswered(tx: Tx, row: Omit<AnsweredRow, "answeredMs">): void {
  insertRow(tx, interactions, {
    id: row.id,
    userId: row.userId,
    answer: row.answer,
    answeredMs: tx.now,
    expiresMs: row.expiresMs,
  })
}

/** @returns rows deleted */
export const deleteAnswered = (tx: Tx, beforeMs: number, rowsMax: number): number =>
  tx.run(
    "DELETE FROM oauth_interactions WHERE id IN (SELECT id FROM oauth_interactions WHERE expires_ms < ? LIMIT ?)",
    beforeMs,
    rowsMax,
  ).changes

/** Of these sign-ins, the one that the client was entered from last; what was taken back, or given to a device, does not count. */
export function usedSid(reader: Reader, clientId: number, sids: readonly string[]): string | null {
  const found = sids.flatMap((sid) => {
    const row = reader.get<{ id: number }>(
      `SELECT max(g.id) AS id FROM oauth_grants g
       WHERE g.sid = ? AND g.client_id = ? AND g.revoked_ms IS NULL AND g.trial_nano IS NULL
         AND NOT EXISTS (SELECT 1 FROM oauth_device_codes d WHERE d.grant_id = g.id)`,
      sid,
      clientId,
    )
    return row?.id ? [{ sid, id: row.id }] : []
  })
  return found.toSorted((a, b) => b.id - a.id)[0]?.sid ?? null
}
