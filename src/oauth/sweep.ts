// Deletes what is over, all of it, in small bodies; forgets revocations whose last token has expired.
import { inSlices, type Tx } from "../store/index.ts"
import { deleteTransactions } from "./authorize/store.ts"
import type { Core } from "./core.ts"
import { OAUTH_LIMITS } from "./limits.ts"
import { deleteCodes, deleteRefreshTokens, deleteRevokedTokens, wipeReplays } from "./token/store-sweep.ts"

const ROWS_MAX = 500

const OVER: readonly ((tx: Tx, rowsMax: number) => number)[] = [
  (tx, rowsMax) => deleteTransactions(tx, tx.now, rowsMax),
  (tx, rowsMax) => wipeReplays(tx, tx.now - OAUTH_LIMITS.refreshReplayMs, rowsMax),
  (tx, rowsMax) => deleteCodes(tx, tx.now - OAUTH_LIMITS.codeKeptMs, rowsMax),
  (tx, rowsMax) => deleteRefreshTokens(tx, tx.now, rowsMax),
  (tx, rowsMax) => deleteRevokedTokens(tx, tx.now, rowsMax),
]

export async function sweep(core: Core): Promise<void> {
  const ctx = { actor: "system:oauth-sweep", requestId: core.ids.next("job"), reason: "retention" }
  for (const slice of OVER) {
    await inSlices(ROWS_MAX, (rowsMax) => core.store.write(ctx, (tx) => slice(tx, rowsMax)))
  }
  const nowMs = core.clock.now()
  for (const [id, untilMs] of core.revoked.grants) if (untilMs < nowMs) core.revoked.grants.delete(id)
  for (const [jti, untilMs] of core.revoked.tokens) if (untilMs < nowMs) core.revoked.tokens.delete(jti)
}
