-- Plans that are paid for by the month or the year (SPEC BI-2): what was paid counts, and only that.

-- n$ for one year; NULL = sold by the month only.
ALTER TABLE plans ADD COLUMN yearly_nano INTEGER CHECK (yearly_nano BETWEEN 0 AND 12000000000000000);

-- What invoices of plans paid for, a row for each part of one that pays for time; never changed. Plan and period of a person follow from it.
CREATE TABLE plan_paid_lines (
  id           INTEGER PRIMARY KEY,
  -- The ledger's: `stripe:<invoice>:<line>`.
  key          TEXT NOT NULL UNIQUE,
  user_id      INTEGER NOT NULL,
  -- `sub_…` of the processor.
  subscription TEXT NOT NULL,
  plan_id      INTEGER NOT NULL REFERENCES plans (id),
  -- Of its price.
  months       INTEGER NOT NULL CHECK (months IN (1, 12)),
  start_ms     INTEGER NOT NULL,
  end_ms       INTEGER NOT NULL CHECK (end_ms > start_ms),
  choice       TEXT CHECK (choice IN ('credits', 'byok')),
  -- What a whole month of it gives; 0 with own keys.
  monthly_nano INTEGER NOT NULL CHECK (monthly_nano >= 0),
  -- What the line gave, over all its months.
  granted_nano INTEGER NOT NULL CHECK (granted_nano >= 0),
  recorded_ms  INTEGER NOT NULL
) STRICT;
CREATE INDEX plan_paid_lines_of ON plan_paid_lines (subscription, end_ms);
CREATE TRIGGER plan_paid_lines_no_update BEFORE UPDATE ON plan_paid_lines
  BEGIN SELECT RAISE(ABORT, 'plan_paid_lines is append-only'); END;
CREATE TRIGGER plan_paid_lines_no_delete BEFORE DELETE ON plan_paid_lines
  BEGIN SELECT RAISE(ABORT, 'plan_paid_lines is append-only'); END;

-- The plan that a person pays for: from when to when it is paid, and until when it counts at most.
CREATE TABLE plan_subscriptions (
  user_id         INTEGER PRIMARY KEY,
  subscription    TEXT NOT NULL,
  plan_id         INTEGER NOT NULL REFERENCES plans (id) CHECK (plan_id <> 1),
  months          INTEGER NOT NULL CHECK (months IN (1, 12)),
  -- What an either-or plan gives in this period; NULL for all others.
  choice          TEXT CHECK (choice IN ('credits', 'byok')),
  pending_choice  TEXT CHECK (pending_choice IN ('credits', 'byok')),
  -- What comes at the end of the period; 1 = it ends, NULL = the same again.
  next_plan_id    INTEGER REFERENCES plans (id),
  period_start_ms INTEGER NOT NULL,
  period_end_ms   INTEGER NOT NULL CHECK (period_end_ms > period_start_ms),
  -- The end of the period and the days of grace; earlier where it ends for good.
  until_ms        INTEGER NOT NULL,
  updated_ms      INTEGER NOT NULL
) STRICT;

-- What plans cost, as the processor knows it; made when first needed. A new price of a plan is a new row.
CREATE TABLE billing_prices (
  id         INTEGER PRIMARY KEY,
  plan_id    INTEGER NOT NULL REFERENCES plans (id),
  months     INTEGER NOT NULL CHECK (months IN (1, 12)),
  -- n$, whole cents.
  price_nano INTEGER NOT NULL CHECK (price_nano > 0 AND price_nano % 10000000 = 0),
  -- `prod_…` and `price_…`
  product_id TEXT NOT NULL,
  price_id   TEXT NOT NULL UNIQUE,
  -- Of the key that it was made with: a live one does not know what a test key made.
  is_test    INTEGER NOT NULL CHECK (is_test IN (0, 1)),
  created_ms INTEGER NOT NULL,
  UNIQUE (plan_id, months, price_nano, is_test)
) STRICT;

-- Ways to a subscription: what somebody wanted, and the page to pay on.
CREATE TABLE billing_signups (
  id         INTEGER PRIMARY KEY,
  -- `sgn_…`
  public_id  TEXT NOT NULL UNIQUE,
  user_id    INTEGER NOT NULL REFERENCES users (id),
  plan_id    INTEGER NOT NULL REFERENCES plans (id),
  months     INTEGER NOT NULL CHECK (months IN (1, 12)),
  choice     TEXT CHECK (choice IN ('credits', 'byok')),
  -- Of the form that asked for it: a second press is the same page.
  form_key   TEXT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('open', 'done', 'expired')),
  -- `cs_…` and the address of its page.
  session_id TEXT UNIQUE,
  pay_url    TEXT,
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  asked_ms   INTEGER,
  UNIQUE (user_id, form_key)
) STRICT;
CREATE INDEX billing_signups_open ON billing_signups (user_id) WHERE state = 'open';

-- Subscriptions as the processor knows them.
CREATE TABLE billing_subscriptions (
  id              INTEGER PRIMARY KEY,
  -- `sub_…`
  subscription_id TEXT NOT NULL UNIQUE,
  user_id         INTEGER NOT NULL REFERENCES users (id),
  item_id         TEXT NOT NULL,
  price_id        TEXT NOT NULL,
  status          TEXT NOT NULL CHECK (status IN ('incomplete', 'active', 'past_due', 'unpaid', 'paused', 'ended')),
  period_start_ms INTEGER NOT NULL,
  period_end_ms   INTEGER NOT NULL,
  -- Where it ends for good: known before, or past.
  ends_ms         INTEGER,
  -- `sub_sched_…` and the price that comes at the end of the period.
  schedule_id     TEXT,
  next_price_id   TEXT,
  -- Until when it is paid; 0 = nothing was.
  paid_until_ms   INTEGER NOT NULL,
  -- The invoice that could not be paid, until it is; what was told of it.
  unpaid_invoice  TEXT,
  reminded_ms     INTEGER,
  rested_ms       INTEGER,
  created_ms      INTEGER NOT NULL,
  asked_ms        INTEGER NOT NULL,
  updated_ms      INTEGER NOT NULL
) STRICT;
CREATE INDEX billing_subscriptions_user ON billing_subscriptions (user_id, id);
CREATE INDEX billing_subscriptions_live ON billing_subscriptions (asked_ms) WHERE status <> 'ended';
-- An end is final, whatever arrives after it.
CREATE TRIGGER billing_subscriptions_ended_stay BEFORE UPDATE ON billing_subscriptions
WHEN OLD.status = 'ended' AND NEW.status <> 'ended'
BEGIN SELECT RAISE(ABORT, 'a subscription that ended stays ended'); END;

-- Invoices of plans that were paid: what refunds and disputes find credits and person by.
CREATE TABLE billing_plan_invoices (
  id                INTEGER PRIMARY KEY,
  -- `in_…`
  invoice_id        TEXT NOT NULL UNIQUE,
  user_id           INTEGER NOT NULL REFERENCES users (id),
  subscription_id   TEXT NOT NULL,
  -- n$, whole cents: what was asked before discounts and tax, what a coupon took off, tax, what was paid in all.
  gross_nano        INTEGER NOT NULL,
  discount_nano     INTEGER NOT NULL CHECK (discount_nano >= 0),
  tax_nano          INTEGER NOT NULL CHECK (tax_nano >= 0),
  paid_nano         INTEGER NOT NULL CHECK (paid_nano >= 0),
  -- n$ that went back; never less than before.
  refunded_nano     INTEGER NOT NULL DEFAULT 0 CHECK (refunded_nano >= 0),
  granted_nano      INTEGER NOT NULL CHECK (granted_nano >= 0),
  -- `pi_…`; NULL where nothing was to be paid.
  payment_intent_id TEXT UNIQUE,
  paid_ms           INTEGER NOT NULL
) STRICT;
CREATE INDEX billing_plan_invoices_user ON billing_plan_invoices (user_id, id);
