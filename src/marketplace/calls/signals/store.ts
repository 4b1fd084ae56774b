// SQL of signs of abuse.
import { columnsOf, findRow, insertRow, type Reader, type Tx } from "../../../store/index.ts"
import { marketSignals, type SignalRule } from "../tables.ts"

export type SignalRow = typeof marketSignals.$inferSelect

export interface Sign {
  rule: SignalRule
  productId: number
  subscriptionId: number
  /** 0 = all keys together. */
  keyId: number
  seen: number
  usual: number
}

/** @returns whether it is new: the open one of the same kind is only counted on */
export function raise(tx: Tx, sign: Sign): boolean {
  const open = findRow(
    tx,
    marketSignals,
    "rule = ? AND subscription_id = ? AND key_id = ? AND closed_ms IS NULL",
    sign.rule,
    sign.subscriptionId,
    sign.keyId,
  )
  if (!open) {
    insertRow(tx, marketSignals, { ...sign, firstMs: tx.now, lastMs: tx.now, times: 1 })
    return true
  }
  tx.run(
    "UPDATE market_signals SET seen = max(seen, ?), last_ms = ?, times = times + 1 WHERE id = ?",
    sign.seen,
    tx.now,
    open.id,
  )
  return false
}

const SIGNAL = `SELECT ${columnsOf(marketSignals)} FROM market_signals`

/** Open ones first, newest first. */
export const signalsOf = (reader: Reader, productId: number | null, limit: number): SignalRow[] =>
  reader.all(
    `${SIGNAL} WHERE (?1 IS NULL OR product_id = ?1) ORDER BY closed_ms IS NOT NULL, id DESC LIMIT ?2`,
    productId,
    limit,
  )

export const signalById = (reader: Reader, id: number): SignalRow | null => findRow(reader, marketSignals, "id = ?", id)

export const countOpen = (reader: Reader): number =>
  reader.get<{ n: number }>("SELECT count(*) AS n FROM market_signals WHERE closed_ms IS NULL")!.n

export const close = (tx: Tx, id: number, note: string | null): void =>
  void tx.run("UPDATE market_signals SET closed_ms = ?, note = ? WHERE id = ? AND closed_ms IS NULL", tx.now, note, id)

/** Subscriptions with calls on a day, and how many; after a subscription's number. */
export const busyOn = (reader: Reader, day: number, least: number, afterId: number, limit: number) =>
  reader.all<{ subscriptionId: number; productId: number; calls: number }>(
    `SELECT subscription_id AS subscriptionId, MAX(product_id) AS productId, SUM(calls + failed) AS calls FROM market_call_days
     WHERE day = ? AND subscription_id > max(0, ?) GROUP BY subscription_id HAVING SUM(calls + failed) >= ? ORDER BY subscription_id LIMIT ?`,
    day,
    afterId,
    least,
    limit,
  )

/** @returns rows deleted */
export const forgetSignals = (tx: Tx, beforeMs: number, rows: number): number =>
  tx.run(
    "DELETE FROM market_signals WHERE id IN (SELECT id FROM market_signals WHERE closed_ms IS NOT NULL AND last_ms < ? LIMIT ?)",
    beforeMs,
    rows,
  ).changes
