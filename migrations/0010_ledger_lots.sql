-- Corrections and lots that roll over. Terms of a lot stay fixed; credits that come back lower `consumed_nano` and its like.

-- What becomes of the unheld rest when the lot expires: all three or none. `rolled_from` names the lot that this one continues.
ALTER TABLE lots ADD COLUMN rollover_max_nano INTEGER CHECK (rollover_max_nano BETWEEN 0 AND 9007199254740991);
ALTER TABLE lots ADD COLUMN rollover_cap_nano INTEGER
  CHECK (rollover_cap_nano BETWEEN 0 AND 9007199254740991)
  CHECK (rollover_cap_nano IS NULL OR rollover_max_nano IS NOT NULL);
ALTER TABLE lots ADD COLUMN rollover_lifetime_ms INTEGER
  CHECK (rollover_lifetime_ms > 0)
  CHECK ((rollover_lifetime_ms IS NULL) = (rollover_max_nano IS NULL))
  CHECK (rollover_lifetime_ms IS NULL OR expires_ms IS NOT NULL);
ALTER TABLE lots ADD COLUMN rolled_from INTEGER REFERENCES lots (id)
  CHECK (rolled_from IS NULL OR (rollover_max_nano IS NULL AND expires_ms IS NOT NULL AND rolled_from < id));
CREATE INDEX lots_rolled ON lots (rolled_from) WHERE rolled_from IS NOT NULL;
CREATE INDEX lots_of_account ON lots (account_id, id);
DROP TRIGGER lots_terms_fixed;
CREATE TRIGGER lots_terms_fixed
  BEFORE UPDATE OF id, public_id, account_id, bucket, paid, priority, restriction, granted_nano, effective_ms, expires_ms,
                   created_ms, key, rollover_max_nano, rollover_cap_nano, rollover_lifetime_ms, rolled_from ON lots
  BEGIN SELECT RAISE(ABORT, 'the terms of a lot never change'); END;

-- A raised hold reserves more, perhaps of a lot it had already or of one that comes before; it never gives up what it has.
ALTER TABLE holds ADD COLUMN raised_ms INTEGER CHECK (raised_ms >= created_ms);
DROP TRIGGER hold_lots_no_update;
CREATE TRIGGER hold_lots_no_update BEFORE UPDATE ON hold_lots
  WHEN NEW.hold_id <> OLD.hold_id OR NEW.lot_id <> OLD.lot_id OR NEW.amount_nano < OLD.amount_nano
    OR (SELECT state FROM holds WHERE id = OLD.hold_id) <> 'open'
  BEGIN SELECT RAISE(ABORT, 'hold_lots is append-only, but for raising an open hold'); END;

-- What was done about a call after its settle: refunds and reversals carry its hold.
CREATE INDEX transactions_after_hold ON transactions (hold_id) WHERE hold_id IS NOT NULL AND type <> 'usage';

-- Refunds, claw-backs, adjustments, set balances, voids: one row per key, with what was asked and what was answered, so that
-- the same key gives the same answer. No personal data: ids and amounts only.
CREATE TABLE corrections (
  key            TEXT PRIMARY KEY CHECK (key <> ''),
  verb           TEXT NOT NULL CHECK (verb IN ('refund_charge', 'claw_back', 'adjust', 'set_balance', 'void_lot')),
  request        TEXT NOT NULL CHECK (json_valid(request)),
  result         TEXT NOT NULL CHECK (json_valid(result)),
  -- The lot of a claw-back or void, and how much of it; what all claw-backs of a lot may be is decided by these.
  lot_id         INTEGER REFERENCES lots (id) CHECK ((lot_id IS NOT NULL) = (verb IN ('claw_back', 'void_lot'))),
  amount_nano    INTEGER NOT NULL,
  -- NULL when there was nothing to change.
  transaction_id INTEGER UNIQUE REFERENCES transactions (id)
    CHECK (transaction_id IS NOT NULL OR (verb IN ('adjust', 'set_balance') AND amount_nano = 0)),
  at_ms          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX corrections_of_lot ON corrections (lot_id) WHERE lot_id IS NOT NULL;
CREATE TRIGGER corrections_no_update BEFORE UPDATE ON corrections
  BEGIN SELECT RAISE(ABORT, 'corrections are append-only'); END;
CREATE TRIGGER corrections_no_delete BEFORE DELETE ON corrections
  BEGIN SELECT RAISE(ABORT, 'corrections are append-only'); END;
