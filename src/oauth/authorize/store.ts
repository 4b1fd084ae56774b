// SQL of authorization transactions.
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import { authorizations } from "../tables.ts"
import type { AuthRequest } from "./request.ts"

export interface Transaction {
  hash: string
  browserHash: string
  clientId: number
  request: AuthRequest
  sessionBefore: string | null
  shownTo: number | null
  createdMs: number
  expiresMs: number
  finishedMs: number | null
}

export function transactionByHash(reader: Reader, hash: string): Transaction | null {
  const row = reader.get<Omit<Transaction, "request"> & { request: string }>(
    `SELECT hash, browser_hash AS browserHash, client_id AS clientId, request, session_before AS sessionBefore,
       shown_to AS shownTo, created_ms AS createdMs, expires_ms AS expiresMs, finished_ms AS finishedMs
     FROM oauth_authorizations WHERE hash = ?`,
    hash,
  )
  return row && { ...row, request: JSON.parse(row.request) as AuthRequest }
}

export function insertTransaction(
  tx: Tx,
  row: Pick<Transaction, "hash" | "browserHash" | "request" | "sessionBefore" | "shownTo" | "expiresMs">,
): void {
  insertRow(tx, authorizations, {
    hash: row.hash,
    browserHash: row.browserHash,
    clientId: row.request.clientId,
    request: JSON.stringify(row.request),
    sessionBefore: row.sessionBefore,
    shownTo: row.shownTo,
    createdMs: tx.now,
    expiresMs: row.expiresMs,
  })
}

export const setShownTo = (tx: Tx, hash: string, userId: number): void => {
  tx.run("UPDATE oauth_authorizations SET shown_to = ? WHERE hash = ?", userId, hash)
}

/** True for exactly one caller. */
export const finish = (tx: Tx, hash: string): boolean =>
  tx.run("UPDATE oauth_authorizations SET finished_ms = ? WHERE hash = ? AND finished_ms IS NULL", tx.now, hash)
    .changes === 1

export const deleteTransactions = (tx: Tx, beforeMs: number, rowsMax: number): void => {
  tx.run(
    `DELETE FROM oauth_authorizations WHERE hash IN
       (SELECT hash FROM oauth_authorizations WHERE expires_ms < ? LIMIT ?)`,
    beforeMs,
    rowsMax,
  )
}
