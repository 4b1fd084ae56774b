// SQL of passkeys.
import { columnsOf, findRow, insertRow, type Reader, type Tx } from "../../store/index.ts"
import { passkeys } from "../tables.ts"

export type PasskeyRow = typeof passkeys.$inferSelect

export const passkeyByCredential = (reader: Reader, credentialId: string): PasskeyRow | null =>
  findRow(reader, passkeys, "credential_id = ?", credentialId)

export const passkeyOf = (reader: Reader, userId: number, publicId: string): PasskeyRow | null =>
  findRow(reader, passkeys, "user_id = ? AND public_id = ?", userId, publicId)

/** Oldest first. */
export const passkeyRows = (reader: Reader, userId: number): PasskeyRow[] =>
  reader.all<PasskeyRow>(`SELECT ${columnsOf(passkeys)} FROM passkeys WHERE user_id = ? ORDER BY id`, userId)

export const hasPasskeys = (reader: Reader, userId: number): boolean =>
  reader.get("SELECT 1 FROM passkeys WHERE user_id = ? LIMIT 1", userId) !== null

export const insertPasskey = (tx: Tx, row: Omit<PasskeyRow, "id" | "createdMs" | "usedMs">): number =>
  insertRow(tx, passkeys, { ...row, createdMs: tx.now, usedMs: null })

export const noteUse = (tx: Tx, id: number, use: { counter: number; backedUp: 0 | 1 }): void =>
  void tx.run(
    "UPDATE passkeys SET counter = ?, backed_up = ?, used_ms = ? WHERE id = ?",
    use.counter,
    use.backedUp,
    tx.now,
    id,
  )

export const renameRow = (tx: Tx, id: number, name: string): void =>
  void tx.run("UPDATE passkeys SET name = ? WHERE id = ?", name, id)

export const deletePasskey = (tx: Tx, id: number): void => void tx.run("DELETE FROM passkeys WHERE id = ?", id)

/** @returns how many there were */
export const deletePasskeysOf = (tx: Tx, userId: number): number =>
  tx.run("DELETE FROM passkeys WHERE user_id = ?", userId).changes

/** Of several in one commit, or ever, only one gets true. */
export const takeChallenge = (tx: Tx, challengeHash: string, forgetAtMs: number): boolean =>
  tx.run(
    "INSERT INTO passkey_challenges (challenge_hash, forget_at_ms) VALUES (?, ?) ON CONFLICT DO NOTHING",
    challengeHash,
    forgetAtMs,
  ).changes === 1

export const purgeChallenges = (tx: Tx, nowMs: number, rowsMax: number): number =>
  tx.run(
    `DELETE FROM passkey_challenges WHERE challenge_hash IN
       (SELECT challenge_hash FROM passkey_challenges WHERE forget_at_ms <= ? LIMIT ?)`,
    nowMs,
    rowsMax,
  ).changes
