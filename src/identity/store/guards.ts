// SQL of what guards sign-up and login: email codes, setup links.
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import { emailCodes, setupLinks } from "../tables.ts"

// ---- email codes -------------------------------------------------------------------------------------------------

export type CodePurpose = "signup" | "email_change" | "confirm" | "join"

export type CodeRow = Omit<typeof emailCodes.$inferSelect, "purpose" | "browserHash">

export const codeOf = (reader: Reader, purpose: CodePurpose, browserHash: string): CodeRow | null =>
  reader.get<CodeRow>(
    `SELECT id, email, code_hash AS codeHash, tries, name, password_hash AS passwordHash, created_ms AS createdMs,
       sent_ms AS sentMs, expires_ms AS expiresMs FROM email_codes WHERE purpose = ? AND browser_hash = ?`,
    purpose,
    browserHash,
  )

export type SaveCode = Pick<
  typeof emailCodes.$inferSelect,
  "purpose" | "browserHash" | "email" | "codeHash" | "name" | "passwordHash" | "expiresMs"
>

/** A new code; the one this browser had is gone. */
export function saveCode(tx: Tx, code: SaveCode): void {
  tx.run("DELETE FROM email_codes WHERE purpose = ? AND browser_hash = ?", code.purpose, code.browserHash)
  insertRow(tx, emailCodes, {
    purpose: code.purpose,
    browserHash: code.browserHash,
    email: code.email,
    codeHash: code.codeHash,
    name: code.name,
    passwordHash: code.passwordHash,
    createdMs: tx.now,
    sentMs: tx.now,
    expiresMs: code.expiresMs,
  })
}

/** What was typed changes, the code in the mail stays. */
export function updateTyped(tx: Tx, id: number, typed: { name: string | null; passwordHash: string | null }): void {
  tx.run("UPDATE email_codes SET name = ?, password_hash = ? WHERE id = ?", typed.name, typed.passwordHash, id)
}

export function countTry(tx: Tx, id: number): void {
  tx.run("UPDATE email_codes SET tries = tries + 1 WHERE id = ?", id)
}

/** Removes a code; of several in one commit only one gets true. */
export const takeCode = (tx: Tx, id: number): boolean =>
  tx.run("DELETE FROM email_codes WHERE id = ?", id).changes === 1

export const purgeCodes = (tx: Tx, beforeMs: number, limit: number): number =>
  tx.run(
    "DELETE FROM email_codes WHERE id IN (SELECT id FROM email_codes WHERE created_ms < ? ORDER BY created_ms LIMIT ?)",
    beforeMs,
    limit,
  ).changes

// ---- setup links -------------------------------------------------------------------------------------------------

export function insertSetupLink(tx: Tx, tokenHash: string, expiresMs: number): void {
  tx.run("UPDATE setup_links SET void_ms = ? WHERE used_ms IS NULL AND void_ms IS NULL", tx.now)
  insertRow(tx, setupLinks, { tokenHash, createdMs: tx.now, expiresMs })
}

const OPEN = "token_hash = ? AND used_ms IS NULL AND void_ms IS NULL AND expires_ms > ?"

export const openSetupLink = (reader: Reader, tokenHash: string, nowMs: number): { id: number } | null =>
  reader.get<{ id: number }>(`SELECT id FROM setup_links WHERE ${OPEN}`, tokenHash, nowMs)

/** @returns false when somebody else was first */
export const takeSetupLink = (tx: Tx, tokenHash: string, userId: number): boolean =>
  tx.run(`UPDATE setup_links SET used_ms = ?, used_by = ? WHERE ${OPEN}`, tx.now, userId, tokenHash, tx.now).changes ===
  1
