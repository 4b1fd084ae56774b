-- Figures of many people, summed once: from charges by their ids, up to and with `through`; later ones are read from `v_charges` itself,
-- so that every figure is exact to the last commit. Nothing here decides anything, and all of it can be made again from charges.
CREATE TABLE analytics_fold (through INTEGER NOT NULL CHECK (through >= 0)) STRICT;
INSERT INTO analytics_fold (through) VALUES (0);

-- The whole house by UTC day, kind of call and how it failed. Nobody can be told from it.
CREATE TABLE analytics_days (
  mode           TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  day            INTEGER NOT NULL,
  route_id       INTEGER NOT NULL, -- 0: none
  error_code     TEXT NOT NULL,    -- '': it did not fail
  calls          INTEGER NOT NULL CHECK (calls > 0),
  input_tokens   INTEGER NOT NULL,
  output_tokens  INTEGER NOT NULL,
  latency_ms     INTEGER NOT NULL,
  -- Of the calls that said when their first token came: so many, ms together.
  first_tokens   INTEGER NOT NULL,
  first_token_ms INTEGER NOT NULL,
  charge_nano    INTEGER NOT NULL,
  upstream_nano  INTEGER NOT NULL,
  earned_nano    INTEGER NOT NULL,
  collected_nano INTEGER NOT NULL,
  PRIMARY KEY (mode, day, route_id, error_code)
) STRICT, WITHOUT ROWID;

-- Calls of the house by UTC hour.
CREATE TABLE analytics_hours (
  mode           TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  hour           INTEGER NOT NULL, -- since 1970
  calls          INTEGER NOT NULL CHECK (calls > 0),
  errors         INTEGER NOT NULL,
  upstream_nano  INTEGER NOT NULL,
  earned_nano    INTEGER NOT NULL,
  collected_nano INTEGER NOT NULL,
  PRIMARY KEY (mode, hour)
) STRICT, WITHOUT ROWID;

-- An app by UTC day and kind of call, whoever called.
CREATE TABLE analytics_app_days (
  client_id     INTEGER NOT NULL,
  day           INTEGER NOT NULL,
  scope         TEXT NOT NULL,
  route_id      INTEGER NOT NULL, -- 0: none
  calls         INTEGER NOT NULL CHECK (calls > 0),
  errors        INTEGER NOT NULL,
  input_tokens  INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  latency_ms    INTEGER NOT NULL,
  charge_nano   INTEGER NOT NULL,
  earned_nano   INTEGER NOT NULL,
  PRIMARY KEY (client_id, day, scope, route_id)
) STRICT, WITHOUT ROWID;

-- What a person's own keys did, by UTC day.
CREATE TABLE analytics_key_days (
  user_id        INTEGER NOT NULL,
  mode           TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  day            INTEGER NOT NULL,
  key_id         INTEGER NOT NULL,
  scope          TEXT NOT NULL,
  route_id       INTEGER NOT NULL, -- 0: none
  calls          INTEGER NOT NULL CHECK (calls > 0),
  errors         INTEGER NOT NULL,
  input_tokens   INTEGER NOT NULL,
  output_tokens  INTEGER NOT NULL,
  collected_nano INTEGER NOT NULL,
  PRIMARY KEY (user_id, mode, day, key_id, scope, route_id)
) STRICT, WITHOUT ROWID;

-- Who called on a UTC day, as sets of numbers: any union of days and apps is counted exactly, and read in little. `bits`: of users
-- `chunk * 8192 …`: up to 511 numbers of two bytes, in order, or 1024 bytes with a bit each.
CREATE TABLE analytics_people (
  client_id INTEGER NOT NULL, -- 0: the whole house in live mode
  day       INTEGER NOT NULL,
  chunk     INTEGER NOT NULL,
  people    INTEGER NOT NULL CHECK (people > 0),
  bits      BLOB NOT NULL CHECK (length(bits) IN (1024, people * 2)),
  PRIMARY KEY (client_id, day, chunk)
) STRICT, WITHOUT ROWID;

-- The sums with what waits for them. Whoever sums them names days and app in the same query, which SQLite hands on to each part.
CREATE VIEW v_house_calls AS
  SELECT mode, day, route_id, error_code, calls, input_tokens, output_tokens, latency_ms, first_tokens, first_token_ms, charge_nano,
         upstream_nano, earned_nano, collected_nano
    FROM analytics_days
  UNION ALL
  SELECT mode, day, COALESCE(route_id, 0), CASE WHEN errors THEN error_code ELSE '' END, 1, input_tokens, output_tokens, latency_ms,
         first_token_ms IS NOT NULL, COALESCE(first_token_ms, 0), charge_nano, upstream_nano, earned_nano, collected_nano
    FROM v_charges WHERE id > (SELECT through FROM analytics_fold);
CREATE VIEW v_house_hours AS
  SELECT mode, hour, calls, errors, upstream_nano, earned_nano, collected_nano FROM analytics_hours
  UNION ALL
  SELECT mode, at_ms / 3600000, 1, errors, upstream_nano, earned_nano, collected_nano
    FROM v_charges WHERE id > (SELECT through FROM analytics_fold);
-- As `v_app_calls`, without who called: what a figure costs does not grow with the people.
CREATE VIEW v_app_sums AS
  SELECT d.client_id, d.day, d.scope, COALESCE(r.endpoint, '') AS endpoint, COALESCE(r.requested, '') AS model, d.calls, d.errors,
         0 AS refused, d.input_tokens, d.output_tokens, d.latency_ms, d.charge_nano, d.earned_nano
    FROM analytics_app_days d LEFT JOIN usage_routes r ON r.id = d.route_id
  UNION ALL
  SELECT c.client_id, c.day, c.scope, COALESCE(r.endpoint, ''), COALESCE(r.requested, ''), 1, c.errors, 0, c.input_tokens,
         c.output_tokens, c.latency_ms, c.charge_nano, c.earned_nano
    FROM v_charges c LEFT JOIN usage_routes r ON r.id = c.route_id WHERE c.id > (SELECT through FROM analytics_fold)
  UNION ALL
  SELECT client_id, day, scope, endpoint, model, 0, 0, calls, 0, 0, 0, 0, 0 FROM refused_days;
-- What free claims were granted on a day, and how much there was for them.
CREATE VIEW v_ledger_free_budget AS SELECT mode, day, granted_nano, budget_nano FROM free_budget_day;
