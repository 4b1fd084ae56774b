-- Prices that other houses publish, what an operator's own price may hold beside rates of tokens, and models that wait for a price.

-- Of an override: what is counted one by one (µ$ each), and other service tiers (ten-thousandths of the rates of tokens).
CREATE TABLE model_price_extras (
  price_id INTEGER NOT NULL REFERENCES model_prices (id) ON DELETE CASCADE,
  kind     TEXT NOT NULL CHECK (kind IN ('webSearch', 'image', 'flex', 'priority', 'batch')),
  amount   INTEGER NOT NULL CHECK (amount BETWEEN 0 AND 1000000000),
  PRIMARY KEY (price_id, kind)
) STRICT, WITHOUT ROWID;

-- What a published list says of a model. `price` is in force; `held` was read but not believed, and waits for an operator.
CREATE TABLE catalogue_prices (
  list              TEXT NOT NULL CHECK (length(list) BETWEEN 1 AND 64 AND list = lower(list)),
  model             TEXT NOT NULL CHECK (length(model) BETWEEN 1 AND 200 AND model = lower(model)),
  name              TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  price             TEXT CHECK (price IS NULL OR json_valid(price)),
  held              TEXT CHECK (held IS NULL OR json_valid(held)),
  held_why          TEXT CHECK ((held_why IS NULL) = (held IS NULL)),
  context_window    INTEGER CHECK (context_window BETWEEN 1 AND 1000000000),
  max_output_tokens INTEGER CHECK (max_output_tokens BETWEEN 1 AND 1000000000),
  -- When the list was read that this price was first in: the price's version.
  changed_ms        INTEGER NOT NULL CHECK (changed_ms >= 0),
  CHECK (price IS NOT NULL OR held IS NOT NULL),
  PRIMARY KEY (list, model)
) STRICT, WITHOUT ROWID;

-- The last reads of each list, well or not.
CREATE TABLE catalogue_reads (
  id      INTEGER PRIMARY KEY,
  list    TEXT NOT NULL,
  at_ms   INTEGER NOT NULL CHECK (at_ms >= 0),
  ok      INTEGER NOT NULL CHECK (ok IN (0, 1)),
  message TEXT NOT NULL,
  models  INTEGER NOT NULL CHECK (models >= 0),
  changed INTEGER NOT NULL CHECK (changed >= 0),
  held    INTEGER NOT NULL CHECK (held >= 0)
) STRICT;
CREATE INDEX catalogue_reads_of_list ON catalogue_reads (list, id);

-- Models without a price that an operator does not want to be asked about. They stay refused.
CREATE TABLE unpriced_left_out (
  provider TEXT NOT NULL CHECK (length(provider) BETWEEN 1 AND 64 AND provider = lower(provider)),
  model    TEXT NOT NULL CHECK (length(model) BETWEEN 1 AND 200 AND model = lower(model)),
  at_ms    INTEGER NOT NULL CHECK (at_ms >= 0),
  PRIMARY KEY (provider, model)
) STRICT, WITHOUT ROWID;

-- Calls that were refused because their model has no price, by the name that the caller used.
CREATE VIEW v_usage_unpriced AS
  SELECT day, model, user_id, mode, calls FROM refused_days WHERE error_code = 'model_not_priced' AND model <> '';

-- Kinds of calls with the prices they were charged at.
CREATE VIEW v_usage_routes AS
  SELECT r.id, r.requested, r.model, r.upstream_id, p.snapshot FROM usage_routes r JOIN usage_prices p ON p.id = r.prices_id;
