// SQL of files for banks. Decides nothing.
import { columnsOf, findRow, insertRow, type Reader, type Tx } from "../store/index.ts"
import { PAYOUT_LIMITS as L } from "./limits.ts"
import { payoutFiles } from "./tables.ts"
import type { FileFormat, MethodKind, OrderState, PayoutFile } from "./types.ts"

/** Whom a kind of file can pay. */
const KINDS: Readonly<Record<FileFormat, readonly MethodKind[]>> = {
  pain: ["iban", "us_bank"],
  csv: ["iban", "us_bank", "paypal"],
  paypal: ["paypal"],
}
const kindsOf = (format: FileFormat): string => KINDS[format].map((kind) => `'${kind}'`).join(", ")

/** Approved, in no file, of nobody who is held, nor of a team whose owner is. Oldest first. */
export const idsFor = (reader: Reader, format: FileFormat): number[] =>
  reader
    .all<{ id: number }>(
      `SELECT o.id FROM payout_orders o JOIN payout_methods m ON m.id = o.method_id
       WHERE o.mode = 'live' AND o.state = 'approved' AND o.file_id IS NULL AND m.kind IN (${kindsOf(format)})
         AND NOT EXISTS (SELECT 1 FROM payout_holds h WHERE h.released_ms IS NULL
           AND h.owner_id IN (o.owner_id, (SELECT t.user_id FROM v_team_owners t WHERE t.team_id = o.owner_id)))
       ORDER BY o.id LIMIT ${L.rowsPerFile}`,
    )
    .map(({ id }) => id)

export const countFor = (reader: Reader, format: FileFormat): number => idsFor(reader, format).length

export const insertFile = (
  tx: Tx,
  row: Pick<typeof payoutFiles.$inferInsert, "publicId" | "format" | "actor" | "debtor">,
): number => insertRow(tx, payoutFiles, { ...row, createdMs: tx.now })

export function putInFile(tx: Tx, fileId: number, ids: readonly number[]): void {
  for (const id of ids)
    tx.run("UPDATE payout_orders SET file_id = ? WHERE id = ? AND state = 'approved' AND file_id IS NULL", fileId, id)
}

/** What of it is not over goes back. */
export function withdrawFile(tx: Tx, fileId: number): void {
  tx.run("UPDATE payout_orders SET file_id = NULL WHERE file_id = ? AND state = 'approved'", fileId)
  tx.run("UPDATE payout_files SET withdrawn_ms = ? WHERE id = ?", tx.now, fileId)
}

const fileView = (row: typeof payoutFiles.$inferSelect | null): PayoutFile | null =>
  row && { ...row, debtor: JSON.parse(row.debtor) as PayoutFile["debtor"] }

export const fileByPublicId = (reader: Reader, publicId: string): PayoutFile | null =>
  fileView(findRow(reader, payoutFiles, "public_id = ?", publicId))

/** An order as a file has it. */
export interface FileRow {
  publicId: string
  ownerId: number
  state: OrderState
  currency: string
  paidMinor: number
  methodPublicId: string
  kind: MethodKind
  hint: string
  sealed: string | null
}

export const rowsOfFile = (reader: Reader, fileId: number): FileRow[] =>
  reader.all(
    `SELECT o.public_id AS publicId, o.owner_id AS ownerId, o.state, o.currency, o.paid_minor AS paidMinor,
            m.public_id AS methodPublicId, m.kind, m.hint, m.sealed
     FROM payout_orders o JOIN payout_methods m ON m.id = o.method_id WHERE o.file_id = ? ORDER BY o.id`,
    fileId,
  )

export interface FileSum extends Omit<PayoutFile, "debtor"> {
  payouts: number
  open: number
}

/** Newest first. */
export const files = (reader: Reader): FileSum[] =>
  reader.all(
    `SELECT ${columnsOf(payoutFiles, "f")}, count(o.id) AS payouts, COALESCE(SUM(o.state = 'approved'), 0) AS open
     FROM payout_files f LEFT JOIN payout_orders o ON o.file_id = f.id GROUP BY f.id ORDER BY f.id DESC LIMIT ${L.filesShown}`,
  )
