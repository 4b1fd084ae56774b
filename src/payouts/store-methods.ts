// SQL of proving and forgetting where money goes. Decides nothing.
import type { Tx } from "../store/index.ts"

export function countMethodTry(tx: Tx, id: number): void {
  tx.run("UPDATE payout_methods SET code_tries = code_tries + 1 WHERE id = ?", id)
}

/** What was proved is so no more; it can be again. */
export function unconfirmMethod(tx: Tx, id: number): void {
  tx.run("UPDATE payout_methods SET confirmed_ms = NULL WHERE id = ?", id)
}

export function confirmMethod(tx: Tx, id: number): void {
  tx.run("UPDATE payout_methods SET confirmed_ms = ?, code_hash = NULL WHERE id = ?", tx.now, id)
}

/** Those that ended before, and that no open payout goes to, forget where they led. */
export const forgetEnded = (tx: Tx, beforeMs: number, rows: number): number =>
  tx.run(
    `UPDATE payout_methods SET sealed = NULL WHERE id IN (
       SELECT m.id FROM payout_methods m WHERE m.ended_ms < ? AND m.sealed IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM payout_orders o WHERE o.method_id = m.id AND o.state IN ('requested', 'approved'))
       LIMIT ?)`,
    beforeMs,
    rows,
  ).changes
