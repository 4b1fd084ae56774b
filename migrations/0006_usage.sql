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

-- Refused calls of a known person: the first 100 of a UTC day (LIMITS.refusedRowsPerDay); `refused_days` counts all of them.
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
CREATE INDEX refused_calls_of_app ON refused_calls (user_id, client_id, id);

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

-- Calls that were charged, also at 0, with what kind of call they were. `id`: their place in the books.
CREATE VIEW v_usage_calls AS
  SELECT c.id, c.call_id AS public_id, c.at_ms, c.mode, c.status, c.latency_ms, c.first_token_ms, r.endpoint, r.requested,
         r.upstream_id, r.model
  FROM v_charges c LEFT JOIN usage_routes r ON r.id = c.route_id;

-- What is summed for the whole house: folded days, the charges that are not folded yet, and refused calls. Whoever sums it names the
-- days in the same query: SQLite hands a range of days on to each part, but not through a view that groups.
CREATE VIEW v_usage_parts AS
  SELECT d.day, a.mode, d.caller_id AS user_id, d.client_id, COALESCE(r.requested, '') AS model, d.calls, d.errors, 0 AS refused,
         d.input_tokens, d.output_tokens, d.charge_nano, d.upstream_nano, d.earned_nano AS developer_nano, d.collected_nano
    FROM v_charge_days d CROSS JOIN v_ledger_accounts a ON a.account_id = d.account_id
         LEFT JOIN usage_routes r ON r.id = d.route_id
  UNION ALL
  SELECT c.day, c.mode, c.caller_id, COALESCE(c.client_id, 0), COALESCE(r.requested, ''), 1, c.errors, 0, c.input_tokens,
         c.output_tokens, c.charge_nano, c.upstream_nano, c.earned_nano, c.collected_nano
    FROM v_charges c LEFT JOIN usage_routes r ON r.id = c.route_id WHERE c.id > (SELECT through FROM v_charge_fold)
  UNION ALL
  SELECT day, mode, user_id, client_id, model, calls, 0, calls, 0, 0, 0, 0, 0, 0 FROM refused_days;
