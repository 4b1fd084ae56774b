-- Whether the servers of published APIs answer: asked now and then, and told on a badge.
CREATE TABLE market_uptime (
  product_id INTEGER NOT NULL REFERENCES market_products (id),
  day        INTEGER NOT NULL,
  checks     INTEGER NOT NULL CHECK (checks >= 1),
  up         INTEGER NOT NULL CHECK (up BETWEEN 0 AND checks),
  -- Of those that answered.
  ms_sum     INTEGER NOT NULL CHECK (ms_sum >= 0),
  PRIMARY KEY (product_id, day)
) STRICT, WITHOUT ROWID;

-- How it stands now. Down is what failed several times in a row.
CREATE TABLE market_health (
  product_id  INTEGER PRIMARY KEY REFERENCES market_products (id),
  state       TEXT NOT NULL CHECK (state IN ('up', 'down')),
  since_ms    INTEGER NOT NULL,
  checked_ms  INTEGER NOT NULL,
  failures    INTEGER NOT NULL CHECK (failures >= 0),
  -- UTC day on which its publisher was told of many errors; 0 = never.
  errors_day  INTEGER NOT NULL DEFAULT 0
) STRICT;
