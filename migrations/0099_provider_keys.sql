-- Keys that people hold at AI providers, sealed, in the order in which they are asked; and whether credits pay where none of them answers.
CREATE TABLE provider_keys (
  id           INTEGER PRIMARY KEY,
  public_id    TEXT NOT NULL UNIQUE,
  user_id      INTEGER NOT NULL,
  provider     TEXT NOT NULL,
  place        INTEGER NOT NULL CHECK (place >= 0),
  key_sealed   TEXT NOT NULL,
  -- The last characters, to tell keys apart.
  hint         TEXT NOT NULL CHECK (length(hint) <= 4),
  created_ms   INTEGER NOT NULL,
  test_ms      INTEGER,
  test_ok      INTEGER CHECK (test_ok IN (0, 1)),
  test_message TEXT CHECK ((test_ms IS NULL) = (test_message IS NULL))
) STRICT;
CREATE INDEX provider_keys_of ON provider_keys (user_id, provider, place);

CREATE TABLE provider_key_terms (
  user_id     INTEGER PRIMARY KEY,
  use_credits INTEGER NOT NULL CHECK (use_credits IN (0, 1)),
  changed_ms  INTEGER NOT NULL
) STRICT;

-- Which of a person's own keys was asked; null: an account of the operator's.
ALTER TABLE call_attempts ADD COLUMN own_key TEXT;
