-- What subscriptions of the marketplace cost, period by period (SPEC §16), and invoices for it.

-- One for each subscription, kind and beginning: so each renewal is charged once.
CREATE TABLE market_bills (
  id              INTEGER PRIMARY KEY,
  subscription_id INTEGER NOT NULL REFERENCES market_subscriptions (id),
  kind            TEXT NOT NULL CHECK (kind IN ('trial', 'period', 'upgrade', 'overage')),
  -- The time it is for.
  start_ms        INTEGER NOT NULL,
  end_ms          INTEGER NOT NULL CHECK (end_ms > start_ms),
  plan_id         INTEGER NOT NULL REFERENCES market_plans (id),
  terms_id        INTEGER NOT NULL REFERENCES market_plan_terms (id),
  amount_nano     INTEGER NOT NULL CHECK (amount_nano >= 0),
  -- The platform's part of it.
  commission_nano INTEGER NOT NULL CHECK (commission_nano BETWEEN 0 AND amount_nano),
  -- `due`: asked for and not paid yet; `void`: nobody will pay it any more.
  state           TEXT NOT NULL CHECK (state IN ('due', 'paid', 'void')),
  due_ms          INTEGER NOT NULL,
  paid_ms         INTEGER CHECK ((paid_ms IS NULL) = (state <> 'paid')),
  -- How often its payer was asked, and when next.
  tries           INTEGER NOT NULL DEFAULT 0,
  next_try_ms     INTEGER CHECK ((next_try_ms IS NULL) = (state <> 'due')),
  -- What its payer was told: 1 = it failed, 2 = and calls are refused.
  told            INTEGER NOT NULL DEFAULT 0 CHECK (told BETWEEN 0 AND 2),
  -- `txn_…` of the sale; NULL = nothing was to be paid, or its calls paid it one by one.
  sale_id         TEXT UNIQUE,
  -- INV-2026-001; NULL = nothing was to be paid.
  invoice         TEXT UNIQUE,
  UNIQUE (subscription_id, kind, start_ms)
) STRICT;
CREATE INDEX market_bills_due ON market_bills (next_try_ms) WHERE state = 'due';
CREATE INDEX market_bills_paid ON market_bills (paid_ms) WHERE state = 'paid';

-- A form that is sent twice subscribes once.
CREATE TABLE market_subscribe_keys (
  user_id         INTEGER NOT NULL,
  form_key        TEXT NOT NULL CHECK (form_key <> ''),
  subscription_id INTEGER NOT NULL REFERENCES market_subscriptions (id),
  created_ms      INTEGER NOT NULL,
  PRIMARY KEY (user_id, form_key)
) STRICT, WITHOUT ROWID;

-- Invoices of the marketplace are paid with credits, so their units may cost less than a cent.
DROP TRIGGER credit_notes_count;
DROP TRIGGER debit_notes_count;
CREATE TABLE invoices_new (
  id             INTEGER PRIMARY KEY,
  -- INV-2026-001; above 999 a year it grows.
  number         TEXT NOT NULL UNIQUE,
  -- Of the day it was issued, UTC.
  year           INTEGER NOT NULL,
  serial         INTEGER NOT NULL CHECK (serial > 0),
  -- What it is for: `order:<public id>`, `stripe:<in_…>`, `market:<bill>`.
  key            TEXT NOT NULL UNIQUE CHECK (key <> ''),
  user_id        INTEGER NOT NULL REFERENCES users (id),
  kind           TEXT NOT NULL CHECK (kind IN ('package', 'recharge', 'manual', 'plan', 'product')),
  -- n$, whole cents but for products. Lines together; what a coupon took off; tax; what is to be paid.
  subtotal_nano  INTEGER NOT NULL CHECK (kind = 'product' OR subtotal_nano % 10000000 = 0),
  discount_nano  INTEGER NOT NULL CHECK (discount_nano >= 0 AND discount_nano % 10000000 = 0),
  tax_nano       INTEGER NOT NULL CHECK (tax_nano >= 0 AND tax_nano % 10000000 = 0),
  total_nano     INTEGER NOT NULL CHECK (total_nano >= 0),
  -- 1: tax is part of the prices. 0: it came on top.
  tax_inclusive  INTEGER NOT NULL CHECK (tax_inclusive IN (0, 1)),
  -- 1: the customer owes the tax, not the operator.
  reverse_charge INTEGER NOT NULL CHECK (reverse_charge IN (0, 1)),
  -- Lines, parties and notes as JSON, as they were on that day.
  document       TEXT NOT NULL CHECK (json_valid(document)),
  issued_ms      INTEGER NOT NULL,
  due_ms         INTEGER NOT NULL,
  -- What happens to it afterwards: paid, or given up; and how much credit notes took back.
  paid_ms        INTEGER,
  failed_ms      INTEGER,
  credited_nano  INTEGER NOT NULL DEFAULT 0 CHECK (credited_nano BETWEEN 0 AND total_nano),
  UNIQUE (year, serial),
  CHECK (number = printf('INV-%04d-%03d', year, serial)),
  CHECK (total_nano = subtotal_nano - discount_nano + iif(tax_inclusive, 0, tax_nano)),
  CHECK (NOT tax_inclusive OR tax_nano <= total_nano),
  CHECK (NOT reverse_charge OR tax_nano = 0),
  CHECK (due_ms >= issued_ms),
  CHECK (paid_ms IS NULL OR failed_ms IS NULL)
) STRICT;
INSERT INTO invoices_new (id, number, year, serial, key, user_id, kind, subtotal_nano, discount_nano, tax_nano, total_nano, tax_inclusive,
    reverse_charge, document, issued_ms, due_ms, paid_ms, failed_ms, credited_nano)
  SELECT id, number, year, serial, key, user_id, kind, subtotal_nano, discount_nano, tax_nano, total_nano, tax_inclusive,
    reverse_charge, document, issued_ms, due_ms, paid_ms, failed_ms, credited_nano FROM invoices;
DROP TRIGGER invoices_kept;
DROP TABLE invoices;
ALTER TABLE invoices_new RENAME TO invoices;
CREATE INDEX invoices_user ON invoices (user_id, issued_ms, id);
CREATE INDEX invoices_issued ON invoices (issued_ms, id);

CREATE TRIGGER invoices_number BEFORE INSERT ON invoices
WHEN NEW.serial <> 1 + COALESCE((SELECT MAX(serial) FROM invoices WHERE year = NEW.year), 0)
  OR NEW.year <> CAST(strftime('%Y', NEW.issued_ms / 1000, 'unixepoch') AS INTEGER)
BEGIN SELECT RAISE(ABORT, 'invoices are numbered one after the other'); END;

CREATE TRIGGER invoices_lines BEFORE INSERT ON invoices
WHEN NEW.subtotal_nano IS NOT (SELECT SUM(json_extract(value, '$.amountNano')) FROM json_each(NEW.document, '$.lines'))
BEGIN SELECT RAISE(ABORT, 'the lines of an invoice add up to its subtotal'); END;

CREATE TRIGGER invoices_stay BEFORE UPDATE ON invoices
WHEN NEW.number <> OLD.number OR NEW.year <> OLD.year OR NEW.serial <> OLD.serial OR NEW.key <> OLD.key OR NEW.user_id <> OLD.user_id
  OR NEW.kind <> OLD.kind OR NEW.subtotal_nano <> OLD.subtotal_nano OR NEW.discount_nano <> OLD.discount_nano
  OR NEW.tax_nano <> OLD.tax_nano OR NEW.total_nano <> OLD.total_nano OR NEW.tax_inclusive <> OLD.tax_inclusive
  OR NEW.reverse_charge <> OLD.reverse_charge OR NEW.document <> OLD.document OR NEW.issued_ms <> OLD.issued_ms OR NEW.due_ms <> OLD.due_ms
  OR (OLD.paid_ms IS NOT NULL AND NEW.paid_ms IS NOT OLD.paid_ms)
  OR (OLD.failed_ms IS NOT NULL AND NEW.failed_ms IS NOT OLD.failed_ms)
  OR NEW.credited_nano <> COALESCE((SELECT SUM(n.amount_nano) FROM credit_notes n WHERE n.invoice_id = NEW.id), 0)
                        - COALESCE((SELECT SUM(d.amount_nano) FROM debit_notes d WHERE d.invoice_id = NEW.id), 0)
BEGIN SELECT RAISE(ABORT, 'an issued invoice stays as it is'); END;

CREATE TRIGGER invoices_kept BEFORE DELETE ON invoices
BEGIN SELECT RAISE(ABORT, 'an issued invoice is kept'); END;
-- The invoice remembers the sum, and its own check keeps that within its total.
CREATE TRIGGER credit_notes_count AFTER INSERT ON credit_notes
BEGIN UPDATE invoices SET credited_nano = credited_nano + NEW.amount_nano WHERE id = NEW.invoice_id; END;
CREATE TRIGGER debit_notes_count AFTER INSERT ON debit_notes
BEGIN UPDATE invoices SET credited_nano = credited_nano - NEW.amount_nano WHERE id = NEW.invoice_id; END;
