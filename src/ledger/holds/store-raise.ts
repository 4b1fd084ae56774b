// SQL of raising and renewing open holds, as fixed texts. Decides nothing.
import { type HoldId, invariant, type LotId } from "../../app/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import type { LotState, Take } from "../lots/rules.ts"

/** New parts come last until `orderHold` has put them in their place. */
export function addToHold(tx: Tx, holdId: HoldId, takes: readonly Take<LotState>[]): void {
  let addedNano = 0
  for (const { lot, amountNano } of takes) {
    tx.run("UPDATE lots SET held_nano = held_nano + ? WHERE id = ?", amountNano, lot.id)
    tx.run(
      `INSERT INTO hold_lots (hold_id, lot_id, seq, amount_nano)
       VALUES (?, ?, (SELECT COUNT(*) FROM hold_lots WHERE hold_id = ?), ?)
       ON CONFLICT DO UPDATE SET amount_nano = amount_nano + excluded.amount_nano`,
      holdId,
      lot.id,
      holdId,
      amountNano,
    )
    addedNano += amountNano
  }
  const { changes } = tx.run(
    "UPDATE holds SET amount_nano = amount_nano + ?, raised_ms = ? WHERE id = ? AND state = 'open'",
    addedNano,
    tx.now,
    holdId,
  )
  invariant(changes === 1, "only an open hold is raised")
}

/** Lot ids of a hold. */
export const partsOfHold = (sql: Reader, holdId: HoldId): LotId[] =>
  sql.all<{ lotId: LotId }>("SELECT lot_id AS lotId FROM hold_lots WHERE hold_id = ?", holdId).map((row) => row.lotId)

export function orderHold(tx: Tx, holdId: HoldId, lotIds: readonly LotId[]): void {
  for (const [seq, lotId] of lotIds.entries()) {
    tx.run("UPDATE hold_lots SET seq = ? WHERE hold_id = ? AND lot_id = ? AND seq <> ?", seq, holdId, lotId, seq)
  }
}

export const renewHold = (tx: Tx, holdId: HoldId, leaseUntilMs: number): boolean =>
  tx.run(
    "UPDATE holds SET lease_until_ms = max(lease_until_ms, ?) WHERE id = ? AND state = 'open'",
    leaseUntilMs,
    holdId,
  ).changes === 1
