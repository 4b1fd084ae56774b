-- Usage: one row per call of a known person, refused calls included (charge 0), and a roll-up per day that pages read.
-- Written in the body that settles the call, so that books and meters cannot disagree.

-- Prices and rule a call was charged at (SPEC PR-4). Millions of calls share a few of these; never changed, never deleted.
CREATE TABLE usage_prices (
  id       INTEGER PRIMARY KEY,
  snapshot TEXT NOT NULL UNIQUE CHECK (json_valid(snapshot))
) STRICT;

CREATE TABLE usage_calls (
  id               INTEGER PRIMARY KEY,
  public_id        TEXT NOT NULL UNIQUE,
  at_ms            INTEGER NOT NULL CHECK (at_ms >= 0),
  day              INTEGER NOT NULL CHECK (day >= 0),
  mode             TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  user_id          INTEGER NOT NULL,
  client_id        INTEGER NOT NULL,
  developer_id     INTEGER,
  kind             TEXT NOT NULL,
  scope            TEXT NOT NULL,
  model            TEXT NOT NULL,
  upstream_id      INTEGER,
  upstream_model   TEXT,
  stream           INTEGER NOT NULL CHECK (stream IN (0, 1)),
  status           INTEGER NOT NULL CHECK (status BETWEEN 100 AND 599),
  error_code       TEXT,
  end_reason       TEXT NOT NULL CHECK (end_reason IN ('done', 'refused', 'failed', 'client_gone', 'timeout', 'cut', 'recovered')),
  latency_ms       INTEGER NOT NULL CHECK (latency_ms >= 0),
  first_token_ms   INTEGER CHECK (first_token_ms >= 0),
  input_tokens     INTEGER NOT NULL CHECK (input_tokens >= 0),
  cached_tokens    INTEGER NOT NULL CHECK (cached_tokens >= 0),
  output_tokens    INTEGER NOT NULL CHECK (output_tokens >= 0),
  reasoning_tokens INTEGER NOT NULL CHECK (reasoning_tokens >= 0),
  usage_source     TEXT NOT NULL CHECK (usage_source IN ('reported', 'estimated', 'none')),
  prices_id        INTEGER REFERENCES usage_prices (id),
  charge_nano      INTEGER NOT NULL CHECK (charge_nano >= 0),
  upstream_nano    INTEGER NOT NULL CHECK (upstream_nano >= 0),
  developer_nano   INTEGER NOT NULL CHECK (developer_nano >= 0),
  platform_nano    INTEGER NOT NULL CHECK (platform_nano >= 0),
  collected_nano   INTEGER NOT NULL CHECK (collected_nano >= 0),
  uncollected_nano INTEGER NOT NULL CHECK (uncollected_nano >= 0),
  transaction_id   TEXT,
  CHECK (charge_nano = upstream_nano + developer_nano + platform_nano),
  CHECK (charge_nano = collected_nano + uncollected_nano),
  CHECK (charge_nano = 0 OR usage_source <> 'none')
) STRICT;
CREATE INDEX usage_calls_user ON usage_calls (user_id, id);
CREATE INDEX usage_calls_client ON usage_calls (client_id, id);

CREATE TABLE usage_daily (
  day              INTEGER NOT NULL,
  user_id          INTEGER NOT NULL,
  client_id        INTEGER NOT NULL,
  scope            TEXT NOT NULL,
  model            TEXT NOT NULL,
  mode             TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  calls            INTEGER NOT NULL CHECK (calls >= 0),
  errors           INTEGER NOT NULL CHECK (errors >= 0),
  refused          INTEGER NOT NULL CHECK (refused >= 0),
  input_tokens     INTEGER NOT NULL CHECK (input_tokens >= 0),
  output_tokens    INTEGER NOT NULL CHECK (output_tokens >= 0),
  charge_nano      INTEGER NOT NULL CHECK (charge_nano >= 0),
  upstream_nano    INTEGER NOT NULL CHECK (upstream_nano >= 0),
  developer_nano   INTEGER NOT NULL CHECK (developer_nano >= 0),
  collected_nano   INTEGER NOT NULL CHECK (collected_nano BETWEEN 0 AND charge_nano),
  latency_ms       INTEGER NOT NULL CHECK (latency_ms >= 0),
  PRIMARY KEY (user_id, day, client_id, scope, model, mode),
  CHECK (errors + refused <= calls)
) STRICT, WITHOUT ROWID;
CREATE INDEX usage_daily_client ON usage_daily (client_id, day);

CREATE VIEW v_usage_calls AS
  SELECT usage_calls.*, usage_prices.snapshot AS prices FROM usage_calls LEFT JOIN usage_prices ON usage_prices.id = prices_id;
CREATE VIEW v_usage_days AS
  SELECT day, mode, SUM(calls) AS calls, SUM(errors) AS errors, SUM(refused) AS refused, COUNT(DISTINCT user_id) AS users,
         COUNT(DISTINCT client_id) AS clients, SUM(input_tokens) AS input_tokens, SUM(output_tokens) AS output_tokens,
         SUM(charge_nano) AS charge_nano, SUM(upstream_nano) AS upstream_nano, SUM(developer_nano) AS developer_nano,
         SUM(collected_nano) AS collected_nano
    FROM usage_daily GROUP BY day, mode;
CREATE VIEW v_usage_models AS
  SELECT day, mode, model, SUM(calls) AS calls, SUM(errors) AS errors, SUM(charge_nano) AS charge_nano
    FROM usage_daily GROUP BY day, mode, model;
