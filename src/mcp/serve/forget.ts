// Sessions that nobody used for long end: clients come and go, and their rows with them.
import type { Core } from "../core.ts"
import { MCP_LIMITS } from "../limits.ts"
import { deleteUnused } from "./store.ts"

const FORGET = { actor: "system:forget-mcp-sessions", requestId: "job:forget-mcp-sessions", reason: "unused for long" }

/** One slice. @returns whether more may be left */
export async function forgetSessions(core: Pick<Core, "store">, rows: number): Promise<boolean> {
  const deleted = await core.store.write(FORGET, (tx) => deleteUnused(tx, tx.now - MCP_LIMITS.sessionUnusedMs, rows))
  return deleted === rows
}
