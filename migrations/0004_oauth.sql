-- OAuth: clients, consents with their limits, grants, codes, refresh tokens, signing keys (SPEC §4). User and owner
-- ids belong to identity: plain integers here, no foreign key crosses domains. Secrets, codes and tokens are kept as
-- SHA-256 only.

CREATE TABLE oauth_clients (
  id               INTEGER PRIMARY KEY,
  public_id        TEXT NOT NULL UNIQUE,
  -- First-party clients belong to the appliance and have a key by which boot finds them again.
  owner_id         INTEGER,
  key              TEXT UNIQUE,
  type             TEXT NOT NULL CHECK (type IN ('first-party', 'confidential', 'public')),
  mode             TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  name             TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  homepage_url     TEXT,
  scopes           TEXT NOT NULL,
  created_ms       INTEGER NOT NULL,
  updated_ms       INTEGER NOT NULL,
  suspended_ms     INTEGER,
  suspended_reason TEXT,
  -- One more at each suspension; access tokens name theirs, so that a client that is let in again brings no old token along.
  token_epoch      INTEGER NOT NULL DEFAULT 0 CHECK (token_epoch >= 0),
  CHECK ((type = 'first-party') = (owner_id IS NULL)),
  CHECK ((suspended_ms IS NULL) = (suspended_reason IS NULL))
) STRICT;
CREATE INDEX oauth_clients_owner ON oauth_clients (owner_id, id);

CREATE TABLE oauth_redirect_uris (
  id        INTEGER PRIMARY KEY,
  client_id INTEGER NOT NULL REFERENCES oauth_clients (id),
  uri       TEXT NOT NULL CHECK (length(uri) BETWEEN 5 AND 2000 AND instr(uri, '#') = 0),
  UNIQUE (client_id, uri)
) STRICT;

CREATE TABLE oauth_client_secrets (
  id         INTEGER PRIMARY KEY,
  public_id  TEXT NOT NULL UNIQUE,
  client_id  INTEGER NOT NULL REFERENCES oauth_clients (id),
  hash       TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
  hint       TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  revoked_ms INTEGER
) STRICT;
CREATE INDEX oauth_client_secrets_client ON oauth_client_secrets (client_id) WHERE revoked_ms IS NULL;

-- One row per user and client, revived when consent is given again; the history is in the audit log.
CREATE TABLE oauth_consents (
  id         INTEGER PRIMARY KEY,
  public_id  TEXT NOT NULL UNIQUE,
  user_id    INTEGER NOT NULL,
  client_id  INTEGER NOT NULL REFERENCES oauth_clients (id),
  scopes     TEXT NOT NULL,
  -- Scopes a person was asked for and left unticked: they are not asked again at every sign-in, and an app that does ask
  -- again (prompt=consent) finds them unticked.
  declined   TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  granted_ms INTEGER NOT NULL,
  revoked_ms INTEGER,
  UNIQUE (user_id, client_id)
) STRICT;
CREATE INDEX oauth_consents_client ON oauth_consents (client_id, granted_ms);

CREATE TABLE oauth_consent_limits (
  consent_id INTEGER NOT NULL REFERENCES oauth_consents (id),
  scope      TEXT NOT NULL CHECK (scope IN
    ('llm', 'embeddings', 'image-generation', 'video-generation', 'speech', 'mcp')),
  daily_nano INTEGER NOT NULL CHECK (daily_nano >= 0),
  PRIMARY KEY (consent_id, scope)
) STRICT;

-- One authorization = one grant = one refresh family. consent_id is null for first-party clients only.
CREATE TABLE oauth_grants (
  id             INTEGER PRIMARY KEY,
  public_id      TEXT NOT NULL UNIQUE,
  user_id        INTEGER NOT NULL,
  client_id      INTEGER NOT NULL REFERENCES oauth_clients (id),
  consent_id     INTEGER REFERENCES oauth_consents (id),
  session_id     TEXT NOT NULL,
  scopes         TEXT NOT NULL CHECK (length(scopes) > 0),
  auth_time_ms   INTEGER NOT NULL,
  created_ms     INTEGER NOT NULL,
  revoked_ms     INTEGER,
  revoked_reason TEXT,
  CHECK ((revoked_ms IS NULL) = (revoked_reason IS NULL))
) STRICT;
CREATE INDEX oauth_grants_consent ON oauth_grants (consent_id) WHERE revoked_ms IS NULL;
CREATE INDEX oauth_grants_user ON oauth_grants (user_id) WHERE revoked_ms IS NULL;
CREATE INDEX oauth_grants_client ON oauth_grants (client_id) WHERE revoked_ms IS NULL;
CREATE INDEX oauth_grants_revoked ON oauth_grants (revoked_ms) WHERE revoked_ms IS NOT NULL;

CREATE TABLE oauth_codes (
  hash           TEXT PRIMARY KEY NOT NULL CHECK (length(hash) = 64),
  grant_id       INTEGER NOT NULL UNIQUE REFERENCES oauth_grants (id),
  redirect_uri   TEXT NOT NULL,
  code_challenge TEXT NOT NULL CHECK (length(code_challenge) = 43),
  nonce          TEXT,
  expires_ms     INTEGER NOT NULL,
  used_ms        INTEGER
) STRICT;
CREATE INDEX oauth_codes_expiry ON oauth_codes (expires_ms);

CREATE TABLE oauth_refresh_tokens (
  id         INTEGER PRIMARY KEY,
  hash       TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
  grant_id   INTEGER NOT NULL REFERENCES oauth_grants (id),
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL,
  spent_ms   INTEGER,
  -- The sealed answer of the rotation, and the scope it was asked with; gone once nobody may repeat it.
  replay     TEXT,
  asked      TEXT,
  CHECK (replay IS NULL OR spent_ms IS NOT NULL)
) STRICT;
-- A family cannot fork: at most one unspent token per grant.
CREATE UNIQUE INDEX oauth_refresh_tokens_live ON oauth_refresh_tokens (grant_id) WHERE spent_ms IS NULL;
CREATE INDEX oauth_refresh_tokens_expiry ON oauth_refresh_tokens (expires_ms);
CREATE INDEX oauth_refresh_tokens_replay ON oauth_refresh_tokens (spent_ms) WHERE replay IS NOT NULL;

-- Single access tokens revoked before their hour was over (RFC 7009).
CREATE TABLE oauth_revoked_tokens (
  jti        TEXT PRIMARY KEY NOT NULL,
  expires_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX oauth_revoked_tokens_expiry ON oauth_revoked_tokens (expires_ms);

-- Authorization requests that a signed-in person answered: each counts once. Before the answer a request travels sealed and is
-- no row. The answer is sealed too, and repeated for seconds only.
CREATE TABLE oauth_interactions (
  id          TEXT PRIMARY KEY NOT NULL CHECK (length(id) = 22),
  user_id     INTEGER NOT NULL,
  answer      TEXT NOT NULL,
  answered_ms INTEGER NOT NULL,
  expires_ms  INTEGER NOT NULL
) STRICT;
CREATE INDEX oauth_interactions_expiry ON oauth_interactions (expires_ms);

CREATE TABLE oauth_signing_keys (
  id          INTEGER PRIMARY KEY,
  kid         TEXT NOT NULL UNIQUE,
  state       TEXT NOT NULL CHECK (state IN ('next', 'active', 'retired')),
  public_jwk  TEXT NOT NULL CHECK (json_valid(public_jwk)),
  -- Sealed; wiped when the key retires.
  private_jwk TEXT,
  created_ms  INTEGER NOT NULL,
  retired_ms  INTEGER,
  CHECK ((state = 'retired') = (private_jwk IS NULL)),
  CHECK ((state = 'retired') = (retired_ms IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX oauth_signing_keys_one ON oauth_signing_keys (state) WHERE state <> 'retired';

CREATE VIEW v_oauth_clients AS
  SELECT id AS client_id, public_id, owner_id, type, mode, name, scopes, created_ms, suspended_ms FROM oauth_clients;
CREATE VIEW v_oauth_consents AS
  SELECT id AS consent_id, public_id, user_id, client_id, scopes, created_ms, granted_ms, revoked_ms
  FROM oauth_consents;
