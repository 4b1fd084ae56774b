// SQL of a statement: what moved on one UTC day, and how many rows a filter has, counted up to a bound. One day costs its folded rows,
// what is not folded yet, and the few transactions of that day.
import type { AccountId, ClientId } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"
import type { TransactionType } from "../books/types.ts"
import { APPS_OF_WALLET } from "../charges/store.ts"
import type { Span } from "./store-history.ts"

/** What calls took on that day; in one statement, so that no fold comes between. @param clientId null: through any app or none */
export const collectedOnDay = (sql: Reader, accountId: AccountId, day: number, clientId: ClientId | null): number =>
  sql.get<{ nano: number }>(
    `${APPS_OF_WALLET} SELECT COALESCE(SUM(nano), 0) AS nano FROM (
       SELECT collected_nano AS nano FROM charge_days
       WHERE day = ?2 AND account_id = ?1 AND client_id = COALESCE(?3, client_id)
       UNION ALL
       SELECT c.collected_nano FROM app CROSS JOIN charges c INDEXED BY charges_of_app
         ON c.account_id = ?1 AND c.client_id IS app.id AND (c.collected_nano > 0) = 1
            AND c.id > (SELECT through FROM charge_fold)
       WHERE c.at_ms / 86400000 = ?2 AND (?3 IS NULL OR c.client_id = ?3))`,
    accountId,
    day,
    clientId,
  )!.nano

/** What came and went otherwise, each transaction as one. @param types null: all */
export const otherMovedIn = (
  sql: Reader,
  accountId: AccountId,
  types: readonly TransactionType[] | null,
  span: Span,
): { inNano: number; outNano: number } =>
  sql.get(
    `SELECT COALESCE(SUM(max(nano, 0)), 0) AS inNano, COALESCE(SUM(max(-nano, 0)), 0) AS outNano FROM (
       SELECT SUM(e.amount_nano) AS nano FROM entries e INDEXED BY entries_of_owner
         CROSS JOIN transactions t ON t.id = e.transaction_id
       WHERE e.account_id = ? AND e.account_id > 100 AND e.transaction_id > ? AND e.transaction_id < ?
         AND (? IS NULL OR t.type IN (SELECT value FROM json_each(?)))
       GROUP BY e.transaction_id)`,
    accountId,
    span.above,
    span.below,
    types === null ? null : 1,
    JSON.stringify(types ?? []),
  )!

/** Charges of one app that moved something; no more than `limit` are looked at. */
export const countCharges = (
  sql: Reader,
  accountId: AccountId,
  clientId: ClientId | null,
  span: Span,
  limit: number,
): number =>
  sql.get<{ n: number }>(
    `SELECT COUNT(*) AS n FROM (SELECT 1 FROM charges INDEXED BY charges_of_app
       WHERE account_id = ? AND client_id IS ? AND (collected_nano > 0) = 1 AND id > ? AND id < ? LIMIT ?)`,
    accountId,
    clientId,
    span.above,
    span.below,
    limit,
  )!.n

/** The same of what is no charge. @param type null: of any type */
export const countOthers = (
  sql: Reader,
  accountId: AccountId,
  type: TransactionType | null,
  span: Span,
  limit: number,
): number =>
  sql.get<{ n: number }>(
    `SELECT COUNT(*) AS n FROM (SELECT 1 FROM entries e INDEXED BY entries_of_owner
         CROSS JOIN transactions t ON t.id = e.transaction_id
       WHERE e.account_id = ? AND e.account_id > 100 AND e.transaction_id > ? AND e.transaction_id < ?
         AND t.type = COALESCE(?, t.type)
       GROUP BY e.transaction_id LIMIT ?)`,
    accountId,
    span.above,
    span.below,
    type,
    limit,
  )!.n
