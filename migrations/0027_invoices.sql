-- Invoices of our own for everything that is paid, and the credit notes that take some of it back. Numbers have no gaps: the next one is
-- taken in the write that needs it, so that what is rolled back takes none. A document that was issued is never changed.
CREATE TABLE invoices (
  id             INTEGER PRIMARY KEY,
  -- INV-2026-001; above 999 a year it grows.
  number         TEXT NOT NULL UNIQUE,
  -- Of the day it was issued, UTC.
  year           INTEGER NOT NULL,
  serial         INTEGER NOT NULL CHECK (serial > 0),
  -- What it is for: `order:<public id>`, `stripe:<in_…>`.
  key            TEXT NOT NULL UNIQUE CHECK (key <> ''),
  user_id        INTEGER NOT NULL REFERENCES users (id),
  kind           TEXT NOT NULL CHECK (kind IN ('package', 'recharge', 'manual', 'plan')),
  -- n$, whole cents. Lines together; what a coupon took off; tax; what is to be paid.
  subtotal_nano  INTEGER NOT NULL CHECK (subtotal_nano % 10000000 = 0),
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
  OR NEW.credited_nano < OLD.credited_nano
BEGIN SELECT RAISE(ABORT, 'an issued invoice stays as it is'); END;

CREATE TRIGGER invoices_kept BEFORE DELETE ON invoices
BEGIN SELECT RAISE(ABORT, 'an issued invoice is kept'); END;

-- What of an invoice was given back. Parties are those of the invoice.
CREATE TABLE credit_notes (
  id          INTEGER PRIMARY KEY,
  -- CN-2026-001
  number      TEXT NOT NULL UNIQUE,
  year        INTEGER NOT NULL,
  serial      INTEGER NOT NULL CHECK (serial > 0),
  -- Of the refund: the same one is the same note.
  key         TEXT NOT NULL UNIQUE CHECK (key <> ''),
  invoice_id  INTEGER NOT NULL REFERENCES invoices (id),
  -- n$, whole cents: what was given back, and the tax in it.
  amount_nano INTEGER NOT NULL CHECK (amount_nano > 0 AND amount_nano % 10000000 = 0),
  tax_nano    INTEGER NOT NULL CHECK (tax_nano BETWEEN 0 AND amount_nano AND tax_nano % 10000000 = 0),
  reason      TEXT NOT NULL,
  issued_ms   INTEGER NOT NULL,
  UNIQUE (year, serial),
  CHECK (number = printf('CN-%04d-%03d', year, serial))
) STRICT;
CREATE INDEX credit_notes_invoice ON credit_notes (invoice_id, id);

CREATE TRIGGER credit_notes_number BEFORE INSERT ON credit_notes
WHEN NEW.serial <> 1 + COALESCE((SELECT MAX(serial) FROM credit_notes WHERE year = NEW.year), 0)
  OR NEW.year <> CAST(strftime('%Y', NEW.issued_ms / 1000, 'unixepoch') AS INTEGER)
BEGIN SELECT RAISE(ABORT, 'credit notes are numbered one after the other'); END;
-- The invoice remembers the sum, and its own check keeps that within its total.
CREATE TRIGGER credit_notes_count AFTER INSERT ON credit_notes
BEGIN UPDATE invoices SET credited_nano = credited_nano + NEW.amount_nano WHERE id = NEW.invoice_id; END;
CREATE TRIGGER credit_notes_stay BEFORE UPDATE ON credit_notes
BEGIN SELECT RAISE(ABORT, 'an issued credit note stays as it is'); END;
CREATE TRIGGER credit_notes_kept BEFORE DELETE ON credit_notes
BEGIN SELECT RAISE(ABORT, 'an issued credit note is kept'); END;

-- Of an order, for its invoice. 1: the tax lies within the price.
ALTER TABLE billing_orders ADD COLUMN tax_inclusive INTEGER NOT NULL DEFAULT 0 CHECK (tax_inclusive IN (0, 1));
ALTER TABLE billing_orders ADD COLUMN reverse_charge INTEGER NOT NULL DEFAULT 0 CHECK (reverse_charge IN (0, 1));
-- JSON: whom it is billed to, where that is not the account, when the money came, and what else the invoice says.
ALTER TABLE billing_orders ADD COLUMN paper TEXT CHECK (paper IS NULL OR json_valid(paper));
