// SQL of clients that came by themselves: whose document they are, when it was fetched, when somebody last allowed them.
import type { Tx } from "../../store/index.ts"

/** Somebody allowed it. Nothing is written for clients of this house. */
export function noteUse(tx: Tx, clientId: number): void {
  tx.run("UPDATE oauth_client_origins SET used_ms = ? WHERE client_id = ?", tx.now, clientId)
}
