// How metered services were used, over the whole house. Runs in the read Worker, over the views that domains publish.
import type { Reader } from "../../store/index.ts"

export interface ServiceUse {
  slug: string
  calls: number
  /** What was paid for them, n$. */
  nano: number
}

/** Live uses since a UTC day, by service. */
export const serviceUse = (reader: Reader, { sinceDay }: { sinceDay: number }): ServiceUse[] =>
  reader.all<ServiceUse>(
    `SELECT r.requested AS slug, SUM(u.calls) AS calls, SUM(u.nano) AS nano FROM (
       SELECT d.route_id, d.calls, d.collected_nano AS nano
         FROM v_charge_days d CROSS JOIN v_ledger_accounts a ON a.account_id = d.account_id
        WHERE d.day >= ?1 AND a.mode = 'live'
       UNION ALL
       SELECT c.route_id, 1, c.collected_nano FROM v_charges c
        WHERE c.id > (SELECT through FROM v_charge_fold) AND c.day >= ?1 AND c.mode = 'live') u
     JOIN usage_routes r ON r.id = u.route_id WHERE r.endpoint = 'metering' GROUP BY r.requested`,
    sinceDay,
  )
