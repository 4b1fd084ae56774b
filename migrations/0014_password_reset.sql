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

-- Scopes a person was asked for and left unticked: they are not asked again at every sign-in, and an app that does ask
-- again (prompt=consent) finds them unticked.
ALTER TABLE oauth_consents ADD COLUMN declined TEXT NOT NULL DEFAULT '';
