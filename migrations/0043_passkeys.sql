-- Passkeys (WebAuthn Level 3): public keys of authenticators that verify their person, several a person, found without a name.
CREATE TABLE passkeys (
  id            INTEGER PRIMARY KEY,
  public_id     TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'psk_*'),
  user_id       INTEGER NOT NULL REFERENCES users (id),
  -- As the authenticator names it, base64url; at most 1,023 bytes.
  credential_id TEXT NOT NULL UNIQUE CHECK (length(credential_id) BETWEEN 1 AND 1364),
  -- COSE key, base64url.
  public_key    TEXT NOT NULL,
  -- Of signatures; 0 = the authenticator keeps none. It never goes back.
  counter       INTEGER NOT NULL CHECK (counter >= 0),
  name          TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  -- Model of the authenticator.
  aaguid        TEXT NOT NULL,
  -- How browsers reach it, separated by spaces.
  transports    TEXT NOT NULL,
  -- May be copied to other devices of its person, and whether it was.
  syncs         INTEGER NOT NULL CHECK (syncs IN (0, 1)),
  backed_up     INTEGER NOT NULL CHECK (backed_up IN (0, 1)),
  created_ms    INTEGER NOT NULL,
  used_ms       INTEGER,
  CHECK (backed_up <= syncs)
) STRICT;
CREATE INDEX passkeys_user ON passkeys (user_id);

-- Challenges that were answered rightly, until they would be over anyway: each counts once.
CREATE TABLE passkey_challenges (
  challenge_hash TEXT PRIMARY KEY CHECK (length(challenge_hash) = 64),
  forget_at_ms   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX passkey_challenges_forget ON passkey_challenges (forget_at_ms);
