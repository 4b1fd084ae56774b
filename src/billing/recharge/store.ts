// SQL of saved cards and auto-recharge. Decides nothing.
import { eq } from "drizzle-orm"
import { type Nano, nano, type UserId } from "../../app/index.ts"
import { columnsOf, findRow, insertRow, type Reader, type Tx } from "../../store/index.ts"
import { billingCustomers } from "../tables.ts"
import type { Order } from "../types.ts"
import { billingAutoRecharges, billingCards, billingRecharges } from "./tables.ts"
import type { AutoRecharge, Card, Recharge } from "./types.ts"

const CARD = columnsOf(billingCards)

/** Newest first. */
export const cardsOf = (reader: Reader, userId: UserId): Card[] =>
  reader.all<Card>(
    `SELECT ${CARD} FROM billing_cards WHERE user_id = ? AND removed_ms IS NULL ORDER BY id DESC`,
    userId,
  )
export const cardById = (reader: Reader, id: number): Card | null => findRow(reader, billingCards, "id = ?", id)
export const cardByMethod = (reader: Reader, methodId: string): Card | null =>
  findRow(reader, billingCards, "method_id = ?", methodId)
export const cardByPublicId = (reader: Reader, publicId: string): Card | null =>
  findRow(reader, billingCards, "public_id = ?", publicId)
export const insertCard = (tx: Tx, row: Omit<Card, "id">): number => insertRow(tx, billingCards, row)

export function saveCard(tx: Tx, { id, ...rest }: Card): void {
  tx.drizzle.update(billingCards).set(rest).where(eq(billingCards.id, id)).run()
}

/** Cards that are over by then, of people whose rule is on, who were not told. */
export function unwarnedCards(reader: Reader, byMs: number): Card[] {
  const by = new Date(byMs)
  return reader.all<Card>(
    `SELECT ${columnsOf(billingCards, "c")} FROM billing_auto_recharges r JOIN billing_cards c ON c.user_id = r.user_id
     WHERE r.active = 1 AND r.paused = 0 AND c.removed_ms IS NULL AND c.warned_ms IS NULL
       AND c.exp_year * 12 + c.exp_month <= ?`,
    by.getUTCFullYear() * 12 + by.getUTCMonth() + 1,
  )
}

export const ruleOf = (reader: Reader, userId: UserId): AutoRecharge | null =>
  findRow(reader, billingAutoRecharges, "user_id = ?", userId) as AutoRecharge | null

export function saveRule(tx: Tx, { userId, createdMs, ...rest }: AutoRecharge): void {
  tx.drizzle
    .insert(billingAutoRecharges)
    .values({ userId, createdMs, ...rest })
    .onConflictDoUpdate({ target: billingAutoRecharges.userId, set: rest })
    .run()
}

/** Whose rule is on, after this person. */
export const peopleOn = (reader: Reader, afterUserId: number, rows: number): UserId[] =>
  reader
    .all<{ userId: UserId }>(
      `SELECT user_id AS userId FROM billing_auto_recharges
       WHERE active = 1 AND paused = 0 AND user_id > ? ORDER BY user_id LIMIT ?`,
      afterUserId,
      rows,
    )
    .map(({ userId }) => userId)

export const rechargeOf = (reader: Reader, orderId: number): Recharge | null =>
  findRow(reader, billingRecharges, "order_id = ?", orderId)
export const insertRecharge = (tx: Tx, row: Recharge): void => void insertRow(tx, billingRecharges, row)

export function saveRecharge(tx: Tx, { orderId, ...rest }: Recharge): void {
  tx.drizzle.update(billingRecharges).set(rest).where(eq(billingRecharges.orderId, orderId)).run()
}

/** `ord_…` of the one that waits. */
export const openRecharge = (reader: Reader, userId: UserId): Order["publicId"] | null =>
  reader.get<{ publicId: string }>(
    `SELECT public_id AS publicId FROM billing_orders
     WHERE user_id = ? AND kind = 'recharge' AND state IN ('open', 'pending')`,
    userId,
  )?.publicId ?? null

/** What was charged since then, with tax, or is about to be. */
export const rechargedSince = (reader: Reader, userId: UserId, sinceMs: number): Nano =>
  nano(
    reader.get<{ sum: number }>(
      `SELECT COALESCE(SUM(price_nano + iif(tax_inclusive, 0, tax_nano)), 0) AS sum FROM billing_orders
       WHERE user_id = ? AND kind = 'recharge' AND state IN ('open', 'pending', 'paid') AND created_ms >= ?`,
      userId,
      sinceMs,
    )!.sum,
  )

export const userOfCustomer = (reader: Reader, customerId: string): UserId | null =>
  findRow(reader, billingCustomers, "customer_id = ?", customerId)?.userId ?? null
