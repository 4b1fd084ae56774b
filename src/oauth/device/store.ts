// SQL of devices that wait for a person: found by the hash of the device's code or of the person's, answered once, used once.
import { findRow, insertRow, type Reader, type Tx } from "../../store/index.ts"
import { formatScopes, parseScopes } from "../scopes.ts"
import { deviceCodes } from "../tables.ts"
import type { Scope } from "../types.ts"

type DeviceRow = typeof deviceCodes.$inferSelect
export type DeviceCode = Omit<DeviceRow, "scopes" | "resources"> & { scopes: Scope[]; resources: string[] | null }

const fromRow = (row: DeviceRow | null): DeviceCode | null =>
  row && {
    ...row,
    scopes: parseScopes(row.scopes),
    resources: row.resources === null ? null : (JSON.parse(row.resources) as string[]),
  }

export const deviceById = (reader: Reader, id: number): DeviceCode | null =>
  fromRow(findRow(reader, deviceCodes, "id = ?", id))
export const deviceByHash = (reader: Reader, hash: string): DeviceCode | null =>
  fromRow(findRow(reader, deviceCodes, "hash = ?", hash))
export const deviceByUserCode = (reader: Reader, userCodeHash: string): DeviceCode | null =>
  fromRow(findRow(reader, deviceCodes, "user_code_hash = ?", userCodeHash))

export const countDevices = (reader: Reader): number =>
  reader.get<{ n: number }>("SELECT count(*) AS n FROM oauth_device_codes")!.n

export const insertDevice = (
  tx: Tx,
  device: Pick<DeviceRow, "hash" | "userCodeHash" | "clientId" | "network" | "device" | "expiresMs"> & {
    scopes: Scope[]
    resources: readonly string[] | null
  },
): number =>
  insertRow(tx, deviceCodes, {
    ...device,
    scopes: formatScopes(device.scopes),
    resources: device.resources && JSON.stringify(device.resources),
    state: "pending",
    createdMs: tx.now,
  })

/** True for exactly one answer. */
export const answerDevice = (
  tx: Tx,
  id: number,
  answer: { state: "approved" | "denied"; userId: number; grantId: number | null },
): boolean =>
  tx.run(
    "UPDATE oauth_device_codes SET state = ?, user_id = ?, grant_id = ? WHERE id = ? AND state = 'pending' AND expires_ms > ?",
    answer.state,
    answer.userId,
    answer.grantId,
    id,
    tx.now,
  ).changes === 1

/** True for exactly one caller. */
export const useDevice = (tx: Tx, id: number): boolean =>
  tx.run("UPDATE oauth_device_codes SET state = 'used' WHERE id = ? AND state = 'approved'", id).changes === 1

/** @returns what was deleted */
export const deleteDevices = (
  tx: Tx,
  expiredBeforeMs: number,
  rowsMax: number,
): Pick<DeviceRow, "state" | "grantId">[] =>
  tx.all(
    `DELETE FROM oauth_device_codes WHERE id IN (SELECT id FROM oauth_device_codes WHERE expires_ms < ? LIMIT ?)
     RETURNING state, grant_id AS grantId`,
    expiredBeforeMs,
    rowsMax,
  )
