// SQL of tax numbers. Decides nothing.
import { findRow, insertRow, type Reader, type Tx } from "../../store/index.ts"
import { payoutTaxNumbers } from "../tables.ts"
import type { TaxNumber } from "./types.ts"

type Row = typeof payoutTaxNumbers.$inferSelect

/** With its number, sealed. */
export const rowOf = (reader: Reader, ownerId: number): Row | null =>
  findRow(reader, payoutTaxNumbers, "owner_id = ?", ownerId)

/** What may be shown. */
export function taxNumberOf(reader: Reader, ownerId: number): TaxNumber | null {
  const row = rowOf(reader, ownerId)
  if (!row) return null
  const { sealed: _, ...shown } = row
  return shown
}

export const saveRow = (tx: Tx, row: Row): void => {
  insertRow(
    tx,
    payoutTaxNumbers,
    row,
    `ON CONFLICT (owner_id) DO UPDATE SET public_id = excluded.public_id, country = excluded.country, kind = excluded.kind,
       hint = excluded.hint, sealed = excluded.sealed, set_ms = excluded.set_ms`,
  )
}

export const deleteRow = (tx: Tx, ownerId: number): void => {
  tx.run("DELETE FROM payout_tax_numbers WHERE owner_id = ?", ownerId)
}
