-- Refunds of what the marketplace sold (SPEC §16): a period, an upgrade, or what calls were charged above a plan.

-- What was given back of a charge or a sale is found by it.
CREATE INDEX corrections_of_charge ON corrections (json_extract(request, '$.transactionId')) WHERE verb = 'refund_charge';

-- `late` above 0 is new: what a seller had earned for good is taken from `payable`, which may go below zero; what they earn next fills it.
CREATE TABLE earning_takes_new (
  id             INTEGER PRIMARY KEY,
  charge_id      INTEGER NOT NULL,
  account_id     INTEGER NOT NULL REFERENCES accounts (id),
  day            INTEGER NOT NULL,
  source         TEXT NOT NULL CHECK (source IN ('paid', 'promo')),
  amount_nano    INTEGER NOT NULL CHECK (amount_nano <> 0),
  at_ms          INTEGER NOT NULL,
  -- Its day had matured: it was `payable` that moved, and the day stays as it is.
  late           INTEGER NOT NULL DEFAULT 0 CHECK (late IN (0, 1))
) STRICT;
INSERT INTO earning_takes_new (id, charge_id, account_id, day, source, amount_nano, at_ms, late)
  SELECT id, charge_id, account_id, day, source, amount_nano, at_ms, late FROM earning_takes;
DROP TABLE earning_takes;
ALTER TABLE earning_takes_new RENAME TO earning_takes;
CREATE INDEX earning_takes_of_charge ON earning_takes (charge_id);
CREATE INDEX earning_takes_of_account ON earning_takes (account_id, at_ms);
CREATE TRIGGER earning_takes_no_update BEFORE UPDATE ON earning_takes
  BEGIN SELECT RAISE(ABORT, 'earning_takes is append-only'); END;
CREATE TRIGGER earning_takes_no_delete BEFORE DELETE ON earning_takes
  BEGIN SELECT RAISE(ABORT, 'earning_takes is append-only'); END;

-- What was given back of a bill: its credits in the books, its credit note with the invoice.
CREATE TABLE market_refunds (
  id              INTEGER PRIMARY KEY,
  public_id       TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'mrf_*'),
  bill_id         INTEGER NOT NULL REFERENCES market_bills (id),
  -- Of the form: sent twice it gives back once.
  key             TEXT NOT NULL UNIQUE CHECK (key <> ''),
  amount_nano     INTEGER NOT NULL CHECK (amount_nano > 0),
  -- Of it: what the platform had kept, and what the publisher had earned.
  commission_nano INTEGER NOT NULL CHECK (commission_nano >= 0),
  earned_nano     INTEGER NOT NULL CHECK (earned_nano >= 0 AND commission_nano + earned_nano <= amount_nano),
  by_whom         TEXT NOT NULL CHECK (by_whom IN ('publisher', 'admin')),
  reason          TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
  -- CN-2026-001
  note            TEXT NOT NULL UNIQUE,
  created_ms      INTEGER NOT NULL
) STRICT;
CREATE INDEX market_refunds_of ON market_refunds (bill_id, id);
CREATE INDEX market_refunds_at ON market_refunds (created_ms);
CREATE TRIGGER market_refunds_no_update BEFORE UPDATE ON market_refunds
WHEN (NEW.bill_id, NEW.key, NEW.amount_nano, NEW.commission_nano, NEW.earned_nano, NEW.by_whom, NEW.note, NEW.created_ms)
  IS NOT (OLD.bill_id, OLD.key, OLD.amount_nano, OLD.commission_nano, OLD.earned_nano, OLD.by_whom, OLD.note, OLD.created_ms)
BEGIN SELECT RAISE(ABORT, 'a refund stays as it is'); END;
CREATE TRIGGER market_refunds_no_delete BEFORE DELETE ON market_refunds
BEGIN SELECT RAISE(ABORT, 'a refund is kept'); END;

-- Calls that were charged beside their plan, for what is given back of them.
CREATE INDEX market_calls_charged ON market_calls (subscription_id, id) WHERE charged_nano > 0;

-- Invoices of the marketplace may be of less than a cent, and so may what is given back of them.
DROP TRIGGER invoices_stay;
DROP TRIGGER debit_notes_whole;
DROP TRIGGER credit_notes_number;
DROP TRIGGER credit_notes_stay;
DROP TRIGGER credit_notes_kept;
DROP TRIGGER credit_notes_count;
CREATE TABLE credit_notes_new (
  id          INTEGER PRIMARY KEY,
  -- CN-2026-001
  number      TEXT NOT NULL UNIQUE,
  year        INTEGER NOT NULL,
  serial      INTEGER NOT NULL CHECK (serial > 0),
  -- Of the refund: the same one is the same note.
  key         TEXT NOT NULL UNIQUE CHECK (key <> ''),
  invoice_id  INTEGER NOT NULL REFERENCES invoices (id),
  -- n$, whole cents but for products: what was given back, and the tax in it.
  amount_nano INTEGER NOT NULL CHECK (amount_nano > 0),
  tax_nano    INTEGER NOT NULL CHECK (tax_nano BETWEEN 0 AND amount_nano AND tax_nano % 10000000 = 0),
  reason      TEXT NOT NULL,
  issued_ms   INTEGER NOT NULL,
  UNIQUE (year, serial),
  CHECK (number = printf('CN-%04d-%03d', year, serial))
) STRICT;
INSERT INTO credit_notes_new (id, number, year, serial, key, invoice_id, amount_nano, tax_nano, reason, issued_ms)
  SELECT id, number, year, serial, key, invoice_id, amount_nano, tax_nano, reason, issued_ms FROM credit_notes;
DROP TABLE credit_notes;
ALTER TABLE credit_notes_new RENAME TO credit_notes;
CREATE INDEX credit_notes_invoice ON credit_notes (invoice_id, id);
CREATE TRIGGER credit_notes_number BEFORE INSERT ON credit_notes
WHEN NEW.serial <> 1 + COALESCE((SELECT MAX(serial) FROM credit_notes WHERE year = NEW.year), 0)
  OR NEW.year <> CAST(strftime('%Y', NEW.issued_ms / 1000, 'unixepoch') AS INTEGER)
BEGIN SELECT RAISE(ABORT, 'credit notes are numbered one after the other'); END;
CREATE TRIGGER credit_notes_cents BEFORE INSERT ON credit_notes
WHEN NEW.amount_nano % 10000000 <> 0 AND (SELECT kind FROM invoices WHERE id = NEW.invoice_id) IS NOT 'product'
BEGIN SELECT RAISE(ABORT, 'a credit note is of whole cents'); END;
CREATE TRIGGER credit_notes_stay BEFORE UPDATE ON credit_notes
BEGIN SELECT RAISE(ABORT, 'an issued credit note stays as it is'); END;
CREATE TRIGGER credit_notes_kept BEFORE DELETE ON credit_notes
BEGIN SELECT RAISE(ABORT, 'an issued credit note is kept'); END;
CREATE TRIGGER credit_notes_count AFTER INSERT ON credit_notes
BEGIN UPDATE invoices SET credited_nano = credited_nano + NEW.amount_nano WHERE id = NEW.invoice_id; END;
CREATE TRIGGER debit_notes_whole BEFORE INSERT ON debit_notes
WHEN NOT EXISTS (SELECT 1 FROM credit_notes n WHERE n.id = NEW.credit_note_id AND n.invoice_id = NEW.invoice_id
                   AND n.amount_nano = NEW.amount_nano AND n.tax_nano = NEW.tax_nano)
BEGIN SELECT RAISE(ABORT, 'a debit note cancels all of its credit note'); END;
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
