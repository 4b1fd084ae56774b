// SQL of developers' statements: few rows, whatever the number of calls. Read-only. Balances come from the entries and
// days, lines from days, takes, maturities and payouts, so that a statement that adds up proves something.
import type { AccountId } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"
import type { Mode, Owner } from "../books/types.ts"
import type { StatementKind } from "./types.ts"

const DAY_MS = 86_400_000

/**
 * What an account had at the start of a UTC day: its entries before it, and what charges and sales of earlier days earned. The few entries
 * of a developer are summed; charges are not looked at, and what sales earned stands in the days.
 */
export const balanceBefore = (
  sql: Reader,
  owner: Owner,
  mode: Mode,
  kind: "pending" | "payable",
  day: number,
): number =>
  sql.get<{ nano: number }>(
    `SELECT COALESCE((SELECT SUM(e.amount_nano) FROM entries e INDEXED BY entries_of_owner
                      CROSS JOIN transactions t ON t.id = e.transaction_id
                      WHERE e.account_id = a.id AND e.account_id > 100 AND t.at_ms < ?
                        AND t.type NOT IN ('sale', 'commission')), 0)
          + COALESCE((SELECT SUM(d.earned_nano) FROM earning_days d WHERE d.account_id = a.id AND d.day < ?), 0) AS nano
     FROM accounts a WHERE a.owner_kind = 'principal' AND a.owner_id = ? AND a.mode = ? AND a.kind = ? AND a.asset = 'usd_nano'`,
    day * DAY_MS,
    day,
    owner.id,
    mode,
    kind,
  )?.nano ?? 0

export interface LineRow {
  day: number
  kind: StatementKind
  nano: number
}

/** One row per day and kind; `nano` is the plain amount. Days: first inclusive, last exclusive. */
export function lineRows(
  sql: Reader,
  owner: Owner,
  mode: Mode,
  pendingId: AccountId | null,
  days: [number, number],
): LineRow[] {
  const [fromDay, toDay] = days
  const [fromMs, toMs] = [fromDay * DAY_MS, toDay * DAY_MS]
  const account = pendingId ?? 0
  return sql.all<LineRow>(
    `SELECT day, 'earned_' || source AS kind, earned_nano AS nano FROM earning_days
     WHERE account_id = ? AND day >= ? AND day < ?
     UNION ALL
     SELECT at_ms / 86400000, CASE late WHEN 0 THEN 'clawed' ELSE 'clawed_late' END, SUM(amount_nano) FROM earning_takes
     WHERE account_id = ? AND at_ms >= ? AND at_ms < ? AND amount_nano > 0 GROUP BY 1, 2
     UNION ALL
     SELECT at_ms / 86400000, CASE late WHEN 0 THEN 'restored' ELSE 'restored_late' END, -SUM(amount_nano) FROM earning_takes
     WHERE account_id = ? AND at_ms >= ? AND at_ms < ? AND amount_nano < 0 GROUP BY 1, 2
     UNION ALL
     SELECT at_ms / 86400000, 'matured', SUM(amount_nano) FROM earning_maturities
     WHERE account_id = ? AND at_ms >= ? AND at_ms < ? GROUP BY 1
     UNION ALL
     SELECT requested_ms / 86400000, 'payout_requested', SUM(amount_nano) FROM payouts
     WHERE owner_id = ? AND mode = ? AND requested_ms >= ? AND requested_ms < ? GROUP BY 1
     UNION ALL
     SELECT resolved_ms / 86400000, 'payout_failed', SUM(amount_nano) FROM payouts
     WHERE owner_id = ? AND mode = ? AND state = 'failed' AND resolved_ms >= ? AND resolved_ms < ? GROUP BY 1`,
    account,
    fromDay,
    toDay,
    account,
    fromMs,
    toMs,
    account,
    fromMs,
    toMs,
    account,
    fromMs,
    toMs,
    owner.id,
    mode,
    fromMs,
    toMs,
    owner.id,
    mode,
    fromMs,
    toMs,
  )
}
