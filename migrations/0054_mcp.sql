-- People's tool servers (SPEC MC): groups, the servers in them, and what these offer, as its person approved it.
CREATE TABLE mcp_groups (
  id         INTEGER PRIMARY KEY,
  public_id  TEXT NOT NULL UNIQUE,
  -- principals.id
  owner_id   INTEGER NOT NULL,
  name       TEXT NOT NULL,
  title      TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  UNIQUE (owner_id, name)
) STRICT;

CREATE TABLE mcp_servers (
  id                INTEGER PRIMARY KEY,
  public_id         TEXT NOT NULL UNIQUE,
  group_id          INTEGER NOT NULL REFERENCES mcp_groups (id),
  name              TEXT NOT NULL,
  url               TEXT NOT NULL,
  auth              TEXT NOT NULL CHECK (auth IN ('none', 'bearer', 'key', 'oauth')),
  key_in            TEXT CHECK (key_in IN ('header', 'query')),
  key_name          TEXT,
  credential_sealed TEXT,
  -- How it was found to speak; NULL until then.
  transport         TEXT CHECK (transport IN ('http', 'sse')),
  active            INTEGER NOT NULL CHECK (active IN (0, 1)),
  state             TEXT NOT NULL CHECK (state IN ('new', 'ok', 'failing', 'consent')),
  problem           TEXT,
  -- As it names itself.
  title             TEXT NOT NULL,
  listed_ms         INTEGER,
  used_ms           INTEGER,
  created_ms        INTEGER NOT NULL,
  updated_ms        INTEGER NOT NULL,
  UNIQUE (group_id, name),
  CHECK ((auth = 'key') = (key_in IS NOT NULL AND key_name IS NOT NULL))
) STRICT;

CREATE TABLE mcp_offers (
  id         INTEGER PRIMARY KEY,
  server_id  INTEGER NOT NULL REFERENCES mcp_servers (id),
  kind       TEXT NOT NULL CHECK (kind IN ('tool', 'resource', 'template', 'prompt')),
  -- Of a tool or prompt its name, of a resource its URI.
  name       TEXT NOT NULL,
  definition TEXT NOT NULL,
  -- The definition that its person said yes to; NULL: none yet.
  approved   TEXT,
  active     INTEGER NOT NULL CHECK (active IN (0, 1)),
  -- 0: the server no longer lists it.
  listed     INTEGER NOT NULL CHECK (listed IN (0, 1)),
  position   INTEGER NOT NULL,
  UNIQUE (server_id, kind, name)
) STRICT;
