-- Stripe keeps with a price whether tax comes on top or lies within: another setting is another price, else people pay more than was shown.
CREATE TABLE billing_prices_by_tax (
  id         INTEGER PRIMARY KEY,
  plan_id    INTEGER NOT NULL REFERENCES plans (id),
  months     INTEGER NOT NULL CHECK (months IN (1, 12)),
  -- n$, whole cents.
  price_nano INTEGER NOT NULL CHECK (price_nano > 0 AND price_nano % 10000000 = 0),
  -- As it was set when it was made.
  tax        TEXT NOT NULL CHECK (tax IN ('off', 'exclusive', 'inclusive')),
  -- `prod_…` and `price_…`
  product_id TEXT NOT NULL,
  price_id   TEXT NOT NULL UNIQUE,
  -- Of the key that it was made with: a live one does not know what a test key made.
  is_test    INTEGER NOT NULL CHECK (is_test IN (0, 1)),
  created_ms INTEGER NOT NULL,
  UNIQUE (plan_id, months, price_nano, tax, is_test)
) STRICT;
INSERT INTO billing_prices_by_tax (id, plan_id, months, price_nano, tax, product_id, price_id, is_test, created_ms)
  SELECT id, plan_id, months, price_nano, 'off', product_id, price_id, is_test, created_ms FROM billing_prices;
DROP TABLE billing_prices;
ALTER TABLE billing_prices_by_tax RENAME TO billing_prices;
