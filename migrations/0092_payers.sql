-- Whoever pays is a principal: a person, or a team. Orders, papers and customers at the processor name it by number, as wallets do;
-- that they were held to be people came with the tables. Rows stay as they are.
DROP TRIGGER billing_orders_paid_stay;
CREATE TABLE billing_orders_of_payers (
  id                INTEGER PRIMARY KEY,
  -- `ord_…`
  public_id         TEXT NOT NULL UNIQUE,
  user_id           INTEGER NOT NULL,
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
  kind              TEXT NOT NULL DEFAULT 'package' CHECK (kind IN ('package', 'recharge', 'manual')),
  discount_nano     INTEGER NOT NULL DEFAULT 0
  CHECK (discount_nano >= 0 AND discount_nano % 10000000 = 0),
  tax_nano          INTEGER NOT NULL DEFAULT 0 CHECK (tax_nano >= 0 AND tax_nano % 10000000 = 0),
  refunded_nano     INTEGER NOT NULL DEFAULT 0 CHECK (refunded_nano >= 0),
  tax_inclusive     INTEGER NOT NULL DEFAULT 0 CHECK (tax_inclusive IN (0, 1)),
  reverse_charge    INTEGER NOT NULL DEFAULT 0 CHECK (reverse_charge IN (0, 1)),
  paper             TEXT CHECK (paper IS NULL OR json_valid(paper)),
  -- Credits and payment come together.
  CHECK ((state = 'paid') = (paid_ms IS NOT NULL)),
  CHECK ((state = 'paid') = (transaction_id IS NOT NULL)),
  UNIQUE (user_id, form_key)
) STRICT;
INSERT INTO billing_orders_of_payers (id, public_id, user_id, package_slug, package_name, price_nano, bonus_nano, bonus_days, form_key, state, session_id, pay_url, payment_intent_id, charge_id, transaction_id, created_ms, updated_ms, asked_ms, paid_ms, kind, discount_nano, tax_nano, refunded_nano, tax_inclusive, reverse_charge, paper)
  SELECT id, public_id, user_id, package_slug, package_name, price_nano, bonus_nano, bonus_days, form_key, state, session_id, pay_url, payment_intent_id, charge_id, transaction_id, created_ms, updated_ms, asked_ms, paid_ms, kind, discount_nano, tax_nano, refunded_nano, tax_inclusive, reverse_charge, paper FROM billing_orders;
DROP TABLE billing_orders;
ALTER TABLE billing_orders_of_payers RENAME TO billing_orders;
CREATE INDEX billing_orders_user ON billing_orders (user_id, id);
CREATE INDEX billing_orders_waiting ON billing_orders (asked_ms) WHERE state IN ('open', 'pending');
CREATE TRIGGER billing_orders_paid_stay BEFORE UPDATE ON billing_orders
WHEN OLD.state = 'paid' AND (NEW.state <> 'paid' OR NEW.transaction_id <> OLD.transaction_id OR NEW.price_nano <> OLD.price_nano)
BEGIN SELECT RAISE(ABORT, 'a paid order stays paid'); END;
CREATE UNIQUE INDEX billing_orders_one_recharge ON billing_orders (user_id) WHERE kind = 'recharge' AND state IN ('open', 'pending');

CREATE TABLE billing_customers_of_payers (
  user_id     INTEGER NOT NULL,
  -- Of the key that it was made with.
  is_test     INTEGER NOT NULL CHECK (is_test IN (0, 1)),
  -- `acct_…`; empty: made before anybody asked, or with a key that may not say.
  account_id  TEXT NOT NULL,
  -- `cus_…`
  customer_id TEXT NOT NULL UNIQUE,
  created_ms  INTEGER NOT NULL,
  PRIMARY KEY (user_id, is_test, account_id)
) STRICT;
INSERT INTO billing_customers_of_payers (user_id, is_test, account_id, customer_id, created_ms)
  SELECT user_id, is_test, account_id, customer_id, created_ms FROM billing_customers;
DROP TABLE billing_customers;
ALTER TABLE billing_customers_of_payers RENAME TO billing_customers;

DROP TRIGGER invoices_number;
DROP TRIGGER invoices_lines;
DROP TRIGGER invoices_kept;
DROP TRIGGER invoices_stay;
DROP TRIGGER debit_notes_count;
DROP TRIGGER credit_notes_cents;
DROP TRIGGER credit_notes_count;
CREATE TABLE invoices_of_payers (
  id             INTEGER PRIMARY KEY,
  -- INV-2026-001; above 999 a year it grows.
  number         TEXT NOT NULL UNIQUE,
  -- Of the day it was issued, UTC.
  year           INTEGER NOT NULL,
  serial         INTEGER NOT NULL CHECK (serial > 0),
  -- What it is for: `order:<public id>`, `stripe:<in_…>`, `market:<bill>`.
  key            TEXT NOT NULL UNIQUE CHECK (key <> ''),
  user_id        INTEGER NOT NULL,
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
INSERT INTO invoices_of_payers (id, number, year, serial, key, user_id, kind, subtotal_nano, discount_nano, tax_nano, total_nano, tax_inclusive, reverse_charge, document, issued_ms, due_ms, paid_ms, failed_ms, credited_nano)
  SELECT id, number, year, serial, key, user_id, kind, subtotal_nano, discount_nano, tax_nano, total_nano, tax_inclusive, reverse_charge, document, issued_ms, due_ms, paid_ms, failed_ms, credited_nano FROM invoices;
DROP TABLE invoices;
ALTER TABLE invoices_of_payers RENAME TO invoices;
CREATE INDEX invoices_user ON invoices (user_id, issued_ms, id);
CREATE INDEX invoices_issued ON invoices (issued_ms, id);
CREATE TRIGGER invoices_number BEFORE INSERT ON invoices
WHEN NEW.serial <> 1 + COALESCE((SELECT MAX(serial) FROM invoices WHERE year = NEW.year), 0)
  OR NEW.year <> CAST(strftime('%Y', NEW.issued_ms / 1000, 'unixepoch') AS INTEGER)
BEGIN SELECT RAISE(ABORT, 'invoices are numbered one after the other'); END;
CREATE TRIGGER invoices_lines BEFORE INSERT ON invoices
WHEN NEW.subtotal_nano IS NOT (SELECT SUM(json_extract(value, '$.amountNano')) FROM json_each(NEW.document, '$.lines'))
BEGIN SELECT RAISE(ABORT, 'the lines of an invoice add up to its subtotal'); END;
CREATE TRIGGER invoices_kept BEFORE DELETE ON invoices
BEGIN SELECT RAISE(ABORT, 'an issued invoice is kept'); END;
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
CREATE TRIGGER debit_notes_count AFTER INSERT ON debit_notes
BEGIN UPDATE invoices SET credited_nano = credited_nano - NEW.amount_nano WHERE id = NEW.invoice_id; END;
CREATE TRIGGER credit_notes_cents BEFORE INSERT ON credit_notes
WHEN NEW.amount_nano % 10000000 <> 0 AND (SELECT kind FROM invoices WHERE id = NEW.invoice_id) IS NOT 'product'
BEGIN SELECT RAISE(ABORT, 'a credit note is of whole cents'); END;
CREATE TRIGGER credit_notes_count AFTER INSERT ON credit_notes
BEGIN UPDATE invoices SET credited_nano = credited_nano + NEW.amount_nano WHERE id = NEW.invoice_id; END;
