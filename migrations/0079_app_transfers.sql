-- An app that is handed over: whoever allowed it before is asked again, and what was signed before is dead.
ALTER TABLE oauth_clients ADD COLUMN moved_ms INTEGER;
CREATE VIEW v_oauth_moves AS SELECT id AS client_id, moved_ms FROM oauth_clients WHERE moved_ms IS NOT NULL;

-- One offer at a time an app. Whom it is for is an address: whether somebody has it here, nobody learns.
CREATE TABLE app_transfers (
  id         INTEGER PRIMARY KEY,
  public_id  TEXT NOT NULL UNIQUE,
  client_id  INTEGER NOT NULL,
  -- Who hands it over.
  user_id    INTEGER NOT NULL,
  -- As it is compared; gone once the offer is over.
  to_email   TEXT CHECK (length(to_email) BETWEEN 3 AND 254),
  -- Who took it, or said no.
  to_user_id INTEGER,
  state      TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'declined', 'revoked', 'expired')),
  created_ms INTEGER NOT NULL,
  ends_ms    INTEGER NOT NULL,
  decided_ms INTEGER,
  CHECK ((state = 'open') = (to_email IS NOT NULL)),
  CHECK ((state = 'open') = (decided_ms IS NULL)),
  CHECK (state <> 'accepted' OR to_user_id IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX app_transfers_open ON app_transfers (client_id) WHERE state = 'open';
CREATE INDEX app_transfers_for ON app_transfers (to_email) WHERE state = 'open';
CREATE INDEX app_transfers_by ON app_transfers (user_id, created_ms);
CREATE INDEX app_transfers_to ON app_transfers (to_user_id) WHERE to_user_id IS NOT NULL;
CREATE INDEX app_transfers_of ON app_transfers (client_id, id);
CREATE INDEX app_transfers_over ON app_transfers (decided_ms) WHERE decided_ms IS NOT NULL;
