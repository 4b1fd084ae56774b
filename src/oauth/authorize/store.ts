// SQL of interactions that were answered: an answer counts once, and is repeated for some seconds to a form that was sent twice.
import type { Reader, Tx } from "../../store/index.ts"

export interface AnsweredRow {
  id: string
  userId: number
  /** The sealed answer. */
  answer: string
  answeredMs: number
  expiresMs: number
}

export const answeredById = (reader: Reader, id: string): AnsweredRow | null =>
  reader.get<AnsweredRow>(
    `SELECT id, user_id AS userId, answer, answered_ms AS answeredMs, expires_ms AS expiresMs
     FROM oauth_interactions WHERE id = ?`,
    id,
  )

export function insertAnswered(tx: Tx, row: Omit<AnsweredRow, "answeredMs">): void {
  tx.run(
    "INSERT INTO oauth_interactions (id, user_id, answer, answered_ms, expires_ms) VALUES (?, ?, ?, ?, ?)",
    row.id,
    row.userId,
    row.answer,
    tx.now,
    row.expiresMs,
  )
}

/** @returns rows deleted */
export const deleteAnswered = (tx: Tx, beforeMs: number, rowsMax: number): number =>
  tx.run(
    "DELETE FROM oauth_interactions WHERE id IN (SELECT id FROM oauth_interactions WHERE expires_ms < ? LIMIT ?)",
    beforeMs,
    rowsMax,
  ).changes
