-- Pricing: what models cost (admin overrides with history) and what is added to the cost (price rules).
-- Rates are integers: µ$ per million tokens, which is the same number as pico-dollars per token. No float, no share above 1000 %.

CREATE TABLE price_rules (
  id               INTEGER PRIMARY KEY,
  pattern          TEXT NOT NULL CHECK (length(pattern) BETWEEN 1 AND 200),
  traffic          TEXT NOT NULL CHECK (traffic IN ('app', 'key', 'any')),
  priority         INTEGER NOT NULL DEFAULT 0 CHECK (priority BETWEEN -1000 AND 1000),
  platform_bp      INTEGER NOT NULL CHECK (platform_bp BETWEEN 0 AND 100000),
  developer_bp     INTEGER NOT NULL CHECK (developer_bp BETWEEN 0 AND 100000),
  minimum_nano     INTEGER NOT NULL DEFAULT 0 CHECK (minimum_nano BETWEEN 0 AND 1000000000000),
  request_fee_nano INTEGER NOT NULL DEFAULT 0 CHECK (request_fee_nano BETWEEN 0 AND 1000000000000),
  active           INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  changed_ms       INTEGER NOT NULL CHECK (changed_ms >= 0)
) STRICT;
CREATE UNIQUE INDEX price_rules_once ON price_rules (pattern, traffic, priority) WHERE active = 1;

-- Seed 000: an app's call costs raw + 50 % for the platform + 50 % for the developer.
INSERT INTO price_rules (id, pattern, traffic, priority, platform_bp, developer_bp, changed_ms) VALUES (1, '*', 'app', 0, 5000, 5000, 0);

-- One row per decision: from effective_from_ms on this model costs what model_price_rates says, or, when retired, the built-in table
-- applies again. A row that has taken effect is never changed: charges made under it must stay explainable.
CREATE TABLE model_prices (
  id                  INTEGER PRIMARY KEY,
  provider            TEXT NOT NULL CHECK (length(provider) BETWEEN 1 AND 64 AND provider = lower(provider)),
  model               TEXT NOT NULL CHECK (length(model) BETWEEN 1 AND 200 AND model = lower(model)),
  effective_from_ms   INTEGER NOT NULL CHECK (effective_from_ms >= 0),
  retired             INTEGER NOT NULL DEFAULT 0 CHECK (retired IN (0, 1)),
  request_micro       INTEGER NOT NULL DEFAULT 0 CHECK (request_micro BETWEEN 0 AND 1000000000),
  context_window      INTEGER CHECK (context_window BETWEEN 1 AND 1000000000),
  max_output_tokens   INTEGER CHECK (max_output_tokens BETWEEN 1 AND 1000000000),
  actor               TEXT NOT NULL,
  reason              TEXT NOT NULL,
  created_ms          INTEGER NOT NULL CHECK (created_ms >= 0),
  UNIQUE (provider, model, effective_from_ms)
) STRICT;

-- above_tokens = 0 is the base rate; a higher one replaces it for the whole prompt once input tokens exceed it.
CREATE TABLE model_price_rates (
  price_id       INTEGER NOT NULL REFERENCES model_prices (id) ON DELETE CASCADE,
  kind           TEXT NOT NULL CHECK (kind IN ('input', 'output', 'cacheRead', 'cacheWrite', 'cacheWrite1h', 'inputAudio', 'outputAudio',
                                               'cacheAudioRead', 'reasoning')),
  above_tokens   INTEGER NOT NULL DEFAULT 0 CHECK (above_tokens BETWEEN 0 AND 1000000000),
  micro_per_mtok INTEGER NOT NULL CHECK (micro_per_mtok BETWEEN 0 AND 10000000000),
  PRIMARY KEY (price_id, kind, above_tokens)
) STRICT, WITHOUT ROWID;
