// SQL of documents and checks. Decides nothing.
import { columnsOf, deleteSome, findRow, insertRow, type Reader, type Tx } from "../../store/index.ts"
import { payoutChecks, payoutDocuments } from "../tables.ts"
import type { PayoutCheck, PayoutDocument } from "./types.ts"

type Row = typeof payoutDocuments.$inferSelect

const SHOWN = `SELECT id, public_id AS publicId, owner_id AS ownerId, kind, format, bytes, created_ms AS createdMs FROM payout_documents`

/** Newest first. */
export const documentsOf = (reader: Reader, ownerId: number): PayoutDocument[] =>
  reader.all(`${SHOWN} WHERE owner_id = ? ORDER BY id DESC`, ownerId)

/** With its bytes, sealed. */
export const documentByPublicId = (reader: Reader, publicId: string): Row | null =>
  findRow(reader, payoutDocuments, "public_id = ?", publicId)

export const insertDocument = (tx: Tx, row: typeof payoutDocuments.$inferInsert): number =>
  insertRow(tx, payoutDocuments, row)

export const deleteDocument = (tx: Tx, id: number): void => {
  tx.run("DELETE FROM payout_documents WHERE id = ?", id)
}

/** Of everybody, bytes. */
export const bytesOfAll = (reader: Reader): number =>
  reader.get<{ n: number }>("SELECT coalesce(sum(bytes), 0) AS n FROM payout_documents")!.n

export const checkOf = (reader: Reader, ownerId: number): PayoutCheck | null =>
  findRow(reader, payoutChecks, "owner_id = ?", ownerId)

export const saveCheck = (tx: Tx, row: PayoutCheck): void => {
  insertRow(
    tx,
    payoutChecks,
    row,
    `ON CONFLICT (owner_id) DO UPDATE SET state = excluded.state, because = excluded.because,
       asked_ms = excluded.asked_ms, decided_ms = excluded.decided_ms`,
  )
}

/** Those that wait, oldest first. */
export const checksWaiting = (reader: Reader, limit: number): PayoutCheck[] =>
  reader.all(
    `SELECT ${columnsOf(payoutChecks)} FROM payout_checks WHERE state = 'pending' ORDER BY asked_ms, owner_id LIMIT ?`,
    limit,
  )

export const deleteCheck = (tx: Tx, ownerId: number): number =>
  tx.run("DELETE FROM payout_checks WHERE owner_id = ?", ownerId).changes

/** n$ that this person asked for since then and that did not come back. */
export const askedSince = (reader: Reader, ownerId: number, sinceMs: number): number =>
  reader.get<{ n: number }>(
    `SELECT coalesce(sum(amount_nano), 0) AS n FROM payout_orders
     WHERE owner_id = ? AND mode = 'live' AND state IN ('requested', 'approved', 'paid') AND requested_ms >= ?`,
    ownerId,
    sinceMs,
  )!.n

export const wasPaid = (reader: Reader, ownerId: number): boolean =>
  reader.get("SELECT 1 FROM payout_orders WHERE owner_id = ? AND mode = 'live' AND state = 'paid' LIMIT 1", ownerId) !==
  null

/** What is not kept for the law. */
export const deleteDocumentsOf = (tx: Tx, ownerId: number, keepsTax: boolean, rows: number): number =>
  deleteSome(tx, "payout_documents", keepsTax ? "owner_id = ? AND kind <> 'tax'" : "owner_id = ?", [ownerId], rows)

export const endDocumentsOf = (tx: Tx, ownerId: number, endsMs: number): number =>
  tx.run("UPDATE payout_documents SET ends_ms = ? WHERE owner_id = ? AND ends_ms IS NULL", endsMs, ownerId).changes

export const deleteEnded = (tx: Tx, rows: number): number =>
  deleteSome(tx, "payout_documents", "ends_ms <= ?", [tx.now], rows)
