// SQL of the daily claim and its free budget, as fixed texts. Decides nothing.
import type { TransactionId } from "../../app/index.ts"
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import type { Mode, Owner } from "../books/types.ts"
import { claims, freeBudgetDays } from "./tables.ts"

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

/** Adds to what the day has granted; the budget is the one in force. */
export function spendFreeBudget(tx: Tx, row: typeof freeBudgetDays.$inferInsert): void {
  insertRow(
    tx,
    freeBudgetDays,
    row,
    "ON CONFLICT DO UPDATE SET granted_nano = granted_nano + excluded.granted_nano, budget_nano = excluded.budget_nano",
  )
}

/** `budgetNano` null = does not count against the free budget. `transactionId`: public. */
export interface NewClaim extends Omit<typeof claims.$inferInsert, "atMs" | "auto" | "transactionId"> {
  auto: boolean
  transactionId: string
}

export function insertClaim(tx: Tx, claim: NewClaim): void {
  const { id } = tx.get<{ id: TransactionId }>("SELECT id FROM transactions WHERE public_id = ?", claim.transactionId)!
  insertRow(tx, claims, { ...claim, atMs: tx.now, auto: claim.auto ? 1 : 0, transactionId: id })
}
