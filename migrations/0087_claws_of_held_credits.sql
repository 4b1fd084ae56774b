-- What credits that a claw-back named paid of what it left owed, once a call had given them back: each part of a debt that its own lot repaid.
CREATE TABLE claw_repays (
  -- Key of the claw-back.
  claw_key       TEXT NOT NULL CHECK (claw_key <> ''),
  -- The posting of type `debt`, and the lot that paid.
  transaction_id INTEGER NOT NULL REFERENCES transactions (id),
  lot_id         INTEGER NOT NULL REFERENCES lots (id),
  amount_nano    INTEGER NOT NULL CHECK (amount_nano > 0),
  -- Its time was over: it would have expired, so that a restored claw-back gives it to `breakage`.
  late           INTEGER NOT NULL CHECK (late IN (0, 1)),
  PRIMARY KEY (claw_key, transaction_id, lot_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX claw_repays_of_transaction ON claw_repays (transaction_id);
CREATE TRIGGER claw_repays_no_update BEFORE UPDATE ON claw_repays
  BEGIN SELECT RAISE(ABORT, 'claw_repays is append-only'); END;
CREATE TRIGGER claw_repays_no_delete BEFORE DELETE ON claw_repays
  BEGIN SELECT RAISE(ABORT, 'claw_repays is append-only'); END;
