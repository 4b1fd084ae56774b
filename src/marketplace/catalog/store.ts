// SQL of publishers and products. Decides nothing.
import { asc, desc, eq } from "drizzle-orm"
import type { PrincipalId } from "../../app/index.ts"
import { findRow, insertRow, type OrmReader, type Reader, type Tx } from "../../store/index.ts"
import { marketProductCategories, marketProducts, marketPublisherSlugs, marketPublishers } from "../tables.ts"
import type { Product, Publisher } from "./types.ts"

export const publisherOf = (reader: Reader, ownerId: PrincipalId): Publisher | null =>
  findRow(reader, marketPublishers, "owner_id = ?", ownerId)

export const publisherById = (reader: Reader, id: number): Publisher | null =>
  findRow(reader, marketPublishers, "id = ?", id)

export const publisherBySlug = (reader: Reader, slug: string): Publisher | null =>
  findRow(reader, marketPublishers, "slug = ?", slug)

/** The publisher who had this address, while it still leads on. */
export const publisherByFormer = (reader: Reader, slug: string, nowMs: number): Publisher | null =>
  findRow(
    reader,
    marketPublishers,
    "id = (SELECT publisher_id FROM market_publisher_slugs WHERE slug = ? AND until_ms > ?)",
    slug,
    nowMs,
  )

export const insertPublisher = (tx: Tx, row: Omit<Publisher, "id">): number => insertRow(tx, marketPublishers, row)

export function savePublisher(tx: Tx, { id, ...row }: Publisher): void {
  tx.drizzle.update(marketPublishers).set(row).where(eq(marketPublishers.id, id)).run()
}

export const formerSlugs = (reader: Reader, publisherId: number, nowMs: number): { slug: string; untilMs: number }[] =>
  reader.all(
    "SELECT slug, until_ms AS untilMs FROM market_publisher_slugs WHERE publisher_id = ? AND until_ms > ? ORDER BY until_ms DESC",
    publisherId,
    nowMs,
  )

export function keepFormerSlug(tx: Tx, row: { slug: string; publisherId: number; untilMs: number }): void {
  tx.run("DELETE FROM market_publisher_slugs WHERE slug = ?", row.slug)
  tx.drizzle.insert(marketPublisherSlugs).values(row).run()
}

export function dropFormerSlug(tx: Tx, slug: string): void {
  tx.run("DELETE FROM market_publisher_slugs WHERE slug = ?", slug)
}

export const productByPublicId = (reader: Reader, publicId: string): Product | null =>
  findRow(reader, marketProducts, "public_id = ?", publicId)

export const productById = (reader: Reader, id: number): Product | null => findRow(reader, marketProducts, "id = ?", id)

export const productBySlug = (reader: Reader, slug: string): Product | null =>
  findRow(reader, marketProducts, "slug = ?", slug)

export const productOfOwner = (reader: Reader, ownerId: PrincipalId, publicId: string): Product | null =>
  findRow(
    reader,
    marketProducts,
    "public_id = ? AND publisher_id = (SELECT id FROM market_publishers WHERE owner_id = ?)",
    publicId,
    ownerId,
  )

export const productsOf = (reader: OrmReader, publisherId: number, rowsMax: number): Product[] =>
  reader.drizzle
    .select()
    .from(marketProducts)
    .where(eq(marketProducts.publisherId, publisherId))
    .orderBy(desc(marketProducts.id))
    .limit(rowsMax)
    .all()

export const countProducts = (reader: Reader, publisherId: number): number =>
  reader.get<{ n: number }>("SELECT count(*) AS n FROM market_products WHERE publisher_id = ?", publisherId)!.n

export const insertProduct = (tx: Tx, row: Omit<Product, "id">): number => insertRow(tx, marketProducts, row)

export function saveProduct(tx: Tx, { id, ...row }: Product): void {
  tx.drizzle.update(marketProducts).set(row).where(eq(marketProducts.id, id)).run()
}

export const categoriesOf = (reader: OrmReader, productId: number): string[] =>
  reader.drizzle
    .select({ category: marketProductCategories.category })
    .from(marketProductCategories)
    .where(eq(marketProductCategories.productId, productId))
    .orderBy(asc(marketProductCategories.category))
    .all()
    .map(({ category }) => category)

export function setCategories(tx: Tx, productId: number, categories: readonly string[]): void {
  tx.run("DELETE FROM market_product_categories WHERE product_id = ?", productId)
  for (const category of categories) tx.drizzle.insert(marketProductCategories).values({ productId, category }).run()
}

/** Whether anybody ever subscribed. */
export const wasSubscribed = (reader: Reader, productId: number): boolean =>
  reader.get("SELECT 1 FROM market_subscriptions WHERE product_id = ? LIMIT 1", productId) !== null

/** Everything of a product that nobody ever subscribed to. */
export function deleteProduct(tx: Tx, productId: number): void {
  const endpoints = "endpoint_id IN (SELECT id FROM market_endpoints WHERE product_id = ?)"
  const plans = "plan_id IN (SELECT id FROM market_plans WHERE product_id = ?)"
  const terms = `terms_id IN (SELECT id FROM market_plan_terms WHERE ${plans})`
  for (const [table, where] of [
    ["market_parameters", endpoints],
    ["market_examples", endpoints],
    ["market_endpoints", "product_id = ?"],
    ["market_quotas", terms],
    ["market_rates", terms],
    ["market_plan_terms", plans],
    ["market_plans", "product_id = ?"],
    ["market_product_categories", "product_id = ?"],
    ["market_documents", "product_id = ?"],
    ["market_guides", "product_id = ?"],
    ["market_changes", "product_id = ?"],
    ["market_followers", "product_id = ?"],
    ["market_contacts", "product_id = ?"],
    ["market_questions", "product_id = ?"],
    ["market_products", "id = ?"],
  ] as const)
    tx.run(`DELETE FROM ${table} WHERE ${where}`, productId)
}

export interface ListedProduct {
  publicId: string
  title: string
  slug: string
  state: Product["state"]
  publisher: string
  host: string
  featuredMs: number | null
  updatedMs: number
  id: number
}

const SHORT = `p.id, p.public_id AS publicId, p.title, p.slug, p.state, u.name AS publisher, p.upstream_url AS host, p.featured_ms AS featuredMs,
  p.updated_ms AS updatedMs`

/** For the operator, newest first: of one state or of all, with these letters in the title, the address or the publisher's name. */
export const listProducts = (
  reader: Reader,
  { state, text, before, rows }: { state: string | null; text: string; before: number | null; rows: number },
): ListedProduct[] =>
  reader.all(
    `SELECT ${SHORT} FROM market_products p JOIN market_publishers u ON u.id = p.publisher_id
     WHERE (?1 IS NULL OR p.state = ?1) AND (?2 IS NULL OR p.id < ?2)
       AND (?3 = '' OR instr(lower(p.title || ' ' || p.slug || ' ' || u.name), ?3) > 0)
     ORDER BY p.id DESC LIMIT ?4`,
    state,
    before,
    text.toLowerCase(),
    rows,
  )

export const countByState = (reader: Reader): { state: Product["state"]; n: number }[] =>
  reader.all("SELECT state, count(*) AS n FROM market_products GROUP BY state")
