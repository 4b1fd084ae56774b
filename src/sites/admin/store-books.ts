// The trial balance: every account of the platform, and what stands in everybody's together. Runs in the read Worker, for it sums over
// all wallets. Amounts are exact texts: totals may pass 2^53.
import type { Reader } from "../../store/index.ts"

export interface BalanceRow {
  mode: "live" | "test"
  owner: "platform" | "principal"
  kind: string
  accounts: number
  /** n$, credit above zero. */
  nano: string
}

export const trialBalance = (reader: Reader): BalanceRow[] =>
  reader.all<BalanceRow>(
    `SELECT mode, owner_kind AS owner, kind, COUNT(*) AS accounts, CAST(SUM(CAST(balance_nano AS INTEGER)) AS TEXT) AS nano
       FROM v_ledger_accounts GROUP BY mode, owner_kind, kind ORDER BY mode, MIN(account_id)`,
  )
