// SQL of what calls through an app usually cost. Each statement reads a bounded number of rows of an index, however old or busy the app.
import type { AccountId, ClientId } from "../app/index.ts"
import type { Reader } from "../store/index.ts"

/** Rows of folded days looked at: one is a person's calls of one kind on one day. */
const DAY_ROWS_MAX = 1_000

/**
 * Wallets that this scope was lately charged to through the app, those of the newest days first; of the charges after the folded days
 * there are about a thousand in all.
 */
export const recentCallers = (
  reader: Reader,
  clientId: ClientId,
  scope: string,
  fromDay: number,
  limit: number,
): AccountId[] =>
  reader
    .all<{ id: AccountId }>(
      `SELECT account_id AS id FROM (
         SELECT c.account_id, c.day FROM v_charges c
         WHERE c.id > (SELECT through FROM v_charge_fold) AND c.client_id = ?1 AND c.scope = ?2
         UNION ALL
         SELECT account_id, day FROM (
           SELECT d.account_id, d.day, d.scope FROM v_charge_days d
           WHERE d.client_id = ?1 AND d.day >= ?3 ORDER BY d.day DESC LIMIT ${DAY_ROWS_MAX})
         WHERE scope = ?2)
       GROUP BY account_id ORDER BY MAX(day) DESC, account_id DESC LIMIT ?4`,
      clientId,
      scope,
      fromDay,
      limit,
    )
    .map((row) => row.id)

/** Charges of answered calls among the wallet's last through this app, newest first, n$. */
export const chargesOfCaller = (
  reader: Reader,
  accountId: AccountId,
  clientId: ClientId,
  scope: string,
  limit: number,
): number[] =>
  reader
    .all<{ nano: number }>(
      `SELECT nano FROM (
         SELECT charge_nano AS nano, scope, error_code FROM v_charges
         WHERE account_id = ? AND client_id = ? AND (collected_nano > 0) = 1 ORDER BY id DESC LIMIT ?)
       WHERE scope = ? AND error_code IS NULL`,
      accountId,
      clientId,
      2 * limit,
      scope,
    )
    .map((row) => row.nano)
    .slice(0, limit)
