// SQL of sums by UTC day, exact to the last commit: folded days of the books, charges that are not folded yet, refused calls. Folding
// and charges are read in one statement, so that no fold comes between. Sums stay below 2^53: a day of one person or app is far
// under $9 M.
import type { AccountId, ClientId, UserId } from "../app/index.ts"
import type { Reader } from "../store/index.ts"
import { APPS } from "./store-calls.ts"
import type { Mode } from "./types.ts"

export interface Sums {
  calls: number
  errors: number
  refused: number
  inputTokens: number
  outputTokens: number
  chargeNano: number
  collectedNano: number
  earnedNano: number
}

/** @param row columns of a charge or a day, where a charge is one call */
const SUMS = `SUM(calls) AS calls, SUM(errors) AS errors, 0 AS refused, SUM(input_tokens) AS inputTokens,
  SUM(output_tokens) AS outputTokens, SUM(charge_nano) AS chargeNano, SUM(collected_nano) AS collectedNano,
  SUM(earned_nano) AS earnedNano`
const OF_DAY = "d.calls, d.errors, d.input_tokens, d.output_tokens, d.charge_nano, d.collected_nano, d.earned_nano"
const OF_CHARGE =
  "1 AS calls, c.errors, c.input_tokens, c.output_tokens, c.charge_nano, c.collected_nano, c.earned_nano"
const TAIL = "c.id > (SELECT through FROM v_charge_fold)"
/** Nothing was charged for a refused call, nor did it use anything. */
const REFUSED_SUMS = `SUM(r.calls) AS calls, 0 AS errors, SUM(r.calls) AS refused, 0 AS inputTokens, 0 AS outputTokens,
  0 AS chargeNano, 0 AS collectedNano, 0 AS earnedNano`

export type PersonDay = Sums & { day: number; clientId: ClientId; scope: string }

/** One seek a day, since days come first in the key; `?2` and `?3`: first and last. */
const EACH_DAY = "day (n) AS (SELECT ?2 UNION ALL SELECT n + 1 FROM day WHERE n < ?3)"

/** What a wallet paid, by day, app (0: none) and scope. */
export const daysOfWallet = (reader: Reader, accountId: AccountId, fromDay: number, toDay: number): PersonDay[] =>
  reader.all<PersonDay>(
    `${APPS}, ${EACH_DAY}
     SELECT day, client_id AS clientId, scope, ${SUMS} FROM (
       SELECT d.day, d.client_id, d.scope, ${OF_DAY}
       FROM day CROSS JOIN v_charge_days d ON d.day = day.n AND d.account_id = ?1
       UNION ALL
       SELECT c.day, COALESCE(c.client_id, 0), c.scope, ${OF_CHARGE}
       FROM app CROSS JOIN v_charges c
         ON c.account_id = ?1 AND c.client_id IS app.id AND (c.collected_nano > 0) IN (0, 1) AND ${TAIL}
       WHERE c.day BETWEEN ?2 AND ?3)
     GROUP BY 1, 2, 3`,
    accountId,
    fromDay,
    toDay,
  )

/** What a person was refused, in the same shape. */
export const refusedDaysOf = (
  reader: Reader,
  userId: UserId,
  mode: Mode,
  fromDay: number,
  toDay: number,
): PersonDay[] =>
  reader.all<PersonDay>(
    `WITH RECURSIVE ${EACH_DAY}
     SELECT r.day, r.client_id AS clientId, r.scope, ${REFUSED_SUMS}
     FROM day CROSS JOIN refused_days r ON r.day = day.n AND r.user_id = ?1 WHERE r.mode = ?4 GROUP BY 1, 2, 3`,
    userId,
    fromDay,
    toDay,
    mode,
  )

export type AppDay = Sums & { day: number }

/** What was called through an app, by day: one row each; of the charges after them there are about a thousand in all. */
export const daysOfClient = (reader: Reader, clientId: ClientId, fromDay: number): AppDay[] =>
  reader.all<AppDay>(
    `SELECT day, ${SUMS} FROM (
       SELECT d.day, ${OF_DAY} FROM v_charge_client_days d WHERE d.client_id = ?1 AND d.day >= ?2
       UNION ALL
       SELECT c.day, ${OF_CHARGE} FROM v_charges c WHERE ${TAIL} AND c.client_id = ?1 AND c.day >= ?2)
     GROUP BY day`,
    clientId,
    fromDay,
  )

export const refusedDaysOfClient = (reader: Reader, clientId: ClientId, fromDay: number): AppDay[] =>
  reader.all<AppDay>(
    `SELECT r.day, ${REFUSED_SUMS} FROM refused_days r WHERE r.client_id = ? AND r.day >= ? GROUP BY r.day`,
    clientId,
    fromDay,
  )
