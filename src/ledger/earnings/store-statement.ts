// SQL of developers' statements: few rows, whatever the number of calls. Read-only. Balances come from the entries, lines from
// days, takes, maturities and payouts, so that a statement that adds up proves something.
import { type AccountId, TransactionId } from "../../app/index.ts"
import { firstIdSince, type Reader } from "../../store/index.ts"
import type { Mode, Owner } from "../books/types.ts"
import type { StatementKind } from "./types.ts"

const AT_MS = "SELECT at_ms AS atMs FROM transactions WHERE id >= ? ORDER BY id LIMIT 1"

/** Id of the first transaction at or after this time; one past the newest when there is none. */
export const firstIdFrom = (sql: Reader, ms: number): TransactionId =>
  TransactionId(
    firstIdSince(sql, AT_MS, sql.get<{ id: number }>("SELECT MAX(id) AS id FROM transactions")?.id ?? 0, ms),
  )

/** What an account held before that transaction. */
export const balanceBefore = (
  sql: Reader,
  owner: Owner,
  mode: Mode,
  kind: "pending" | "payable",
  transactionId: TransactionId,
): number =>
  sql.get<{ nano: number }>(
    `SELECT balance_after_nano AS nano FROM entries
     WHERE account_id > 100 AND account_id = (SELECT id FROM accounts WHERE owner_kind = 'principal' AND owner_id = ?
             AND mode = ? AND kind = ? AND asset = 'usd_nano') AND transaction_id < ?
     ORDER BY transaction_id DESC, seq DESC LIMIT 1`,
    owner.id,
    mode,
    kind,
    transactionId,
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
  const [fromMs, toMs] = [fromDay * 86_400_000, toDay * 86_400_000]
  const account = pendingId ?? 0
  return sql.all<LineRow>(
    `SELECT day, 'earned_' || source AS kind, earned_nano AS nano FROM earning_days
     WHERE account_id = ? AND day >= ? AND day < ?
     UNION ALL
     SELECT at_ms / 86400000, 'clawed', SUM(amount_nano) FROM earning_takes
     WHERE account_id = ? AND at_ms >= ? AND at_ms < ? GROUP BY 1
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
