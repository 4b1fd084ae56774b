// What `mcp` has of a person: their groups, the servers in them, and what these offer.
import { eraseFactsAbout } from "../audit/index.ts"
import { type Personal, takeSteps } from "../part/index.ts"
import { deleteSome, type Tx } from "../store/index.ts"

export const MCP_PERSONAL: Personal = {
  tables: {
    mcp_groups: { erased: "deleted", exported: "tool-servers.csv" },
    mcp_servers: { erased: "deleted", exported: "tool-servers.csv" },
    mcp_sessions: { erased: "deleted", exported: { not: "what programs said of themselves when they connected" } },
    mcp_offers: { erased: "deleted", exported: { not: "what the servers say of themselves" } },
  },
  files: [
    {
      name: "tool-servers.csv",
      what: "Your tool servers by group, without their credentials.",
      sql: `SELECT s.id AS place, g.name AS group_name, g.title AS group_title, s.public_id AS id, s.name, s.url, s.auth, s.active, s.used_ms, s.created_ms
        FROM mcp_servers s JOIN mcp_groups g ON g.id = s.group_id WHERE g.owner_id = ?1 AND s.id > ?2 ORDER BY s.id LIMIT ?3`,
    },
  ],
}

const GROUPS = "SELECT id FROM mcp_groups WHERE owner_id = ?"
const SERVERS = `SELECT id FROM mcp_servers WHERE group_id IN (${GROUPS})`

export const eraseServers = (tx: Tx, userId: number, rows: number): number =>
  takeSteps(rows, [
    (left) => deleteSome(tx, "mcp_sessions", "user_id = ?", [userId], left),
    (left) => deleteSome(tx, "mcp_offers", `server_id IN (${SERVERS})`, [userId], left),
    (left) => {
      const gone = tx.all<{ id: string }>(
        `SELECT public_id AS id FROM mcp_servers WHERE group_id IN (SELECT id FROM mcp_groups WHERE owner_id = ?1)
         UNION ALL SELECT public_id FROM mcp_groups WHERE owner_id = ?1`,
        userId,
      )
      eraseFactsAbout(
        tx,
        gone.map(({ id }) => id),
      )
      return deleteSome(tx, "mcp_servers", `group_id IN (${GROUPS})`, [userId], left)
    },
    (left) => deleteSome(tx, "mcp_groups", "owner_id = ?", [userId], left),
  ])
