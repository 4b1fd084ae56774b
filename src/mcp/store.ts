// SQL of people's tool servers. Decides nothing.
import type { UserId } from "../app/index.ts"
import { columnsOf, findRow, insertRow, type Reader, type Tx } from "../store/index.ts"
import { standingOf } from "./rules.ts"
import { mcpGroups, mcpOffers, mcpServers } from "./tables.ts"
import type { Definition, Group, Offer, OfferKind, Server } from "./types.ts"

type ServerRow = typeof mcpServers.$inferSelect
type OfferRow = typeof mcpOffers.$inferSelect

export const groupsOf = (sql: Reader, ownerId: UserId): Group[] =>
  sql.all<Group>(`SELECT ${columnsOf(mcpGroups)} FROM mcp_groups WHERE owner_id = ? ORDER BY name`, ownerId)
export const groupNamed = (sql: Reader, ownerId: UserId, name: string): Group | null =>
  findRow(sql, mcpGroups, "owner_id = ? AND name = ?", ownerId, name)
export const groupById = (sql: Reader, id: number): Group | null => findRow(sql, mcpGroups, "id = ?", id)
export const insertGroup = (tx: Tx, row: Omit<Group, "id">): number => insertRow(tx, mcpGroups, row)
export const renameGroup = (tx: Tx, id: number, title: string): void =>
  void tx.run("UPDATE mcp_groups SET title = ?, updated_ms = ? WHERE id = ?", title, tx.now, id)

export function deleteGroup(tx: Tx, id: number): void {
  tx.run("DELETE FROM mcp_sessions WHERE group_id = ?", id)
  tx.run("DELETE FROM mcp_offers WHERE server_id IN (SELECT id FROM mcp_servers WHERE group_id = ?)", id)
  tx.run("DELETE FROM mcp_servers WHERE group_id = ?", id)
  tx.run("DELETE FROM mcp_groups WHERE id = ?", id)
}

const shown = ({ credentialSealed, ...row }: ServerRow): Server => ({
  ...row,
  active: Boolean(row.active),
  hasCredential: credentialSealed !== null,
})

export const serversOf = (sql: Reader, groupId: number): Server[] =>
  sql
    .all<ServerRow>(`SELECT ${columnsOf(mcpServers)} FROM mcp_servers WHERE group_id = ? ORDER BY name`, groupId)
    .map(shown)
export const serverById = (sql: Reader, id: number): Server | null => {
  const row = findRow(sql, mcpServers, "id = ?", id)
  return row && shown(row)
}
export const serverByPublicId = (sql: Reader, publicId: string): Server | null => {
  const row = findRow(sql, mcpServers, "public_id = ?", publicId)
  return row && shown(row)
}
export const credentialOf = (sql: Reader, id: number): string | null =>
  sql.get<{ sealed: string | null }>("SELECT credential_sealed AS sealed FROM mcp_servers WHERE id = ?", id)?.sealed ??
  null

export const insertServer = (tx: Tx, row: Omit<ServerRow, "id">): number => insertRow(tx, mcpServers, row)
export function saveServer(tx: Tx, id: number, changes: Partial<Omit<ServerRow, "id" | "publicId" | "groupId">>): void {
  const set = Object.entries(changes)
  const sql = set.map(([field]) => `${COLUMN[field as keyof typeof COLUMN]} = ?`).join(", ")
  const values = set.map(([, value]) => (typeof value === "boolean" ? Number(value) : value))
  tx.run(`UPDATE mcp_servers SET ${sql} WHERE id = ?`, ...(values as (string | number | null)[]), id)
}
const COLUMN = {
  name: "name",
  url: "url",
  auth: "auth",
  keyIn: "key_in",
  keyName: "key_name",
  credentialSealed: "credential_sealed",
  transport: "transport",
  active: "active",
  state: "state",
  problem: "problem",
  title: "title",
  listedMs: "listed_ms",
  usedMs: "used_ms",
  createdMs: "created_ms",
  updatedMs: "updated_ms",
} as const

export function deleteServer(tx: Tx, id: number): void {
  tx.run("DELETE FROM mcp_offers WHERE server_id = ?", id)
  tx.run("DELETE FROM mcp_servers WHERE id = ?", id)
}

/** Whose lists are older, of servers that are on; those that failed wait longer. */
export const serversToList = (sql: Reader, listedBeforeMs: number, failedBeforeMs: number, rows: number): number[] =>
  sql
    .all<{ id: number }>(
      `SELECT id FROM mcp_servers WHERE active = 1 AND (state = 'ok' AND listed_ms < ?1 OR state = 'failing' AND updated_ms < ?2)
       ORDER BY updated_ms LIMIT ?3`,
      listedBeforeMs,
      failedBeforeMs,
      rows,
    )
    .map(({ id }) => id)

const offered = (row: OfferRow): Offer => ({
  id: row.id,
  serverId: row.serverId,
  kind: row.kind,
  name: row.name,
  definition: JSON.parse(row.definition) as Definition,
  approved: row.approved === null ? null : (JSON.parse(row.approved) as Definition),
  standing: standingOf(row.definition, row.approved),
  active: Boolean(row.active),
})

/** Those that are still listed, in the server's order. */
export const offersOf = (sql: Reader, serverId: number): Offer[] =>
  sql
    .all<OfferRow>(
      `SELECT ${columnsOf(mcpOffers)} FROM mcp_offers WHERE server_id = ? AND listed = 1 ORDER BY kind, position`,
      serverId,
    )
    .map(offered)
export const offersIn = (sql: Reader, groupId: number, kind: OfferKind): Offer[] =>
  sql
    .all<OfferRow>(
      `SELECT ${columnsOf(mcpOffers)} FROM mcp_offers WHERE kind = ?2 AND listed = 1 AND active = 1 AND approved = definition
         AND server_id IN (SELECT id FROM mcp_servers WHERE group_id = ?1 AND active = 1)
       ORDER BY (SELECT name FROM mcp_servers s WHERE s.id = server_id), position`,
      groupId,
      kind,
    )
    .map(offered)
export const offerNamed = (sql: Reader, serverId: number, kind: OfferKind, name: string): Offer | null => {
  const row = findRow(sql, mcpOffers, "server_id = ? AND kind = ? AND name = ? AND listed = 1", serverId, kind, name)
  return row && offered(row)
}
/** As it stands in the row: the same text is the same tool. */
export const approvedText = (sql: Reader, id: number): string | null =>
  sql.get<{ text: string | null }>(
    "SELECT CASE WHEN listed = 1 AND active = 1 AND approved = definition THEN definition END AS text FROM mcp_offers WHERE id = ?",
    id,
  )?.text ?? null

export const unlistOffers = (tx: Tx, serverId: number): void =>
  void tx.run("UPDATE mcp_offers SET listed = 0 WHERE server_id = ?", serverId)
export const listOffer = (tx: Tx, row: Omit<OfferRow, "id" | "active" | "listed">): void =>
  void tx.run(
    `INSERT INTO mcp_offers (server_id, kind, name, definition, approved, active, listed, position) VALUES (?, ?, ?, ?, ?, 1, 1, ?)
     ON CONFLICT (server_id, kind, name) DO UPDATE SET definition = excluded.definition, listed = 1, position = excluded.position,
       approved = coalesce(excluded.approved, approved)`,
    row.serverId,
    row.kind,
    row.name,
    row.definition,
    row.approved,
    row.position,
  )
/** What was taken from the list and that nobody ever decided on. */
export const forgetUnlisted = (tx: Tx, serverId: number, keep: number): void =>
  void tx.run(
    `DELETE FROM mcp_offers WHERE server_id = ?1 AND listed = 0 AND id NOT IN
      (SELECT id FROM mcp_offers WHERE server_id = ?1 AND listed = 0 ORDER BY id DESC LIMIT ?2)`,
    serverId,
    keep,
  )
export const approveAll = (tx: Tx, serverId: number): void =>
  void tx.run("UPDATE mcp_offers SET approved = definition WHERE server_id = ? AND listed = 1", serverId)
export const turnOffer = (tx: Tx, id: number, active: boolean): void =>
  void tx.run("UPDATE mcp_offers SET active = ? WHERE id = ?", Number(active), id)
