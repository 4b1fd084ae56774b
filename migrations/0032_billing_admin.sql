-- Entries of money: cash (6), payouts (7), the processor's fees (8), tax (9), disputes (10), and the same of test mode. No call has one.
CREATE INDEX entries_of_money ON entries (account_id, transaction_id)
  WHERE account_id IN (6, 7, 8, 9, 10, 26, 27, 28, 29, 30);

-- What the processor of payments is asked and proven with, where an admin entered it or the server was told it; the environment goes first.
CREATE TABLE billing_secrets (
  id         INTEGER PRIMARY KEY,
  name       TEXT NOT NULL UNIQUE CHECK (name IN ('secret_key', 'webhook_secret')),
  -- By the master key; its place is the name.
  sealed     TEXT NOT NULL,
  -- Its last characters, so that people can tell which one it is.
  hint       TEXT NOT NULL,
  updated_ms INTEGER NOT NULL
) STRICT;

-- How this server stands with the processor: the endpoint that it made there, the last event that it provoked, how far the statement is read.
CREATE TABLE billing_connection (
  id              INTEGER PRIMARY KEY CHECK (id = 1),
  -- `we_…`, and where it sends.
  endpoint_id     TEXT,
  endpoint_url    TEXT,
  -- What is wrong with it, as the job found it.
  endpoint_fault  TEXT,
  -- What the event that was provoked is about.
  probe_object_id TEXT,
  probed_ms       INTEGER,
  -- The statement of the processor is read up to here.
  read_through_ms INTEGER,
  CHECK ((endpoint_id IS NULL) = (endpoint_url IS NULL)),
  CHECK ((probe_object_id IS NULL) = (probed_ms IS NULL))
) STRICT;
INSERT INTO billing_connection (id) VALUES (1);

-- The processor's statement, line by line. Never changed, but for the fee that was booked of it.
CREATE TABLE billing_movements (
  id             INTEGER PRIMARY KEY,
  -- `txn_…` of the processor.
  movement_id    TEXT NOT NULL UNIQUE,
  type           TEXT NOT NULL,
  -- `ch_…`, `re_…`, `du_…`; the payment it belongs to, by both of its names; who paid, and the order.
  source_id      TEXT,
  charge_id      TEXT,
  intent_id      TEXT,
  customer_id    TEXT,
  order_id       TEXT,
  currency       TEXT NOT NULL,
  -- Cents of the currency; a fee is what was kept.
  amount_cents   INTEGER NOT NULL,
  fee_cents      INTEGER NOT NULL,
  -- Both in dollars; NULL: nobody knows.
  usd_cents      INTEGER,
  usd_fee_cents  INTEGER,
  -- Of this house: the account may have other business.
  is_ours        INTEGER NOT NULL CHECK (is_ours IN (0, 1)),
  -- `txn_…` of our books that booked its fee.
  transaction_id TEXT,
  text           TEXT,
  created_ms     INTEGER NOT NULL
) STRICT;
CREATE INDEX billing_movements_time ON billing_movements (created_ms);
CREATE INDEX billing_movements_source ON billing_movements (source_id);
CREATE INDEX billing_movements_charge ON billing_movements (charge_id);
CREATE INDEX billing_movements_order ON billing_movements (order_id) WHERE order_id IS NOT NULL;

-- Which events were about an object.
CREATE INDEX billing_events_object ON billing_events (object_id);
