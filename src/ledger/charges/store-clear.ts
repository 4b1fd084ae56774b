// SQL of clearing calls, as fixed texts: which charges have something to clear, and their wallet's days anew. Decides nothing.
import type { AccountId, TransactionId } from "../../app/index.ts"
import { firstIdSince, type Reader, type Tx } from "../../store/index.ts"
import { APPS_OF_WALLET, DAY_KEY, DAY_SUMS, SUMMED } from "./store.ts"

/** Ids from … up to, without `to`. */
export interface IdSpan {
  from: number
  to: number
}

/** Charges are posted forwards in time, so a moment is a place between two ids. */
export const chargeIdSince = (sql: Reader, ms: number): number =>
  firstIdSince(
    sql,
    "SELECT at_ms AS atMs FROM charges WHERE id >= ? ORDER BY id LIMIT 1",
    sql.get<{ id: number | null }>("SELECT MAX(id) AS id FROM charges")?.id ?? 0,
    ms,
  )

/** A wallet's charges with ids from ?2 to ?3: two ranges an app, of what was collected and of what was not. */
const OF_WALLET = `FROM app CROSS JOIN charges c INDEXED BY charges_of_app
  ON c.account_id = ?1 AND c.client_id IS app.id AND (c.collected_nano > 0) IN (0, 1) AND c.id >= ?2 AND c.id < ?3 WHERE true`

export const detailedCharges = (
  sql: Reader,
  accountId: AccountId,
  { from, to }: IdSpan,
): { id: TransactionId; atMs: number }[] =>
  sql.all(
    `${APPS_OF_WALLET} SELECT c.id, at_ms AS atMs ${OF_WALLET}
       AND (route_id IS NOT NULL OR key_id IS NOT NULL OR error_code IS NOT NULL OR units IS NOT NULL
            OR first_token_ms IS NOT NULL OR latency_ms > 0 OR input_tokens > 0 OR cached_tokens > 0
            OR output_tokens > 0 OR reasoning_tokens > 0)`,
    accountId,
    from,
    to,
  )

const FORGET = `UPDATE charges SET route_id = NULL, key_id = NULL, error_code = NULL, units = NULL, first_token_ms = NULL,
  latency_ms = 0, input_tokens = 0, cached_tokens = 0, output_tokens = 0, reasoning_tokens = 0`

export function clearCharges(tx: Tx, ids: readonly TransactionId[]): void {
  tx.run(`${FORGET} WHERE id IN (SELECT value FROM json_each(?))`, JSON.stringify(ids))
}

/** Up to which charge calls are forgotten by age; 0 = none are. */
export const clearedThrough = (sql: Reader): number =>
  sql.get<{ through: number }>("SELECT through FROM charge_clear")!.through

/** The next charges after that one: how many there are before `belowId`, at most `rows`, and the last of them. */
export const nextToClear = (sql: Reader, after: number, belowId: number, rows: number): { count: number; to: number } =>
  sql.get<{ count: number; to: number }>(
    `SELECT COUNT(*) AS count, COALESCE(MAX(id), 0) AS "to" FROM (
       SELECT id FROM charges WHERE id > ? AND id < ? ORDER BY id LIMIT ?)`,
    after,
    belowId,
    rows,
  )!

/** When the first after that place was charged, and the one at this. */
export const chargedBetween = (sql: Reader, after: number, to: number): { fromMs: number; toMs: number } =>
  sql.get<{ fromMs: number; toMs: number }>(
    `SELECT (SELECT at_ms FROM charges WHERE id > ?1 ORDER BY id LIMIT 1) AS fromMs,
       (SELECT at_ms FROM charges WHERE id = ?2) AS toMs`,
    after,
    to,
  )!

/** Of all wallets. Their days are left alone, so they have to have these charges already. */
export function clearChargesBetween(tx: Tx, after: number, to: number): void {
  tx.run(`${FORGET} WHERE id > ? AND id < ?`, after, to + 1)
  tx.run("UPDATE charge_clear SET through = ?", to)
}

/** Days of a wallet that still say more than what was paid, and whose charges do not. */
export const detailedDays = (sql: Reader, accountId: AccountId, fromDay: number, toDay: number): number[] =>
  sql
    .all<{ day: number }>(
      `WITH RECURSIVE day (n) AS (
         SELECT max(?2, (SELECT MIN(day) FROM charge_days)) UNION ALL
         SELECT n + 1 FROM day WHERE n < min(?3, (SELECT at_ms / 86400000 FROM charges
           WHERE id <= (SELECT through FROM charge_clear) ORDER BY id DESC LIMIT 1)))
       SELECT DISTINCT d.day AS day FROM day CROSS JOIN charge_days d ON d.day = day.n AND d.account_id = ?1
       WHERE d.day <= ?3 AND (route_id <> 0 OR errors > 0 OR input_tokens > 0 OR output_tokens > 0 OR latency_ms > 0)`,
      accountId,
      fromDay,
      toDay,
    )
    .map(({ day }) => day)

const KEY = "day, account_id, client_id, scope, route_id, held_day, caller_id"
const OF_DAYS = `${OF_WALLET} AND at_ms / 86400000 IN (SELECT value FROM json_each(?4))`

const REFOLD = `${APPS_OF_WALLET} INSERT INTO charge_days (${KEY}, ${SUMMED.join(", ")})
  SELECT ${DAY_KEY}, ${DAY_SUMS} ${OF_DAYS} AND c.id <= (SELECT through FROM charge_fold) GROUP BY 1, 2, 3, 4, 5, 6, 7`

/** What came back of a charge, folded or not: entries of its refunds and reversals on the wallet that paid. */
const REFOLD_BACK = `${APPS_OF_WALLET} INSERT INTO charge_days (${KEY}, back_nano)
  SELECT ${DAY_KEY}, SUM(back) FROM (
    SELECT c.*, (SELECT SUM(e.amount_nano) FROM transactions t CROSS JOIN entries e ON e.transaction_id = t.id
                 WHERE t.charge_id = c.id AND e.account_id = c.account_id) AS back ${OF_DAYS})
  GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING SUM(back) IS NOT NULL
  ON CONFLICT DO UPDATE SET back_nano = excluded.back_nano`

/** Adds a wallet's share to the days of its apps, or takes it away (?3: 1 or -1). Every day that is folded has its row. */
const SHARE = `UPDATE charge_client_days AS a SET ${SUMMED.map((name) => `${name} = a.${name} + ?3 * s.${name}`).join(", ")}
  FROM (SELECT client_id, day, ${SUMMED.map((name) => `SUM(${name}) AS ${name}`).join(", ")} FROM charge_days
        WHERE day IN (SELECT value FROM json_each(?1)) AND account_id = ?2 GROUP BY 1, 2) s
  WHERE a.client_id = s.client_id AND a.day = s.day`

/** @param span of the charges of these days */
export function refoldDays(tx: Tx, accountId: AccountId, days: readonly number[], { from, to }: IdSpan): void {
  const list = JSON.stringify(days)
  tx.run(SHARE, list, accountId, -1)
  tx.run("DELETE FROM charge_days WHERE day IN (SELECT value FROM json_each(?)) AND account_id = ?", list, accountId)
  tx.run(REFOLD, accountId, from, to, list)
  tx.run(REFOLD_BACK, accountId, from, to, list)
  tx.run(SHARE, list, accountId, 1)
}
