-- Identity: who owns things (principals), people, their sessions, and what guards sign-up and login.
-- Secrets are stored hashed: tokens of 256 random bits by SHA-256, passwords by argon2id, codes by keyed HMAC.

CREATE TABLE principals (
  id         INTEGER PRIMARY KEY,
  kind       TEXT NOT NULL CHECK (kind IN ('user', 'team')),
  created_ms INTEGER NOT NULL CHECK (created_ms >= 0),
  UNIQUE (id, kind)
) STRICT;

CREATE TABLE users (
  id                INTEGER PRIMARY KEY,
  kind              TEXT NOT NULL DEFAULT 'user' CHECK (kind = 'user'),
  public_id         TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'usr_*'),
  -- NFKC, lower case, ASCII domain; rules.ts makes it, nothing else may.
  email             TEXT NOT NULL UNIQUE CHECK (length(email) BETWEEN 3 AND 254 AND email = lower(email)),
  email_verified_ms INTEGER,
  name              TEXT CHECK (name IS NULL OR length(name) BETWEEN 1 AND 80),
  password_hash     TEXT CHECK (password_hash IS NULL OR password_hash GLOB '$argon2id$*'),
  is_admin          INTEGER NOT NULL DEFAULT 0 CHECK (is_admin IN (0, 1)),
  status            TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended', 'deleted')),
  status_reason     TEXT,
  status_ms         INTEGER,
  created_ms        INTEGER NOT NULL CHECK (created_ms >= 0),
  updated_ms        INTEGER NOT NULL CHECK (updated_ms >= created_ms),
  FOREIGN KEY (id, kind) REFERENCES principals (id, kind),
  -- A role is never held by an address nobody has proved.
  CHECK (is_admin = 0 OR email_verified_ms IS NOT NULL),
  CHECK (status = 'active' OR (status_ms IS NOT NULL AND status_reason IS NOT NULL))
) STRICT;
CREATE INDEX users_name ON users (lower(name), id) WHERE name IS NOT NULL;
CREATE INDEX users_not_active ON users (status, id) WHERE status <> 'active';
CREATE INDEX users_admin ON users (id) WHERE is_admin = 1;

CREATE TABLE sessions (
  id           INTEGER PRIMARY KEY,
  public_id    TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'ses_*'),
  kind         TEXT NOT NULL CHECK (kind IN ('auth', 'console')),
  user_id      INTEGER NOT NULL REFERENCES users (id),
  parent_id    INTEGER REFERENCES sessions (id) ON DELETE CASCADE,
  token_hash   TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64),
  browser_hash TEXT NOT NULL,
  -- Methods of RFC 8176, separated by spaces.
  amr          TEXT NOT NULL,
  auth_time_ms INTEGER NOT NULL,
  created_ms   INTEGER NOT NULL,
  seen_ms      INTEGER NOT NULL,
  expires_ms   INTEGER NOT NULL CHECK (expires_ms > created_ms),
  ended_ms     INTEGER,
  end_reason   TEXT,
  ip           TEXT NOT NULL,
  user_agent   TEXT NOT NULL CHECK (length(user_agent) <= 300),
  CHECK ((kind = 'console') = (parent_id IS NOT NULL)),
  CHECK ((ended_ms IS NULL) = (end_reason IS NULL))
) STRICT;
CREATE INDEX sessions_user ON sessions (user_id, browser_hash, created_ms);
CREATE INDEX sessions_parent ON sessions (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX sessions_expiry ON sessions (expires_ms);
-- An ended session never comes back.
CREATE TRIGGER sessions_stay_ended BEFORE UPDATE ON sessions
WHEN OLD.ended_ms IS NOT NULL AND NEW.ended_ms IS NOT OLD.ended_ms
BEGIN SELECT RAISE(ABORT, 'an ended session stays ended'); END;

-- One open code per purpose and browser. What was typed at sign-up waits here, so that no account exists before its
-- address is proved and no earlier stranger's password can survive the proof.
CREATE TABLE email_codes (
  id            INTEGER PRIMARY KEY,
  purpose       TEXT NOT NULL CHECK (purpose IN ('signup', 'email_change')),
  browser_hash  TEXT NOT NULL,
  email         TEXT NOT NULL,
  code_hash     TEXT NOT NULL,
  tries         INTEGER NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND 5),
  name          TEXT,
  password_hash TEXT,
  created_ms    INTEGER NOT NULL,
  sent_ms       INTEGER NOT NULL,
  expires_ms    INTEGER NOT NULL CHECK (expires_ms > sent_ms),
  UNIQUE (purpose, browser_hash)
) STRICT;
CREATE INDEX email_codes_created ON email_codes (created_ms);

-- Password reset: one-time links by mail. A row is made for every well-formed address, with an account or without, so that
-- asking takes the same steps either way; the mail to an address without an account is dropped when it is due.
-- email_codes does not fit: its codes belong to one browser, while a link is often opened in another.
CREATE TABLE password_resets (
  id         INTEGER PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64),
  email      TEXT NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
  created_ms INTEGER NOT NULL CHECK (created_ms >= 0),
  expires_ms INTEGER NOT NULL CHECK (expires_ms > created_ms),
  used_ms    INTEGER,
  -- The browser that used it: from then on one that its person is known in.
  used_browser TEXT,
  -- Another link was used, or the password was changed: this one is worth nothing any more.
  void_ms    INTEGER,
  CHECK (used_ms IS NULL OR void_ms IS NULL),
  CHECK ((used_ms IS NULL) = (used_browser IS NULL))
) STRICT;
CREATE INDEX password_resets_email ON password_resets (email) WHERE used_ms IS NULL AND void_ms IS NULL;
CREATE INDEX password_resets_browser ON password_resets (used_browser) WHERE used_browser IS NOT NULL;
CREATE INDEX password_resets_created ON password_resets (created_ms);
-- A link that was used or voided never opens again.
CREATE TRIGGER password_resets_stay_closed BEFORE UPDATE ON password_resets
WHEN OLD.used_ms IS NOT NULL OR OLD.void_ms IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a closed reset link stays closed'); END;

-- Limits that must survive a restart (app/limiter): wrong passwords and sent mails, by HMAC of the address, browser or network.
CREATE TABLE throttles (
  rule          TEXT NOT NULL,
  key_hash      TEXT NOT NULL,
  start_ms      INTEGER NOT NULL,
  used          INTEGER NOT NULL CHECK (used >= 0),
  at_ms         INTEGER NOT NULL,
  -- Theoretical arrival time of smooth rules, past 2^53.
  tat           TEXT,
  -- From here on the row says nothing any more.
  forget_at_ms  INTEGER NOT NULL,
  PRIMARY KEY (rule, key_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX throttles_forget ON throttles (forget_at_ms);

-- One-time links that make somebody an admin. Creating a new one voids the others.
CREATE TABLE setup_links (
  id         INTEGER PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64),
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL CHECK (expires_ms > created_ms),
  void_ms    INTEGER,
  used_ms    INTEGER,
  used_by    INTEGER REFERENCES users (id),
  CHECK ((used_ms IS NULL) = (used_by IS NULL)),
  CHECK (used_ms IS NULL OR void_ms IS NULL)
) STRICT;

CREATE VIEW v_identity_users AS
  SELECT id, public_id, email, email_verified_ms, name, is_admin, status, status_reason, status_ms, created_ms
  FROM users;
