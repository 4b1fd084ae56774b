// SQL of the daily claim and its free budget, as fixed texts. Decides nothing.
import type { Reader, Tx } from "../../store/index.ts"
import type { Mode, Owner } from "../books/types.ts"

export const lastClaim = (sql: Reader, owner: Owner, mode: Mode): { atMs: number; streak: number } | null =>
  sql.get<{ atMs: number; streak: number }>(
    `SELECT c.at_ms AS atMs, c.streak FROM claims c
     WHERE c.account_id = (SELECT id FROM accounts WHERE owner_kind = ? AND owner_id = ? AND mode = ? AND kind = 'wallet'
                           AND asset = 'usd_nano')
     ORDER BY c.at_ms DESC LIMIT 1`,
    owner.kind,
    owner.id,
    mode,
  )

export const freeGranted = (sql: Reader, mode: Mode, day: number): number =>
  sql.get<{ nano: number }>("SELECT granted_nano AS nano FROM free_budget_day WHERE mode = ? AND day = ?", mode, day)
    ?.nano ?? 0

export function spendFreeBudget(tx: Tx, mode: Mode, day: number, nano: number, budgetNano: number): void {
  tx.run(
    `INSERT INTO free_budget_day (mode, day, granted_nano, budget_nano) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET granted_nano = granted_nano + excluded.granted_nano, budget_nano = excluded.budget_nano`,
    mode,
    day,
    nano,
    budgetNano,
  )
}

export interface NewClaim {
  accountId: number
  amountNano: number
  streak: number
  /** null = does not count against the free budget. */
  budgetNano: number | null
  auto: boolean
  transactionId: string
}

export function insertClaim(tx: Tx, claim: NewClaim): void {
  tx.run(
    `INSERT INTO claims (account_id, at_ms, amount_nano, streak, budget_nano, auto, transaction_id)
     SELECT ?, ?, ?, ?, ?, ?, id FROM transactions WHERE public_id = ?`,
    claim.accountId,
    tx.now,
    claim.amountNano,
    claim.streak,
    claim.budgetNano,
    claim.auto ? 1 : 0,
    claim.transactionId,
  )
}
