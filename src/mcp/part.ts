// What `mcp` contributes: lists of servers that grew old, sealed credentials, and what happens to servers with their person.
import { HOUR_MS, MINUTE_MS } from "../app/index.ts"
import type { Leaving, Part } from "../part/index.ts"
import { SEALED_CREDENTIALS } from "./core.ts"
import { MCP_SENTENCES } from "./sentences.ts"
import { NETWORKS } from "./settings.ts"
import { MCP_PERSONAL } from "./store-personal.ts"
import type { Mcp } from "./types.ts"

export const mcpPart: Part<{ mcp: Mcp }> = {
  name: "mcp",
  personal: MCP_PERSONAL,
  sealed: [SEALED_CREDENTIALS],
  sentences: MCP_SENTENCES,
  settings: [NETWORKS],
  run: ({ mcp }) => ({
    jobs: [
      {
        name: "forget-mcp-sessions",
        everyMs: HOUR_MS,
        run: ({ rows }) => mcp.forgetSessions(rows),
      },
      {
        name: "refresh-tool-servers",
        everyMs: MINUTE_MS,
        // Each asks strangers' servers, which take their time.
        run: () => mcp.refreshOld(),
      },
    ],
    lifecycle: {
      suspended: (tx, { id }) => tx.afterCommit(() => mcp.disconnect(id)),
      reinstated: { nothing: "servers and their credentials were kept; connections are made with the next call" },
      passwordChanged: { nothing: "credentials of tool servers were not obtained with the password" },
      erased: (tx, { id }, rows) => mcp.eraseIn(tx, id, rows),
      leaving: ({ id }) => leavingOf(mcp.groups(id).length),
    },
  }),
}

const leavingOf = (groups: number): Leaving =>
  groups === 0
    ? {}
    : { ends: [groups === 1 ? "1 group of tool servers is removed." : `${groups} groups of tool servers are removed.`] }
