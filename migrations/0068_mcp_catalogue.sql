-- Tool servers that the operator recommends (SPEC MC): shown to everybody; who adds one uses it as themselves.
CREATE TABLE mcp_catalogue (
  id         INTEGER PRIMARY KEY,
  slug       TEXT NOT NULL UNIQUE,
  title      TEXT NOT NULL,
  words      TEXT NOT NULL,
  url        TEXT NOT NULL,
  auth       TEXT NOT NULL CHECK (auth IN ('none', 'bearer', 'key', 'oauth')),
  key_in     TEXT CHECK (key_in IN ('header', 'query')),
  key_name   TEXT,
  active     INTEGER NOT NULL CHECK (active IN (0, 1)),
  position   INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  CHECK ((auth = 'key') = (key_in IS NOT NULL AND key_name IS NOT NULL))
) STRICT;
