// Devices whose time is over: what was approved and never fetched ends with them, since nobody holds anything of it.
import type { Tx } from "../../store/index.ts"
import { type Core, rememberRevoked } from "../core.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { endGrants } from "../token/store.ts"
import { deleteDevices } from "./store.ts"

/** @returns rows deleted */
export function sweepDevicesIn(core: Core, tx: Tx, rowsMax: number): number {
  const deleted = deleteDevices(tx, tx.now - OAUTH_LIMITS.deviceCodeKeptMs, rowsMax)
  const grants = deleted.flatMap(({ state, grantId }) => (state === "approved" && grantId !== null ? [grantId] : []))
  endGrants(tx, grants, "never_fetched")
  rememberRevoked(core, tx, grants)
  return deleted.length
}
