// SQL of whether servers of published APIs answer.
import { columnsOf, findRow, insertRow, type Reader, type Tx } from "../../../store/index.ts"
import { marketHealth, marketUptime } from "../tables.ts"

export type HealthRow = typeof marketHealth.$inferSelect
export type UptimeRow = typeof marketUptime.$inferSelect

export interface Probed {
  id: number
  publicId: string
  upstreamUrl: string
}

/** Published ones, after a number. */
export const toProbe = (reader: Reader, afterId: number, limit: number): Probed[] =>
  reader.all(
    `SELECT p.id, p.public_id AS publicId, p.upstream_url AS upstreamUrl FROM market_products p
     JOIN market_publishers u ON u.id = p.publisher_id
     WHERE p.state = 'published' AND u.suspended_ms IS NULL AND p.id > ? ORDER BY p.id LIMIT ?`,
    afterId,
    limit,
  )

export const healthRow = (reader: Reader, productId: number): HealthRow | null =>
  findRow(reader, marketHealth, "product_id = ?", productId)

export const saveHealth = (tx: Tx, row: HealthRow): void =>
  void insertRow(
    tx,
    marketHealth,
    row,
    `ON CONFLICT (product_id) DO UPDATE SET state = excluded.state, since_ms = excluded.since_ms, checked_ms = excluded.checked_ms,
     failures = excluded.failures, errors_day = excluded.errors_day`,
  )

export const addCheck = (tx: Tx, row: UptimeRow): void =>
  void insertRow(
    tx,
    marketUptime,
    row,
    `ON CONFLICT (product_id, day) DO UPDATE SET checks = checks + excluded.checks, up = up + excluded.up, ms_sum = ms_sum + excluded.ms_sum`,
  )

export const uptimeDays = (reader: Reader, productId: number, fromDay: number, toDay: number): UptimeRow[] =>
  reader.all(
    `SELECT ${columnsOf(marketUptime)} FROM market_uptime WHERE product_id = ? AND day BETWEEN ? AND ? ORDER BY day`,
    productId,
    fromDay,
    toDay,
  )

/** Whom it is told to, and how it is called. */
export const publisherOfProduct = (reader: Reader, productId: number) =>
  reader.get<{ ownerId: number; title: string; publicId: string }>(
    `SELECT u.owner_id AS ownerId, p.title, p.public_id AS publicId FROM market_products p
     JOIN market_publishers u ON u.id = p.publisher_id WHERE p.id = ?`,
    productId,
  )

/** Published, by the two names of its address; a former name of the publisher counts, too. */
export const shownProduct = (reader: Reader, publisher: string, product: string, nowMs: number) =>
  reader.get<{ id: number; title: string }>(
    `SELECT p.id, p.title FROM market_products p JOIN market_publishers u ON u.id = p.publisher_id
     WHERE p.slug = ?1 AND p.state = 'published' AND u.suspended_ms IS NULL AND (u.slug = ?2 OR EXISTS (
       SELECT 1 FROM market_publisher_slugs s WHERE s.publisher_id = u.id AND s.slug = ?2 AND s.until_ms > ?3))`,
    product,
    publisher,
    nowMs,
  )

/** Sums of a product's day, for who had many errors. */
export const failingToday = (reader: Reader, day: number, callsLeast: number) =>
  reader.all<{ productId: number; calls: number; errors: number }>(
    `SELECT product_id AS productId, SUM(calls + failed) AS calls, SUM(status_5xx + failed) AS errors FROM market_call_days
     WHERE day = ? AND subscription_id = -1 GROUP BY product_id HAVING SUM(calls + failed) >= ? ORDER BY product_id`,
    day,
    callsLeast,
  )
