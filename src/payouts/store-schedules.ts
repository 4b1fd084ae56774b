// SQL of monthly payouts. Decides nothing.
import type { PrincipalId } from "../app/index.ts"
import { findRow, insertRow, type Reader, type Tx } from "../store/index.ts"
import { payoutSchedules } from "./tables.ts"

export const scheduleOf = (reader: Reader, ownerId: number) => findRow(reader, payoutSchedules, "owner_id = ?", ownerId)

export const startSchedule = (tx: Tx, ownerId: number, doneMonth: number): void =>
  void insertRow(tx, payoutSchedules, { ownerId: ownerId as PrincipalId, sinceMs: tx.now, doneMonth })

export function endSchedule(tx: Tx, ownerId: number): void {
  tx.run("DELETE FROM payout_schedules WHERE owner_id = ?", ownerId)
}

export const dueSchedules = (reader: Reader, month: number, limit: number): number[] =>
  reader
    .all<{ id: number }>(
      "SELECT owner_id AS id FROM payout_schedules WHERE done_month < ? ORDER BY done_month, owner_id LIMIT ?",
      month,
      limit,
    )
    .map(({ id }) => id)

export function markMonth(tx: Tx, ownerId: number, month: number): void {
  tx.run("UPDATE payout_schedules SET done_month = ? WHERE owner_id = ?", month, ownerId)
}
