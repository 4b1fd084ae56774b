-- A test key and a live key of the processor know different people: who was made under the one is nobody to the other.
CREATE TABLE billing_customers_of_mode (
  user_id     INTEGER NOT NULL REFERENCES users (id),
  -- Of the key that it was made with.
  is_test     INTEGER NOT NULL CHECK (is_test IN (0, 1)),
  -- `cus_…`
  customer_id TEXT NOT NULL UNIQUE,
  created_ms  INTEGER NOT NULL,
  PRIMARY KEY (user_id, is_test)
) STRICT;
-- What stood there before was not sold for money yet.
INSERT INTO billing_customers_of_mode (user_id, is_test, customer_id, created_ms)
  SELECT user_id, 1, customer_id, created_ms FROM billing_customers;
DROP TABLE billing_customers;
ALTER TABLE billing_customers_of_mode RENAME TO billing_customers;
