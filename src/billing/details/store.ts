// SQL of what payers want on invoices. Decides nothing.
import type { UserId } from "../../app/index.ts"
import { findRow, type Reader, type Tx } from "../../store/index.ts"
import type { BillingDetails } from "./index.ts"
import { billingDetails } from "./tables.ts"

export function detailsOf(reader: Reader, ownerId: UserId): BillingDetails | null {
  const row = findRow(reader, billingDetails, "owner_id = ?", ownerId)
  return row && { name: row.name, address: row.address, country: row.country, taxId: row.taxId }
}

export const saveDetails = (
  tx: Tx,
  { ownerId, name, address, country, taxId }: BillingDetails & { ownerId: UserId },
): void =>
  void tx.run(
    `INSERT INTO billing_details (owner_id, name, address, country, tax_id, updated_ms) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET name = excluded.name, address = excluded.address, country = excluded.country, tax_id = excluded.tax_id,
       updated_ms = excluded.updated_ms`,
    ownerId,
    name,
    address,
    country,
    taxId,
    tx.now,
  )

export const deleteDetails = (tx: Tx, ownerId: UserId): void =>
  void tx.run("DELETE FROM billing_details WHERE owner_id = ?", ownerId)
