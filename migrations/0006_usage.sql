-- Usage: what kind of call a charge was, at which prices, and calls that were refused. Answered calls stand in the books (`charges`).

-- Prices and rule a call was charged at (SPEC PR-4). Millions of calls share a few of these; never changed, never deleted.
CREATE TABLE usage_prices (
  id       INTEGER PRIMARY KEY,
  snapshot TEXT NOT NULL UNIQUE CHECK (json_valid(snapshot))
) STRICT;

-- What millions of charges have in common (`charges.route_id`): never changed, never deleted. 0 and '' for none, so that it is unique.
CREATE TABLE usage_routes (
  id          INTEGER PRIMARY KEY,
  -- The route of /v1 that was called: 'chat'.
  endpoint    TEXT NOT NULL,
  -- As the caller named it.
  requested   TEXT NOT NULL,
  upstream_id INTEGER NOT NULL,
  -- The model that answered there.
  model       TEXT NOT NULL,
  prices_id   INTEGER NOT NULL,
  UNIQUE (endpoint, requested, upstream_id, model, prices_id)
) STRICT;

-- Refused calls of a known person, the first of each day; `refused_days` counts all of them.
CREATE TABLE refused_calls (
  id         INTEGER PRIMARY KEY,
  public_id  TEXT NOT NULL UNIQUE,
  at_ms      INTEGER NOT NULL CHECK (at_ms >= 0),
  mode       TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  user_id    INTEGER NOT NULL,
  client_id  INTEGER,
  key_id     INTEGER,
  endpoint   TEXT NOT NULL,
  scope      TEXT NOT NULL,
  requested  TEXT NOT NULL,
  stream     INTEGER NOT NULL CHECK (stream IN (0, 1)),
  status     INTEGER NOT NULL CHECK (status BETWEEN 400 AND 599),
  error_code TEXT NOT NULL,
  latency_ms INTEGER NOT NULL CHECK (latency_ms >= 0)
) STRICT;
CREATE INDEX refused_calls_of_user ON refused_calls (user_id, id);

-- Exact counts. `model`: as named, when there is such a model; else ''. Names that callers invent make no rows.
CREATE TABLE refused_days (
  day        INTEGER NOT NULL,
  user_id    INTEGER NOT NULL,
  client_id  INTEGER NOT NULL, -- 0: none
  key_id     INTEGER NOT NULL, -- 0: none
  mode       TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  endpoint   TEXT NOT NULL,
  scope      TEXT NOT NULL,
  model      TEXT NOT NULL,
  error_code TEXT NOT NULL,
  calls      INTEGER NOT NULL CHECK (calls > 0),
  PRIMARY KEY (day, user_id, client_id, key_id, mode, endpoint, scope, model, error_code)
) STRICT, WITHOUT ROWID;
CREATE INDEX refused_days_of_client ON refused_days (client_id, day);

-- When an app was first answered; written once.
CREATE TABLE usage_first_calls (
  client_id INTEGER PRIMARY KEY,
  at_ms     INTEGER NOT NULL
) STRICT;
