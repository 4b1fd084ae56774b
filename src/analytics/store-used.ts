// SQL of what people of one app used there: each wallet that they call from is looked up day by day, which costs the same however many others
// the app has. Runs in the read Worker.
import type { ClientId } from "../app/index.ts"
import type { Reader } from "../store/index.ts"

export interface PersonUse {
  userId: string
  calls: number
  chargeNano: number
}

/** What some people of an app used there from one day to another, both included; nobody who used nothing. */
export const usedByPeople = (
  reader: Reader,
  {
    clientId,
    userIds,
    fromDay,
    toDay,
  }: { clientId: ClientId; userIds: readonly string[]; fromDay: number; toDay: number },
): PersonUse[] =>
  reader.all(
    `WITH RECURSIVE day (n) AS (SELECT ?2 UNION ALL SELECT n + 1 FROM day WHERE n < ?3),
     person (id, name) AS MATERIALIZED (
       SELECT id, public_id FROM v_identity_users WHERE public_id IN (SELECT value FROM json_each(?4)))
     SELECT name AS userId, SUM(calls) AS calls, SUM(charge_nano) AS chargeNano FROM (
       SELECT p.name, d.calls, d.charge_nano
       FROM person p CROSS JOIN v_wallet_callers w ON w.caller_id = p.id CROSS JOIN day
       CROSS JOIN v_charge_days d ON d.client_id = ?1 AND d.day = day.n AND d.account_id = w.account_id AND d.caller_id = p.id
       UNION ALL
       SELECT p.name, 1, c.charge_nano FROM v_charges c CROSS JOIN person p ON p.id = c.caller_id
       WHERE c.id > (SELECT through FROM v_charge_fold) AND c.client_id = ?1 AND c.day BETWEEN ?2 AND ?3)
     GROUP BY name`,
    clientId,
    fromDay,
    toDay,
    JSON.stringify(userIds),
  )
