-- Cache of answers (SPEC GW-9): the same question of the same person through the same app or key, asked again within the time that its
-- caller gave it, is answered from here. Opt in, sealed, never across people.
CREATE TABLE cached_answers (
  id             INTEGER PRIMARY KEY,
  -- SHA-256, hex, over payer, person, app, key, mode, route, the models that could answer and the body as it came.
  scope_hash     TEXT NOT NULL UNIQUE CHECK (length(scope_hash) = 64),
  user_id        INTEGER NOT NULL,
  -- `req_…` of the call that made the answer.
  call_id        TEXT NOT NULL,
  created_ms     INTEGER NOT NULL,
  expires_ms     INTEGER NOT NULL CHECK (expires_ms > created_ms),
  -- What that call came to, and its developer's part: what a hit costs is a part of both.
  charge_nano    INTEGER NOT NULL CHECK (charge_nano >= 0),
  developer_nano INTEGER NOT NULL CHECK (developer_nano BETWEEN 0 AND charge_nano),
  bytes          INTEGER NOT NULL CHECK (bytes > 0),
  answer_sealed  TEXT NOT NULL
) STRICT;
CREATE INDEX cached_answers_expiry ON cached_answers (expires_ms);
-- A person's, oldest first, with what they take.
CREATE INDEX cached_answers_of ON cached_answers (user_id, created_ms, bytes);

-- Whose calls are cached without being asked each time: an API key by its owner, an app by its developer.
CREATE TABLE cache_switches (
  id        INTEGER PRIMARY KEY,
  key_id    INTEGER UNIQUE,
  client_id INTEGER UNIQUE,
  -- Whose key or app it is.
  user_id   INTEGER NOT NULL,
  seconds   INTEGER NOT NULL CHECK (seconds BETWEEN 1 AND 604800),
  CHECK ((key_id IS NULL) <> (client_id IS NULL))
) STRICT;
