// SQL of principals and users.
import { UserId } from "../../app/index.ts"
import { columnsOf, findRow, insertRow, type Reader, remember, type Tx } from "../../store/index.ts"
import { sortName } from "../sort-name.ts"
import { principals, users } from "../tables.ts"
import type { User, UserStatus } from "../types.ts"
import { peopleWhere, type UserSearch, walked } from "./search.ts"

type Row = typeof users.$inferSelect

/** A user with the secret part; never leaves this domain. */
export interface Account {
  user: User
  passwordHash: string | null
}

const asUser = (row: Row): User => ({
  id: UserId(row.id),
  publicId: row.publicId,
  email: row.email,
  emailVerified: row.emailVerifiedMs !== null,
  emailVerifiedMs: row.emailVerifiedMs,
  name: row.name,
  company: row.company,
  locale: row.locale,
  zoneinfo: row.zoneinfo,
  isAdmin: row.isAdmin === 1,
  status: row.status,
  statusReason: row.statusReason,
  testOf: row.testOf,
  createdMs: row.createdMs,
  updatedMs: row.updatedMs,
})

const asAccount = (row: Row | null): Account | null => row && { user: asUser(row), passwordHash: row.passwordHash }

export const accountById = (reader: Reader, id: number): Account | null =>
  asAccount(findRow(reader, users, "id = ?", id))

/** A person without the secret part, as mutations ask for them; remembered until somebody's row is written. */
export const userById = (tx: Tx, id: number): User | null => usersKnown.get(tx, id)

const usersKnown = remember({
  of: [users],
  load: (reader, id: number): User | null => accountById(reader, id)?.user ?? null,
})

export const accountByEmail = (reader: Reader, email: string): Account | null =>
  asAccount(findRow(reader, users, "email = ?", email))

export const accountByPublicId = (reader: Reader, publicId: string): Account | null =>
  asAccount(findRow(reader, users, "public_id = ?", publicId))

export type InsertUser = Pick<Row, "publicId" | "email" | "name" | "passwordHash"> & { emailVerified: boolean }

export const hasPrincipals = (sql: Reader): boolean => sql.get("SELECT 1 FROM principals LIMIT 1") !== null

/** An owner of whom nothing is known but the id. */
export const insertPrincipal = (tx: Tx, id: number) =>
  insertRow(tx, principals, { id, kind: "user", createdMs: tx.now })

export const insertPoolPrincipal = (tx: Tx): number => insertRow(tx, principals, { kind: "pool", createdMs: tx.now })
/** An owner that is several people. */
export const insertTeamPrincipal = (tx: Tx): UserId =>
  UserId(insertRow(tx, principals, { kind: "team", createdMs: tx.now }))

/** Principal and user under one integer. */
export function insertUser(tx: Tx, user: InsertUser): number {
  const id = insertRow(tx, principals, { kind: "user", createdMs: tx.now })
  insertRow(tx, users, {
    id,
    publicId: user.publicId,
    email: user.email,
    emailVerifiedMs: user.emailVerified ? tx.now : null,
    name: user.name,
    sortName: sortedAs(user.name),
    passwordHash: user.passwordHash,
    createdMs: tx.now,
    updatedMs: tx.now,
  })
  return id
}

/** The address is proved: what was set before the proof is replaced by what the prover typed. */
export function adoptUnverified(tx: Tx, id: number, given: { name: string | null; passwordHash: string | null }): void {
  tx.run(
    `UPDATE users SET email_verified_ms = ?, name = ?, sort_name = ?, password_hash = ?, updated_ms = ?
     WHERE id = ? AND email_verified_ms IS NULL`,
    tx.now,
    given.name,
    sortedAs(given.name),
    given.passwordHash,
    tx.now,
    id,
  )
}

export function setPasswordHash(tx: Tx, id: number, passwordHash: string): void {
  tx.run("UPDATE users SET password_hash = ?, updated_ms = ? WHERE id = ?", passwordHash, tx.now, id)
}

/** Another address, proved in this moment. */
export function setEmail(tx: Tx, id: number, email: string): void {
  tx.run("UPDATE users SET email = ?, email_verified_ms = ?, updated_ms = ? WHERE id = ?", email, tx.now, tx.now, id)
}

export function setName(tx: Tx, id: number, name: string | null): void {
  tx.run("UPDATE users SET name = ?, sort_name = ?, updated_ms = ? WHERE id = ?", name, sortedAs(name), tx.now, id)
}

export function setProfile(tx: Tx, id: number, profile: Pick<User, "company" | "locale" | "zoneinfo">): void {
  const { company, locale, zoneinfo } = profile
  tx.run(
    "UPDATE users SET company = ?, locale = ?, zoneinfo = ?, updated_ms = ? WHERE id = ?",
    company,
    locale,
    zoneinfo,
    tx.now,
    id,
  )
}

/** `.invalid` never is an address (RFC 2606); the number keeps it apart from others. */
export function setTombstone(tx: Tx, id: number): void {
  tx.run(
    `UPDATE users SET email = 'erased-' || id || '@erased.invalid', email_verified_ms = NULL, name = NULL, sort_name = NULL,
       password_hash = NULL, company = NULL, locale = NULL, zoneinfo = NULL, is_admin = 0, updated_ms = ? WHERE id = ?`,
    tx.now,
    id,
  )
}

const sortedAs = (name: string | null): string | null => name && sortName(name)

/** Names from before they were sorted so. @returns how many there were, at most `rows` */
export function sortNames(tx: Tx, rows: number): number {
  const found = tx.all<{ id: number; name: string }>(
    "SELECT id, name FROM users WHERE name IS NOT NULL AND sort_name IS NULL LIMIT ?",
    rows,
  )
  for (const { id, name } of found) tx.run("UPDATE users SET sort_name = ? WHERE id = ?", sortName(name), id)
  return found.length
}

export function setStatus(tx: Tx, id: number, status: UserStatus, reason: string): void {
  tx.run(
    "UPDATE users SET status = ?, status_reason = ?, status_ms = ?, updated_ms = ? WHERE id = ?",
    status,
    reason,
    tx.now,
    tx.now,
    id,
  )
}

export function setAdmin(tx: Tx, id: number, isAdmin: boolean): void {
  tx.run("UPDATE users SET is_admin = ?, updated_ms = ? WHERE id = ?", isAdmin ? 1 : 0, tx.now, id)
}

/** Active admins other than this user. */
export const otherAdmins = (reader: Reader, id: number): number =>
  reader.get<{ n: number }>("SELECT count(*) AS n FROM users WHERE is_admin = 1 AND status = 'active' AND id <> ?", id)!
    .n

/** Oldest first; suspended ones too. */
export const adminUsers = (reader: Reader): User[] =>
  reader
    .all<Row>(`SELECT ${columnsOf(users)} FROM users WHERE is_admin = 1 AND status <> 'deleted' ORDER BY id`)
    .map(asUser)

export const notActiveIds = (reader: Reader): number[] =>
  reader.all<{ id: number }>("SELECT id FROM users WHERE status <> 'active'").map((row) => row.id)

/** Words too short for the index are looked for in the rows of so many people, the newest: this runs on the thread of streams. */
const LOOKED_AT_MAX = 20_000

/** Newest first. */
export function searchUsers(reader: Reader, search: UserSearch): User[] {
  const { where, params, isIndexed } = peopleWhere(search.query ?? "")
  const [from, order] = isIndexed
    ? ["users_search CROSS JOIN users u ON u.id = users_search.rowid", "users_search.rowid"]
    : ["users u", "u.id"]
  const newest = reader.get<{ id: number | null }>("SELECT MAX(id) AS id FROM users")?.id ?? 0
  const before = Math.min(search.beforeId ?? Number.MAX_SAFE_INTEGER, newest + 1)
  const isLooked = !isIndexed && where.includes(" LIKE ")
  const rows = reader.all<Row>(
    `SELECT ${columnsOf(users, "u")} FROM ${from}
     WHERE ${walked(where)} AND ${order} < ? AND ${order} >= ? AND (? IS NULL OR u.status = ?) ORDER BY ${order} DESC LIMIT ?`,
    ...params,
    before,
    isLooked ? before - LOOKED_AT_MAX : 0,
    search.status ?? null,
    search.status ?? null,
    search.limit,
  )
  return rows.map(asUser)
}
