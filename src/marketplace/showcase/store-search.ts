// SQL of cards and of the index over products. Decides nothing.
import type { Nano } from "../../app/index.ts"
import type { Reader, SqlValue, Tx } from "../../store/index.ts"
import type { Cycle } from "../types.ts"
import { SHOWCASE_LIMITS as L } from "./limits.ts"
import type { Asked } from "./rules.ts"
import type { ShopCard, ShopOrder, ShopQuery } from "./types.ts"

export const staleOf = (reader: Reader, rows: number): number[] =>
  reader.all<{ id: number }>("SELECT product_id AS id FROM market_stale LIMIT ?", rows).map(({ id }) => id)

export const isStale = (reader: Reader): boolean => reader.get("SELECT 1 FROM market_stale LIMIT 1") !== null

export interface Source {
  slug: string
  title: string
  tagline: string
  overview: string
  publisher: string
  featuredMs: number | null
  publishedMs: number
}

/** What everybody may see of it; null = nothing. */
export const sourceOf = (tx: Tx, productId: number): Source | null =>
  tx.get<Source>(
    `SELECT p.slug, p.title, p.tagline, substr(p.overview, 1, ${L.overviewChars}) AS overview, u.name AS publisher,
       p.featured_ms AS featuredMs, COALESCE(p.published_ms, p.updated_ms) AS publishedMs
     FROM market_products p JOIN market_publishers u ON u.id = p.publisher_id
     WHERE p.id = ? AND p.state = 'published' AND u.suspended_ms IS NULL`,
    productId,
  ) ?? null

/** Living ones, as they are searched: "GET /weather/{city} Current weather". */
export const endpointsOf = (tx: Tx, productId: number) =>
  tx.get<{ n: number; words: string | null }>(
    `SELECT (SELECT count(*) FROM market_endpoints WHERE product_id = ?1 AND removed_ms IS NULL) AS n,
       substr(group_concat(word, ' '), 1, ${L.endpointsChars}) AS words
     FROM (SELECT method || ' ' || path || ' ' || title AS word FROM market_endpoints
       WHERE product_id = ?1 AND removed_ms IS NULL ORDER BY position, id LIMIT ${L.endpointsMax})`,
    productId,
  )!

/** Present terms of plans that are open, cheapest first. */
export const pricesOf = (tx: Tx, productId: number) =>
  tx.all<{ priceNano: Nano; cycle: Cycle }>(
    `SELECT t.price_nano AS priceNano, t.cycle FROM market_plans l
     JOIN market_plan_terms t ON t.plan_id = l.id AND t.version = (SELECT max(version) FROM market_plan_terms WHERE plan_id = l.id)
     WHERE l.product_id = ? AND l.retired_ms IS NULL ORDER BY t.price_nano, l.rank`,
    productId,
  )

export const starsOf = (reader: Reader, productId: number) =>
  reader.get<{ stars: number; reviews: number }>(
    `SELECT COALESCE(sum(stars), 0) AS stars, count(*) AS reviews FROM market_reviews WHERE product_id = ? AND hidden_ms IS NULL`,
    productId,
  )!

export function dropCard(tx: Tx, productId: number): void {
  tx.run("DELETE FROM market_search WHERE rowid = ?", productId)
  tx.run("DELETE FROM market_cards WHERE product_id = ?", productId)
  tx.run("DELETE FROM market_stale WHERE product_id = ?", productId)
}

export function putWords(
  tx: Tx,
  productId: number,
  { title, tagline, publisher, overview }: Source,
  endpoints: string,
): void {
  tx.run(
    "INSERT INTO market_search (rowid, title, tagline, publisher, endpoints, overview) VALUES (?, ?, ?, ?, ?, ?)",
    productId,
    title,
    tagline,
    publisher,
    endpoints,
    overview,
  )
}

/** More than are put in order. */
export const hasMore = (reader: Reader, match: string): boolean =>
  reader.get(`SELECT 1 FROM market_search WHERE market_search MATCH ? LIMIT 1 OFFSET ${L.matchesMax}`, match) !== null

/** In no order: weighing each costs ten times as much. */
export const someOf = (reader: Reader, match: string): number[] =>
  reader
    .all<{ id: number }>(
      "SELECT rowid AS id FROM market_search WHERE market_search MATCH ? LIMIT ?",
      match,
      L.matchesMax,
    )
    .map(({ id }) => id)

/** Best first, by where the words stand. */
export const matchesOf = (reader: Reader, match: string): number[] =>
  reader
    .all<{ id: number }>(
      "SELECT rowid AS id FROM market_search WHERE market_search MATCH ? ORDER BY bm25(market_search, 10, 4, 3, 2, 1) LIMIT ?",
      match,
      L.matchesMax,
    )
    .map(({ id }) => id)

interface Where {
  from: string
  where: string
  params: SqlValue[]
}

function whereOf(
  { category, free }: Pick<ShopQuery, "category" | "free">,
  asked: Asked,
  ids: readonly number[] | null,
): Where {
  const conditions = [
    ...(category === ""
      ? []
      : ["EXISTS (SELECT 1 FROM market_product_categories g WHERE g.product_id = c.product_id AND g.category = ?)"]),
    ...(free ? ["c.has_free = 1"] : []),
    ...asked.short.map(() => "(c.title LIKE ? ESCAPE '!' OR c.publisher LIKE ? ESCAPE '!')"),
  ]
  return {
    from: ids === null ? "market_cards c" : "json_each(?) j JOIN market_cards c ON c.product_id = j.value",
    where: conditions.length === 0 ? "TRUE" : conditions.join(" AND "),
    params: [
      ...(ids === null ? [] : [JSON.stringify(ids)]),
      ...(category === "" ? [] : [category]),
      ...asked.short.flatMap((like) => [like, like]),
    ],
  }
}

const ORDERS: Readonly<Record<ShopOrder, string>> = {
  best: "c.featured_ms IS NULL, c.weight DESC, c.product_id",
  new: "c.published_ms DESC, c.product_id",
  rated: "c.weight DESC, c.product_id",
  name: "c.title COLLATE NOCASE, c.product_id",
}

type CardRow = Omit<ShopCard, "categories" | "hasFree"> & { hasFree: number; categories: string }

/** @returns one more than a page, where there are more */
export function cardsOf(reader: Reader, query: ShopQuery, asked: Asked, ids: readonly number[] | null): ShopCard[] {
  const { from, where, params } = whereOf(query, asked, ids)
  const order = query.order === "best" && ids !== null ? "j.key" : ORDERS[query.order]
  return reader
    .all<CardRow>(
      `SELECT c.product_id AS productId, c.slug, c.title, c.tagline, c.publisher, c.has_free AS hasFree, c.from_nano AS fromNano,
         c.from_cycle AS fromCycle, c.endpoints, c.stars, c.reviews, c.featured_ms AS featuredMs, c.published_ms AS publishedMs,
         (SELECT u.public_id FROM market_products p JOIN market_publishers u ON u.id = p.publisher_id WHERE p.id = c.product_id) AS publisherId,
         (SELECT json_group_array(category) FROM market_product_categories g WHERE g.product_id = c.product_id) AS categories
       FROM ${from} WHERE ${where} ORDER BY ${order} LIMIT ${L.pageRows + 1} OFFSET ?`,
      ...params,
      (query.page - 1) * L.pageRows,
    )
    .map((row) => ({ ...row, hasFree: row.hasFree === 1, categories: JSON.parse(row.categories) as string[] }))
}

export function countOf(reader: Reader, query: ShopQuery, asked: Asked, ids: readonly number[] | null): number {
  const { from, where, params } = whereOf(query, asked, ids)
  return reader.get<{ n: number }>(`SELECT count(*) AS n FROM ${from} WHERE ${where}`, ...params)!.n
}

/** Of what words and price leave, whatever category is chosen. */
export function categoriesOf(reader: Reader, query: ShopQuery, asked: Asked, ids: readonly number[] | null) {
  const { from, where, params } = whereOf({ ...query, category: "" }, asked, ids)
  return reader.all<{ name: string; products: number }>(
    `SELECT g.category AS name, count(*) AS products FROM ${from} JOIN market_product_categories g ON g.product_id = c.product_id
     WHERE ${where} GROUP BY g.category ORDER BY products DESC, name LIMIT ${L.categoriesMax}`,
    ...params,
  )
}

/** Of products that everybody may see, best first. */
export const slugsOf = (reader: Reader, most: number): string[] =>
  reader
    .all<{ slug: string }>(`SELECT c.slug FROM market_cards c ORDER BY ${ORDERS.best} LIMIT ?`, most)
    .map(({ slug }) => slug)

export const hasCards = (reader: Reader): boolean => reader.get("SELECT 1 FROM market_cards LIMIT 1") !== null
