-- Answers that people let their apps go on from (`store: true` of the Responses API): sealed, the person's and the app's, for a while.

-- A row = it is turned on. What was kept before `since_ms` is of an earlier time, and is deleted.
CREATE TABLE answer_keeping (
  user_id  INTEGER PRIMARY KEY,
  since_ms INTEGER NOT NULL CHECK (since_ms >= 0),
  -- Of all kept answers of this person.
  bytes    INTEGER NOT NULL DEFAULT 0 CHECK (bytes >= 0)
) STRICT;

CREATE TABLE kept_answers (
  id          INTEGER PRIMARY KEY,
  public_id   TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'resp_*' AND length(public_id) <= 64),
  user_id     INTEGER NOT NULL,
  -- The app that asked; 0 = the person's own keys.
  client_id   INTEGER NOT NULL CHECK (client_id >= 0),
  mode        TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  -- `public_id` of the answer that it went on from, which may be deleted by now.
  previous    TEXT,
  -- What was asked and what was answered.
  sealed      TEXT NOT NULL,
  bytes       INTEGER NOT NULL CHECK (bytes > 0),
  created_ms  INTEGER NOT NULL CHECK (created_ms >= 0),
  -- When its conversation last went on.
  touched_ms  INTEGER NOT NULL CHECK (touched_ms >= 0)
) STRICT;
CREATE INDEX kept_answers_user ON kept_answers (user_id, created_ms);
CREATE INDEX kept_answers_age ON kept_answers (touched_ms);
