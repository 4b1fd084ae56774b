-- A key of another account at the processor knows none of the people and prices that the one before made: each row says whose it is.
CREATE TABLE billing_customers_of_account (
  user_id     INTEGER NOT NULL REFERENCES users (id),
  -- Of the key that it was made with.
  is_test     INTEGER NOT NULL CHECK (is_test IN (0, 1)),
  -- `acct_…`; empty: made before anybody asked, or with a key that may not say.
  account_id  TEXT NOT NULL,
  -- `cus_…`
  customer_id TEXT NOT NULL UNIQUE,
  created_ms  INTEGER NOT NULL,
  PRIMARY KEY (user_id, is_test, account_id)
) STRICT;
INSERT INTO billing_customers_of_account (user_id, is_test, account_id, customer_id, created_ms)
  SELECT user_id, is_test, '', customer_id, created_ms FROM billing_customers;
DROP TABLE billing_customers;
ALTER TABLE billing_customers_of_account RENAME TO billing_customers;

CREATE TABLE billing_prices_of_account (
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
  account_id TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  UNIQUE (plan_id, months, price_nano, tax, is_test, account_id)
) STRICT;
INSERT INTO billing_prices_of_account (id, plan_id, months, price_nano, tax, product_id, price_id, is_test, account_id, created_ms)
  SELECT id, plan_id, months, price_nano, tax, product_id, price_id, is_test, '', created_ms FROM billing_prices;
DROP TABLE billing_prices;
ALTER TABLE billing_prices_of_account RENAME TO billing_prices;

-- Whose the keys of each mode were when they were asked last; NULL = never. And when that was last another one than before.
ALTER TABLE billing_connection ADD COLUMN test_account TEXT;
ALTER TABLE billing_connection ADD COLUMN live_account TEXT;
ALTER TABLE billing_connection ADD COLUMN account_before TEXT;
ALTER TABLE billing_connection ADD COLUMN account_changed_ms INTEGER CHECK ((account_changed_ms IS NULL) = (account_before IS NULL));

-- A card is charged as a card of its customer, so it is of that customer's account and mode. NULL = nobody knows: it was saved before this was kept.
ALTER TABLE billing_cards ADD COLUMN customer_id TEXT;
UPDATE billing_cards SET customer_id = (
  SELECT c.customer_id FROM billing_customers c
  WHERE c.user_id = billing_cards.user_id AND c.created_ms <= billing_cards.created_ms ORDER BY c.created_ms DESC LIMIT 1
);

-- What people may do on the processor's own pages: made by this server, once for an account, a mode and its terms.
CREATE TABLE billing_portals (
  id               INTEGER PRIMARY KEY,
  -- `bpc_…`
  configuration_id TEXT NOT NULL UNIQUE,
  is_test          INTEGER NOT NULL CHECK (is_test IN (0, 1)),
  account_id       TEXT NOT NULL,
  -- A name for what it allows: other terms are another one.
  terms            TEXT NOT NULL,
  created_ms       INTEGER NOT NULL,
  UNIQUE (is_test, account_id, terms)
) STRICT;
