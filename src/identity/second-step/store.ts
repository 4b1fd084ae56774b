// SQL of two-step sign-in.
import { findRow, insertRow, type Reader, type Tx } from "../../store/index.ts"
import { recoveryCodes, totpSecrets } from "../tables.ts"

export type TotpRow = typeof totpSecrets.$inferSelect

export const totpOf = (reader: Reader, userId: number): TotpRow | null =>
  findRow(reader, totpSecrets, "user_id = ?", userId)

export function putTotp(tx: Tx, row: { userId: number; secret: string }): void {
  tx.run("DELETE FROM totp_secrets WHERE user_id = ? AND confirmed_ms IS NULL", row.userId)
  insertRow(tx, totpSecrets, { ...row, confirmedMs: null, lastStep: 0, createdMs: tx.now })
}

export const useStep = (tx: Tx, userId: number, step: number): void =>
  void tx.run("UPDATE totp_secrets SET last_step = ? WHERE user_id = ?", step, userId)

export const confirmTotp = (tx: Tx, userId: number): void =>
  void tx.run("UPDATE totp_secrets SET confirmed_ms = ? WHERE user_id = ?", tx.now, userId)

export const deleteTotp = (tx: Tx, userId: number): void =>
  void tx.run("DELETE FROM totp_secrets WHERE user_id = ?", userId)

export const deleteRecoveryCodes = (tx: Tx, userId: number): void =>
  void tx.run("DELETE FROM recovery_codes WHERE user_id = ?", userId)

/** Both, of an account that changes hands. */
export function deleteSecondStep(tx: Tx, userId: number): void {
  deleteTotp(tx, userId)
  deleteRecoveryCodes(tx, userId)
}

export function putRecoveryCodes(tx: Tx, userId: number, hashes: readonly string[]): void {
  tx.run("DELETE FROM recovery_codes WHERE user_id = ?", userId)
  for (const codeHash of hashes) insertRow(tx, recoveryCodes, { userId, codeHash, createdMs: tx.now, usedMs: null })
}

/** @returns false when there is no such code, or it was used */
export const takeRecoveryCode = (tx: Tx, userId: number, codeHash: string): boolean =>
  tx.run(
    "UPDATE recovery_codes SET used_ms = ? WHERE user_id = ? AND code_hash = ? AND used_ms IS NULL",
    tx.now,
    userId,
    codeHash,
  ).changes === 1

export const recoveryLeft = (reader: Reader, userId: number): number =>
  reader.get<{ n: number }>("SELECT COUNT(*) AS n FROM recovery_codes WHERE user_id = ? AND used_ms IS NULL", userId)!.n

/** Secrets that nobody confirmed. @returns rows deleted */
export const purgeUnconfirmed = (tx: Tx, beforeMs: number, rowsMax: number): number =>
  tx.run(
    `DELETE FROM totp_secrets WHERE user_id IN
       (SELECT user_id FROM totp_secrets WHERE confirmed_ms IS NULL AND created_ms < ? LIMIT ?)`,
    beforeMs,
    rowsMax,
  ).changes
