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
