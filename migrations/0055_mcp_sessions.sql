-- Sessions of MCP clients with a group of tool servers, so that a restart ends none.
CREATE TABLE mcp_sessions (
  id         INTEGER PRIMARY KEY,
  id_hash    TEXT NOT NULL UNIQUE,
  user_id    INTEGER NOT NULL,
  group_id   INTEGER NOT NULL REFERENCES mcp_groups (id),
  -- Which app or key it is of: nobody else goes on with it.
  caller     TEXT NOT NULL,
  -- What the client said of itself when it began.
  opening    TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  used_ms    INTEGER NOT NULL
) STRICT;
CREATE INDEX mcp_sessions_user ON mcp_sessions (user_id, used_ms);
CREATE INDEX mcp_sessions_group ON mcp_sessions (group_id);
CREATE INDEX mcp_sessions_used ON mcp_sessions (used_ms);
