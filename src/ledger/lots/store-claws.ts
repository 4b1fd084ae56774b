// SQL of what claw-backs of a lot left owed, and what its own credits paid of that since. Decides nothing.
import type { LotId } from "../../app/index.ts"
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import { clawRepays } from "./tables.ts"

export interface OwedClaw {
  key: string
  /** What it left owed, less what credits of its own lot paid since. */
  leftNano: number
}

/** Repayments that were not undone. */
const REPAID = `COALESCE((SELECT SUM(p.amount_nano) FROM claw_repays p
  WHERE p.claw_key = c.key AND NOT EXISTS (SELECT 1 FROM transactions r WHERE r.reverses = p.transaction_id)), 0)`

/** Claw-backs that stand of this lot, or of the one that it was rolled over from, and left something owed; oldest first. */
export const owedClaws = (sql: Reader, lotId: LotId, but: string | null): OwedClaw[] =>
  sql
    .all<OwedClaw>(
      `SELECT c.key, -COALESCE((SELECT SUM(e.amount_nano) FROM entries e CROSS JOIN accounts a ON a.id = e.account_id
         WHERE e.transaction_id = c.transaction_id AND a.kind = 'debt'), 0) - ${REPAID} AS leftNano
       FROM corrections c
       WHERE c.lot_id = (SELECT COALESCE(rolled_from, id) FROM lots WHERE id = ?) AND c.verb = 'claw_back' AND c.transaction_id IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM corrections e WHERE e.of_key = c.key AND e.verb = 'restore_claw')
         AND NOT EXISTS (SELECT 1 FROM transactions r WHERE r.reverses = c.transaction_id)
       ORDER BY c.transaction_id`,
      lotId,
    )
    .filter(({ key, leftNano }) => leftNano > 0 && key !== but)

export const insertRepay = (tx: Tx, row: typeof clawRepays.$inferInsert): number => insertRow(tx, clawRepays, row)

/** What paid of it instead of expiring. */
export const lateRepaid = (sql: Reader, clawKey: string): number =>
  sql.get<{ nano: number }>(
    "SELECT COALESCE(SUM(amount_nano), 0) AS nano FROM claw_repays WHERE claw_key = ? AND late = 1",
    clawKey,
  )!.nano
