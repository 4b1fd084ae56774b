-- Payouts of developers and publishers, beside what the books know of them (`payouts`: the money alone). Where money goes is sealed; what
-- pages show of it is its last characters. Nothing here moves money: the ledger's verbs do, in the same write.
CREATE TABLE payout_methods (
  id           INTEGER PRIMARY KEY,
  public_id    TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'pym_*'),
  owner_id     INTEGER NOT NULL,
  kind         TEXT NOT NULL CHECK (kind IN ('iban', 'us_bank', 'paypal', 'stripe')),
  currency     TEXT NOT NULL CHECK (currency GLOB '[A-Z][A-Z][A-Z]'),
  -- Country of the bank; NULL where there is none.
  country      TEXT CHECK (country GLOB '[A-Z][A-Z]'),
  -- What tells it from others: last characters of a number, an address with its middle left out.
  hint         TEXT NOT NULL CHECK (length(hint) <= 80),
  -- JSON of all that a payment needs. NULL: it ended, and nothing that was sent there is open.
  sealed       TEXT,
  created_ms   INTEGER NOT NULL,
  -- No payout goes there before.
  usable_ms    INTEGER NOT NULL CHECK (usable_ms >= created_ms),
  -- An address for mail was proved by a code; NULL: not yet. Others are checked by their sums.
  confirmed_ms INTEGER,
  code_hash    TEXT CHECK (length(code_hash) = 64),
  code_tries   INTEGER NOT NULL DEFAULT 0,
  code_until_ms INTEGER,
  ended_ms     INTEGER
) STRICT;
-- A person has one at a time: another one is another row.
CREATE UNIQUE INDEX payout_methods_live ON payout_methods (owner_id) WHERE ended_ms IS NULL;
CREATE INDEX payout_methods_of_owner ON payout_methods (owner_id, id);

-- One file for a bank or a payment service: whatever is in it is in no other, so that nobody is paid by two of them.
CREATE TABLE payout_files (
  id         INTEGER PRIMARY KEY,
  public_id  TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'pyf_*'),
  format     TEXT NOT NULL CHECK (format IN ('pain', 'csv', 'paypal')),
  created_ms INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  -- Who pays, as it was then: the same file every time.
  debtor     TEXT NOT NULL CHECK (json_valid(debtor)),
  -- It was not sent: what is in it may go into another one.
  withdrawn_ms INTEGER
) STRICT;

CREATE TABLE payout_orders (
  id           INTEGER PRIMARY KEY,
  -- The ledger's id of it.
  public_id    TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'pay_*'),
  -- Pressed twice, it is one.
  key          TEXT NOT NULL UNIQUE,
  owner_id     INTEGER NOT NULL,
  mode         TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  amount_nano  INTEGER NOT NULL CHECK (amount_nano > 0 AND amount_nano % 10000000 = 0),
  -- NULL: a test goes nowhere.
  method_id    INTEGER REFERENCES payout_methods (id),
  state        TEXT NOT NULL DEFAULT 'requested'
                 CHECK (state IN ('requested', 'approved', 'paid', 'rejected', 'failed', 'withdrawn')),
  -- Set when it is approved: units of the currency for one dollar, in millionths, and what is paid in the currency's smallest unit.
  currency     TEXT CHECK (currency GLOB '[A-Z][A-Z][A-Z]'),
  rate_micro   INTEGER CHECK (rate_micro > 0),
  paid_minor   INTEGER CHECK (paid_minor > 0),
  by_schedule  INTEGER NOT NULL DEFAULT 0 CHECK (by_schedule IN (0, 1)),
  requested_ms INTEGER NOT NULL,
  approved_ms  INTEGER,
  resolved_ms  INTEGER,
  file_id      INTEGER REFERENCES payout_files (id),
  -- Why it was refused or came back, as its person reads it.
  because      TEXT,
  -- Of the payment, as the bank or service has it.
  reference    TEXT CHECK (length(reference) <= 80),
  CHECK (mode = 'live' OR method_id IS NULL),
  CHECK (mode = 'test' OR method_id IS NOT NULL),
  CHECK ((state IN ('requested', 'approved')) = (resolved_ms IS NULL)),
  CHECK (mode = 'test' OR state NOT IN ('approved', 'paid') OR (approved_ms IS NOT NULL AND currency IS NOT NULL AND rate_micro IS NOT NULL
    AND paid_minor IS NOT NULL))
) STRICT;
CREATE INDEX payout_orders_of_owner ON payout_orders (owner_id, id);
CREATE INDEX payout_orders_by_state ON payout_orders (state, id) WHERE mode = 'live';
CREATE INDEX payout_orders_of_file ON payout_orders (file_id) WHERE file_id IS NOT NULL;
CREATE INDEX payout_orders_of_method ON payout_orders (method_id) WHERE method_id IS NOT NULL;

-- Whom nothing is paid to until somebody has looked.
CREATE TABLE payout_holds (
  id          INTEGER PRIMARY KEY,
  owner_id    INTEGER NOT NULL,
  -- For the operators alone.
  reason      TEXT NOT NULL,
  held_ms     INTEGER NOT NULL,
  released_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX payout_holds_open ON payout_holds (owner_id) WHERE released_ms IS NULL;
CREATE INDEX payout_holds_of_owner ON payout_holds (owner_id, id);
