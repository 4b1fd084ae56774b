// SQL of sign-in with others.
import { columnsOf, findRow, insertRow, type Reader, type Tx } from "../../store/index.ts"
import { externalIdentities, issuerAnswers, issuers } from "./tables.ts"

export type IssuerRow = typeof issuers.$inferSelect
export type IdentityRow = typeof externalIdentities.$inferSelect

// ---- issuers -----------------------------------------------------------------------------------------------------

export const issuerRows = (reader: Reader): IssuerRow[] =>
  reader.all<IssuerRow>(`SELECT ${columnsOf(issuers)} FROM issuers ORDER BY position, id`)

export const issuerRow = (reader: Reader, slug: string): IssuerRow | null => findRow(reader, issuers, "slug = ?", slug)

export const issuerRowById = (reader: Reader, id: number): IssuerRow | null => findRow(reader, issuers, "id = ?", id)

export const issuerRowNamed = (reader: Reader, issuer: string): IssuerRow | null =>
  findRow(reader, issuers, "issuer = ?", issuer)

export const insertIssuer = (tx: Tx, row: Omit<IssuerRow, "id" | "position" | "createdMs" | "updatedMs">): number =>
  insertRow(tx, issuers, {
    ...row,
    position: tx.get<{ next: number }>("SELECT coalesce(max(position), 0) + 1 AS next FROM issuers")!.next,
    createdMs: tx.now,
    updatedMs: tx.now,
  })

export function updateIssuer(
  tx: Tx,
  id: number,
  row: Pick<
    IssuerRow,
    "name" | "clientId" | "active" | "signUp" | "trustsMfa" | "domains" | "responseMode" | "tenants"
  >,
): void {
  tx.run(
    `UPDATE issuers SET name = ?, client_id = ?, active = ?, sign_up = ?, trusts_mfa = ?, domains = ?, response_mode = ?, tenants = ?, updated_ms = ?
     WHERE id = ?`,
    row.name,
    row.clientId,
    row.active,
    row.signUp,
    row.trustsMfa,
    row.domains,
    row.responseMode,
    row.tenants,
    tx.now,
    id,
  )
}

export function setIssuerSecret(tx: Tx, id: number, clientSecret: string | null): void {
  tx.run("UPDATE issuers SET client_secret = ?, updated_ms = ? WHERE id = ?", clientSecret, tx.now, id)
}

export function setPosition(tx: Tx, id: number, position: number): void {
  tx.run("UPDATE issuers SET position = ? WHERE id = ?", position, id)
}

export function deleteIssuer(tx: Tx, id: number): void {
  tx.run("DELETE FROM issuers WHERE id = ?", id)
}

/** Whom an issuer knows, and who of them has neither a password nor another issuer that is on. */
export const peopleOf = (reader: Reader, issuer: string): { people: number; onlyWay: number } =>
  reader.get<{ people: number; onlyWay: number }>(
    `SELECT count(DISTINCT u.id) AS people, count(DISTINCT CASE WHEN u.password_hash IS NULL AND NOT EXISTS (
         SELECT 1 FROM external_identities o JOIN issuers i ON i.issuer = o.issuer AND i.active = 1
         WHERE o.user_id = u.id AND o.issuer <> ?1) THEN u.id END) AS onlyWay
     FROM external_identities e JOIN users u ON u.id = e.user_id AND u.status <> 'deleted' WHERE e.issuer = ?1`,
    issuer,
  )!

// ---- people ------------------------------------------------------------------------------------------------------

export const identityOf = (reader: Reader, issuer: string, subject: string): IdentityRow | null =>
  findRow(reader, externalIdentities, "issuer = ? AND subject = ?", issuer, subject)

export const identitiesOf = (reader: Reader, userId: number): IdentityRow[] =>
  reader.all<IdentityRow>(
    `SELECT ${columnsOf(externalIdentities)} FROM external_identities WHERE user_id = ? ORDER BY id`,
    userId,
  )

export const insertIdentity = (tx: Tx, row: Omit<IdentityRow, "id" | "linkedMs" | "usedMs">): number =>
  insertRow(tx, externalIdentities, { ...row, linkedMs: tx.now, usedMs: tx.now })

export function noteUsed(tx: Tx, id: number, email: string | null): void {
  tx.run("UPDATE external_identities SET used_ms = ?, email = ? WHERE id = ?", tx.now, email, id)
}

export function deleteIdentity(tx: Tx, id: number): void {
  tx.run("DELETE FROM external_identities WHERE id = ?", id)
}

export const deleteIdentitiesOf = (tx: Tx, userId: number): number =>
  tx.run("DELETE FROM external_identities WHERE user_id = ?", userId).changes

// ---- answers -----------------------------------------------------------------------------------------------------

/** @returns false when this trip brought somebody already */
export function takeAnswer(tx: Tx, tripHash: string, untilMs: number): boolean {
  if (findRow(tx, issuerAnswers, "trip_hash = ?", tripHash)) return false
  insertRow(tx, issuerAnswers, { tripHash, untilMs })
  return true
}

export const purgeAnswers = (tx: Tx, nowMs: number, limit: number): number =>
  tx.run(
    `DELETE FROM issuer_answers WHERE trip_hash IN
       (SELECT trip_hash FROM issuer_answers WHERE until_ms <= ? ORDER BY until_ms LIMIT ?)`,
    nowMs,
    limit,
  ).changes
