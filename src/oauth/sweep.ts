// Deletes what is over, in small bodies; forgets the dead whose last token has expired.
import { deleteAnswered } from "./authorize/store.ts"
import type { Core } from "./core.ts"
import { OAUTH_LIMITS } from "./limits.ts"
import { deleteOver } from "./token/store.ts"

const ROWS_MAX = 500

export async function sweep(core: Core): Promise<void> {
  const ctx = { actor: "system:oauth-sweep", requestId: core.ids.next("job"), reason: "retention" }
  await core.store.write(ctx, (tx) => {
    deleteAnswered(tx, tx.now, ROWS_MAX)
    deleteOver(tx, {
      codesMs: tx.now - OAUTH_LIMITS.codeKeptMs,
      replaysMs: tx.now - OAUTH_LIMITS.refreshReplayMs,
      rowsMax: ROWS_MAX,
    })
  })
  const nowMs = core.clock.now()
  for (const [id, untilMs] of core.dead.grants) if (untilMs < nowMs) core.dead.grants.delete(id)
  for (const [jti, untilMs] of core.dead.tokens) if (untilMs < nowMs) core.dead.tokens.delete(jti)
}
