// Queries of what was paid for plans, and of who pays for which.
import type { UserId } from "../app/index.ts"
import { findRow, insertRow, type Reader, type Tx } from "../store/index.ts"
import { changedIn } from "./store.ts"
import { planPaidLines, planSubscriptions } from "./tables.ts"

export type PaidLineRow = Omit<typeof planPaidLines.$inferSelect, "id">
export type SubscriptionRow = typeof planSubscriptions.$inferSelect

export const lineByKey = (reader: Reader, key: string): PaidLineRow | null =>
  findRow(reader, planPaidLines, "key = ?", key)

export const insertLine = (tx: Tx, row: PaidLineRow): number => insertRow(tx, planPaidLines, row)

/** What was paid last: of what ends last, the part that began last. */
export const lastLine = (reader: Reader, subscription: string): PaidLineRow | null =>
  findRow(reader, planPaidLines, "subscription = ? ORDER BY end_ms DESC, start_ms DESC, id DESC LIMIT 1", subscription)

/** The line of a plan whose rest is given back. */
export const lineUntil = (reader: Reader, subscription: string, planId: number, endMs: number): PaidLineRow | null =>
  findRow(
    reader,
    planPaidLines,
    "subscription = ? AND end_ms = ? AND plan_id = ? ORDER BY start_ms DESC, id DESC LIMIT 1",
    subscription,
    endMs,
    planId,
  )

/** When the period began that ends then. */
export const periodStart = (reader: Reader, subscription: string, endMs: number): number | null =>
  reader.get<{ startMs: number | null }>(
    "SELECT MIN(start_ms) AS startMs FROM plan_paid_lines WHERE subscription = ? AND end_ms = ?",
    subscription,
    endMs,
  )!.startMs

export const subscriptionOf = (reader: Reader, userId: UserId): SubscriptionRow | null =>
  findRow(reader, planSubscriptions, "user_id = ?", userId)

export function saveSubscription(tx: Tx, row: Omit<SubscriptionRow, "updatedMs">): void {
  const { userId, ...rest } = row
  const set = { ...rest, updatedMs: tx.now }
  tx.drizzle
    .insert(planSubscriptions)
    .values({ userId, ...set })
    .onConflictDoUpdate({ target: planSubscriptions.userId, set })
    .run()
  changedIn(tx)
}
