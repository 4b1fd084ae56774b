// SQL of subscriptions and their bills. Decides nothing.
import { and, desc, eq, isNull, lt } from "drizzle-orm"
import type { PrincipalId, UserId } from "../../app/index.ts"
import { findRow, insertRow, type OrmReader, type Reader, type Tx } from "../../store/index.ts"
import { marketSubscriptions } from "../tables.ts"
import type { ProductState } from "../types.ts"
import { marketBills, marketSubscribeKeys } from "./tables.ts"
import type { Bill, BillKind, Subscription } from "./types.ts"

/** What a subscription needs to know of what it is for. */
export interface SoldProduct {
  id: number
  publicId: string
  slug: string
  title: string
  state: ProductState
  publisherId: number
  /** Who earns. */
  ownerId: PrincipalId
  publisherName: string
  /** Of the product, else of its publisher; null = the platform's. */
  commissionBp: number | null
}

const PRODUCT = `SELECT p.id, p.public_id AS publicId, p.slug, p.title, p.state, p.publisher_id AS publisherId, u.owner_id AS ownerId,
  u.name AS publisherName, COALESCE(p.commission_bp, u.commission_bp) AS commissionBp
  FROM market_products p JOIN market_publishers u ON u.id = p.publisher_id`

export const productById = (reader: Reader, id: number): SoldProduct | null =>
  reader.get<SoldProduct>(`${PRODUCT} WHERE p.id = ?`, id)

export const planName = (reader: Reader, id: number): string =>
  reader.get<{ name: string }>("SELECT name FROM market_plans WHERE id = ?", id)?.name ?? ""

export const byId = (reader: Reader, id: number): Subscription | null =>
  findRow(reader, marketSubscriptions, "id = ?", id)

export const byPublicId = (reader: Reader, publicId: string): Subscription | null =>
  findRow(reader, marketSubscriptions, "public_id = ?", publicId)

/** The living one. */
export const openOf = (reader: Reader, userId: UserId, productId: number): Subscription | null =>
  findRow(reader, marketSubscriptions, "user_id = ? AND product_id = ? AND ended_ms IS NULL", userId, productId)

const hasOne = (reader: Reader, of: string, userIds: readonly UserId[], productId: number): boolean =>
  reader.get(
    `SELECT 1 FROM market_subscriptions WHERE product_id = ? AND user_id IN (SELECT value FROM json_each(?)) AND ${of} LIMIT 1`,
    productId,
    JSON.stringify(userIds),
  ) !== null

/** Whether any of them ever subscribed to it. */
export const hadAny = (reader: Reader, userIds: readonly UserId[], productId: number): boolean =>
  hasOne(reader, "TRUE", userIds, productId)

/** Whether its publisher has blocked any of them, as things stand. */
export const isBlocked = (reader: Reader, userIds: readonly UserId[], productId: number): boolean =>
  hasOne(reader, "state = 'banned' AND ended_ms IS NULL", userIds, productId)

export const countOpen = (reader: Reader, userId: UserId): number =>
  reader.get<{ n: number }>(
    "SELECT COUNT(*) AS n FROM market_subscriptions WHERE user_id = ? AND ended_ms IS NULL",
    userId,
  )!.n

/** Living ones. */
export const openOfUser = (reader: OrmReader, userId: UserId): Subscription[] =>
  reader.drizzle
    .select()
    .from(marketSubscriptions)
    .where(and(eq(marketSubscriptions.userId, userId), isNull(marketSubscriptions.endedMs)))
    .all()

/** Living ones first, newest first. */
export const ofUser = (reader: OrmReader, userId: UserId, limit: number): Subscription[] =>
  reader.drizzle
    .select()
    .from(marketSubscriptions)
    .where(eq(marketSubscriptions.userId, userId))
    .orderBy(desc(isNull(marketSubscriptions.endedMs)), desc(marketSubscriptions.id))
    .limit(limit)
    .all()

/** Newest first, from below an id on. */
export const ofProduct = (reader: OrmReader, productId: number, beforeId: number, limit: number): Subscription[] =>
  reader.drizzle
    .select()
    .from(marketSubscriptions)
    .where(and(eq(marketSubscriptions.productId, productId), lt(marketSubscriptions.id, beforeId)))
    .orderBy(desc(marketSubscriptions.id))
    .limit(limit)
    .all()

/** Living ones. */
export const countLiving = (reader: Reader, productId: number): number =>
  reader.get<{ n: number }>(
    "SELECT count(*) AS n FROM market_subscriptions WHERE product_id = ? AND ended_ms IS NULL",
    productId,
  )!.n

export const insert = (tx: Tx, row: typeof marketSubscriptions.$inferInsert): number =>
  insertRow(tx, marketSubscriptions, row)

/** @returns it as it stands then */
export function save(tx: Tx, before: Subscription, changes: Partial<Subscription>): Subscription {
  const after = { ...before, ...changes, updatedMs: tx.now }
  tx.drizzle.update(marketSubscriptions).set(after).where(eq(marketSubscriptions.id, before.id)).run()
  return after
}

export const subscriptionOfForm = (reader: Reader, userId: UserId, formKey: string): number | null =>
  findRow(reader, marketSubscribeKeys, "user_id = ? AND form_key = ?", userId, formKey)?.subscriptionId ?? null

export const keepForm = (tx: Tx, row: Omit<typeof marketSubscribeKeys.$inferInsert, "createdMs">): void =>
  void insertRow(tx, marketSubscribeKeys, { ...row, createdMs: tx.now })

export const dropForms = (tx: Tx, beforeMs: number): number =>
  tx.run("DELETE FROM market_subscribe_keys WHERE created_ms < ?", beforeMs).changes

/** What time asks for something, oldest first: periods that ended, and bills that are tried again. */
export const due = (reader: Reader, nowMs: number, limit: number): number[] =>
  reader
    .all<{ id: number }>(
      `SELECT id FROM (SELECT id, period_end_ms AS at FROM market_subscriptions INDEXED BY market_subscriptions_due
           WHERE ended_ms IS NULL AND period_end_ms <= ?1 AND state <> 'past_due'
             AND product_id NOT IN (SELECT id FROM market_products WHERE state = 'suspended')
         UNION SELECT subscription_id, next_try_ms FROM market_bills INDEXED BY market_bills_due
           WHERE state = 'due' AND next_try_ms <= ?1)
       GROUP BY id ORDER BY MIN(at), id LIMIT ?2`,
      nowMs,
      limit,
    )
    .map(({ id }) => id)

/** Trials that are to be told of: `beforeMs` before their end, of short ones in the middle. */
export const trialsEnding = (reader: Reader, nowMs: number, beforeMs: number, limit: number): number[] =>
  reader
    .all<{ id: number }>(
      `SELECT s.id FROM market_subscriptions s INDEXED BY market_subscriptions_due
       JOIN market_bills b ON b.subscription_id = s.id AND b.kind = 'trial' AND b.start_ms = s.period_start_ms AND b.told = 0
       WHERE s.ended_ms IS NULL AND s.state = 'trialing' AND s.period_end_ms > ?1 AND s.period_end_ms <= ?1 + ?2
         AND s.period_end_ms - min(?2, (s.period_end_ms - s.period_start_ms) / 2) <= ?1
       ORDER BY s.period_end_ms LIMIT ?3`,
      nowMs,
      beforeMs,
      limit,
    )
    .map(({ id }) => id)

export const insertBill = (tx: Tx, row: typeof marketBills.$inferInsert): Bill => {
  const id = insertRow(tx, marketBills, row)
  return findRow(tx, marketBills, "id = ?", id)!
}

export function saveBill(tx: Tx, before: Bill, changes: Partial<Bill>): Bill {
  const after = { ...before, ...changes }
  tx.drizzle.update(marketBills).set(after).where(eq(marketBills.id, before.id)).run()
  return after
}

export const billOf = (reader: Reader, subscriptionId: number, kind: BillKind, startMs: number): Bill | null =>
  findRow(reader, marketBills, "subscription_id = ? AND kind = ? AND start_ms = ?", subscriptionId, kind, startMs)

/** The one that waits. */
export const dueBill = (reader: Reader, subscriptionId: number): Bill | null =>
  findRow(reader, marketBills, "subscription_id = ? AND state = 'due'", subscriptionId)

export const billsOf = (reader: OrmReader, subscriptionId: number, limit: number): Bill[] =>
  reader.drizzle
    .select()
    .from(marketBills)
    .where(eq(marketBills.subscriptionId, subscriptionId))
    .orderBy(desc(marketBills.id))
    .limit(limit)
    .all()
