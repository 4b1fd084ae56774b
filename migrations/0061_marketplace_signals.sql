-- Signs of abuse (SPEC MK-4): told to the owner of a key and to the operator, once each. They block nothing by themselves.
CREATE TABLE market_signals (
  id              INTEGER PRIMARY KEY,
  rule            TEXT NOT NULL CHECK (rule IN ('networks', 'refusals', 'surge', 'url')),
  product_id      INTEGER NOT NULL REFERENCES market_products (id),
  subscription_id INTEGER NOT NULL REFERENCES market_subscriptions (id),
  -- 0 = all keys of the subscription together.
  key_id          INTEGER NOT NULL,
  -- What was seen, and what would have been usual at most.
  seen            INTEGER NOT NULL,
  usual           INTEGER NOT NULL,
  first_ms        INTEGER NOT NULL,
  last_ms         INTEGER NOT NULL,
  times           INTEGER NOT NULL DEFAULT 1,
  -- Somebody looked at it.
  closed_ms       INTEGER
) STRICT;
CREATE UNIQUE INDEX market_signals_open ON market_signals (rule, subscription_id, key_id) WHERE closed_ms IS NULL;
CREATE INDEX market_signals_of ON market_signals (product_id, id);
CREATE INDEX market_signals_of_subscription ON market_signals (subscription_id, id);
