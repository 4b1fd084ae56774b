-- Sales of what is neither credits nor a call: paid lots of one person, the pending of another (SPEC §16). Their calls' twin is `charges`.

CREATE TABLE sales (
  transaction_id  INTEGER PRIMARY KEY REFERENCES transactions (id),
  -- The buyer's wallet, the seller's pending.
  account_id      INTEGER NOT NULL REFERENCES accounts (id),
  pending_id      INTEGER NOT NULL REFERENCES accounts (id),
  amount_nano     INTEGER NOT NULL CHECK (amount_nano > 0),
  -- The platform's part, posted by a transaction of its own right behind, which is there a moment later; NULL = none.
  commission_nano INTEGER NOT NULL CHECK (commission_nano BETWEEN 0 AND amount_nano),
  commission_id   INTEGER UNIQUE CHECK ((commission_id IS NULL) = (commission_nano = 0)),
  at_ms           INTEGER NOT NULL
) STRICT;
CREATE INDEX sales_of_wallet ON sales (account_id, transaction_id);
CREATE TRIGGER sales_no_update BEFORE UPDATE ON sales
  BEGIN SELECT RAISE(ABORT, 'sales is append-only'); END;
CREATE TRIGGER sales_no_delete BEFORE DELETE ON sales
  BEGIN SELECT RAISE(ABORT, 'sales is append-only'); END;

-- What is taken back may be of a charge or of a sale: both have their ids from one sequence.
CREATE TABLE earning_takes_new (
  id             INTEGER PRIMARY KEY,
  charge_id      INTEGER NOT NULL,
  account_id     INTEGER NOT NULL REFERENCES accounts (id),
  day            INTEGER NOT NULL,
  source         TEXT NOT NULL CHECK (source IN ('paid', 'promo')),
  amount_nano    INTEGER NOT NULL CHECK (amount_nano <> 0),
  at_ms          INTEGER NOT NULL,
  -- It came back when its day had matured: to `payable`, and the day stays as it is.
  late           INTEGER NOT NULL DEFAULT 0 CHECK (late IN (0, 1) AND (late = 0 OR amount_nano < 0))
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

CREATE TABLE clawed_calls_new (
  -- Key of the claw-back.
  claw_key     TEXT NOT NULL CHECK (claw_key <> ''),
  -- A charge, or a sale.
  charge_id    INTEGER NOT NULL,
  -- Spent by it of the lots that are clawed; each credit of it once, among claw-backs that stand.
  credits_nano INTEGER NOT NULL CHECK (credits_nano > 0),
  -- Taken from its developer's pending; 0 where nothing was earned, or all of it has matured.
  earned_nano  INTEGER NOT NULL CHECK (earned_nano >= 0),
  PRIMARY KEY (claw_key, charge_id)
) STRICT, WITHOUT ROWID;
INSERT INTO clawed_calls_new (claw_key, charge_id, credits_nano, earned_nano)
  SELECT claw_key, charge_id, credits_nano, earned_nano FROM clawed_calls;
DROP TABLE clawed_calls;
ALTER TABLE clawed_calls_new RENAME TO clawed_calls;
CREATE INDEX clawed_calls_of_charge ON clawed_calls (charge_id);
CREATE TRIGGER clawed_calls_no_update BEFORE UPDATE ON clawed_calls
  BEGIN SELECT RAISE(ABORT, 'clawed_calls is append-only'); END;
CREATE TRIGGER clawed_calls_no_delete BEFORE DELETE ON clawed_calls
  BEGIN SELECT RAISE(ABORT, 'clawed_calls is append-only'); END;
