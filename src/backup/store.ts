// SQL of backup: proofs, restores, and what was last in the books.

import { desc } from "drizzle-orm"
import { insertRow, type OrmReader, type Reader, type Tx } from "../store/index.ts"
import { BACKUP_LIMITS as L } from "./limits.ts"
import { backupProofs, restores } from "./tables.ts"
import type { ProofRow, Restore } from "./types.ts"

export function insertProof(tx: Tx, row: Omit<ProofRow, "id" | "atMs">): void {
  insertRow(tx, backupProofs, { ...row, atMs: tx.now })
  tx.run("DELETE FROM backup_proofs WHERE id <= (SELECT MAX(id) FROM backup_proofs) - ?", L.proofsKept)
}

/** Newest first. */
export const proofs = (reader: OrmReader, rows: number): ProofRow[] =>
  reader.drizzle.select().from(backupProofs).orderBy(desc(backupProofs.id)).limit(rows).all()

export const insertRestore = (
  tx: Tx,
  row: Omit<Restore, "id" | "startedMs" | "lookedMs" | "lookedBy" | "paymentsMs" | "payments">,
): void => void insertRow(tx, restores, { ...row, startedMs: tx.now })

export const lastRestore = (reader: OrmReader): Restore | null =>
  reader.drizzle.select().from(restores).orderBy(desc(restores.id)).limit(1).get() ?? null

export const markLooked = (tx: Tx, id: number): void =>
  void tx.run(
    "UPDATE restores SET looked_ms = ?, looked_by = ? WHERE id = ? AND looked_ms IS NULL",
    tx.now,
    tx.ctx.actor,
    id,
  )

export const notePayments = (tx: Tx, id: number, payments: object): void =>
  void tx.run("UPDATE restores SET payments_ms = ?, payments = ? WHERE id = ?", tx.now, JSON.stringify(payments), id)

export interface LastBooked {
  lastTransactionId: string | null
  lastTransactionMs: number | null
  lastCallId: string | null
  lastCallMs: number | null
}

/** The newest transaction of the books, and the newest charged call. */
export function lastBooked(reader: Reader): LastBooked {
  const call = reader.get<{ id: number; callId: string; atMs: number }>(
    "SELECT id, call_id AS callId, at_ms AS atMs FROM charges ORDER BY id DESC LIMIT 1",
  )
  const other = reader.get<{ id: number; publicId: string; atMs: number }>(
    "SELECT id, public_id AS publicId, at_ms AS atMs FROM transactions ORDER BY id DESC LIMIT 1",
  )
  // Both take their place in one sequence.
  const isCall = call !== null && call.id > (other?.id ?? 0)
  return {
    lastTransactionId: isCall ? `txn_${call.callId.slice(4)}` : (other?.publicId ?? null),
    lastTransactionMs: isCall ? call.atMs : (other?.atMs ?? null),
    lastCallId: call?.callId ?? null,
    lastCallMs: call?.atMs ?? null,
  }
}

export const waitingMessages = (reader: Reader): number =>
  reader.get<{ n: number }>("SELECT COUNT(*) AS n FROM outbox WHERE state = 'waiting'")!.n
