// SQL of what everybody sees: cards of apps that live, and the index over their words. Decides nothing.
import type { ClientId } from "../app/index.ts"
import type { Asked } from "../marketplace/index.ts"
import {
  columnsOf,
  findRow,
  insertRow,
  keyset,
  type Place,
  type Reader,
  type SqlValue,
  type Tx,
} from "../store/index.ts"
import { DIRECTORY_LIMITS as L } from "./limits.ts"
import { directoryCards } from "./tables.ts"
import type { Card, DirectoryOrder, DirectoryQuery, ListedApp, ShownShot } from "./types.ts"

export const cardOf = (reader: Reader, clientId: ClientId): Card | null =>
  findRow(reader, directoryCards, "client_id = ?", clientId)

/** When the words that everybody sees were let in; null = nobody sees any. */
export const publishedMsOf = (reader: Reader, clientId: ClientId): number | null =>
  cardOf(reader, clientId)?.publishedMs ?? null

/** What was there before stays what it was for people: featured, first listed, used. */
export const saveCard = (tx: Tx, card: Card): void =>
  void insertRow(
    tx,
    directoryCards,
    card,
    `ON CONFLICT (client_id) DO UPDATE SET tagline = excluded.tagline, description = excluded.description,
       category = excluded.category, tags = excluded.tags, url = excluded.url, source_url = excluded.source_url,
       price_words = excluded.price_words, shots = excluded.shots, published_ms = excluded.published_ms`,
  )

export function deleteCard(tx: Tx, clientId: ClientId): void {
  tx.run("DELETE FROM directory_search WHERE rowid = ?", clientId)
  tx.run("DELETE FROM directory_cards WHERE client_id = ?", clientId)
}

export const setFeatured = (tx: Tx, clientId: ClientId, atMs: number | null): void =>
  void tx.run("UPDATE directory_cards SET featured_ms = ? WHERE client_id = ?", atMs, clientId)

export const setPeople = (tx: Tx, clientId: ClientId, people: number): void =>
  void tx.run("UPDATE directory_cards SET people = ?, people_ms = ? WHERE client_id = ?", people, tx.now, clientId)

/** Cards whose people were counted longest ago, each with the id of its app. */
export const dueCards = (reader: Reader, beforeMs: number, rows: number): [ClientId, string][] =>
  reader
    .all<{ id: ClientId; publicId: string }>(
      `SELECT c.client_id AS id, k.public_id AS publicId FROM directory_cards c JOIN v_oauth_clients k ON k.client_id = c.client_id
       WHERE c.people_ms <= ? ORDER BY c.people_ms, c.client_id LIMIT ?`,
      beforeMs,
      rows,
    )
    .map(({ id, publicId }) => [id, publicId])

export function putWords(
  tx: Tx,
  clientId: ClientId,
  words: { name: string; tagline: string; tags: string; developer: string; description: string },
): void {
  tx.run("DELETE FROM directory_search WHERE rowid = ?", clientId)
  tx.run(
    "INSERT INTO directory_search (rowid, name, tagline, tags, developer, description) VALUES (?, ?, ?, ?, ?, ?)",
    clientId,
    words.name,
    words.tagline,
    words.tags,
    words.developer,
    words.description,
  )
}

/** Best first, by where the words stand. */
export const matchesOf = (reader: Reader, match: string): number[] =>
  reader
    .all<{ id: number }>(
      `SELECT rowid AS id FROM directory_search WHERE directory_search MATCH ?
       ORDER BY bm25(directory_search, 10, 5, 4, 3, 1), rowid LIMIT ${L.matchesMax}`,
      match,
    )
    .map(({ id }) => id)

type CardRow = Omit<ListedApp, "tags" | "shots"> & { tags: string; shots: string }

const CARD = `SELECT ${columnsOf(directoryCards, "c")}, l.slug, a.public_id AS publicId, a.name, a.owner_id AS ownerId
  FROM directory_cards c JOIN directory_listings l ON l.client_id = c.client_id JOIN v_directory_apps a ON a.client_id = c.client_id`

const shown = ({ tags, shots, ...row }: CardRow): ListedApp => ({
  ...row,
  tags: tags === "" ? [] : tags.split(" "),
  shots: JSON.parse(shots) as ShownShot[],
})

export const appBySlug = (reader: Reader, slug: string): ListedApp | null => {
  const row = reader.get<CardRow>(`${CARD} WHERE l.slug = ? AND l.state = 'listed'`, slug)
  return row ? shown(row) : null
}

interface Where {
  where: string
  params: SqlValue[]
}

function whereOf({ category, tag }: Pick<DirectoryQuery, "category" | "tag">, asked: Asked): Where {
  const conditions = [
    "l.state = 'listed'",
    ...(category === "" ? [] : ["c.category = ?"]),
    ...(tag === "" ? [] : ["instr(' ' || c.tags || ' ', ' ' || ? || ' ') > 0"]),
    ...asked.short.map(() => "(a.name LIKE ? ESCAPE '!' OR c.tags LIKE ? ESCAPE '!')"),
  ]
  return {
    where: conditions.join(" AND "),
    params: [
      ...(category === "" ? [] : [category]),
      ...(tag === "" ? [] : [tag]),
      ...asked.short.flatMap((like) => [like, like]),
    ],
  }
}

/** Featured ones before all others, in one number. */
const FEATURED = 1_000_000_000_000_000
const KEYS: Readonly<Record<DirectoryOrder, string>> = {
  best: `((c.featured_ms IS NOT NULL) * ${FEATURED} + c.people)`,
  used: "c.people",
  new: "c.listed_ms",
}

/** What a row of an order is sorted by, for the place of the next page. */
export const placeOf = (order: DirectoryOrder, { clientId: id, featuredMs, people, listedMs }: ListedApp): Place => ({
  key: order === "new" ? listedMs : people + (order === "best" && featuredMs !== null ? FEATURED : 0),
  id,
})

/** @returns one more than a page, where there are more */
export function listed(
  reader: Reader,
  query: DirectoryQuery,
  asked: Asked,
  rows: number = L.pageRows + 1,
): ListedApp[] {
  const { where, params } = whereOf(query, asked)
  const set = keyset({ key: KEYS[query.order], id: "c.client_id", descending: true }, query.place)
  return reader
    .all<CardRow>(
      `${CARD} WHERE ${where} AND ${set.where} ORDER BY ${set.order} LIMIT ?`,
      ...params,
      ...set.params,
      rows,
    )
    .map(shown)
}

/** Of these, in their order. */
export function among(reader: Reader, query: DirectoryQuery, asked: Asked, ids: readonly number[]): ListedApp[] {
  const { where, params } = whereOf(query, asked)
  return reader
    .all<CardRow>(
      `${CARD} JOIN json_each(?) j ON j.value = c.client_id WHERE ${where} ORDER BY j.key LIMIT ${L.pageRows + 1}`,
      JSON.stringify(ids),
      ...params,
    )
    .map(shown)
}

export const categoriesOf = (reader: Reader): { name: string; apps: number }[] =>
  reader.all<{ name: string; apps: number }>(
    `SELECT c.category AS name, count(*) AS apps FROM directory_cards c JOIN v_directory_apps a ON a.client_id = c.client_id
     GROUP BY c.category ORDER BY apps DESC, name LIMIT ${L.categoriesMax}`,
  )

export const isEmpty = (reader: Reader): boolean =>
  reader.get("SELECT 1 FROM directory_cards c JOIN v_directory_apps a ON a.client_id = c.client_id LIMIT 1") === null

export const slugs = (reader: Reader, most: number): string[] =>
  reader
    .all<{ slug: string }>(
      `SELECT l.slug FROM directory_cards c JOIN directory_listings l ON l.client_id = c.client_id
       JOIN v_directory_apps a ON a.client_id = c.client_id WHERE l.state = 'listed' ORDER BY c.listed_ms DESC, c.client_id LIMIT ?`,
      most,
    )
    .map(({ slug }) => slug)

/** Other listed apps of the same developer. */
export const othersOf = (reader: Reader, { ownerId, clientId }: ListedApp): ListedApp[] =>
  reader
    .all<CardRow>(
      `${CARD} WHERE a.owner_id = ? AND c.client_id <> ? AND l.state = 'listed' ORDER BY c.people DESC, c.client_id LIMIT 3`,
      ownerId,
      clientId,
    )
    .map(shown)
