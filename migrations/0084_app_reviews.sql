-- Apps that an admin looks at before people other than their developer may sign in to them. NULL: made while no reviews were wanted, or by nobody here.
ALTER TABLE oauth_clients ADD COLUMN review TEXT CHECK (review IN ('draft', 'waiting', 'approved', 'rejected'));
CREATE VIEW v_oauth_reviews AS SELECT id AS client_id, review, updated_ms FROM oauth_clients WHERE review IS NOT NULL;

CREATE TABLE app_reviews (
  client_id  INTEGER PRIMARY KEY,
  -- Since when it waits for an admin.
  asked_ms   INTEGER,
  decided_ms INTEGER,
  -- What the admin read who let it in last.
  seen       TEXT
) STRICT;
CREATE INDEX app_reviews_waiting ON app_reviews (asked_ms) WHERE asked_ms IS NOT NULL;
CREATE VIEW v_app_reviews AS SELECT client_id, asked_ms, decided_ms FROM app_reviews;

-- What the two say to each other. NULL: an admin whose account is gone.
CREATE TABLE app_review_notes (
  id         INTEGER PRIMARY KEY,
  client_id  INTEGER NOT NULL,
  user_id    INTEGER,
  side       TEXT NOT NULL CHECK (side IN ('developer', 'admin')),
  decision   TEXT CHECK (decision IN ('asked', 'approved', 'changes_requested', 'rejected')),
  text       TEXT NOT NULL CHECK (length(text) <= 2000),
  created_ms INTEGER NOT NULL,
  CHECK (decision IS NOT NULL OR text <> '')
) STRICT;
CREATE INDEX app_review_notes_app ON app_review_notes (client_id, id);
CREATE INDEX app_review_notes_user ON app_review_notes (user_id) WHERE user_id IS NOT NULL;

CREATE TRIGGER app_reviews_of_gone_app AFTER DELETE ON oauth_clients BEGIN
  DELETE FROM app_review_notes WHERE client_id = OLD.id;
  DELETE FROM app_reviews WHERE client_id = OLD.id;
END;

-- What was left of apps whose developer is gone.
UPDATE oauth_clients SET description = NULL, support_url = NULL WHERE name = 'Deleted app' AND suspended_reason = 'its developer is gone';
