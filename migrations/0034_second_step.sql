-- Two-step sign-in (SPEC ID-3): a code from an authenticator app (RFC 6238), or one of ten recovery codes, after the password.
CREATE TABLE totp_secrets (
  user_id      INTEGER PRIMARY KEY REFERENCES users (id),
  -- Base32, sealed for this row.
  secret       TEXT NOT NULL,
  -- null = shown to the person, whose app has not proved yet that it has it.
  confirmed_ms INTEGER,
  -- The newest time step that was used: a code works once, and none from before it (RFC 6238 §5.2).
  last_step    INTEGER NOT NULL DEFAULT 0 CHECK (last_step >= 0),
  created_ms   INTEGER NOT NULL
) STRICT;

CREATE TABLE recovery_codes (
  id         INTEGER PRIMARY KEY,
  user_id    INTEGER NOT NULL REFERENCES users (id),
  -- SHA-256; a code has 78 random bits.
  code_hash  TEXT NOT NULL UNIQUE,
  created_ms INTEGER NOT NULL,
  used_ms    INTEGER
) STRICT;
CREATE INDEX recovery_codes_user ON recovery_codes (user_id);
