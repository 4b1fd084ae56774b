// SQL of listings, screenshots and reports. Decides nothing.
import type { ClientId } from "../app/index.ts"
import { columnsOf, findRow, insertRow, type Reader, type SqlValue, type Tx } from "../store/index.ts"
import { DIRECTORY_LIMITS as L } from "./limits.ts"
import { directoryListings, directoryReports, directoryShots } from "./tables.ts"
import type { AdminCut, AdminListing, Listing, Report, Shot } from "./types.ts"

export const listingOf = (reader: Reader, clientId: ClientId): Listing | null =>
  findRow(reader, directoryListings, "client_id = ?", clientId)

export const isSlugTaken = (reader: Reader, slug: string, clientId: ClientId): boolean =>
  findRow(reader, directoryListings, "slug = ? AND client_id <> ?", slug, clientId) !== null

export const saveListing = (tx: Tx, listing: Listing): void =>
  void insertRow(
    tx,
    directoryListings,
    listing,
    `ON CONFLICT (client_id) DO UPDATE SET slug = excluded.slug, state = excluded.state, tagline = excluded.tagline,
       description = excluded.description, category = excluded.category, tags = excluded.tags, url = excluded.url,
       source_url = excluded.source_url, price_words = excluded.price_words, saved_ms = excluded.saved_ms,
       asked_ms = excluded.asked_ms, remark = excluded.remark, remarked_ms = excluded.remarked_ms`,
  )

const SHOT = columnsOf(directoryShots)

/** Those that its developer has, in their order. */
export const shotsOf = (reader: Reader, clientId: ClientId): Shot[] =>
  reader.all<Shot>(
    `SELECT ${SHOT} FROM directory_shots WHERE client_id = ? AND removed_ms IS NULL ORDER BY position, id LIMIT ${L.shotsMax}`,
    clientId,
  )

/** Those that were taken away, which the copy that everybody sees may still have. */
export const removedShots = (reader: Reader, clientId: ClientId): Shot[] =>
  reader.all<Shot>(
    `SELECT ${SHOT} FROM directory_shots WHERE client_id = ? AND removed_ms IS NOT NULL ORDER BY id LIMIT ${L.shotsKeptMax}`,
    clientId,
  )

export const countShots = (reader: Reader, clientId: ClientId): number =>
  reader.get<{ n: number }>("SELECT count(*) AS n FROM directory_shots WHERE client_id = ?", clientId)!.n

export const insertShot = (tx: Tx, shot: Omit<Shot, "id">): void => void insertRow(tx, directoryShots, shot)

export const saveShot = (tx: Tx, { id, position, alt, removedMs }: Shot): void =>
  void tx.run(
    "UPDATE directory_shots SET position = ?, alt = ?, removed_ms = ? WHERE id = ?",
    position,
    alt,
    removedMs,
    id,
  )

export const deleteShot = (tx: Tx, id: number): void => void tx.run("DELETE FROM directory_shots WHERE id = ?", id)

export const insertReport = (tx: Tx, report: Omit<Report, "id">): void => void insertRow(tx, directoryReports, report)

const count = (reader: Reader, where: string, ...params: SqlValue[]): number =>
  reader.get<{ n: number }>(`SELECT count(*) AS n FROM directory_reports WHERE ${where}`, ...params)!.n

export const countOpen = (reader: Reader, clientId: ClientId): number =>
  count(reader, "client_id = ? AND decided_ms IS NULL", clientId)
export const countSince = (reader: Reader, fromMs: number): number => count(reader, "created_ms >= ?", fromMs)
export const countBy = (reader: Reader, userId: number, fromMs: number): number =>
  count(reader, "user_id = ? AND created_ms >= ?", userId, fromMs)
/** Whether this person already waits for an answer about it. */
export const hasReported = (reader: Reader, userId: number, clientId: ClientId): boolean =>
  count(reader, "user_id = ? AND client_id = ? AND decided_ms IS NULL", userId, clientId) > 0

/** That wait, the newest first. */
export const openReports = (reader: Reader, clientId: ClientId): Report[] =>
  reader.all<Report>(
    `SELECT ${columnsOf(directoryReports)} FROM directory_reports WHERE client_id = ? AND decided_ms IS NULL
     ORDER BY id DESC LIMIT ${L.reportsShown}`,
    clientId,
  )

export const settleReports = (tx: Tx, clientId: ClientId): number =>
  tx.run("UPDATE directory_reports SET decided_ms = ? WHERE client_id = ? AND decided_ms IS NULL", tx.now, clientId)
    .changes

export const deleteDecided = (tx: Tx, beforeMs: number, rows: number): number =>
  tx.run(
    `DELETE FROM directory_reports WHERE id IN (SELECT id FROM directory_reports WHERE decided_ms < ? LIMIT ?)`,
    beforeMs,
    rows,
  ).changes

const CUTS: Readonly<Record<AdminCut, { where: string; order: string }>> = {
  waiting: { where: "l.asked_ms IS NOT NULL", order: "l.asked_ms, l.client_id" },
  reported: {
    where: "l.client_id IN (SELECT client_id FROM directory_reports WHERE decided_ms IS NULL)",
    order: "reports DESC, l.client_id",
  },
  listed: { where: "l.state = 'listed'", order: "l.client_id DESC" },
  suspended: { where: "l.state = 'suspended'", order: "l.client_id DESC" },
}

const ADMIN = `SELECT ${columnsOf(directoryListings, "l")}, k.public_id AS publicId, k.name, k.owner_id AS ownerId, c.featured_ms AS featuredMs,
    COALESCE(c.people, 0) AS people,
    (SELECT count(*) FROM directory_reports r WHERE r.client_id = l.client_id AND r.decided_ms IS NULL) AS reports
  FROM directory_listings l JOIN v_oauth_clients k ON k.client_id = l.client_id LEFT JOIN directory_cards c ON c.client_id = l.client_id`

/** @param page from 0 */
export const adminList = (reader: Reader, cut: AdminCut, page: number): AdminListing[] =>
  reader.all<AdminListing>(
    `${ADMIN} WHERE ${CUTS[cut].where} ORDER BY ${CUTS[cut].order} LIMIT ${L.adminRows + 1} OFFSET ?`,
    page * L.adminRows,
  )

export const adminOne = (reader: Reader, publicId: string): AdminListing | null =>
  reader.get<AdminListing>(`${ADMIN} WHERE k.public_id = ?`, publicId) ?? null

export const countCut = (reader: Reader, cut: AdminCut): number =>
  reader.get<{ n: number }>(`SELECT count(*) AS n FROM directory_listings l WHERE ${CUTS[cut].where}`)!.n
