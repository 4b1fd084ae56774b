// SQL of offers of apps.
import type { ClientId, UserId } from "../../app/index.ts"
import { columnsOf, findRow, insertRow, type Reader, type Tx } from "../../store/index.ts"
import { appTransfers } from "../tables.ts"
import type { AppTransfer, TransferState } from "./types.ts"

export const openOf = (reader: Reader, clientId: ClientId): AppTransfer | null =>
  findRow(reader, appTransfers, "client_id = ? AND state = 'open'", clientId)

export const byPublicId = (reader: Reader, publicId: string): AppTransfer | null =>
  findRow(reader, appTransfers, "public_id = ?", publicId)

export const openFor = (reader: Reader, email: string): AppTransfer[] =>
  reader.all<AppTransfer>(
    `SELECT ${columnsOf(appTransfers)} FROM app_transfers WHERE to_email = ? AND state = 'open' ORDER BY id DESC LIMIT 20`,
    email,
  )

export const madeSince = (reader: Reader, userId: UserId, ms: number): number =>
  reader.get<{ n: number }>("SELECT count(*) AS n FROM app_transfers WHERE user_id = ? AND created_ms > ?", userId, ms)!
    .n

export const insertTransfer = (
  tx: Tx,
  row: Pick<AppTransfer, "publicId" | "clientId" | "userId" | "endsMs"> & { toEmail: string },
): number => insertRow(tx, appTransfers, { ...row, state: "open", createdMs: tx.now })

/** @returns whether it was open */
export const decide = (
  tx: Tx,
  id: number,
  state: Exclude<TransferState, "open">,
  toUserId: UserId | null = null,
): boolean =>
  tx.run(
    "UPDATE app_transfers SET state = ?, to_user_id = ?, to_email = NULL, decided_ms = ? WHERE id = ? AND state = 'open'",
    state,
    toUserId,
    tx.now,
    id,
  ).changes === 1

export const expire = (tx: Tx, rows: number): number =>
  tx.run(
    `UPDATE app_transfers SET state = 'expired', to_email = NULL, decided_ms = ?1
     WHERE id IN (SELECT id FROM app_transfers WHERE state = 'open' AND ends_ms <= ?1 LIMIT ?2)`,
    tx.now,
    rows,
  ).changes

export const deleteDecidedBefore = (tx: Tx, ms: number, rows: number): number =>
  tx.run("DELETE FROM app_transfers WHERE id IN (SELECT id FROM app_transfers WHERE decided_ms < ? LIMIT ?)", ms, rows)
    .changes
