-- What was given back and did not arrive, on paper; and what a claw-back took of credits that had expired.

-- Of what was taken back: what had expired or was taken away before, which the house had in breakage. Not part of `taken_nano`.
ALTER TABLE billing_holdbacks ADD COLUMN broken_nano INTEGER NOT NULL DEFAULT 0 CHECK (broken_nano >= 0);

-- A credit note that does not hold, since its bank did not take the refund, or a lost dispute was won after all: a document of its own says so.
CREATE TABLE debit_notes (
  id             INTEGER PRIMARY KEY,
  -- DN-2026-001
  number         TEXT NOT NULL UNIQUE,
  year           INTEGER NOT NULL,
  serial         INTEGER NOT NULL CHECK (serial > 0),
  -- Each is cancelled once, and whole.
  credit_note_id INTEGER NOT NULL UNIQUE REFERENCES credit_notes (id),
  invoice_id     INTEGER NOT NULL REFERENCES invoices (id),
  -- n$: those of the credit note.
  amount_nano    INTEGER NOT NULL CHECK (amount_nano > 0),
  tax_nano       INTEGER NOT NULL CHECK (tax_nano BETWEEN 0 AND amount_nano),
  reason         TEXT NOT NULL,
  issued_ms      INTEGER NOT NULL,
  UNIQUE (year, serial),
  CHECK (number = printf('DN-%04d-%03d', year, serial))
) STRICT;
CREATE INDEX debit_notes_invoice ON debit_notes (invoice_id, id);

CREATE TRIGGER debit_notes_number BEFORE INSERT ON debit_notes
WHEN NEW.serial <> 1 + COALESCE((SELECT MAX(serial) FROM debit_notes WHERE year = NEW.year), 0)
  OR NEW.year <> CAST(strftime('%Y', NEW.issued_ms / 1000, 'unixepoch') AS INTEGER)
BEGIN SELECT RAISE(ABORT, 'debit notes are numbered one after the other'); END;
CREATE TRIGGER debit_notes_whole BEFORE INSERT ON debit_notes
WHEN NOT EXISTS (SELECT 1 FROM credit_notes n WHERE n.id = NEW.credit_note_id AND n.invoice_id = NEW.invoice_id
                   AND n.amount_nano = NEW.amount_nano AND n.tax_nano = NEW.tax_nano)
BEGIN SELECT RAISE(ABORT, 'a debit note cancels all of its credit note'); END;
CREATE TRIGGER debit_notes_count AFTER INSERT ON debit_notes
BEGIN UPDATE invoices SET credited_nano = credited_nano - NEW.amount_nano WHERE id = NEW.invoice_id; END;
CREATE TRIGGER debit_notes_stay BEFORE UPDATE ON debit_notes
BEGIN SELECT RAISE(ABORT, 'an issued debit note stays as it is'); END;
CREATE TRIGGER debit_notes_kept BEFORE DELETE ON debit_notes
BEGIN SELECT RAISE(ABORT, 'an issued debit note is kept'); END;

-- What was credited of an invoice is what its notes say together, and nothing else.
DROP TRIGGER invoices_stay;
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

-- Refunds that came to nothing are looked up by the job that looks at their papers.
CREATE INDEX billing_refunds_off ON billing_refunds (id) WHERE state IN ('failed', 'canceled', 'refused');
