// SQL of verification of `wallet_other`, the projection that history walks, and what puts it right.
import type { CheckSql } from "./store-proof.ts"

const OTHER = `SELECT DISTINCT e.account_id, t.type, t.id FROM transactions t CROSS JOIN entries e ON e.transaction_id = t.id
  WHERE t.type <> 'usage' AND e.lot_id IS NOT NULL`

/** The projection `wallet_other`: how it is proved, and what puts it right. */
export const HISTORY_CHECKS: readonly CheckSql[] = [
  {
    name: "wallet_other",
    promise: "what touched a wallet and was not a charge is listed, and nothing else",
    checked: "SELECT COUNT(*) AS n FROM wallet_other",
    broken: `
      SELECT 'transaction ' || id || ' is not listed' AS example FROM (${OTHER} EXCEPT SELECT * FROM wallet_other)
      UNION ALL
      SELECT 'transaction ' || transaction_id || ' is listed' FROM (SELECT * FROM wallet_other EXCEPT ${OTHER})`,
  },
]

export const HISTORY_REBUILD: readonly string[] = [
  `DELETE FROM wallet_other WHERE (account_id, type, transaction_id) NOT IN (${OTHER})`,
  `INSERT OR IGNORE INTO wallet_other (account_id, type, transaction_id) ${OTHER}`,
]
