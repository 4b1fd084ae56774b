-- Money that goes back: what the ledger keeps of it (freezes, claw-backs undone, disputes lost), and what billing knows of refunds and disputes.

-- Not to be spent for now, because its payment is in doubt. Projection of freezes and thaws in `corrections`; what rolls over takes it along.
ALTER TABLE lots ADD COLUMN frozen INTEGER NOT NULL DEFAULT 0 CHECK (frozen IN (0, 1));

-- Corrections, with more verbs: a claw-back is restored or, when its dispute is lost, settled; a lot is frozen and thawed.
CREATE TABLE corrections_new (
  key            TEXT PRIMARY KEY CHECK (key <> ''),
  verb           TEXT NOT NULL CHECK (verb IN ('refund_charge', 'claw_back', 'adjust', 'set_balance', 'void_lot', 'restore_claw',
                                               'settle_dispute', 'freeze_lot', 'thaw_lot')),
  request        TEXT NOT NULL CHECK (json_valid(request)),
  result         TEXT NOT NULL CHECK (json_valid(result)),
  -- The lot it is about, and how much of it; what all claw-backs of a lot may be is decided by these, less what was restored.
  lot_id         INTEGER REFERENCES lots (id)
    CHECK ((lot_id IS NOT NULL) = (verb NOT IN ('refund_charge', 'adjust', 'set_balance'))),
  amount_nano    INTEGER NOT NULL,
  -- NULL when there was nothing to change; freezes move nothing.
  transaction_id INTEGER UNIQUE REFERENCES transactions (id)
    CHECK (transaction_id IS NOT NULL OR (amount_nano = 0 AND verb IN ('adjust', 'set_balance', 'claw_back', 'restore_claw'))
           OR verb IN ('freeze_lot', 'thaw_lot'))
    CHECK (transaction_id IS NULL OR verb NOT IN ('freeze_lot', 'thaw_lot')),
  at_ms          INTEGER NOT NULL,
  -- Key of the claw-back that is restored or settled, or of the freeze that ends.
  of_key         TEXT CHECK ((of_key IS NOT NULL) = (verb IN ('restore_claw', 'settle_dispute', 'thaw_lot')))
) STRICT, WITHOUT ROWID;
INSERT INTO corrections_new (key, verb, request, result, lot_id, amount_nano, transaction_id, at_ms, of_key)
  SELECT key, verb, request, result, lot_id, amount_nano, transaction_id, at_ms, NULL FROM corrections;
DROP TABLE corrections;
ALTER TABLE corrections_new RENAME TO corrections;
CREATE INDEX corrections_of_lot ON corrections (lot_id) WHERE lot_id IS NOT NULL;
-- Each is restored, settled or ended once.
CREATE UNIQUE INDEX corrections_of_key ON corrections (of_key, verb) WHERE of_key IS NOT NULL;
CREATE TRIGGER corrections_no_update BEFORE UPDATE ON corrections
  BEGIN SELECT RAISE(ABORT, 'corrections are append-only'); END;
CREATE TRIGGER corrections_no_delete BEFORE DELETE ON corrections
  BEGIN SELECT RAISE(ABORT, 'corrections are append-only'); END;

-- What was taken back from a charge's earning while it was pending, and (below 0) what came back to the developer since.
CREATE TABLE earning_takes_new (
  id             INTEGER PRIMARY KEY,
  charge_id      INTEGER NOT NULL REFERENCES charges (id),
  account_id     INTEGER NOT NULL REFERENCES accounts (id),
  day            INTEGER NOT NULL,
  source         TEXT NOT NULL CHECK (source IN ('paid', 'promo')),
  amount_nano    INTEGER NOT NULL CHECK (amount_nano <> 0),
  at_ms          INTEGER NOT NULL,
  -- It came back when its day had matured: to `payable`, and the day stays as it is.
  late           INTEGER NOT NULL DEFAULT 0 CHECK (late IN (0, 1) AND (late = 0 OR amount_nano < 0))
) STRICT;
INSERT INTO earning_takes_new (id, charge_id, account_id, day, source, amount_nano, at_ms)
  SELECT id, charge_id, account_id, day, source, amount_nano, at_ms FROM earning_takes;
DROP TABLE earning_takes;
ALTER TABLE earning_takes_new RENAME TO earning_takes;
CREATE INDEX earning_takes_of_charge ON earning_takes (charge_id);
CREATE INDEX earning_takes_of_account ON earning_takes (account_id, at_ms);
CREATE TRIGGER earning_takes_no_update BEFORE UPDATE ON earning_takes
  BEGIN SELECT RAISE(ABORT, 'earning_takes is append-only'); END;
CREATE TRIGGER earning_takes_no_delete BEFORE DELETE ON earning_takes
  BEGIN SELECT RAISE(ABORT, 'earning_takes is append-only'); END;

-- Calls that were paid with credits which a claw-back could not find any more, newest first: whose developers bear it while they are pending.
CREATE TABLE clawed_calls (
  -- Key of the claw-back.
  claw_key     TEXT NOT NULL CHECK (claw_key <> ''),
  charge_id    INTEGER NOT NULL REFERENCES charges (id),
  -- Spent by this call of the lots that are clawed; each credit of a call once, among claw-backs that stand.
  credits_nano INTEGER NOT NULL CHECK (credits_nano > 0),
  -- Taken from its developer's pending; 0 where nothing was earned, or all of it has matured.
  earned_nano  INTEGER NOT NULL CHECK (earned_nano >= 0),
  PRIMARY KEY (claw_key, charge_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX clawed_calls_of_charge ON clawed_calls (charge_id);
CREATE TRIGGER clawed_calls_no_update BEFORE UPDATE ON clawed_calls
  BEGIN SELECT RAISE(ABORT, 'clawed_calls is append-only'); END;
CREATE TRIGGER clawed_calls_no_delete BEFORE DELETE ON clawed_calls
  BEGIN SELECT RAISE(ABORT, 'clawed_calls is append-only'); END;

-- Money that goes back to a buyer: asked for here, or made at the processor.
CREATE TABLE billing_refunds (
  id                INTEGER PRIMARY KEY,
  -- `rfd_…`
  public_id         TEXT NOT NULL UNIQUE,
  -- `re_…`; NULL until the processor has answered, and where the money goes back by hand.
  refund_id         TEXT UNIQUE,
  -- What was paid: `order:ord_…` or `stripe:in_…`, by which ledger and invoice know it. NULL: nobody has told of that payment yet.
  payment_key       TEXT,
  -- `pi_…` and `ch_…`, by which it is found then.
  payment_intent_id TEXT,
  charge_id         TEXT,
  -- n$, whole cents, tax included.
  amount_nano       INTEGER NOT NULL CHECK (amount_nano > 0 AND amount_nano % 10000000 = 0),
  -- asked: of the processor, which has not answered. refused: it said no. pending, succeeded, failed, canceled: its own words.
  state             TEXT NOT NULL CHECK (state IN ('asked', 'refused', 'pending', 'succeeded', 'failed', 'canceled')),
  -- An admin's words, for other admins; NULL where it was made at the processor.
  reason            TEXT,
  -- Why it was refused or failed.
  note              TEXT,
  -- Of the form that asked for it: a second press is the same refund.
  form_key          TEXT UNIQUE,
  -- The last state that its person was told of.
  told              TEXT,
  created_ms        INTEGER NOT NULL,
  updated_ms        INTEGER NOT NULL,
  asked_ms          INTEGER NOT NULL,
  CHECK (payment_key IS NOT NULL OR payment_intent_id IS NOT NULL OR charge_id IS NOT NULL),
  CHECK (state NOT IN ('asked', 'refused') OR payment_key IS NOT NULL)
) STRICT;
CREATE INDEX billing_refunds_payment ON billing_refunds (payment_key);
CREATE INDEX billing_refunds_open ON billing_refunds (asked_ms) WHERE state IN ('asked', 'pending');
CREATE INDEX billing_refunds_unknown ON billing_refunds (id) WHERE payment_key IS NULL;

-- What a bank says against a payment: a dispute, or the warning that one may come.
CREATE TABLE billing_disputes (
  id                INTEGER PRIMARY KEY,
  -- `dsp_…`
  public_id         TEXT NOT NULL UNIQUE,
  -- `du_…`, or of a warning `issfr_…`
  dispute_id        TEXT NOT NULL UNIQUE,
  kind              TEXT NOT NULL CHECK (kind IN ('dispute', 'warning')),
  payment_key       TEXT,
  payment_intent_id TEXT,
  charge_id         TEXT,
  -- n$, whole cents: what it is about, and what of it the bank has taken.
  amount_nano       INTEGER NOT NULL CHECK (amount_nano >= 0 AND amount_nano % 10000000 = 0),
  withdrawn_nano    INTEGER NOT NULL CHECK (withdrawn_nano BETWEEN 0 AND amount_nano AND withdrawn_nano % 10000000 = 0),
  -- closed: over without money, as questions and warnings end.
  state             TEXT NOT NULL CHECK (state IN ('open', 'closed', 'lost', 'won')),
  -- The bank's word, such as fraudulent.
  reason            TEXT NOT NULL,
  -- Until when it is to be answered.
  due_ms            INTEGER,
  -- An admin gave the credits free before it ended.
  released_ms       INTEGER,
  told              TEXT,
  created_ms        INTEGER NOT NULL,
  updated_ms        INTEGER NOT NULL,
  asked_ms          INTEGER NOT NULL,
  CHECK (payment_key IS NOT NULL OR payment_intent_id IS NOT NULL OR charge_id IS NOT NULL)
) STRICT;
CREATE INDEX billing_disputes_payment ON billing_disputes (payment_key);
CREATE INDEX billing_disputes_open ON billing_disputes (asked_ms) WHERE state = 'open';
CREATE INDEX billing_disputes_unknown ON billing_disputes (id) WHERE payment_key IS NULL;

-- What refunds and disputes did to credits, lot by lot: claw-backs and freezes in the ledger, and whether they stand.
CREATE TABLE billing_holdbacks (
  id              INTEGER PRIMARY KEY,
  payment_key     TEXT NOT NULL,
  -- The refund or dispute that it is for.
  source          TEXT NOT NULL,
  kind            TEXT NOT NULL CHECK (kind IN ('claw', 'freeze')),
  lot_key         TEXT NOT NULL,
  -- Of a claw-back: through which account, and how much was asked; what was there, is owed, and came from developers.
  through         TEXT NOT NULL CHECK (through IN ('cash', 'disputes', 'promo', '')),
  amount_nano     INTEGER NOT NULL CHECK (amount_nano >= 0),
  taken_nano      INTEGER NOT NULL CHECK (taken_nano >= 0),
  debt_nano       INTEGER NOT NULL CHECK (debt_nano >= 0),
  developers_nano INTEGER NOT NULL CHECK (developers_nano >= 0),
  -- The ledger's key.
  key             TEXT NOT NULL UNIQUE,
  -- standing; lost: it stands for good, the bank has decided; over: restored, or thawed.
  state           TEXT NOT NULL CHECK (state IN ('standing', 'lost', 'over')),
  created_ms      INTEGER NOT NULL,
  updated_ms      INTEGER NOT NULL
) STRICT;
CREATE INDEX billing_holdbacks_payment ON billing_holdbacks (payment_key);
