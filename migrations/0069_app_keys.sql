-- Keys by which an app's own server asks about the app: who uses it, what it does and earns. Found by SHA-256 only. No foreign key to
-- the app: an app that nobody used goes with its owner, in whichever order the domains let go.
CREATE TABLE app_keys (
  id         INTEGER PRIMARY KEY,
  public_id  TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'apk_*'),
  client_id  INTEGER NOT NULL,
  -- Whoever made it: the developer of the app.
  user_id    INTEGER NOT NULL,
  name       TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  -- Separated by spaces.
  scopes     TEXT NOT NULL CHECK (length(scopes) > 0),
  hash       TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
  -- First and last characters, to tell keys apart.
  hint       TEXT NOT NULL CHECK (length(hint) <= 20),
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER CHECK (expires_ms > created_ms),
  -- May be behind by a minute; NULL: never.
  used_ms    INTEGER,
  revoked_ms INTEGER
) STRICT;
CREATE INDEX app_keys_of_client ON app_keys (client_id, id);
CREATE INDEX app_keys_of_user ON app_keys (user_id, id);
CREATE INDEX app_keys_revoked ON app_keys (revoked_ms) WHERE revoked_ms IS NOT NULL;

-- What people allow an app a day, by what it is spent on.
CREATE VIEW v_oauth_consent_limits AS SELECT consent_id, scope, daily_nano FROM oauth_consent_limits;
