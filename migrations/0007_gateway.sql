-- Gateway: the operator's AI provider accounts and what they can serve. Keys are sealed; nothing here shows them again.

CREATE TABLE upstreams (
  id              INTEGER PRIMARY KEY,
  public_id       TEXT NOT NULL UNIQUE,
  -- A row of the table in src/gateway/providers.
  kind            TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 40),
  name            TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (length(name) BETWEEN 1 AND 40),
  base_url        TEXT NOT NULL,
  api_key_sealed  TEXT,
  price_provider  TEXT NOT NULL,
  enabled         INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  created_ms      INTEGER NOT NULL,
  updated_ms      INTEGER NOT NULL,
  test_ms         INTEGER,
  test_ok         INTEGER CHECK (test_ok IN (0, 1)),
  test_message    TEXT,
  -- How the most output is named in what is sent there; NULL = by the address.
  max_tokens_field TEXT CHECK (max_tokens_field IN ('max_tokens', 'max_completion_tokens')),
  CHECK ((test_ms IS NULL) = (test_ok IS NULL)),
  CHECK ((test_ms IS NULL) = (test_message IS NULL))
) STRICT;

-- Fields of a request that the house does not know and the operator lets through to this upstream.
CREATE TABLE upstream_extra_fields (
  upstream_id INTEGER NOT NULL REFERENCES upstreams (id) ON DELETE CASCADE,
  name        TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  PRIMARY KEY (upstream_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE upstream_models (
  upstream_id INTEGER NOT NULL REFERENCES upstreams (id) ON DELETE CASCADE,
  model       TEXT NOT NULL CHECK (length(model) BETWEEN 1 AND 256),
  PRIMARY KEY (upstream_id, model)
) STRICT, WITHOUT ROWID;
