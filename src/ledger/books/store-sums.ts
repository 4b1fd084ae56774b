// SQL of what moves once a commit, as fixed texts. Decides nothing.
import { type AccountId, invariant } from "../../app/index.ts"
import type { Reader, Tx } from "../../store/index.ts"

export function addToAccount(tx: Tx, id: AccountId, amountNano: number | bigint): void {
  const { changes } = tx.run("UPDATE accounts SET balance_nano = balance_nano + ? WHERE id = ?", amountNano, id)
  invariant(changes === 1, `there is no account ${id}`)
}

export const earnedOnDay = (sql: Reader, accountId: AccountId, day: number, source: string): number =>
  sql.get<{ nano: number }>(
    "SELECT earned_nano AS nano FROM earning_days WHERE account_id = ? AND day = ? AND source = ?",
    accountId,
    day,
    source,
  )?.nano ?? 0

export function addToEarningDay(
  tx: Tx,
  row: { accountId: AccountId; day: number; source: string; earnedNano: bigint },
): void {
  tx.run(
    `INSERT INTO earning_days (account_id, day, source, earned_nano) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET earned_nano = earned_nano + excluded.earned_nano`,
    row.accountId,
    row.day,
    row.source,
    row.earnedNano,
  )
}
