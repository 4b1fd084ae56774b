-- When and how the person of a session last proved who they are: what is dangerous asks for a proof of some minutes ago. Of auth
-- sessions; a console session has its parent's.
ALTER TABLE sessions ADD COLUMN proved_ms INTEGER NOT NULL DEFAULT 0;
-- Methods of RFC 8176, separated by spaces.
ALTER TABLE sessions ADD COLUMN proved_amr TEXT NOT NULL DEFAULT '';
UPDATE sessions SET proved_ms = auth_time_ms, proved_amr = amr;

-- As before, but that the purposes stand in the code alone (identity/store/guards.ts): a mailed code also confirms who is there.
CREATE TABLE email_codes_of_any_purpose (
  id            INTEGER PRIMARY KEY,
  purpose       TEXT NOT NULL CHECK (purpose <> ''),
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
INSERT INTO email_codes_of_any_purpose SELECT id, purpose, browser_hash, email, code_hash, tries, name, password_hash, created_ms, sent_ms,
  expires_ms FROM email_codes;
DROP TABLE email_codes;
ALTER TABLE email_codes_of_any_purpose RENAME TO email_codes;
CREATE INDEX email_codes_created ON email_codes (created_ms);
