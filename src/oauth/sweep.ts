// Deletes what is over, slice by slice; forgets revocations whose last token has expired.
import type { Tx } from "../store/index.ts"
import { deleteAnswered } from "./authorize/store.ts"
import { endDeletedIn } from "./client/delete.ts"
import { sweepClientsIn } from "./client/remove.ts"
import type { Core } from "./core.ts"
import { sweepDevicesIn } from "./device/sweep.ts"
import { OAUTH_LIMITS } from "./limits.ts"
import { deleteThrottles } from "./store-throttles.ts"
import { deleteCodes, deleteRefreshTokens, deleteRevokedTokens, wipeReplays } from "./token/store-sweep.ts"

const ROWS_MAX = 500

const OVER: readonly ((tx: Tx, rowsMax: number) => number)[] = [
  (tx, rowsMax) => deleteAnswered(tx, tx.now, rowsMax),
  (tx, rowsMax) => wipeReplays(tx, tx.now - OAUTH_LIMITS.refreshReplayMs, rowsMax),
  (tx, rowsMax) => deleteCodes(tx, tx.now - OAUTH_LIMITS.codeKeptMs, rowsMax),
  (tx, rowsMax) => deleteRefreshTokens(tx, tx.now, rowsMax),
  (tx, rowsMax) => deleteRevokedTokens(tx, tx.now, rowsMax),
  (tx, rowsMax) => deleteThrottles(tx, tx.now, rowsMax),
]

/** One slice. Returns how many rows it took: as many as it might = more may be left. */
export async function sweep(core: Core, rowsMax: number = ROWS_MAX): Promise<number> {
  const ctx = { actor: "system:oauth-sweep", requestId: core.ids.next("job"), reason: "retention" }
  const left = await core.store.write(ctx, (tx) => {
    const devices = rowsMax - sweepDevicesIn(core, tx, rowsMax)
    const clients = devices - sweepClientsIn(core, tx, devices)
    const deleted = clients - endDeletedIn(core, tx, clients)
    return OVER.reduce((left, deleteOver) => left - deleteOver(tx, left), deleted)
  })
  const nowMs = core.clock.now()
  for (const [id, untilMs] of core.revoked.grants) if (untilMs < nowMs) core.revoked.grants.delete(id)
  for (const [jti, untilMs] of core.revoked.tokens) if (untilMs < nowMs) core.revoked.tokens.delete(jti)
  return rowsMax - left
}
