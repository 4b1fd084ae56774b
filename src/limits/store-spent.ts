// SQL of what was spent in a window, as the books say it: sums of days, and the charges that are in none yet. So it costs the same however
// many charges a wallet has. Windows of spend are whole UTC days.
import { type AccountId, DAY_MS } from "../app/index.ts"
import type { Reader } from "../store/index.ts"
import type { Span, Spender } from "./types.ts"

type Days = { startDay: number; endDay: number }

/** n$ that were collected in a window. Test credits are no money of a person, but a key has its limit. */
export function spentIn(reader: Reader, of: Spender, { startMs, endMs }: Span): number {
  const days = { startDay: Math.floor(startMs / DAY_MS), endDay: Math.ceil(endMs / DAY_MS) }
  let spentNano = of.keyId === null ? 0 : ofKeyDays(reader, of.keyId, days)
  for (const { id } of walletsOf(reader, of))
    spentNano += of.keyId === null ? ofWallet(reader, id, of, days) : ofKeySince(reader, id, of.keyId, days)
  return spentNano
}

const walletsOf = (reader: Reader, { payerId, keyId }: Spender): { id: AccountId }[] =>
  reader.all(
    `SELECT account_id AS id FROM v_ledger_accounts
     WHERE owner_kind = 'principal' AND owner_id = ? AND kind = 'wallet' AND (mode = 'live' OR ? IS NOT NULL)`,
    payerId,
    keyId,
  )

const ofKeyDays = (reader: Reader, keyId: number, { startDay, endDay }: Days): number =>
  reader.get<{ n: number }>(
    "SELECT COALESCE(SUM(spent_nano), 0) AS n FROM v_key_days WHERE key_id = ? AND day >= ? AND day < ?",
    keyId,
    startDay,
    endDay,
  )!.n

/** What the sums of keys do not have yet: the calls of half a minute, without an app. */
const ofKeySince = (reader: Reader, accountId: AccountId, keyId: number, { startDay, endDay }: Days): number =>
  reader.get<{ n: number }>(
    `SELECT COALESCE(SUM(collected_nano), 0) AS n FROM v_charges
     WHERE account_id = ?1 AND client_id IS NULL AND (collected_nano > 0) = 1
       AND id > COALESCE((SELECT through FROM v_key_folds WHERE account_id = ?1), 0)
       AND key_id = ?2 AND day >= ?3 AND day < ?4`,
    accountId,
    keyId,
    startDay,
    endDay,
  )!.n

/** Days of charges begin with the day: a wallet's are a look for each. */
const FOLDED = `WITH RECURSIVE days (day) AS (
    SELECT max(?3, (SELECT MIN(day) FROM v_charge_days)) UNION ALL
    SELECT day + 1 FROM days WHERE day + 1 < ?4 AND day < (SELECT MAX(day) FROM v_charge_days))
  SELECT COALESCE(SUM(d.collected_nano), 0) AS n FROM days CROSS JOIN v_charge_days d ON d.day = days.day
  WHERE d.account_id = ?1 AND (?2 IS NULL OR d.client_id = ?2) AND (?5 IS NULL OR d.caller_id = ?5) AND d.day < ?4`

/** Charges that are in no day yet, by the apps of a wallet: from one to the next, and last of all those without one. */
const TAIL = `WITH RECURSIVE app (id) AS (
    SELECT COALESCE(?2, (SELECT MIN(client_id) FROM v_charges WHERE account_id = ?1)) UNION ALL
    SELECT (SELECT MIN(client_id) FROM v_charges WHERE account_id = ?1 AND client_id > app.id) FROM app
    WHERE ?2 IS NULL AND app.id IS NOT NULL)
  SELECT COALESCE(SUM(c.collected_nano), 0) AS n FROM app CROSS JOIN v_charges c ON c.account_id = ?1 AND c.client_id IS app.id
  WHERE (c.collected_nano > 0) = 1 AND c.id > (SELECT through FROM v_charge_fold) AND c.day >= ?3 AND c.day < ?4
    AND (?5 IS NULL OR c.caller_id = ?5)`

function ofWallet(reader: Reader, accountId: AccountId, of: Spender, { startDay, endDay }: Days): number {
  const sum = (sql: string) => reader.get<{ n: number }>(sql, accountId, of.clientId, startDay, endDay, of.callerId)!.n
  return sum(FOLDED) + sum(TAIL)
}
