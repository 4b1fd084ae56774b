// SQL of the connection. Decides nothing.
import { columnsOf, findRow, type Reader, type Tx } from "../../store/index.ts"
import type { Scope } from "../scope.ts"
import { billingConnection, billingSecrets } from "./tables.ts"
import type { ConnectionRow, SecretName } from "./types.ts"

export const secretOf = (reader: Reader, name: SecretName): { sealed: string; hint: string } | null =>
  findRow(reader, billingSecrets, "name = ?", name)

export const saveSecret = (tx: Tx, row: { name: SecretName; sealed: string; hint: string }): void =>
  void tx.run(
    `INSERT INTO billing_secrets (name, sealed, hint, updated_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, hint = excluded.hint, updated_ms = excluded.updated_ms`,
    row.name,
    row.sealed,
    row.hint,
    tx.now,
  )

export const dropSecret = (tx: Tx, name: SecretName): void =>
  void tx.run("DELETE FROM billing_secrets WHERE name = ?", name)

const ROW = columnsOf(billingConnection)

export const connectionRow = (reader: Reader): ConnectionRow =>
  reader.get<ConnectionRow>(`SELECT ${ROW} FROM billing_connection WHERE id = 1`)!

/** @param endpoint null = none any more */
export const saveEndpoint = (tx: Tx, endpoint: { id: string; url: string } | null): void =>
  void tx.run(
    "UPDATE billing_connection SET endpoint_id = ?, endpoint_url = ?, endpoint_fault = NULL WHERE id = 1",
    endpoint?.id ?? null,
    endpoint?.url ?? null,
  )

/** @param of.before it was another one until now */
export const saveAccount = (tx: Tx, of: { isTest: boolean; account: string; before?: string }): void =>
  void tx.run(
    `UPDATE billing_connection SET ${of.isTest ? "test_account" : "live_account"} = ?1,
       account_before = COALESCE(?2, account_before), account_changed_ms = iif(?2 IS NULL, account_changed_ms, ?3) WHERE id = 1`,
    of.account,
    of.before ?? null,
    tx.now,
  )

/** What was made without a name is of this account. */
export function adoptAccount(tx: Tx, of: { isTest: boolean; from: string; to: string }): void {
  for (const table of ["billing_customers", "billing_prices", "billing_portals"])
    tx.run(
      `UPDATE OR IGNORE ${table} SET account_id = ? WHERE is_test = ? AND account_id = ?`,
      of.to,
      Number(of.isTest),
      of.from,
    )
}

export const newestCustomer = (reader: Reader, { isTest, account }: Scope): string | null =>
  reader.get<{ id: string }>(
    `SELECT customer_id AS id FROM billing_customers WHERE is_test = ? AND account_id = ?
     ORDER BY created_ms DESC, user_id DESC LIMIT 1`,
    Number(isTest),
    account,
  )?.id ?? null

export const saveFault = (tx: Tx, fault: string | null): void =>
  void tx.run("UPDATE billing_connection SET endpoint_fault = ? WHERE id = 1", fault)

export const saveProbe = (tx: Tx, objectId: string | null): void =>
  void tx.run(
    "UPDATE billing_connection SET probe_object_id = ?, probed_ms = ? WHERE id = 1",
    objectId,
    objectId === null ? null : tx.now,
  )

export const saveReadThrough = (tx: Tx, ms: number): void =>
  void tx.run("UPDATE billing_connection SET read_through_ms = ? WHERE id = 1", ms)

/** When the first event about an object was taken. */
export const arrivedMs = (reader: Reader, objectId: string): number | null =>
  reader.get<{ ms: number | null }>("SELECT MIN(received_ms) AS ms FROM billing_events WHERE object_id = ?", objectId)!
    .ms
