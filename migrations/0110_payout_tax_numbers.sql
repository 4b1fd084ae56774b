-- The tax number of a payee, sealed: tax offices ask for it beside what somebody was paid. One a person; it goes with them.
CREATE TABLE payout_tax_numbers (
  owner_id  INTEGER PRIMARY KEY,
  public_id TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'ptx_*'),
  -- ISO 3166-1.
  country   TEXT NOT NULL CHECK (country GLOB '[A-Z][A-Z]'),
  kind      TEXT NOT NULL CHECK (kind IN ('vat', 'ssn', 'ein', 'other')),
  -- How it ends; all that is shown of it.
  hint      TEXT NOT NULL CHECK (length(hint) BETWEEN 1 AND 4),
  sealed    TEXT NOT NULL,
  set_ms    INTEGER NOT NULL
) STRICT;
