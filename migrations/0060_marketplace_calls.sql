-- Calls of products (SPEC MK-4): what is counted beside quotas, what is logged, and what is summed for ever.

-- Windows of an hour, which outlive a restart. Shorter ones are in memory.
CREATE TABLE market_rate_use (
  subscription_id INTEGER NOT NULL REFERENCES market_subscriptions (id),
  endpoint_id     INTEGER NOT NULL,
  start_ms        INTEGER NOT NULL,
  used            INTEGER NOT NULL CHECK (used >= 0),
  PRIMARY KEY (subscription_id, endpoint_id)
) STRICT, WITHOUT ROWID;

-- Which part of a quota's period its person was told of: once for each.
CREATE TABLE market_quota_notices (
  subscription_id INTEGER NOT NULL REFERENCES market_subscriptions (id),
  period          TEXT NOT NULL CHECK (period IN ('day', 'week', 'month', 'year')),
  percent         INTEGER NOT NULL CHECK (percent BETWEEN 1 AND 100),
  start_ms        INTEGER NOT NULL,
  PRIMARY KEY (subscription_id, period, percent)
) STRICT, WITHOUT ROWID;

-- Nonces of signed calls, for twice the time that a signature counts.
CREATE TABLE market_nonces (
  key_id   INTEGER NOT NULL REFERENCES market_keys (id),
  nonce    TEXT NOT NULL CHECK (length(nonce) BETWEEN 8 AND 64),
  until_ms INTEGER NOT NULL,
  PRIMARY KEY (key_id, nonce)
) STRICT, WITHOUT ROWID;
CREATE INDEX market_nonces_until ON market_nonces (until_ms);

-- The request log: no bodies, no queries, no headers. Bounded by subscription and day, deleted by age.
CREATE TABLE market_calls (
  id              INTEGER PRIMARY KEY,
  request_id      TEXT NOT NULL UNIQUE,
  at_ms           INTEGER NOT NULL,
  product_id      INTEGER NOT NULL REFERENCES market_products (id),
  subscription_id INTEGER NOT NULL REFERENCES market_subscriptions (id),
  key_id          INTEGER NOT NULL,
  -- 0 = none was found.
  endpoint_id     INTEGER NOT NULL,
  method          TEXT NOT NULL,
  path            TEXT NOT NULL,
  status          INTEGER NOT NULL,
  -- Code of our own refusal or failure; null = the upstream's answer.
  error_code      TEXT,
  latency_ms      INTEGER NOT NULL CHECK (latency_ms >= 0),
  -- From the request to the first byte of the answer; null = it was never asked.
  upstream_ms     INTEGER,
  units           INTEGER NOT NULL CHECK (units >= 0),
  charged_nano    INTEGER NOT NULL CHECK (charged_nano >= 0),
  bytes_out       INTEGER NOT NULL CHECK (bytes_out >= 0),
  -- Sent from the page of the product.
  from_console    INTEGER NOT NULL DEFAULT 0 CHECK (from_console IN (0, 1))
) STRICT;
CREATE INDEX market_calls_of_subscription ON market_calls (subscription_id, id);
CREATE INDEX market_calls_of_product ON market_calls (product_id, id);

-- Sums, exact to the last commit of the log. Subscription 0: calls without one; -1: all calls of the product, so that its pages read few
-- rows however many subscribe. Endpoint 0: none was found.
CREATE TABLE market_call_days (
  day             INTEGER NOT NULL,
  product_id      INTEGER NOT NULL REFERENCES market_products (id),
  endpoint_id     INTEGER NOT NULL,
  subscription_id INTEGER NOT NULL,
  -- Answered by the upstream.
  calls           INTEGER NOT NULL DEFAULT 0,
  status_4xx      INTEGER NOT NULL DEFAULT 0,
  status_5xx      INTEGER NOT NULL DEFAULT 0,
  -- Not answered by it, though it was asked or about to be.
  failed          INTEGER NOT NULL DEFAULT 0,
  -- Refused before that, by reason.
  refused_key     INTEGER NOT NULL DEFAULT 0,
  refused_plan    INTEGER NOT NULL DEFAULT 0,
  refused_rate    INTEGER NOT NULL DEFAULT 0,
  refused_quota   INTEGER NOT NULL DEFAULT 0,
  refused_state   INTEGER NOT NULL DEFAULT 0,
  refused_other   INTEGER NOT NULL DEFAULT 0,
  units           INTEGER NOT NULL DEFAULT 0,
  charged_nano    INTEGER NOT NULL DEFAULT 0,
  bytes_out       INTEGER NOT NULL DEFAULT 0,
  -- How many answers took how long: counts apart by blanks, see `LATENCY_MS` of the code.
  latencies       TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (day, product_id, endpoint_id, subscription_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX market_call_days_of_product ON market_call_days (product_id, day);
CREATE INDEX market_call_days_of_subscription ON market_call_days (subscription_id, day);
