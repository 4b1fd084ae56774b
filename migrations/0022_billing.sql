-- Billing (SPEC BI): what is sold for money, who bought it, and what the processor of payments said.

-- Credits for sale. What an order was for stands on the order: a package may change at any time.
CREATE TABLE credit_packages (
  id           INTEGER PRIMARY KEY,
  -- What addresses and programs call it; never changed.
  slug         TEXT NOT NULL UNIQUE CHECK (length(slug) BETWEEN 1 AND 64),
  name         TEXT NOT NULL,
  -- n$, whole cents. What is paid comes as paid credits of the same worth.
  price_nano   INTEGER NOT NULL CHECK (price_nano > 0 AND price_nano % 10000000 = 0),
  -- Credits on top, a lot of their own that was not paid for.
  bonus_nano   INTEGER NOT NULL DEFAULT 0 CHECK (bonus_nano >= 0),
  -- How long the bonus lives; null = for ever.
  bonus_days   INTEGER CHECK (bonus_days BETWEEN 1 AND 3650),
  active       INTEGER NOT NULL CHECK (active IN (0, 1)),
  sort_order   INTEGER NOT NULL,
  created_ms   INTEGER NOT NULL,
  updated_ms   INTEGER NOT NULL
) STRICT;
INSERT INTO credit_packages (id, slug, name, price_nano, bonus_nano, bonus_days, active, sort_order, created_ms, updated_ms) VALUES
  (1, 'starter',  'Starter',   5000000000,           0, NULL, 1, 1, 0, 0),
  (2, 'standard', 'Standard', 10000000000,           0, NULL, 1, 2, 0, 0),
  (3, 'plus',     'Plus',     25000000000,  1250000000, NULL, 1, 3, 0, 0),
  (4, 'large',    'Large',    50000000000,  5000000000, NULL, 1, 4, 0, 0),
  (5, 'studio',   'Studio',  100000000000, 15000000000, NULL, 1, 5, 0, 0);

-- People as the processor knows them.
CREATE TABLE billing_customers (
  user_id     INTEGER PRIMARY KEY REFERENCES users (id),
  -- `cus_…`
  customer_id TEXT NOT NULL UNIQUE,
  created_ms  INTEGER NOT NULL
) STRICT;

-- One purchase: what somebody wanted, for how much, and what came of it.
CREATE TABLE billing_orders (
  id                INTEGER PRIMARY KEY,
  -- `ord_…`
  public_id         TEXT NOT NULL UNIQUE,
  user_id           INTEGER NOT NULL REFERENCES users (id),
  package_slug      TEXT NOT NULL,
  package_name      TEXT NOT NULL,
  price_nano        INTEGER NOT NULL CHECK (price_nano > 0),
  bonus_nano        INTEGER NOT NULL CHECK (bonus_nano >= 0),
  bonus_days        INTEGER,
  -- Of the form that asked for it: a second press is the same order.
  form_key          TEXT NOT NULL,
  -- open: a page to pay on is there, or soon will be. pending: the bank takes days.
  state             TEXT NOT NULL CHECK (state IN ('open', 'pending', 'paid', 'failed', 'expired')),
  -- `cs_…` and the address of its page.
  session_id        TEXT UNIQUE,
  pay_url           TEXT,
  -- `pi_…` and `ch_…`, by which refunds and disputes name it.
  payment_intent_id TEXT UNIQUE,
  charge_id         TEXT UNIQUE,
  transaction_id    TEXT,
  created_ms        INTEGER NOT NULL,
  updated_ms        INTEGER NOT NULL,
  -- The processor was asked about it last.
  asked_ms          INTEGER,
  paid_ms           INTEGER,
  -- Credits and payment come together.
  CHECK ((state = 'paid') = (paid_ms IS NOT NULL)),
  CHECK ((state = 'paid') = (transaction_id IS NOT NULL)),
  UNIQUE (user_id, form_key)
) STRICT;
CREATE INDEX billing_orders_user ON billing_orders (user_id, id);
-- What still waits for an answer.
CREATE INDEX billing_orders_waiting ON billing_orders (asked_ms) WHERE state IN ('open', 'pending');
-- Money that came stays: what follows is a refund, never an order that was not paid.
CREATE TRIGGER billing_orders_paid_stay BEFORE UPDATE ON billing_orders
WHEN OLD.state = 'paid' AND (NEW.state <> 'paid' OR NEW.transaction_id <> OLD.transaction_id OR NEW.price_nano <> OLD.price_nano)
BEGIN SELECT RAISE(ABORT, 'a paid order stays paid'); END;

-- What the processor told, once each. What it is about is asked again by id, so nothing of it is kept but that.
CREATE TABLE billing_events (
  id          INTEGER PRIMARY KEY,
  -- `evt_…`
  event_id    TEXT NOT NULL UNIQUE,
  type        TEXT NOT NULL,
  object_id   TEXT NOT NULL,
  -- applied: it changed something, or had been done before. ignored: not of interest. parked: somebody has to look.
  state       TEXT NOT NULL CHECK (state IN ('applied', 'ignored', 'parked')),
  -- Why it is parked.
  note        TEXT,
  created_ms  INTEGER NOT NULL,
  received_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX billing_events_parked ON billing_events (id) WHERE state = 'parked';
