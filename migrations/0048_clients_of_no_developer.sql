-- Clients that no developer of this house registered: described by a document at their own address (their client_id), or registered
-- by a program (RFC 7591); and sign-in by a code that is typed elsewhere (device authorization, RFC 8628).

-- Such a client has no owner. The check of the first table stays as it is: it is held to `holder_id` now, which is 0 for nobody, and
-- `owner_id` says it as everybody reads it: a person, or nothing.
DROP VIEW v_oauth_clients;
DROP INDEX oauth_clients_owner;
ALTER TABLE oauth_clients RENAME COLUMN owner_id TO holder_id;
ALTER TABLE oauth_clients ADD COLUMN owner_id INTEGER GENERATED ALWAYS AS (nullif(holder_id, 0)) VIRTUAL;
CREATE INDEX oauth_clients_owner ON oauth_clients (owner_id, id);

ALTER TABLE oauth_clients ADD COLUMN source TEXT NOT NULL DEFAULT 'developer'
  CHECK (source IN ('appliance', 'developer', 'document', 'registration'));
UPDATE oauth_clients SET source = 'appliance' WHERE type = 'first-party';
-- Whether it may ask for sign-in by a code.
ALTER TABLE oauth_clients ADD COLUMN device_flow INTEGER NOT NULL DEFAULT 0 CHECK (device_flow IN (0, 1));
-- Taken away for good: only its name is kept, for what was charged through it.
ALTER TABLE oauth_clients ADD COLUMN removed_ms INTEGER CHECK (removed_ms IS NULL OR suspended_ms IS NOT NULL);
CREATE INDEX oauth_clients_source ON oauth_clients (source, id) WHERE source IN ('document', 'registration');

CREATE VIEW v_oauth_clients AS
  SELECT id AS client_id, public_id, owner_id, type, mode, name, scopes, created_ms, suspended_ms, source, removed_ms
  FROM oauth_clients;

-- What is known of clients that came by themselves. Apart from their rows, so that a use counts without touching those.
CREATE TABLE oauth_client_origins (
  client_id      INTEGER PRIMARY KEY REFERENCES oauth_clients (id),
  -- Of a document: its address, which is the client's id to the world.
  url            TEXT UNIQUE CHECK (url LIKE 'https://_%' AND length(url) <= 1000),
  -- Until when the document need not be fetched again.
  fresh_until_ms INTEGER,
  -- Of a registration: SHA-256 of the token that reads and deletes it (RFC 7592).
  access_hash    TEXT UNIQUE CHECK (length(access_hash) = 64),
  created_ms     INTEGER NOT NULL,
  -- When a person last allowed it; null = nobody ever did.
  used_ms        INTEGER
) STRICT;
CREATE INDEX oauth_client_origins_unused ON oauth_client_origins (created_ms) WHERE used_ms IS NULL;
CREATE INDEX oauth_client_origins_used ON oauth_client_origins (used_ms) WHERE used_ms IS NOT NULL;

CREATE TABLE oauth_device_codes (
  id             INTEGER PRIMARY KEY,
  hash           TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
  -- HMAC: few enough codes are possible to try them all on a copy.
  user_code_hash TEXT NOT NULL UNIQUE,
  client_id      INTEGER NOT NULL REFERENCES oauth_clients (id),
  scopes         TEXT NOT NULL CHECK (length(scopes) > 0),
  -- Where it was started, for the person who is asked.
  network        TEXT NOT NULL CHECK (length(network) <= 64),
  device         TEXT NOT NULL CHECK (length(device) <= 80),
  state          TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'denied', 'used')),
  user_id        INTEGER,
  grant_id       INTEGER UNIQUE REFERENCES oauth_grants (id),
  created_ms     INTEGER NOT NULL,
  expires_ms     INTEGER NOT NULL,
  CHECK ((state = 'pending') = (user_id IS NULL)),
  CHECK ((state IN ('approved', 'used')) = (grant_id IS NOT NULL))
) STRICT;
CREATE INDEX oauth_device_codes_expiry ON oauth_device_codes (expires_ms);
CREATE INDEX oauth_device_codes_client ON oauth_device_codes (client_id);

-- How often a network or a person did what is limited; keys are HMACs.
CREATE TABLE oauth_throttles (
  rule         TEXT NOT NULL,
  key_hash     TEXT NOT NULL,
  start_ms     INTEGER NOT NULL,
  used         INTEGER NOT NULL,
  at_ms        INTEGER NOT NULL,
  tat          TEXT,
  forget_at_ms INTEGER NOT NULL,
  PRIMARY KEY (rule, key_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX oauth_throttles_forget ON oauth_throttles (forget_at_ms);
