// SQL of reviews of apps.
import type { ClientId } from "../../app/index.ts"
import { columnsOf, deleteSome, findRow, insertRow, type Reader, type Tx } from "../../store/index.ts"
import { appReviewNotes, appReviews } from "../tables.ts"
import { APP_REVIEW_LIMITS as L } from "./limits.ts"
import type { AppReview, AppReviewNote } from "./types.ts"

export const reviewOf = (reader: Reader, clientId: ClientId): AppReview | null =>
  findRow(reader, appReviews, "client_id = ?", clientId)

export const saveReview = (tx: Tx, review: AppReview): void =>
  void insertRow(
    tx,
    appReviews,
    review,
    `ON CONFLICT (client_id) DO UPDATE SET asked_ms = excluded.asked_ms, decided_ms = excluded.decided_ms, seen = excluded.seen`,
  )

/** Oldest first. */
export const notesOf = (reader: Reader, clientId: ClientId): AppReviewNote[] =>
  reader.all<AppReviewNote>(
    `SELECT ${columnsOf(appReviewNotes)} FROM app_review_notes WHERE client_id = ? ORDER BY id LIMIT ${L.notesMax}`,
    clientId,
  )

/** The oldest makes room. */
export function insertNote(tx: Tx, note: Omit<AppReviewNote, "id">): void {
  insertRow(tx, appReviewNotes, note)
  tx.run(
    `DELETE FROM app_review_notes WHERE client_id = ?1 AND id <= (SELECT id FROM app_review_notes WHERE client_id = ?1
       ORDER BY id DESC LIMIT 1 OFFSET ${L.notesMax})`,
    note.clientId,
  )
}

export const countWaiting = (reader: Reader): number =>
  reader.get<{ n: number }>("SELECT count(*) AS n FROM app_reviews WHERE asked_ms IS NOT NULL")!.n

/** What was said to the developer who had it before is not the next one's to read. */
export const forgetNotes = (tx: Tx, clientId: ClientId): void =>
  void tx.run("DELETE FROM app_review_notes WHERE client_id = ?", clientId)

/** Of apps that are gone for good. */
export const deleteOfGone = (tx: Tx, rows: number): number => {
  const gone = "client_id IN (SELECT client_id FROM v_oauth_clients WHERE removed_ms IS NOT NULL)"
  const notes = deleteSome(tx, "app_review_notes", gone, [], rows)
  return notes + (notes < rows ? deleteSome(tx, "app_reviews", gone, [], rows - notes) : 0)
}
