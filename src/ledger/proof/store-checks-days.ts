// Proof of `charge_days`, of apps' days and how far charges are folded into them, and what puts both right. Read-only but for the rebuild.
import { DAY_MS, dayOf } from "../../app/index.ts"
import { firstIdSince } from "../../store/index.ts"
import type { Sql } from "../books/types.ts"
import { DAY_KEY, DAY_SUMS, foldedThrough, SUMMED } from "../charges/store.ts"
import { count, type SharedSql } from "./store-proof.ts"
import { BACK_OF_CHARGE } from "./store-sums.ts"

const KEYS = ["day", "account_id", "client_id", "scope", "route_id", "held_day", "caller_id"]
const KEY = KEYS.join(", ")
const ALL = [...SUMMED, "back_nano"]

const THROUGH = "(SELECT MAX(through) FROM charge_fold)"
const LAST_ID =
  "(SELECT MAX(COALESCE((SELECT MAX(id) FROM charges), 0), COALESCE((SELECT MAX(id) FROM transactions), 0)))"

const FOLD_BROKEN = `(SELECT COUNT(*) <> 1 OR MIN(through) < 0 OR MAX(through) > ${LAST_ID} FROM charge_fold)`

/** The last charge that was forgotten by age, and its day: up to it days say more than their charges do. */
const CLEARED = "(SELECT COALESCE(MAX(through), 0) FROM charge_clear)"
const CLEARED_DAY = `COALESCE((SELECT at_ms / 86400000 FROM charges WHERE id <= ${CLEARED} ORDER BY id DESC LIMIT 1), -1)`
const CLEAR_BROKEN = `(SELECT COUNT(*) <> 1 OR MIN(through) < 0 OR MAX(through) > ${THROUGH} FROM charge_clear)`

/** What is forgotten of a charge and stays in its day. */
const FORGOTTEN = ["route_id", "errors", "input_tokens", "output_tokens", "latency_ms"]
const OTHER_KEYS = KEYS.filter((name) => !FORGOTTEN.includes(name)).join(", ")
const PROVED = SUMMED.filter((name) => !FORGOTTEN.includes(name))
/** The same rows as far as days and charges can be compared. */
const proved = (names: readonly string[]): string =>
  names
    .map((name) =>
      FORGOTTEN.includes(name) ? `CASE WHEN day <= ${CLEARED_DAY} THEN 0 ELSE ${name} END AS ${name}` : name,
    )
    .join(", ")

const sumsOf = (which: string) =>
  `SELECT ${DAY_KEY}, ${DAY_SUMS} FROM charges WHERE ${which} GROUP BY 1, 2, 3, 4, 5, 6, 7`
const BACK = `SELECT ${DAY_KEY}, b.back AS back_nano FROM (${BACK_OF_CHARGE}) b CROSS JOIN charges ON charges.id = b.charge_id`

/** The days as they should be. */
const EXPECTED = `
  SELECT ${KEY}, ${ALL.map((name) => `SUM(${name}) AS ${name}`).join(", ")} FROM (
    SELECT ${KEY}, ${SUMMED.join(", ")}, 0 AS back_nano FROM (${sumsOf(`id <= ${THROUGH}`)})
    UNION ALL SELECT ${KEY}, ${SUMMED.map(() => "0").join(", ")}, back_nano FROM (${BACK}))
  GROUP BY ${KEY}`

const BROKEN_DAYS = `
  SELECT DISTINCT day, account_id FROM (
    SELECT ${KEY} FROM (
      SELECT ${proved([...KEYS, ...ALL])} FROM (
        SELECT ${KEY}, ${ALL.join(", ")} FROM (${EXPECTED})
        UNION ALL SELECT ${KEY}, ${ALL.map((name) => `-${name}`).join(", ")} FROM charge_days))
    GROUP BY ${KEY} HAVING ${ALL.map((name) => `SUM(${name}) <> 0`).join(" OR ")})`

/** Days of apps are sums of days of wallets; rows that sum nothing are none. */
const APP_DAYS = `SELECT client_id, day, ${SUMMED.map((name) => `SUM(${name}) AS ${name}`).join(", ")}
  FROM charge_days GROUP BY client_id, day`
const BROKEN_APP_DAYS = `
  SELECT client_id, day FROM (
    ${APP_DAYS} UNION ALL SELECT client_id, day, ${SUMMED.map((name) => `-${name}`).join(", ")} FROM charge_client_days)
  GROUP BY client_id, day HAVING ${SUMMED.map((name) => `SUM(${name}) <> 0`).join(" OR ")}`

/** Whatever needs no sums of charges. */
const DOUBT = `
  SELECT ${FOLD_BROKEN} OR ${CLEAR_BROKEN} OR EXISTS (${BROKEN_APP_DAYS})
    OR (SELECT COALESCE(SUM(calls), 0) FROM charge_days) <> (SELECT COUNT(*) FROM charges WHERE id <= ${THROUGH})
    OR EXISTS (SELECT 1 FROM charge_days WHERE calls = 0 AND (${SUMMED.map((name) => `${name} <> 0`).join(" OR ")}))
    OR EXISTS (SELECT 1 FROM (SELECT ${proved([...KEYS, "back_nano"])} FROM (
                                SELECT ${KEY}, back_nano FROM (${BACK})
                                UNION ALL SELECT ${KEY}, -back_nano FROM charge_days WHERE back_nano <> 0))
               GROUP BY ${KEY} HAVING SUM(back_nano) <> 0) AS n`

/** Sums come in the order of their key, which is the table's: they are laid side by side. */
const DOUBT_BETWEEN = `
  SELECT EXISTS (SELECT 1 FROM (${sumsOf("id > ? AND id <= ?")}) x LEFT JOIN charge_days d USING (${KEY})
                 WHERE (${SUMMED.map((name) => `d.${name}`)}) IS NOT (${SUMMED.map((name) => `x.${name}`)})) AS n`

/** A day of which some is forgotten, as far as it is folded. */
const DOUBT_OF_DAY = `
  SELECT EXISTS (SELECT 1 FROM (
    SELECT ${OTHER_KEYS}, ${PROVED.join(", ")} FROM (${sumsOf("id > ? AND id <= ?")})
    UNION ALL SELECT ${OTHER_KEYS}, ${PROVED.map((name) => `-${name}`).join(", ")} FROM charge_days WHERE day = ?)
    GROUP BY ${OTHER_KEYS} HAVING ${PROVED.map((name) => `SUM(${name}) <> 0`).join(" OR ")}) AS n`

const NEXT_CHARGE = "SELECT id, at_ms AS atMs FROM charges WHERE id >= ? ORDER BY id LIMIT 1"

/** Charges are summed a day at a time, so that what SQLite sorts is small; days that do not follow each other are in doubt, too. */
function isDoubtful(sql: Sql): boolean {
  const holds = (text: string, ...params: number[]) => sql.get<{ n: number }>(text, ...params)?.n === 0
  if (!holds(DOUBT)) return true
  const through = foldedThrough(sql)
  const clearedDay = sql.get<{ day: number }>(`SELECT ${CLEARED_DAY} AS day`)!.day
  for (let after = 0; after < through; ) {
    const next = sql.get<{ id: number; atMs: number }>(NEXT_CHARGE, after + 1)
    if (!next) break
    const nextDay = firstIdSince(sql, NEXT_CHARGE, through, (dayOf(next.atMs) + 1) * DAY_MS)
    const to = Math.max(next.id, nextDay - 1)
    const day = dayOf(next.atMs)
    if (!(day > clearedDay ? holds(DOUBT_BETWEEN, after, to) : holds(DOUBT_OF_DAY, after, to, day))) return true
    after = to
  }
  return false
}

export const DAY_CHECKS: SharedSql = {
  checks: [
    {
      name: "charge_days",
      promise:
        "a day of a wallet is the sum of its charges, as far as they are folded and known, and of what came back of any of them; a day of an app is the sum of its wallets'",
      checked: count("charge_days"),
    },
  ],
  doubt: isDoubtful,
  broken: `
    SELECT 'charge_days' AS name, 'account ' || account_id || ' day ' || day AS example FROM (${BROKEN_DAYS})
    UNION ALL SELECT 'charge_days', 'app ' || client_id || ' day ' || day FROM (${BROKEN_APP_DAYS})
    UNION ALL SELECT 'charge_days', 'how far charges are folded' WHERE ${FOLD_BROKEN}
    UNION ALL SELECT 'charge_days', 'how far calls are forgotten' WHERE ${CLEAR_BROKEN}`,
}

/** @param slice how many charges are folded at once (`charges/post.ts`): a writer that lost its mark stands at most one slice behind */
export function dayRebuild(slice: number): readonly string[] {
  const mark = `COALESCE((SELECT max(0, MAX(id) / ${slice} * ${slice} - ${slice}) FROM charges), 0)`
  return [
    "DELETE FROM charge_fold WHERE rowid <> (SELECT MIN(rowid) FROM charge_fold)",
    `INSERT INTO charge_fold (through) SELECT ${mark} WHERE NOT EXISTS (SELECT 1 FROM charge_fold)`,
    `UPDATE charge_fold SET through = ${mark} WHERE through < 0 OR through > ${LAST_ID}`,
    // Lost, it is 0: days are then what charges still say.
    "DELETE FROM charge_clear WHERE rowid <> (SELECT MIN(rowid) FROM charge_clear)",
    "INSERT INTO charge_clear (through) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM charge_clear)",
    `UPDATE charge_clear SET through = 0 WHERE ${CLEAR_BROKEN}`,
    `DELETE FROM charge_days WHERE (day, account_id) IN (${BROKEN_DAYS})`,
    `INSERT INTO charge_days (${KEY}, ${ALL.join(", ")})
     SELECT ${KEY}, ${ALL.join(", ")} FROM (${EXPECTED}) x
     WHERE NOT EXISTS (SELECT 1 FROM charge_days d WHERE d.day = x.day AND d.account_id = x.account_id)`,
    `DELETE FROM charge_client_days WHERE (client_id, day) IN (${BROKEN_APP_DAYS})`,
    `INSERT INTO charge_client_days (client_id, day, ${SUMMED.join(", ")})
     SELECT client_id, day, ${SUMMED.join(", ")} FROM (${APP_DAYS}) x
     WHERE calls > 0 AND NOT EXISTS (SELECT 1 FROM charge_client_days d WHERE d.client_id = x.client_id AND d.day = x.day)`,
  ]
}
