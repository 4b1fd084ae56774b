-- Links that an operator makes on the server for an admin who cannot sign in. Each works once, for a short while; a new one for the
-- same person voids the others.
CREATE TABLE login_links (
  id         INTEGER PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64),
  user_id    INTEGER NOT NULL REFERENCES users (id),
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL CHECK (expires_ms > created_ms),
  void_ms    INTEGER,
  used_ms    INTEGER,
  CHECK (used_ms IS NULL OR void_ms IS NULL)
) STRICT;
CREATE INDEX login_links_user ON login_links (user_id) WHERE used_ms IS NULL AND void_ms IS NULL;
-- A link that was used or voided never opens again.
CREATE TRIGGER login_links_stay_closed BEFORE UPDATE ON login_links
WHEN OLD.used_ms IS NOT NULL OR OLD.void_ms IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a closed login link stays closed'); END;
