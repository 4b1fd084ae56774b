-- API keys (SPEC KE-1): a person's own keys for direct calls and for programs that manage the account. A key is what is named, limited
-- and counted; its secret can be rolled, and is at rest by SHA-256 alone (256 random bits, SPEC §2).
CREATE TABLE api_keys (
  id              INTEGER PRIMARY KEY,
  public_id       TEXT NOT NULL UNIQUE,
  -- Who made it, and in whose name it acts.
  user_id         INTEGER NOT NULL,
  -- The principal whose wallet pays.
  payer_id        INTEGER NOT NULL,
  mode            TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  name            TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  -- Apart by blanks, in the order of the catalogue.
  scopes          TEXT NOT NULL,
  -- Addresses and ranges that it works from, apart by blanks; '' = from anywhere.
  allowed_ips     TEXT NOT NULL,
  expires_ms      INTEGER CHECK (expires_ms > created_ms),
  disabled_ms     INTEGER,
  revoked_ms      INTEGER CHECK ((revoked_ms IS NULL) = (revoked_because IS NULL)),
  revoked_because TEXT CHECK (revoked_because IN ('owner', 'reported')),
  created_ms      INTEGER NOT NULL,
  updated_ms      INTEGER NOT NULL
) STRICT;
CREATE INDEX api_keys_of_user ON api_keys (user_id, id);

-- One that a roll replaced works on until it ends; the newest has no end.
CREATE TABLE api_key_secrets (
  id         INTEGER PRIMARY KEY,
  key_id     INTEGER NOT NULL REFERENCES api_keys (id),
  hash       TEXT NOT NULL UNIQUE,
  -- The first characters, to tell keys apart.
  prefix     TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  ends_ms    INTEGER
) STRICT;
CREATE INDEX api_key_secrets_of_key ON api_key_secrets (key_id, id);

-- Gathered in memory and written together, so that no call writes it. Apart from the keys, of which mutations remember rows.
CREATE TABLE api_key_uses (
  key_id       INTEGER PRIMARY KEY REFERENCES api_keys (id),
  last_used_ms INTEGER NOT NULL
) STRICT;

-- What was spent with each key, as far as it is summed: the charges of a wallet up to `through`. Whoever asks adds what came after.
CREATE TABLE api_key_spend (
  account_id INTEGER NOT NULL,
  key_id     INTEGER NOT NULL REFERENCES api_keys (id),
  calls      INTEGER NOT NULL CHECK (calls > 0),
  spent_nano INTEGER NOT NULL CHECK (spent_nano > 0),
  PRIMARY KEY (account_id, key_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE api_key_folds (
  account_id INTEGER PRIMARY KEY,
  -- Id of the last charge in the sums.
  through    INTEGER NOT NULL CHECK (through > 0)
) STRICT;
